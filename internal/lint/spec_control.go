package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

// compareOperators are those of Compare (developer guide; KeyExists: observed at the service).
var compareOperators = []string{"Equals", "TextStartsWith", "TextEndsWith", "TextContains", "NumberGreaterThan", "NumberGreaterOrEqualTo",
	"NumberLessThan", "NumberLessOrEqualTo", "KeyExists"}

var numberOperators = []string{"Equals", "NumberGreaterThan", "NumberGreaterOrEqualTo", "NumberLessThan", "NumberLessOrEqualTo"}

var bothNoMatches = []string{flow.NoMatchingError, flow.NoMatchingCondition}

// controlSpecs are the actions that decide where a contact goes next. Sources: developer guide, pages of the actions; required
// errors, the key of Wait and the names of types: observed at the service; events of Wait: one console export.
var controlSpecs = map[string]*spec{
	"Compare": {
		params:     []param{comparisonValue()},
		conditions: true, operators: compareOperators,
		errors: []string{flow.NoMatchingCondition}, needErrors: []string{flow.NoMatchingCondition},
		types: everywhere,
	},
	"Loop":                   {form: loopForm},
	"Wait":                   {form: waitForm},
	"CheckHoursOfOperation":  {params: []param{id("HoursOfOperationId")}, conditions: true, results: []string{"True", "False"}, needResults: []string{"True", "False"}, errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: withCaller},
	"CheckMetricData":        {form: metricForm},
	"GetMetricData":          {params: []param{id("QueueId"), id("AgentId"), text("QueueChannel")}, open: true, errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere, combine: atMostOne("QueueId", "AgentId")},
	"DistributeByPercentage": {conditions: true, operators: []string{"NumberLessThan"}, errors: []string{flow.NoMatchingCondition}, wantErrors: []string{flow.NoMatchingCondition}, types: withCaller},
	"TransferToFlow":         {params: []param{id("!ContactFlowId")}, errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, leaves: true, types: inbound | transfer | module},
	"EndFlowExecution":       {terminal: true, types: everywhere},
	"UpdateFlowAttributes": {
		params: []param{object("!FlowAttributes")}, combine: checkFlowAttributes,
		errors: onlyNoMatchingError, needErrors: onlyNoMatchingError,
		types: everywhere,
	},
	"UpdateFlowLoggingBehavior":    {params: []param{oneOf("!FlowLoggingBehavior", "Enabled", "Disabled")}, types: everywhere},
	"UpdateContactRoutingCriteria": {params: []param{object("!RoutingCriteria")}, open: true, errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: everywhere},
	"CheckOutboundCallStatus": {
		conditions: true, results: []string{"CallAnswered", "VoicemailBeep", "VoicemailNoBeep", "NotDetected"}, open: true,
		errors: bothNoMatches, wantErrors: onlyNoMatchingError,
		types: inbound | transfer | campaign | module,
	},
	"CheckVoiceId":           {form: voiceIDForm},
	"StartVoiceIdStream":     {errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError, types: withCaller},
	"CheckSegmentMembership": {open: true, conditions: true},
	"InvokeFlowModule": {
		params:     []param{id("!FlowModuleId"), object("Input")},
		conditions: true,
		errors:     bothNoMatches, wantErrors: onlyNoMatchingError,
		types: everywhere,
	},
	"EndFlowModuleExecution": {params: []param{text("Result"), object("ResultData")}, terminal: true, types: module},
}

// loopForm: newer consoles also loop over lists, with keys that are not documented.
func loopForm(a *Action) *spec {
	s := &spec{
		params:     []param{number("!LoopCount", 0, 100)},
		open:       true,
		conditions: true, results: []string{"ContinueLooping", "DoneLooping"}, needResults: []string{"ContinueLooping", "DoneLooping"},
		errors: onlyNoMatchingError,
		types:  everywhere,
	}
	if a.param("LoopCount") == nil && len(members(a.params)) > 0 {
		s.params[0].need = false
	}
	return s
}

// bareRoots are namespaces that hold no value themselves.
var bareRoots = strings.Fields("Attributes External FlowAttributes Lex Views Metrics Queue Agent Customer Case CustomerEndpoint SystemEndpoint " +
	"LambdaInvocation MediaStreams Media Modules Loop Wisdom SegmentAttributes References DataTables Email Task Tags")

