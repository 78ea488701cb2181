package call_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
)

const (
	namedFlow = `{"Version":"2019-10-30","StartAction":"log","Actions":[
  {"Identifier":"log","Type":"UpdateFlowLoggingBehavior","Parameters":{"FlowLoggingBehavior":"Enabled"},
   "Transitions":{"NextAction":"fn"}},
  {"Identifier":"fn","Type":"InvokeLambdaFunction","Parameters":{
   "LambdaFunctionARN":"arn:aws:lambda:eu-west-1:111122223333:function:prod-a",
   "InvocationTimeLimitSeconds":"8","LambdaInvocationAttributes":{"action":"a"}},
   "Transitions":{"NextAction":"bye","Errors":[{"NextAction":"bye","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"bye","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`
	namedScenario = `
names: {"arn:aws:lambda:eu-west-1:111122223333:function:prod-a": a}
functions: {a: {returns: {b: c}}}
expect: {branches: [{action: fn, branch: NextAction}]}
flow: flow.yaml
`
)

// TestNamedFunctionsKeepTheirARN checks that the flow log shows the ARN which the flow names, also where the scenario
// says which function it is, and that this works in the AWS CLI's answer and a CloudFormation template, too, where
// the flow is JSON in a text.
func TestNamedFunctionsKeepTheirARN(t *testing.T) {
	content, err := json.Marshal(map[string]any{"ContactFlow": map[string]any{"Name": "in the answer",
		"Type": "CONTACT_FLOW", "Content": namedFlow}})
	if err != nil {
		t.Fatal(err)
	}
	template := "Resources:\n  F:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n" +
		"      InstanceArn: !Ref Instance\n      Content: !Sub |\n        " +
		strings.ReplaceAll(namedFlow, "\n", "\n        ") + "\n"
	for name, text := range map[string]string{"flow": namedFlow, "answer of the CLI": string(content),
		"template": template} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for file, text := range map[string]string{"flow.yaml": text, "scenario.yaml": namedScenario} {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			r := call.RunScenarios(t.Context(), []string{"scenario.yaml"}, call.Options{FlowLog: true})[0]
			if !r.Passed() {
				t.Fatal(r.Findings, r.Failures)
			}
			var logged strings.Builder
			for _, e := range r.Events {
				if e.Type == call.TypeFlowLog {
					line, err := json.Marshal(e.Log)
					if err != nil {
						t.Fatal(err)
					}
					logged.Write(line)
				}
				if e.Type == call.TypeFunction && e.Function != "a" {
					t.Errorf("invoked %q", e.Function)
				}
			}
			want := `"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:prod-a"`
			if !strings.Contains(logged.String(), want) {
				t.Errorf("%s is missing in %s", want, logged.String())
			}
		})
	}
}
