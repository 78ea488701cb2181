package flow_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// findings compiles a text and lists what was found, one a line: line:column severity code.
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

// unmarked takes the marks ^ out of a text and puts their places before the findings.
func unmarked(t *testing.T, marked, findings string) (text, want string) {
	t.Helper()
	parts := strings.Split(marked, "^")
	list := strings.Split(findings, ", ")
	if findings == "" {
		list = nil
	}
	if len(list) != len(parts)-1 {
		t.Fatalf("%d places are marked for %d findings", len(parts)-1, len(list))
	}
	for i := range list {
		before := strings.Join(parts[:i+1], "")
		line, column := strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n')
		list[i] = fmt.Sprintf("%d:%d %s", line, column, list[i])
	}
	return strings.Join(parts, ""), strings.Join(list, ", ")
}

// TestCompile: a flow that cannot be played is refused, and what only publishing refuses is found and played. What is
// found where is said by flowlang, and tested there and in lint.
func TestCompile(t *testing.T) {
	const (
		end  = `{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}`
		head = `{"Version":"2019-10-30","StartAction":"end","Actions":[`
	)
	for name, test := range map[string]struct {
		text, want string // the places of the findings are marked with ^
		played     bool
	}{
		"not an object":  {text: `^[]`, want: "error flow-not-a-flow"},
		"the old format": {text: `^{"modules":[],"start":"x"}`, want: "error flow-legacy-format"},
		"no JSON inside": {text: "\n" + ` {"ContactFlow":{"Content":^"{"}}`, want: "error syntax"},
		"no list of actions": {
			text: `{"Version":"2019-10-30","StartAction":^"a","Actions":^{}}`,
			want: "error start-action, error malformed",
		},
		"no start": {text: `^{"Version":"2019-10-30","Actions":[` + end + `]}`, want: "error start-action"},
		"an identifier twice": {
			text: head + end + "," + strings.Replace(end, `"end"`, `^"end"`, 1) + `]}`,
			want: "error duplicate-identifier",
		},
		"a branch to nowhere": {
			text: head + `{"Identifier":"end","Type":^"Resume","Transitions":{"NextAction":^"x"}}]}`,
			want: "error action-type, error dangling-branch",
		},
		"another version": {
			text:   `{"Version":^"2020","StartAction":"end","Actions":[` + end + `]}`,
			want:   "error version",
			played: true,
		},
		"an unknown type": {
			text:   head + `{"Identifier":"end","Type":^"Novelty"}]}`,
			want:   "warning action-type",
			played: true,
		},
		"a missing parameter": {
			text: head + `^{"Identifier":"end","Type":"TransferToFlow","Transitions":{"NextAction":"end",
				"Errors":[{"ErrorType":"NoMatchingError","NextAction":"end"}]}}]}`,
			want:   "error missing-parameter",
			played: true,
		},
		"nothing wrong": {text: head + end + `]}`, want: "", played: true},
		"an impossible error": {
			text: head + `{"Identifier":"end","Type":"MessageParticipant","Parameters":{"Text":"x"},
				"Transitions":{"NextAction":"end","Errors":[{"ErrorType":^"CallFailed","NextAction":"end"}]}}]}`,
			want:   "error impossible-error",
			played: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, want := unmarked(t, test.text, test.want)
			f, got := findings(t, text)
			if got != want {
				t.Errorf("found %s, want %s", got, want)
			}
			if (f != nil) != test.played {
				t.Errorf("played: %v", f != nil)
			}
		})
	}
}

