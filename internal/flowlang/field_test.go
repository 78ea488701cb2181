package flowlang_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

// TestReportedByOthers: what people reported about publishing is judged as seriously as it is known.
func TestReportedByOthers(t *testing.T) {
	const to = `"Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "`
	const wait = `"Type": "Wait", "Parameters": {"TimeLimitSeconds": "9", "Events": [`
	waited := func(event string) string {
		return `{"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}], "Conditions": [
			{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}},
			{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["` + event + `"]}}]}`
	}
	for name, test := range map[string]struct {
		action, code string
		severity     source.Severity
		remedy       string
	}{
		"an error branch of Set recording": {
			action: `"Type": "UpdateContactRecordingBehavior", "Parameters": {"RecordingBehavior": {}}, ` + to +
				`NoMatchingError"}]}`,
		},
		"one of another name": {
			action: `"Type": "UpdateContactRecordingBehavior", "Parameters": {"RecordingBehavior": {}}, ` + to +
				`ChannelMismatch"}]}`,
			code: "impossible-error", severity: source.Warning,
		},
		"an error branch of Set logging": {
			action: `"Type": "UpdateFlowLoggingBehavior", "Parameters": {"FlowLoggingBehavior": "Enabled"}, ` + to +
				`NoMatchingError"}]}`,
			code: "impossible-error", severity: source.Error,
		},
		"the old format's type of speech": {
			action: `"Type": "MessageParticipant", "Parameters": {"SSML": "<speak>Hi</speak>",
				"TextToSpeechType": "ssml"}, ` + to + `NoMatchingError"}]}`,
			code: "unknown-parameter", severity: source.Error, remedy: "under SSML",
		},
		"a template that cannot be rendered": {
			action: `"Type": "RenderMessageTemplate", "Parameters": {"WisdomKnowledgeBaseArn": "$.Attributes.a",
				"WisdomMessageTemplateArn": "$.Attributes.b"}, ` + to + `TemplateRenderingError"},
				{"NextAction": "end", "ErrorType": "NoMatchingError"}]}`,
		},
		"keys that nobody knows": {
			action: `"Type": "CreateContact", "Parameters": {"Anything": "x"}, ` + to + `NoMatchingError"}]}`,
			code:   "unknown-parameter", severity: source.Warning,
		},
		"a template whose keys are misspelled": {
			action: `"Type": "RenderMessageTemplate", "Parameters": {"WisdomKnowledgeBaseArn": "$.Attributes.a"}, ` +
				to + `NoMatchingError"}]}`,
			code: "missing-parameter", severity: source.Warning,
		},
		"a type that is not known": {
			action: `"Type": "InvokeSomethingNew", "Parameters": {}, ` + to + `NoMatchingError"}]}`,
			code:   "action-type", severity: source.Warning, remedy: "outcome",
		},
		"a function's end among the events of a Wait": {
			action: wait + `"LambdaReturned"]}, "Transitions": ` + waited("LambdaReturned"),
			code:   "parameter-combination", severity: source.Error, remedy: "InterruptibleEvents",
		},
		"a misspelled event": {
			action: wait + `"customerReturned"]}, "Transitions": ` + waited("customerReturned"),
			code:   "parameter-combination", severity: source.Error,
		},
		"an event of the newer instances": {
			action: wait + `"SomethingNewHappened"]}, "Transitions": ` + waited("SomethingNewHappened"),
			code:   "parameter-combination", severity: source.Warning,
		},
		"an event hook's configuration": {
			action: `"Type": "UpdateContactEventHooks", "Parameters": {"EventHooks": {
				"CustomerQueue": "$.Attributes.q"}, "EventHooksConfiguration": {"CustomerQueue": {
				"DisableExecution": "true"}}}, ` + to + `NoMatchingError"}]}`,
		},
	} {
		f := read(t, `{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "contactFlow"}, "Actions": [
			{"Identifier": "a", `+test.action+`}, {"Identifier": "end", "Type": "DisconnectParticipant"}]}`)
		found := only(t, name, f.Check(), test.code, test.severity)
		if !strings.Contains(found.Remedy, test.remedy) {
			t.Errorf("%s: the remedy is %q", name, found.Remedy)
		}
	}
}

// only expects one finding, with a code and a severity, and returns it; none where the code is "".
func only(t *testing.T, name string, found source.Findings, code string, severity source.Severity) source.Finding {
	t.Helper()
	switch {
	case code == "" && len(found) == 0:
		return source.Finding{}
	case code == "" || len(found) != 1 || found[0].Code != code || found[0].Severity != severity:
		t.Errorf("%s: %v, want %s %s", name, found, severity, code)
		return source.Finding{}
	}
	return found[0]
}
