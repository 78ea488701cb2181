package flowlang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// The action types that decide where a contact goes next.
const (
	Compare                      = "Compare"
	Loop                         = "Loop"
	Wait                         = "Wait"
	CheckHoursOfOperation        = "CheckHoursOfOperation"
	CheckMetricData              = "CheckMetricData"
	GetMetricData                = "GetMetricData"
	DistributeByPercentage       = "DistributeByPercentage"
	TransferToFlow               = "TransferToFlow"
	EndFlowExecution             = "EndFlowExecution"
	UpdateFlowAttributes         = "UpdateFlowAttributes"
	UpdateFlowLoggingBehavior    = "UpdateFlowLoggingBehavior"
	UpdateContactRoutingCriteria = "UpdateContactRoutingCriteria"
	CheckOutboundCallStatus      = "CheckOutboundCallStatus"
	CheckVoiceID                 = "CheckVoiceId"
	StartVoiceIDStream           = "StartVoiceIdStream"
	CheckSegmentMembership       = "CheckSegmentMembership"
	CheckProfileSegment          = "CheckSegmentMembershipForCustomerProfile"
	InvokeFlowModule             = "InvokeFlowModule"
	EndFlowModuleExecution       = "EndFlowModuleExecution"
)

// Parameters that say whether the flow continues meanwhile or afterwards.
const (
	ContinueExecution     = "ContinueExecution"     // of Wait
	ContinueFlowExecution = "ContinueFlowExecution" // of TransferParticipantToThirdParty
)

// Results of actions that others name too.
const (
	ContinueLooping            = "ContinueLooping" // of Loop
	DoneLooping                = "DoneLooping"
	WaitCompleted              = "WaitCompleted" // of Wait
	Continue                   = "Continue"
	CustomerReturned           = "CustomerReturned"
	BotParticipantDisconnected = "BotParticipantDisconnected"
)

var loopResults = []string{ContinueLooping, DoneLooping}

// The operators of conditions (Developer guide, Compare; KeyExists: live).
const (
	Equals                 = "Equals"
	TextStartsWith         = "TextStartsWith"
	TextEndsWith           = "TextEndsWith"
	TextContains           = "TextContains"
	NumberGreaterThan      = "NumberGreaterThan"
	NumberGreaterOrEqualTo = "NumberGreaterOrEqualTo"
	NumberLessThan         = "NumberLessThan"
	NumberLessOrEqualTo    = "NumberLessOrEqualTo"
	KeyExists              = "KeyExists"
)

// compareOperators are those of Compare. And, Or, Not and nesting, which the Developer guide describes, are refused
// (live).
var compareOperators = []string{
	Equals, TextStartsWith, TextEndsWith, TextContains,
	NumberGreaterThan, NumberGreaterOrEqualTo, NumberLessThan, NumberLessOrEqualTo, KeyExists,
}

var numberOperators = []string{
	Equals, NumberGreaterThan, NumberGreaterOrEqualTo, NumberLessThan, NumberLessOrEqualTo,
}

