package scenario

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// Scenario says how a call goes: who calls, what the functions do, how long things take, and what is expected of it.
// Start from Default or Read.
type Scenario struct {
	File         string // that it was read from
	Name         string
	Flow         string            // file, "" to take the project's
	Flows        map[string]string // files of other flows and modules, by id, ARN or name
	StateMachine string            // file, "" to take the project's
	Virtual      bool              // on virtual time, whatever the command line says
	Seed         uint64

	Callers     []Caller                 // at least one
	Functions   map[string]StandIn       // by name
	Tasks       map[string][]TaskOutcome // by state or pattern; each at least one
	Names       map[string]string        // a function by what is written for it in the flow or the state machine
	World       flow.World
	Latency     Latency
	Faults      []local.Fault
	Changes     []Change
	Speech      speech.Range
	AudioLength time.Duration            // of a prompt whose recording is not known
	Lengths     map[string]time.Duration // exact lengths of texts, with white space collapsed, and of prompts
	Assumptions flow.Assumptions
	Silence     Silence      // the dead air that callers bear
	Expect      Expectations // of every caller
}

// Caller is who calls and what they do.
type Caller struct {
	Arrives    time.Duration // after the scenario began
	Number     string
	Channel    flow.Channel
	Attributes map[string]string
	Does       []Step
}

// Step is one thing that the caller does, either at a time or after hearing something.
type Step struct {
	At     time.Duration // after the call began, when Heard is ""
	Heard  string        // a part of a text: the step follows when it has been heard
	Press  string        // keys
	Say    string        // words, spoken or typed
	HangUp bool
}

// String says what is done, and when.
func (s Step) String() string {
	what := "hangs up"
	switch {
	case s.Press != "":
		what = "presses " + s.Press
	case s.Say != "":
		what = "says " + strconv.Quote(s.Say)
	}
	if s.Heard != "" {
		return what + " after hearing " + strconv.Quote(s.Heard)
	}
	return what + " at " + source.FormatDuration(s.At)
}

// StandIn is what a function does without being run: the outcomes of its invocations in turn, of which the last
// repeats.
type StandIn struct {
	Outcomes []Outcome // at least one
	Always   bool      // also where the function itself could be run
}

// Outcome is what one invocation of a stand-in comes to.
type Outcome struct {
	Takes     Takes
	Returns   json.RawMessage
	Error     string // errorType of the error document, "" when the function succeeds
	Message   string // errorMessage
	Throttled bool   // Lambda refuses the invocation
}

// TaskOutcome is what a task of a state machine comes to that has a stand-in.
type TaskOutcome struct {
	When    string // a condition on the task's request, in JSONata; "" for all
	Takes   Takes
	Returns json.RawMessage // the result of the whole task
	Error   string          // its name, "" when the task succeeds
	Cause   string
	Submits json.RawMessage // what the call returns that .sync and .waitForTaskToken begin with; nil for {}
	Waits   bool            // for the task token
}

// Takes is how long something takes: always Low, or evenly spread between Low and High.
type Takes struct{ Low, High time.Duration }

// Latency is how long the network and AWS take. Real calls vary; these are the same for every call.
type Latency struct {
	Lambda        time.Duration // a call of the async function takes at least this long
	StepFunctions time.Duration // until Step Functions serves a request
	DynamoDB      time.Duration // until the results table serves a request
}

// Expectations are what a scenario expects of a call. What is left out is not checked.
type Expectations struct {
	Heard          []HeardBy // parts of texts, heard in this order
	NeverHeard     []string  // parts of texts
	LongestSilence *time.Duration
	DeadAir        *time.Duration
	DetectionDelay *time.Duration // the result must be noticed, and no later
	LambdaCalls    *Range
	Executions     *Range
	Function       string // how the first execution ended
	Ending         flow.Ending
	Attributes     map[string]string // contact attributes at the end
	Branches       []Branch          // each taken at least once
	Within         *time.Duration    // the call is over by then
	Late           Late
}

// Late is what is expected of the result of a job that minds when its caller hangs up. The maps have attributes of the
// task, or members of the message.
type Late struct {
	Outcome          string // async.OutcomeTold, OutcomeDelivered or OutcomeCancelled, or LateNone
	Task, Queue, Bus map[string]string
}

// LateNone is the outcome where nothing was decided.
const LateNone = "none"

// HeardBy is a part of a text, and by when it must have begun. By 0 means at any time.
type HeardBy struct {
	Text string
	By   time.Duration
}

// Branch is a branch of an action, in whichever flow.
type Branch struct{ Action, Branch string }

// Range is a number from Low to High.
type Range struct{ Low, High int }

// maxAmount is the High of a range without an upper end.
const maxAmount = 1 << 30

// String writes a range as a person would.
func (r Range) String() string {
	switch {
	case r.Low == r.High:
		return strconv.Itoa(r.Low)
	case r.High == maxAmount:
		return fmt.Sprintf("at least %d", r.Low)
	}
	return fmt.Sprintf("%d to %d", r.Low, r.High)
}

// Defaults of a scenario. The first two latencies are those that the original system was measured with; DynamoDB's
// documentation says single-digit milliseconds; the length of an unknown recording is an arbitrary clip.
const (
	defaultLambdaLatency        = 150 * time.Millisecond
	defaultStepFunctionsLatency = 100 * time.Millisecond
	defaultDynamoDBLatency      = 5 * time.Millisecond
	defaultAudioLength          = 3 * time.Second
	defaultNumber               = "+15550100"
)

// Default is the scenario of a call for which nothing is said.
func Default() Scenario {
	return Scenario{
		Seed:    1,
		Callers: []Caller{defaultCaller()},
		Latency: Latency{
			Lambda: defaultLambdaLatency, StepFunctions: defaultStepFunctionsLatency, DynamoDB: defaultDynamoDBLatency,
		},
		Speech:      speech.DefaultRange(),
		AudioLength: defaultAudioLength,
		Assumptions: flow.DefaultAssumptions(),
		Silence:     DefaultSilence(),
	}
}

func defaultCaller() Caller { return Caller{Number: defaultNumber, Channel: flow.Voice} }
