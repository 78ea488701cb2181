package lint_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/testrun"
)

// told is what must be said about a case: at least these findings, and no others of these severities.
type told struct {
	rules  string // of findings; "rule*4" for four of them
	never  string // severities that there must be none of, beside those rules; error when it is empty
	unread string // the code of why the file was not checked
}

// recordedCases is what lint says about situations that people reported. A case that is only played must have no error.
var recordedCases = map[string]told{
	"02-console-export-before-2022":        {unread: flowlang.CodeLegacy},
	"03-disconnect-flow-hook":              {never: "error warning info"},
	"04-disconnect-flow-of-other-instance": {rules: "two-instances"},
	"09-interrupt-19-seconds":              {rules: "short-interrupt"},
	"10-module-placeholder-left":           {rules: "placeholder"},
	"13-made-up-types":                     {rules: "action-type*4"},
	"15-loop-wrong-operands":               {rules: "condition-operand*2 missing-condition*2"},
	"16-error-branch-hangs-up":             {rules: "hangs-up-on-error"},
	"22-chain-of-functions":                {rules: "lambda-chain function-timeout"},
	"28-dial-extension-not-secret":         {never: "error warning"},
	"29-voice-id-next-action":              {rules: "ended-service", never: "error warning"},
	"31-cfn-type":                          {rules: "flow-type*2"},
	"33-tf-heredoc-unquoted":               {rules: "error-like-success"},
	"34-tf-jsonencode":                     {rules: "invocation-limit"},
	"36-cfn-to-json-string":                {rules: "invocation-limit"},
	"38-cfn-sub-literal":                   {rules: "dangling-branch*2"},
	"39-cli-answer":                        {rules: "flow-type*2"},
	"40-cdk-typescript":                    {unread: template.CodeUnread},
	"43-silent-caller-in-a-menu":           {rules: "silent-caller"},
	"45-lex-slots-of-the-bot-before":       {rules: "stale-slot"},
	"47-lca-sample-does-not-import":        {unread: flowlang.CodeLegacy},
	"48-text-to-speech-type":               {rules: "unknown-parameter"},
	"49-mixed-id":                          {rules: "mixed-reference"},
}

// TestRecordedCases: lint says what is right about every situation that was reported, and calls nothing else wrong.
func TestRecordedCases(t *testing.T) {
	seen := 0
	for _, file := range testrun.RecordedFiles(t, "RECORDED_CASES", "flows/*/*") {
		name := filepath.Base(filepath.Dir(file))
		switch filepath.Base(file) {
		case "flow.json", "t.yaml", "main.tf", "describe.json", "flow.ts":
			want, listed := recordedCases[name]
			if listed {
				seen++
			}
			checkCase(t, name, file, want)
		}
	}
	if seen != len(recordedCases) {
		t.Errorf("%d of %d cases are there", seen, len(recordedCases))
	}
}

func checkCase(t *testing.T, name, file string, want told) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := lint.Read(file, text)
	var unread source.Findings
	if f, ok := err.(source.Finding); ok {
		unread = source.Findings{f}
	} else if doc != nil {
		unread = doc.Unread
	}
	if (want.unread != "") != (len(unread) > 0) || len(unread) > 0 && unread[0].Code != want.unread {
		t.Errorf("%s: not checked: %v", name, unread)
		return
	}
	if doc != nil {
		judgeCase(t, name, want, doc)
	}
}

func judgeCase(t *testing.T, name string, want told, doc *lint.Document) {
	t.Helper()
	counts := map[string]int{}
	never := cmp.Or(want.never, string(source.Error))
	for _, f := range doc.Flows {
		for _, finding := range lint.Run(lint.Setup{Flow: f}) {
			counts[finding.Rule]++
			named := slices.ContainsFunc(strings.Fields(want.rules), func(rule string) bool {
				return strings.HasPrefix(rule+"*", finding.Rule+"*")
			})
			if !named && strings.Contains(never, string(finding.Severity)) {
				t.Errorf("%s: %v", name, finding)
			}
		}
	}
	for _, rule := range strings.Fields(want.rules) {
		rule, times, several := strings.Cut(rule, "*")
		if !several {
			times = "1"
		}
		if strconv.Itoa(counts[rule]) != times {
			t.Errorf("%s: %s is found %d times, want %s", name, rule, counts[rule], times)
		}
	}
}
