package async

import (
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// The names of the parameters. docs/contract.md says what they mean; so does the table parameters.
const (
	ParamExecutionID    = "execution_id"
	ParamCount          = "count"
	ParamCountMax       = "count_max"
	ParamCountComfort   = "count_comfort"
	ParamCountOffer     = "count_offer"
	ParamAction         = "action"
	ParamRequest        = "request"
	ParamAgain          = "again"
	ParamJob            = "job"
	ParamHold           = "hold_seconds"
	ParamTimeLimit      = "time_limit"
	ParamCancelOnGiveUp = "cancel_on_give_up"
	ParamSelect         = "select"
	ParamResponseType   = "response_type"
	ParamIncludeOutput  = "include_output"
	ParamKeys           = "sfn_keys"
)

// The values of the parameter action.
const (
	ActionStart  = "start"
	ActionRun    = "run"
	ActionCheck  = "check"
	ActionCancel = "cancel"
)

// The values of the parameter response_type.
const (
	JSON      = "JSON"       // types are kept
	StringMap = "STRING_MAP" // a flat map of strings
)

// Done is the count of a reply that ends a round of checks, and of a check that begins a new one.
const Done = "DONE"

// Defaults and limits of parameters.
const (
	DefaultCountMax     = 5
	DefaultCountComfort = 10
	DefaultTimeLimit    = awsfacts.SynchronousLimit
	MaxTimeLimit        = awsfacts.AsynchronousLimit
	MaxHold             = MaxTimeLimit - 2*time.Second // that, less a margin
)

// The keys of a reply that are the original's, in its order.
const (
	KeyExecutionID  = "execution_id"
	KeyStatus       = "status"
	KeyResult       = "sfn_result"
	KeyComfort      = "comfort"
	KeyCount        = "count"
	KeyCountComfort = "count_comfort"
	KeyCountMax     = "count_max"
)

// The keys of a reply that are our additions.
const (
	KeyExecutionStatus = "sfn_status"
	KeyError           = "sfn_error"
	KeyCause           = "sfn_cause"
	KeyDegraded        = "sfn_degraded"
	KeyOutput          = "sfn_output"
	KeyMissing         = "sfn_missing"
	KeySay             = "sfn_say"
	KeyAgain           = "sfn_again"
	KeyNext            = "sfn_next"
)

// The keys that the replies of a job with progress have besides; see progress.go.
const (
	KeyStep     = "sfn_step"
	KeyStepName = "sfn_step_name"
	KeySteps    = "sfn_steps"
	KeyETA      = "sfn_eta_seconds"
	KeyNextAsk  = "sfn_next_seconds"
	KeyReport   = "sfn_progress"
)

// ProgressKeys are all of them.
var ProgressKeys = []string{KeyStep, KeyStepName, KeySteps, KeyETA, KeyNextAsk, KeyReport}

// KeyCall is KeyStatus for a flow that asked for sfn_keys prefixed: sfn_status is the execution's status.
const KeyCall = "sfn_call"

// The values of PARAMETERS and of the parameter sfn_keys.
const (
	NamesShort    = "short" // and long ones
	NamesPrefixed = "prefixed"
)

// additionPrefix begins the keys of our additions.
const additionPrefix = "sfn_"

// protocolKeys are the keys of a reply that do not look like our additions.
var protocolKeys = []string{KeyExecutionID, KeyStatus, KeyComfort, KeyCount, KeyCountComfort, KeyCountMax}

// ReservedKey reports whether a key of a reply is the protocol's or looks like one of our additions. A result cannot
// have such a key.
func ReservedKey(key string) bool {
	return ProtocolKey(key) || strings.HasPrefix(key, additionPrefix)
}

// ProtocolKey reports whether a key of a reply is the protocol's and does not look like one of our additions, so that
// it may be mistaken for a key of the result.
func ProtocolKey(key string) bool { return slices.Contains(protocolKeys, key) }

// None stands for "there is none" in our additions: a flow cannot compare with an empty value.
const None = "none"

// The values of status, the original's.
const (
	StatusCreated  = "CREATED"
	StatusRunning  = "RUNNING"
	StatusFinished = "FINISHED"
	StatusLoopDone = "LOOP_DONE"
	StatusFailed   = "FAILED"
)

// The values of sfn_status, besides None: those of DescribeExecution, and two of our own. Statuses that are new, or
// come before the end in other words, are RUNNING.
const (
	ExecutionRunning         = "RUNNING"
	ExecutionSucceeded       = "SUCCEEDED"
	ExecutionFailed          = "FAILED"
	ExecutionTimedOut        = "TIMED_OUT"
	ExecutionAborted         = "ABORTED"
	ExecutionCancelRequested = "CANCEL_REQUESTED" // Step Functions took the cancel
	ExecutionUnknown         = "UNKNOWN"          // it could not be seen
)

// The values of sfn_result; it is empty while the execution runs.
const (
	ResultSuccess = "SUCCESS"
	ResultFailure = "FAILURE"
)

// The values of sfn_error that are the async function's own. Any other value is the error code of an AWS service or the
// error of the execution.
const (
	GaveUp               = "GaveUp"               // count passed count_max and the execution still runs
	ResultNotDeliverable = "ResultNotDeliverable" // the work succeeded, its result is too large for Connect
	ResultExpired        = "ResultExpired"        // the execution ended too long ago for its result to be told
	StartFailed          = "StartFailed"          // the start could not be made within time_limit
	CancelFailed         = "CancelFailed"         // the cancel could not be made within time_limit
	NotConfigured        = "NotConfigured"        // the function's environment variables are wrong
	InvalidEvent         = "InvalidEvent"         // the event is not one of Connect
	InvalidNumber        = "InvalidNumber"        // a parameter is not a number
	InvalidParameter     = "InvalidParameter"     // another parameter is wrong
	InvalidExecutionID   = "InvalidExecutionId"   // execution_id is missing or not an execution's ARN
	NotOwnExecution      = "NotOwnExecution"      // execution_id is another state machine's or contact's
	UnknownJob           = "UnknownJob"           // job names no job
	RequestConflict      = "RequestConflict"      // the request was used for other data
	TooManyRepeats       = "TooManyRepeats"       // the question was asked again too often
)

// The environment variables of the configuration.
const (
	EnvStateMachineARN = "STATE_MACHINE_ARN"
	EnvStateMachines   = "STATE_MACHINES"
	EnvTimeoutSeconds  = "TIMEOUT_SECONDS"
	EnvReuse           = "REUSE"
	EnvReuseSeconds    = "REUSE_SECONDS"
	EnvResultsTable    = "RESULTS_TABLE"
	EnvExpectedCallers = "EXPECTED_CALLERS"
	EnvInput           = "INPUT"
	EnvParameters      = "PARAMETERS"
	EnvOwnContactOnly  = "OWN_CONTACT_ONLY"
	EnvLogData         = "LOG_DATA"
	EnvDeployment      = "DEPLOYMENT"
	EnvRetainSeconds   = "RETAIN_SECONDS"
	EnvExecutionName   = "EXECUTION_NAME"
	EnvLogLevel        = "LOG_LEVEL"
	EnvTexts           = "TEXTS"
	EnvTextsFile       = "TEXTS_FILE"
	EnvServes          = "SERVES"
	EnvInstanceARN     = "INSTANCE_ARN"
	EnvLooksQueueURL   = "LOOKS_QUEUE_URL"
)

// The values of SERVES: what a deployed function is for.
const (
	ServesCallers = "callers"
	ServesEnds    = "ends"
)

// PackagedTexts is the name of the file with texts in a deployment package that carries them.
const PackagedTexts = "texts.json"

// The names of the kinds of texts; TextKinds says what they are for.
const (
	TextFirst      = "first"
	TextWaiting    = "waiting"
	TextLongWait   = "long_wait"
	TextWayOut     = "way_out"
	TextDone       = "done"
	TextFailed     = "failed"
	TextUnreadable = "unreadable"
	TextTooLong    = "too_long"
	TextNoService  = "no_service"
	TextStopped    = "stopped"
	TextNotStopped = "not_stopped"
)

// TextSteps and TextRemaining are the texts of progress: by step, and by how many seconds the work takes yet at most.
const (
	TextSteps     = "steps"
	TextRemaining = "remaining"
)

// NextProgress is the value of sfn_next where sfn_say tells something new about progress.
const NextProgress = "progress"

// NextComfort is the value of sfn_next where comfort is true and a waiting sentence would come.
const NextComfort = "comfort"

// EventSource and EventType are those of the events that the function for ends takes. Source: Step Functions developer
// guide, "Automating Step Functions event delivery with EventBridge".
const (
	EventSource = "aws.states"
	EventType   = "Step Functions Execution Status Change"
)

// EndStatuses are the statuses of executions that have ended.
var EndStatuses = []string{ExecutionSucceeded, ExecutionFailed, ExecutionTimedOut, ExecutionAborted}

// The members of a job in STATE_MACHINES.
const (
	MachineARN          = "arn"
	MachineTimeout      = "timeout_seconds"
	MachineReuse        = "reuse"
	MachineReuseSeconds = "reuse_seconds"
	MachineReadOnly     = "read_only"
	MachineLeave        = "when_caller_leaves"
	MachineDeliverTo    = "deliver_to"
	MachineWas          = "was"
	MachineProgress     = "progress"
	MachineSteps        = "steps"
	MachineStepsVary    = "steps_vary"
	MachineReports      = "reports"
)

// The values of REUSE and of a job's reuse: what answers a question once reuse_seconds have passed since its execution
// ended. See question.go.
const (
	ReuseAlways  = "always"  // the same execution for ever
	ReuseRunning = "running" // a further execution
)

// What becomes of a job's work when its caller hangs up; see left.go.
const (
	LeaveFinish  = "finish"  // nothing: it goes on, and its result stays in the table
	LeaveCancel  = "cancel"  // it is stopped
	LeaveDeliver = "deliver" // its result goes to a place of the customer's
)

// Defaults and limits of reuse_seconds. Whatever Connect repeats is repeated within the longest limit of a block, so
// that a repeat always finds the execution that it repeats.
const (
	DefaultReuse = MinReuse
	MinReuse     = MaxTimeLimit
	MaxReuse     = 24 * time.Hour
)

// Defaults and limits of the configuration, and of the Lambda function.
const (
	DefaultTimeout         = awsfacts.FunctionTimeout // of an execution
	DefaultExpectedCallers = awsfacts.ConcurrentCalls
	MaxExpectedCallers     = 1_000_000
	DefaultRetain          = 24 * time.Hour // how long the result of an execution is told
	MinRetain              = time.Hour
	MaxRetain              = awsfacts.ExecutionKept
	// FunctionTimeout is the Lambda function's own time limit: as much as the longest held check needs.
	FunctionTimeout = MaxTimeLimit
	// EndsTimeout is that of the function for ends, which Lambda invokes again when it fails.
	EndsTimeout = 30 * time.Second
)

// The namespace of the CloudWatch metrics, and their two dimensions: deployments of one account share nothing.
const (
	MetricNamespace  = "connect-async"
	MetricDeployment = "deployment"
	MetricJob        = "job" // None where an invocation was refused before its job was known
)

// The CloudWatch metrics.
const (
	MetricStarts         = "Starts"
	MetricChecks         = "Checks"
	MetricCancels        = "Cancels"
	MetricHeldSeconds    = "HeldSeconds"
	MetricWaitingAge     = "WaitingAge"
	MetricDetectionDelay = "DetectionDelay"
	MetricDegraded       = "Degraded"
	MetricFaults         = "Faults"
	MetricGiveUps        = "GiveUps"
	MetricReplySeconds   = "ReplySeconds"
	MetricFoundByDoubt   = "EndsFoundByDoubt"
	MetricEndDelay       = "EndDelay" // of the function for ends
	MetricFailures       = "Failures"
)

// Metrics are all of them.
var Metrics = []string{
	MetricStarts, MetricChecks, MetricCancels, MetricHeldSeconds, MetricWaitingAge, MetricDetectionDelay,
	MetricDegraded, MetricFaults, MetricGiveUps, MetricReplySeconds, MetricFailures,
	MetricFoundByDoubt, MetricEndDelay,
}

// TableEvery is the time between two looks of a held check into the results table; DescribeEvery and MaxDescribeEvery
// bound the time between two looks with DescribeExecution, jitter included, which MaxLookEvery leaves out. Where slots
// are no longer than that, every check is in one.
const (
	TableEvery       = 250 * time.Millisecond
	DescribeEvery    = time.Second
	MaxDescribeEvery = MaxLookEvery + MaxLookEvery/4
	MaxLookEvery     = maxEvery
)

// HistoryEvery is the part of each of its slots in which an execution's history may be asked for. Flows check in it
// once, hardly any twice: it is about the time between two checks of the fastest.
const HistoryEvery = minSlot
