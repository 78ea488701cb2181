package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
)

// bigFlow is a flow of a number of actions: sections that start work, poll for it with messages between, and look at what came.
func bigFlow(n int) []byte {
	var sections []string
	for i := 0; len(sections) < n; i++ {
		name := func(s string) string { return fmt.Sprintf("%s %d", s, i) }
		async := `"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:555566667777:function:async", "InvocationTimeLimitSeconds": "3"`
		next := fmt.Sprintf("start %d", i+1)
		sections = append(sections,
			fmt.Sprintf(`{"Identifier": %q, "Type": "InvokeLambdaFunction", "Parameters": {%s, "LambdaInvocationAttributes": {"action": "start"}}, "Transitions": {"NextAction": %q, "Errors": [{"ErrorType": "NoMatchingError", "NextAction": %q}]}}`, name("start"), async, name("save"), name("sorry")),
			fmt.Sprintf(`{"Identifier": %q, "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}}}, "Transitions": {"NextAction": %q, "Errors": [{"ErrorType": "NoMatchingError", "NextAction": %q}]}}`, name("save"), name("music"), name("sorry")),
			fmt.Sprintf(`{"Identifier": %q, "Type": "MessageParticipant", "Parameters": {"Text": "Please wait, $.Attributes.name."}, "Transitions": {"NextAction": %q}}`, name("music"), name("check")),
			fmt.Sprintf(`{"Identifier": %q, "Type": "InvokeLambdaFunction", "Parameters": {%s, "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.External.count", "count_max": "60"}}, "Transitions": {"NextAction": %q, "Errors": [{"ErrorType": "NoMatchingError", "NextAction": %q}]}}`, name("check"), async, name("result"), name("sorry")),
			fmt.Sprintf(`{"Identifier": %q, "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": %q, "Conditions": [{"NextAction": %q, "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": %q}]}}`, name("result"), name("music"), next, name("music")),
			fmt.Sprintf(`{"Identifier": %q, "Type": "MessageParticipant", "Parameters": {"SSML": "<speak>Sorry.<break time=\"500ms\"/></speak>"}, "Transitions": {"NextAction": %q}}`, name("sorry"), next))
	}
	sections = append(sections[:n-n%6], fmt.Sprintf(`{"Identifier": "start %d", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}`, n/6))
	return fmt.Appendf(nil, `{"Version": "2019-10-30", "StartAction": "start 0", "Metadata": {}, "Actions": [%s]}`, strings.Join(sections, ",\n"))
}

// BenchmarkRun1000 reads and lints a flow of 1,000 actions.
func BenchmarkRun1000(b *testing.B) {
	text := bigFlow(1000)
	for b.Loop() {
		doc, err := lint.Read("flow.json", text)
		if err != nil {
			b.Fatal(err)
		}
		if len(lint.Run(lint.Setup{Flow: doc.Flows[0]})) == 0 {
			b.Fatal("nothing was found")
		}
	}
}
