package flow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

// findings parses a text and lists what was found, one a line: line:column severity code.
func findings(t *testing.T, text string) (*flow.Flow, string) {
	t.Helper()
	doc, err := source.ParseJSON("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, found := flow.Parse("flow.json", doc)
	var lines []string
	for _, finding := range found {
		if finding.File != "flow.json" || finding.Message == "" || finding.Remedy == "" {
			t.Errorf("incomplete finding %+v", finding)
		}
		lines = append(lines, fmt.Sprintf("%d:%d %s %s", finding.Line, finding.Column, finding.Severity, finding.Code))
	}
	return f, strings.Join(lines, ", ")
}

func TestParseFindings(t *testing.T) {
	flowOf := func(actions string) string {
		return `{"Version":"2019-10-30","StartAction":"a","Actions":[` + "\n" + actions + `]}`
	}
	tests := map[string]struct{ text, want string }{
		"not an object":            {`[]`, "1:1 error flow-not-a-flow"},
		"no actions":               {`{"Version":"2019-10-30","StartAction":"a"}`, "1:1 error flow-not-a-flow"},
		"actions are no list":      {`{"Version":"2019-10-30","StartAction":"a","Actions":{}}`, "1:39 error flow-dangling, 1:53 error flow-wrong-kind"},
		"an empty list":            {`{"Version":"2019-10-30","StartAction":"a","Actions":[]}`, "1:39 error flow-dangling, 1:53 error flow-missing"},
		"no start":                 {`{"Version":"2019-10-30","Actions":[{"Identifier":"a","Type":"DisconnectParticipant"}]}`, "1:1 error flow-missing"},
		"a start that is missing":  {`{"Version":"2019-10-30","StartAction":"b","Actions":[{"Identifier":"a","Type":"DisconnectParticipant"}]}`, "1:39 error flow-dangling"},
		"another version":          {`{"Version":"2020","StartAction":"a","Actions":[{"Identifier":"a","Type":"DisconnectParticipant"}]}`, "1:12 warning flow-version"},
		"an action is no object":   {flowOf(`5,{"Identifier":"a","Type":"DisconnectParticipant"}`), "2:1 error flow-wrong-kind"},
		"no identifier":            {flowOf(`{"Type":"DisconnectParticipant"},{"Identifier":"a","Type":"DisconnectParticipant"}`), "2:1 error flow-missing"},
		"no type":                  {flowOf(`{"Identifier":"a"}`), "2:1 error flow-missing"},
		"a type that is no text":   {flowOf(`{"Identifier":"a","Type":5}`), "2:26 error flow-wrong-kind"},
		"an identifier twice":      {flowOf(`{"Identifier":"a","Type":"DisconnectParticipant"},` + "\n" + ` {"Identifier":"a","Type":"DisconnectParticipant"}`), "3:16 error flow-identifier"},
		"an identifier with a dot": {`{"Version":"2019-10-30","StartAction":"a/b","Actions":[{"Identifier":"a/b","Type":"DisconnectParticipant"}]}`, "1:70 warning flow-identifier"},
		"dangling references": {flowOf(`{"Identifier":"a","Type":"Compare","Parameters":{"ComparisonValue":"$.Channel"},"Transitions":{"NextAction":"x",
"Conditions":[{"NextAction":"y","Condition":{"Operator":"Equals","Operands":["1"]}}],
"Errors":[{"ErrorType":"NoMatchingCondition","NextAction":"z"}]}}`), "2:109 error flow-dangling, 3:15 error flow-dangling, 4:11 error flow-dangling"},
		"a branch to nowhere":           {flowOf(`{"Identifier":"a","Type":"MessageParticipant","Parameters":{"Text":"x"},"Transitions":{"Errors":[{"ErrorType":"NoMatchingError"}]}}`), "2:98 error flow-dangling"},
		"a condition without operator":  {flowOf(`{"Identifier":"a","Type":"Compare","Transitions":{"Conditions":[{"NextAction":"a","Condition":{}}]}}`), "2:65 error flow-missing"},
		"transitions of the wrong kind": {flowOf(`{"Identifier":"a","Type":"Loop","Transitions":[]},{"Identifier":"b","Type":"Loop","Transitions":{"Errors":5,"NextAction":1}}`), "2:47 error flow-wrong-kind, 2:107 error flow-wrong-kind, 2:122 error flow-wrong-kind"},
		"parameters of the wrong kind":  {flowOf(`{"Identifier":"a","Type":"DisconnectParticipant","Parameters":5}`), "2:63 error flow-wrong-kind"},
		"an unknown type":               {flowOf(`{"Identifier":"a","Type":"StoreUserInput","Transitions":{"NextAction":"b"}},{"Identifier":"b","Type":"DisconnectParticipant"}`), "2:1 warning flow-unknown-action"},
		"a missing parameter":           {flowOf(`{"Identifier":"a","Type":"TransferToFlow"}`), "2:1 warning flow-parameter"},
		"a bad number":                  {flowOf(`{"Identifier":"a","Type":"Loop","Parameters":{"LoopCount":"101"},"Transitions":{"NextAction":"b"}},{"Identifier":"b","Type":"DisconnectParticipant"}`), "2:59 warning flow-parameter"},
		"an error that cannot come":     {flowOf(`{"Identifier":"a","Type":"MessageParticipant","Parameters":{"Text":"x"},"Transitions":{"NextAction":"b","Errors":[{"ErrorType":"CallFailed","NextAction":"b"}]}},{"Identifier":"b","Type":"DisconnectParticipant"}`), "2:115 warning flow-branch"},
		"conditions without a result":   {flowOf(`{"Identifier":"a","Type":"MessageParticipant","Parameters":{"Text":"x"},"Transitions":{"NextAction":"b","Conditions":[{"NextAction":"b","Condition":{"Operator":"Equals","Operands":["1"]}}]}},{"Identifier":"b","Type":"DisconnectParticipant"}`), "2:119 warning flow-branch"},
		"leads nowhere":                 {flowOf(`{"Identifier":"a","Type":"MessageParticipant","Parameters":{"Text":"x"}}`), "2:1 warning flow-branch"},
		"loops without end":             {flowOf(`{"Identifier":"a","Type":"MessageParticipant","Parameters":{"Text":"x"},"Transitions":{"NextAction":"a"}}`), "2:1 warning flow-endless"},
		"cannot be reached":             {flowOf(`{"Identifier":"a","Type":"DisconnectParticipant"},{"Identifier":"b","Type":"DisconnectParticipant"}`), "2:51 info flow-unreachable"},
		"SSML":                          {flowOf(`{"Identifier":"a","Type":"MessageParticipant","Parameters":{"SSML":"<speak>x/speak>"},"Transitions":{"NextAction":"b"}},{"Identifier":"b","Type":"DisconnectParticipant"}`), "2:68 warning flow-ssml"},
		"not in this type of flow":      {`{"Version":"2019-10-30","StartAction":"a","Metadata":{"type":"customerHold"},"Actions":[{"Identifier":"a","Type":"DisconnectParticipant"}]}`, "1:89 warning flow-type"},
		"the old format":                {`{"modules":[],"version":"1","type":"contactFlow","start":"x","metadata":{}}`, "1:1 error flow-legacy-format"},
		"no JSON inside":                {"\n" + ` {"ContactFlow":{"Content":"{"}}`, "2:28 error syntax"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, got := findings(t, test.text)
			if got != test.want {
				t.Errorf("found %s, want %s", got, test.want)
			}
			if (f == nil) != strings.Contains(test.want, "error") {
				t.Errorf("the flow is %v", f)
			}
		})
	}
}