// comparisonValue is one reference that leads to a value.
func comparisonValue() param {
	p := reference("!ComparisonValue")
	isReference := p.check
	p.check = func(n *source.Node) string {
		if problem := isReference(n); problem != "" {
			return problem
		}
		if path := flow.References(n.Text)[0]; len(path) == 1 && slices.Contains(bareRoots, path[0]) {
			return fmt.Sprintf("is %q, which names all of a namespace and not one value", n.Text)
		}
		return ""
	}
	return p
}

// checkFlowAttributes holds the values of flow attributes against their form, {"Value": …}: flat texts are refused (observed at
// the service).
func checkFlowAttributes(a *Action, say complain) {
	for _, m := range members(a.param("FlowAttributes")) {
		if m.Value.Get("Value") == nil {
			say(m.Value, fmt.Sprintf("the flow attribute %q is not written as an object with Value", m.Key), fmt.Sprintf(`Write "%s": {"Value": "…"}.`, m.Key))
		}
	}
}

var checkVoiceIDResults = map[string][]string{
	"enrollmentStatus":    {"Enrolled", "NotEnrolled", "OptedOut"},
	"voiceAuthentication": {"Authenticated", "NotAuthenticated", "Inconclusive", "NotEnrolled", "OptedOut"},
	"fraudDetection":      {"HighRisk", "LowRisk", "Inconclusive"},
}

func voiceIDForm(a *Action) *spec {
	return &spec{
		params:     []param{oneOf("!CheckVoiceIdOption", "enrollmentStatus", "voiceAuthentication", "fraudDetection")},
		conditions: true, results: checkVoiceIDResults[a.text("CheckVoiceIdOption")],
		errors: bothNoMatches, wantErrors: onlyNoMatchingError,
		types: withCaller,
	}
}

// metricForm: agent metrics can only be compared as greater than 0.
func metricForm(a *Action) *spec {
	s := &spec{
		params: []param{oneOf("!MetricType", "NumberOfAgentsAvailable", "NumberOfAgentsStaffed", "NumberOfAgentsOnline",
			"OldestContactInQueueAgeSeconds", "NumberOfContactsInQueue"), id("QueueId"), id("AgentId")},
		conditions: true, operators: numberOperators,
		errors: bothNoMatches, needErrors: bothNoMatches,
		types:   withCaller,
		combine: atMostOne("QueueId", "AgentId"),
	}
	if strings.HasPrefix(a.text("MetricType"), "NumberOfAgents") {
		s.operators, s.results = []string{"NumberGreaterThan"}, []string{"0"}
	}
	return s
}

// waitForm: which results a Wait has depends on its events and on whether the flow goes on meanwhile.
func waitForm(a *Action) *spec {
	s := &spec{
		params: []param{number("!TimeLimitSeconds", 1, maxWait), array("Events"), truth("ContinueExecution"), number("MinimumWaitTimeSeconds", 1, maxWait),
			object("InterruptibleEvents")},
		conditions: true, needResults: []string{"WaitCompleted"},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError,
		combine: checkWait,
		types:   inbound | queue | module,
	}
	if a.is("ContinueExecution") {
		s.needResults = append(s.needResults, "Continue")
	}
	for _, n := range items(a.param("Events")) {
		s.needResults = append(s.needResults, scalar(n))
		if scalar(n) == "BotParticipantDisconnected" {
			s.errors = []string{flow.NoMatchingError, flow.ParticipantNotFound}
			s.wantErrors = s.errors
		}
	}
	for _, m := range members(a.param("InterruptibleEvents")) {
		s.needResults = append(s.needResults, m.Key)
	}
	s.results = s.needResults
	return s
}

// waitEvents are the values of Events (developer guide, Wait).
var waitEvents = []string{"CustomerReturned", "BotParticipantDisconnected"}

func checkWait(a *Action, say complain) {
	if a.is("ContinueExecution") && a.param("MinimumWaitTimeSeconds") == nil {
		say(a.param("ContinueExecution"), "ContinueExecution needs MinimumWaitTimeSeconds", `Add "MinimumWaitTimeSeconds": "1".`)
	}
	for _, n := range items(a.param("Events")) {
		if !slices.Contains(waitEvents, scalar(n)) {
			say(n, fmt.Sprintf("there is no event %q", scalar(n)), "Events are "+strings.Join(waitEvents, ", ")+"; the end of a Lambda function stands under InterruptibleEvents.")
		}
	}
	for _, m := range members(a.param("InterruptibleEvents")) {
		if len(m.Key) > 100 {
			say(m.Value, "the name of an event branch has more than 100 characters", "Choose a shorter name.")
		}
	}
}
