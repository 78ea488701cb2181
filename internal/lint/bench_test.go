package lint_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
)

// section starts work, polls for it with messages between, and looks at what came. N is its number, M that of the next.
const section = `
{"Identifier": "start N", "Type": "InvokeLambdaFunction",
 "Parameters": {
   "LambdaFunctionARN": "arn:aws:lambda:eu-west-2:555566667777:function:async", "InvocationTimeLimitSeconds": "3",
   "LambdaInvocationAttributes": {"action": "start"}
 },
 "Transitions": {"NextAction": "save N", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry N"}]}},
{"Identifier": "save N", "Type": "UpdateFlowAttributes",
 "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}}},
 "Transitions": {"NextAction": "music N", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry N"}]}},
{"Identifier": "music N", "Type": "MessageParticipant",
 "Parameters": {"Text": "Please wait, $.Attributes.name."},
 "Transitions": {"NextAction": "check N"}},
{"Identifier": "check N", "Type": "InvokeLambdaFunction",
 "Parameters": {
   "LambdaFunctionARN": "arn:aws:lambda:eu-west-2:555566667777:function:async", "InvocationTimeLimitSeconds": "3",
   "LambdaInvocationAttributes": {
     "action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.External.count", "count_max": "60"
   }
 },
 "Transitions": {"NextAction": "result N", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry N"}]}},
{"Identifier": "result N", "Type": "Compare",
 "Parameters": {"ComparisonValue": "$.External.sfn_result"},
 "Transitions": {
   "NextAction": "music N",
   "Conditions": [{"NextAction": "start M", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}],
   "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "music N"}]
 }},
{"Identifier": "sorry N", "Type": "MessageParticipant",
 "Parameters": {"SSML": "<speak>Sorry.<break time=\"500ms\"/></speak>"},
 "Transitions": {"NextAction": "start M"}},`

// sectionSize is how many actions a section has.
const sectionSize = 6

// bigFlow is a flow of about n actions: sections, and an action that ends it.
func bigFlow(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"Version": "2019-10-30", "StartAction": "start 0", "Metadata": {}, "Actions": [`)
	for i := range n / sectionSize {
		numbers := strings.NewReplacer(` N"`, fmt.Sprintf(` %d"`, i), ` M"`, fmt.Sprintf(` %d"`, i+1))
		b.WriteString(numbers.Replace(section))
	}
	fmt.Fprintf(&b, `
{"Identifier": "start %d", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`, n/sectionSize)
	return b.Bytes()
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