// TestParseWrappers reads flows that stand as text inside of another document.
func TestParseWrappers(t *testing.T) {
	content := `"{\"Version\":\"2019-10-30\",\"StartAction\":\"a\",\"Actions\":[{\"Identifier\":\"a\",\"Type\":\"EndFlowExecution\",\"Transitions\":{\"Conditions\":[{\"NextAction\":\"a\",\"Condition\":{\"Operator\":\"Equals\",\"Operands\":[\"1\"]}}]}}]}"`
	for name, text := range map[string]string{
		"describe-contact-flow":        `{"ContactFlow":{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}}`,
		"describe-contact-flow-module": `{"ContactFlowModule":{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}}`,
		"content alone":                `{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}`,
		"a template":                   `{"Resources":{"F":{"Type":"AWS::Connect::ContactFlow","Properties":{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}}}}`,
		"a template with Fn::Sub":      `{"Resources":{"F":{"Type":"AWS::Connect::ContactFlow","Properties":{"Name":"n","Type":"QUEUE_TRANSFER","Content":{"Fn::Sub":` + content + `}}}}}`,
		"a template with Fn::Sub, map": `{"Resources":{"F":{"Type":"AWS::Connect::ContactFlow","Properties":{"Name":"n","Type":"QUEUE_TRANSFER","Content":{"Fn::Sub":[` + content + `,{}]}}}}}`,
	} {
		f, got := findings(t, text)
		want := fmt.Sprintf("1:%d warning flow-branch", strings.Index(text, `"{`)+1)
		if f == nil || f.Name != "n" || f.Type != flow.QueueTransfer || got != want {
			t.Errorf("%s: %+v, found %s, want %s", name, f, got, want)
		}
	}
}

