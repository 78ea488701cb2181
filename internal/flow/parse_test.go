package flow_test

import (
	"fmt"
	"os"
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
	f, found := compile("flow.json", doc)
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
		"targets that a template fills in": {
			text: `{"Version":"2019-10-30","StartAction":^"${local.start}","Actions":[{"Identifier":"end",
				"Type":"MessageParticipant","Parameters":{"Text":"x"},"Transitions":{"NextAction":^"${local.next}"}}]}`,
			want: "error call-unknown-target, error call-unknown-target",
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
		parsed, found := compile("f.json", doc)
		if parsed == nil {
			if !found.HasErrors() {
				t.Fatal("refused without a reason")
			}
			return
		}
		newPlayground(parsed, found).play(t, seed)
	})
}