var controlTypes = []ActionType{
	{
		Name: Compare, Block: "Check contact attributes", Logged: "CheckAttribute",
		Parameters: []Parameter{{Name: "ComparisonValue", Form: Leaf, Need: Required}},
		HasResult:  true, Operators: compareOperators,
		Errors: []string{NoMatchingCondition}, RequiredErrors: []string{NoMatchingCondition},
		FlowTypes: everywhere,
		Evidence:  "AWS; KeyExists, no NoMatchingError: live",
	},
	{
		Name: Loop, Block: "Loop", Logged: "Loop",
		Parameters: []Parameter{number("LoopCount", 0, 100).required()},
		Open:       true,
		vary:       varyLoop,
		HasResult:  true, Results: loopResults, RequiredResults: loopResults,
		Errors:    onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: Wait, Block: "Wait", Logged: "Wait",
		Parameters: []Parameter{
			number("TimeLimitSeconds", 1, week).required(), array("Events"), truth(ContinueExecution),
			number("MinimumWaitTimeSeconds", 1, week), object("InterruptibleEvents"),
		},
		combine:   checkWait,
		vary:      varyWait,
		HasResult: true, RequiredResults: []string{WaitCompleted},
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError, FormErrors: []string{ParticipantNotFound},
		FlowTypes: inbound | queues | campaigns | modules,
		Traits:    Listens,
		Evidence:  "AWS; JSON of events and Continue: one export",
	},
	{
		Name: CheckHoursOfOperation, Block: "Check hours of operation", Logged: "CheckHoursOfOperation",
		Parameters: []Parameter{id("HoursOfOperationId")},
		HasResult:  true, Results: []string{"True", "False"}, RequiredResults: []string{"True", "False"},
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: withCaller,
		Evidence:  "AWS",
	},
	{
		Name: CheckMetricData, Block: "Check staffing, Check queue status", Logged: "CheckStaffing",
		Parameters: []Parameter{
			choice("MetricType", "NumberOfAgentsAvailable", "NumberOfAgentsStaffed", "NumberOfAgentsOnline",
				"OldestContactInQueueAgeSeconds", "NumberOfContactsInQueue").required(),
			id("QueueId"), id("AgentId"),
		},
		combine:   atMostOne("QueueId", "AgentId"),
		vary:      varyMetric,
		HasResult: true, Operators: numberOperators,
		Errors: bothNoMatches, RequiredErrors: bothNoMatches,
		FlowTypes: withCaller,
		Evidence:  "AWS; both errors required: live; milliseconds: export",
	},
	{
		Name: GetMetricData, Block: "Get metrics", Logged: "GetMetricData",
		Parameters: []Parameter{id("QueueId"), id("AgentId"), text("QueueChannel")},
		Open:       true,
		combine:    atMostOne("QueueId", "AgentId"),
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS",
	},
	{
		Name: DistributeByPercentage, Block: "Distribute by percentage", Logged: "DistributeByPercentage",
		HasResult: true, Operators: []string{NumberLessThan},
		Errors: []string{NoMatchingCondition}, ExpectedErrors: []string{NoMatchingCondition},
		FlowTypes: withCaller,
		Evidence:  "AWS; thresholds of 1 + the cumulative percentage: export",
	},
	{
		Name: TransferToFlow, Block: "Transfer to flow", Logged: "Transfer",
		Parameters: []Parameter{id("ContactFlowId").required()},
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		Leaves:    true,
		FlowTypes: inbound | transfers | modules,
		Evidence:  "AWS",
	},
	{
		Name: EndFlowExecution, Block: "End flow / Resume", Logged: "Resume",
		Terminal:  true,
		FlowTypes: everywhere,
		Evidence:  "AWS, pages differ",
	},
	{
		Name: UpdateFlowAttributes, Block: "Set contact attributes (flow)", Logged: "SetFlowAttributes",
		Parameters: []Parameter{object("FlowAttributes").required()},
		combine:    checkFlowAttributes,
		Errors:     onlyNoMatchingError, RequiredErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; form of the values, required error: live",
	},
	{
		Name: UpdateFlowLoggingBehavior, Block: "Set logging behavior", Logged: "SetLoggingBehavior",
		Parameters: []Parameter{choice("FlowLoggingBehavior", "Enabled", "Disabled").required()},
		FlowTypes:  everywhere,
		Traits:     SwitchesLogs,
		Evidence:   "AWS",
	},
	{
		Name: UpdateContactRoutingCriteria, Block: "Set routing criteria", Logged: "UpdateRoutingCriteria",
		Parameters: []Parameter{object("RoutingCriteria").required()},
		Open:       true,
		Errors:     onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; name: live",
	},
	{
		Name: CheckOutboundCallStatus, Block: "Check call progress", Logged: "CheckOutboundCallStatus",
		Open:      true,
		HasResult: true, Results: []string{"CallAnswered", "VoicemailBeep", "VoicemailNoBeep", "NotDetected"},
		Errors: bothNoMatches, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS: in all types of flow; of use in calls that Connect places",
	},
	{
		Name: CheckVoiceID, Block: "Check Voice ID", Logged: "CheckVoiceId",
		Parameters: []Parameter{
			choice("CheckVoiceIdOption", "enrollmentStatus", "voiceAuthentication", "fraudDetection").required(),
		},
		vary:      varyVoiceID,
		HasResult: true,
		Errors:    bothNoMatches, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: withCaller,
		Evidence:  "AWS; results without spaces: live",
	},
	{
		Name: StartVoiceIDStream, Block: "Set Voice ID", Logged: "StartVoiceIdStream",
		Errors: onlyNoMatchingError, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: withCaller,
		Evidence:  "AWS",
	},
	{
		Name: CheckSegmentMembership, Block: "Check segment membership", Logged: "CheckSegmentMembership",
		Open:      true,
		HasResult: true,
		Evidence:  "third party: the name only",
	},
	{
		Name: CheckProfileSegment, Block: "Customer profiles", Logged: CheckProfileSegment,
		Parameters: []Parameter{object("ProfileRequestData").required()},
		Open:       true,
		HasResult:  true, Results: []string{"True", "False"},
		Errors: bothNoMatches, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "export of a flow with all blocks",
	},
	{
		Name: InvokeFlowModule, Block: "Invoke module", Logged: "InvokeFlowModule",
		Parameters: []Parameter{id("FlowModuleId").required(), object("Input")},
		HasResult:  true,
		Errors:     bothNoMatches, ExpectedErrors: onlyNoMatchingError,
		FlowTypes: everywhere,
		Evidence:  "AWS; JSON of input and result: live",
	},
	{
		Name: EndFlowModuleExecution, Block: "Return", Logged: "ReturnFromFlowModule",
		Parameters: []Parameter{text("Result"), object("ResultData")},
		Terminal:   true,
		FlowTypes:  modules,
		Evidence:   "AWS; JSON: live",
	},
}