// TestParseWrappers reads flows that are text inside another document.
func TestParseWrappers(t *testing.T) {
	content := strconv.Quote(
		`{"Version":"2019-10-30","StartAction":"a","Actions":[{"Identifier":"a","Type":"Novelty"}]}`)
	inTemplate := func(content string) string {
		return `{"Resources":{"F":{"Type":"AWS::Connect::ContactFlow",` +
			`"Properties":{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}}}}`
	}
	for name, text := range map[string]string{
		"describe-contact-flow": `{"ContactFlow":{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}}`,
		"describe-contact-flow-module": `{"ContactFlowModule":{"Name":"n","Type":"QUEUE_TRANSFER",` +
			`"Content":` + content + `}}`,
		"content alone":                `{"Name":"n","Type":"QUEUE_TRANSFER","Content":` + content + `}`,
		"a template":                   inTemplate(content),
		"a template with Fn::Sub":      inTemplate(`{"Fn::Sub":` + content + `}`),
		"a template with Fn::Sub, map": inTemplate(`{"Fn::Sub":[` + content + `,{}]}`),
	} {
		f, got := findings(t, text)
		want := fmt.Sprintf("1:%d warning action-type", strings.Index(text, `"{`)+1)
		if f == nil || f.Name != "n" || f.Type != flowlang.QueueTransfer || got != want {
			t.Errorf("%s: %+v, found %s, want %s", name, f, got, want)
		}
	}
}

// TestParseTemplates reads what is in doubt about CloudFormation templates: variables stay as they are written, and
// of two flows none is taken.
func TestParseTemplates(t *testing.T) {
	const content = `{"Version":"2019-10-30","StartAction":"a","Actions":[` +
		`{"Identifier":"a","Type":"InvokeLambdaFunction",` +
		`"Parameters":{"LambdaFunctionARN":"${Fn.Arn}","InvocationTimeLimitSeconds":"8"},` +
		`"Transitions":{"NextAction":"b","Errors":[{"NextAction":"b","ErrorType":"NoMatchingError"}]}},` +
		`{"Identifier":"b","Type":"MessageParticipant","Parameters":{"Text":"${!x}"},` +
		`"Transitions":{"NextAction":"b"}}]}`
	const one = `  %s:
    Type: AWS::Connect::ContactFlow
    Properties:
      Name: !Sub '${AWS::StackName}-n'
      Type: CONTACT_FLOW
      Content: !Sub '` + content + "'\n"
	read := func(text string) (*flow.Flow, source.Findings) {
		doc, err := source.ParseTemplate("template.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return flow.Parse("template.yaml", doc)
	}
	f, found := read("Resources:\n" + fmt.Sprintf(one, "A"))
	if f == nil || len(f.FunctionARNs()) != 1 || f.FunctionARNs()[0].ARN != "${Fn.Arn}" ||
		f.Action("b").Text("Text") != "${x}" || found.HasErrors() {
		t.Fatal(found)
	}
	_, found = read("Resources:\n" + fmt.Sprintf(one, "A") + fmt.Sprintf(one, "B"))
	if len(found) != 1 || found[0].Code != flowlang.CodeNotAFlow || found[0].Line != 11 ||
		!strings.Contains(found[0].Message, "2 flows") {
		t.Error(found)
	}
}

func TestParseTooManyActions(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"Version":"2019-10-30","StartAction":"0","Actions":[` +
		`{"Identifier":"0","Type":"DisconnectParticipant"}`)
	for i := range 250 {
		fmt.Fprintf(&b, `,{"Identifier":"x%d","Type":"DisconnectParticipant"}`, i)
	}
	if f, got := findings(t, b.String()+"]}"); f == nil || !strings.HasPrefix(got, "1:53 error size") {
		t.Errorf("found %s", got)
	}
}

func TestFunctionARNs(t *testing.T) {
	f := build(t, flowlang.ContactFlow, `a InvokeLambdaFunction {"LambdaFunctionARN":"arn:one"} >b
		b InvokeLambdaFunction {"LambdaFunctionARN":"$.Attributes.arn"} >c
		c DisconnectParticipant {}`)
	refs := f.FunctionARNs()
	if len(refs) != 1 || refs[0].ARN != "arn:one" || refs[0].Action != "a" || refs[0].Pos.Line == 0 {
		t.Errorf("%+v", refs)
	}
}

// FuzzParseAndPlay parses any JSON as a flow and plays it: bad input gives findings, never a panic, and every play
// ends.
func FuzzParseAndPlay(f *testing.F) {
	f.Add(pollingFlow, uint64(1))
	f.Add(`{"modules":[],"start":"x"}`, uint64(2))
	if os.Getenv("RECORDED_FLOWS") != "" {
		for i, file := range testrun.RecordedFiles(f, "RECORDED_FLOWS", "current/*.json") {
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