// TestParseTemplates reads what is in doubt about CloudFormation templates: variables stay as they are written, and of two flows
// none is taken.
func TestParseTemplates(t *testing.T) {
	const content = `{"Version":"2019-10-30","StartAction":"a","Actions":[{"Identifier":"a","Type":"InvokeLambdaFunction","Parameters":{"LambdaFunctionARN":"${Fn.Arn}",` +
		`"InvocationTimeLimitSeconds":"8"},"Transitions":{"NextAction":"${!b}","Errors":[{"NextAction":"${!b}","ErrorType":"NoMatchingError"}]}},` +
		`{"Identifier":"${b}","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`
	one := "  %s:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Name: !Sub '${AWS::StackName}-n'\n      Type: CONTACT_FLOW\n      Content: !Sub '" + content + "'\n"
	read := func(text string) (*flow.Flow, source.Findings) {
		doc, err := source.ParseTemplate("template.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return flow.Parse("template.yaml", doc)
	}
	f, found := read("Resources:\n" + fmt.Sprintf(one, "A"))
	if f == nil || len(f.FunctionARNs()) != 1 || f.FunctionARNs()[0].ARN != "${Fn.Arn}" || f.Action("${b}") == nil || found.HasErrors() {
		t.Fatal(found)
	}
	_, found = read("Resources:\n" + fmt.Sprintf(one, "A") + fmt.Sprintf(one, "B"))
	if len(found) != 1 || found[0].Code != flow.CodeNotAFlow || found[0].Line != 11 || !strings.Contains(found[0].Message, "2 flows") {
		t.Error(found)
	}
}

func TestParseTooManyActions(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"Version":"2019-10-30","StartAction":"0","Actions":[{"Identifier":"0","Type":"DisconnectParticipant"}`)
	for i := range 250 {
		fmt.Fprintf(&b, `,{"Identifier":"x%d","Type":"DisconnectParticipant"}`, i)
	}
	if f, got := findings(t, b.String()+"]}"); f != nil || got != "1:53 error flow-too-large" {
		t.Errorf("found %s", got)
	}
}

func TestFunctionARNs(t *testing.T) {
	f := build(t, flow.ContactFlow, `a InvokeLambdaFunction {"LambdaFunctionARN":"arn:one"} >b
		b InvokeLambdaFunction {"LambdaFunctionARN":"$.Attributes.arn"} >c
		c DisconnectParticipant {}`)
	refs := f.FunctionARNs()
	if len(refs) != 1 || refs[0].ARN != "arn:one" || refs[0].Action != "a" || refs[0].Pos.Line == 0 {
		t.Errorf("%+v", refs)
	}
}

// FuzzParseAndPlay parses any JSON as a flow and plays it: bad input gives findings, never a panic, and every play ends.
func FuzzParseAndPlay(f *testing.F) {
	f.Add(pollingFlow, uint64(1))
	f.Add(`{"modules":[],"start":"x"}`, uint64(2))
	if folder := os.Getenv("RECORDED_FLOWS"); folder != "" {
		files, _ := filepath.Glob(filepath.Join(folder, "current", "*.json"))
		for i, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text), uint64(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		doc, err := source.ParseJSON("f.json", []byte(text))
		if err != nil {
			return
		}
		parsed, found := flow.Parse("f.json", doc)
		if parsed == nil {
			if !found.HasErrors() {
				t.Fatal("refused without a reason")
			}
			return
		}
		newPlayground(parsed, found).play(t, seed)
	})
}