// varyLoop: newer consoles also loop over lists, with keys that are not documented.
func varyLoop(a *Action, form *ActionType) {
	if a.Param("LoopCount") == nil && len(a.Parameters.Entries()) > 0 {
		form.Parameters = []Parameter{number("LoopCount", 0, 100)}
	}
}

// varyVoiceID: each question has its own answers.
func varyVoiceID(a *Action, form *ActionType) {
	form.Results = voiceIDResults[a.Text("CheckVoiceIdOption")]
}

var voiceIDResults = map[string][]string{
	"enrollmentStatus":    {"Enrolled", "NotEnrolled", "OptedOut"},
	"voiceAuthentication": {"Authenticated", "NotAuthenticated", "Inconclusive", "NotEnrolled", "OptedOut"},
	"fraudDetection":      {"HighRisk", "LowRisk", "Inconclusive"},
}

// varyMetric: agent metrics can only be compared as greater than 0.
func varyMetric(a *Action, form *ActionType) {
	if strings.HasPrefix(a.Text("MetricType"), "NumberOfAgents") {
		form.Operators, form.Results = []string{NumberGreaterThan}, []string{"0"}
	}
}

// varyWait: which results a Wait has depends on its events and on whether the flow continues meanwhile.
func varyWait(a *Action, form *ActionType) {
	results := slices.Clone(form.RequiredResults)
	if a.Is(ContinueExecution) {
		results = append(results, Continue)
	}
	for _, n := range a.Param("Events").Elements() {
		results = append(results, n.Scalar())
		if n.Scalar() == BotParticipantDisconnected {
			form.Errors = append([]string{NoMatchingError}, form.FormErrors...)
			form.ExpectedErrors = form.Errors
		}
	}
	for _, m := range a.Param("InterruptibleEvents").Entries() {
		results = append(results, m.Key)
	}
	form.Results, form.RequiredResults = results, results
}

// waitEvents are the values of Events (Developer guide, Wait).
var waitEvents = []string{CustomerReturned, BotParticipantDisconnected}

// lambdaReturned is a name for the end of a function that an export has elsewhere, and that is refused here (live).
const lambdaReturned = "LambdaReturned"

func checkWait(a *Action, say complain) {
	if a.Is(ContinueExecution) && a.Param("MinimumWaitTimeSeconds") == nil {
		say(a.Param(ContinueExecution), source.Error, ContinueExecution+" needs MinimumWaitTimeSeconds",
			`Add "MinimumWaitTimeSeconds": "1".`)
	}
	for _, n := range a.Param("Events").Elements() {
		if slices.Contains(waitEvents, n.Scalar()) {
			continue
		}
		severity := source.Error
		if n.Scalar() != lambdaReturned && nearName(n.Scalar(), waitEvents) == "" {
			severity = source.Warning // newer instances have events whose names are not known (Admin guide)
		}
		say(n, severity, fmt.Sprintf("unknown event %q", n.Scalar()), "Events are "+
			strings.Join(waitEvents, ", ")+"; the end of a Lambda function belongs under InterruptibleEvents.")
	}
	for _, m := range a.Param("InterruptibleEvents").Entries() {
		if len(m.Key) > 100 {
			say(m.Value, source.Error, "the name of an event branch has more than 100 characters",
				"Choose a shorter name.")
		}
	}
}

// checkFlowAttributes: flat texts are refused (live).
func checkFlowAttributes(a *Action, say complain) {
	for _, m := range a.Param("FlowAttributes").Entries() {
		if m.Value.Get("Value") == nil && !FilledIn(m.Value.Str()) {
			say(m.Value, source.Error,
				fmt.Sprintf("the flow attribute %q is not written as an object with Value", m.Key),
				fmt.Sprintf(`Write "%s": {"Value": "…"}.`, m.Key))
		}
	}
}
