package project_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// write makes a project folder with the given project file and a function folder.
// TestReadFunctions reads a project without jobs, for verbs that run functions; all other faults are still found.
func TestReadFunctions(t *testing.T) {
	const function = "name: bank\nfunctions: {f: {arn: x, timeout: 1m}}\n"
	for text, want := range map[string]string{
		function: "", function + "jobs: {}\n": "", function + "jobs: 1\n": source.CodeWrongKind,
		"name: bank\nfunctions: {f: {}}\n": project.CodeMissing,
	} {
		file := filepath.Join(t.TempDir(), project.FileName)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, found := project.ReadFunctions(file)
		if got := append(found, source.Finding{})[0].Code; got != want || (p == nil) != (want != "") {
			t.Errorf("%s: %v", text, found)
		}
		if p, found := project.Read(file); p != nil {
			t.Errorf("%s is read without jobs: %v", text, found)
		}
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "function"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{project.FileName: text, "flow.json": "{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRead(t *testing.T) {
	dir := write(t, `
name: bank
jobs:
  balance: {steps: [look-up, format], timeout: 2m}
  payment: {steps: [pay], results: table}
functions:
  look-up: {code: ./function, runtime: python3.13, handler: app.handler, timeout: 90s, repeatable: true}
  format: {arn: "arn:aws:lambda:us-east-1:111122223333:function:format"}
  pay: {arn: "arn:aws:lambda:us-east-1:111122223333:function:pay", remote: true, memory_mb: 512}
flows:
  - {file: flow.json, managed: true}
prompts: {hold-music: audio/hold.wav}
`)
	p, found := project.Read(dir)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if got := fmt.Sprint(p.Jobs); got != "[{balance  [look-up format]  2m0s describe false always 1m0s finish  false} "+
		"{payment  [pay]  5m0s table false always 1m0s finish  false}]" {
		t.Errorf("jobs: %s", got)
	}
	f, ok := p.Function("look-up")
	want := project.Function{
		Name: "look-up", Code: filepath.Join(dir, "function"), Handler: "app.handler", Runtime: "python3.13",
		Timeout: 90 * time.Second, MemoryMB: 128, Repeatable: true,
	}
	if node := f.Node.Get("handler"); node.Str() != "app.handler" {
		t.Errorf("the handler is written as %q", node.Str())
	}
	f.Node = nil
	if !ok || f != want {
		t.Errorf("look-up: %+v %v", f, ok)
	}
	if p.Flows[0].Type != "" || p.Prompts["hold-music"] != filepath.Join(dir, "audio", "hold.wav") {
		t.Errorf("%+v %v", p.Flows, p.Prompts)
	}
}

func TestFindings(t *testing.T) {
	const good = "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"
	for _, test := range []struct{ text, want string }{
		{good, ""},
		{"name: [", "1:7 syntax"},
		{"nam: bank\n" + good, "1:1 unknown-key"},
		{strings.Replace(good, "bank", "my bank!", 1), "1:7 bad-value"},
		{"name: bank\nfunctions: {f: {arn: x}}\n", "1:1 project-missing"},
		{strings.TrimPrefix(good, "name: bank\n"), "1:1 project-missing"},
		{"- a list\n", "1:1 wrong-kind"},
		{strings.Replace(good, "{a: {steps: [f]}}", "[]", 1), "2:7 wrong-kind"},
		{strings.Replace(good, "{a: {steps: [f]}}", "{}", 1), "2:7 project-missing"},
		{`{Version: "2019-10-30", StartAction: a, Actions: []}`, "1:1 wrong-kind"},
		{strings.Replace(good, "steps: [f]", "steps: [g]", 1), "2:20 project-unknown-name"},
		{strings.Replace(good, "steps: [f]", "steps: [f, f]", 1), "2:23 bad-value"},
		{strings.Replace(good, "steps: [f]", "", 1), "2:8 project-missing"},
		{strings.Replace(good, "steps: [f]", "steps: [f], definition: d.json", 1),
			"2:8 project-missing 2:36 no-such-file"},
		{strings.Replace(good, "steps: [f]", "steps: [f], when_caller_leaves: cancel, results: table", 1), ""},
		{strings.Replace(good, "steps: [f]", "steps: [f], when_caller_leaves: cancel", 1), "2:44 project-missing"},
		{strings.Replace(good, "steps: [f]", "steps: [f], results: table, when_caller_leaves: deliver", 1),
			"2:60 project-missing"},
		{strings.Replace(good, "steps: [f]", "steps: [f], results: table, when_caller_leaves: wait", 1),
			"2:60 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], deliver_to: x", 1), "2:36 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], results: table, when_caller_leaves: deliver, "+
			"deliver_to: 'arn:aws:sqs:us-east-1:111122223333:late'", 1), ""},
		{strings.Replace(good, "steps: [f]", "steps: [f], results: table, when_caller_leaves: deliver, "+
			"deliver_to: 'arn:aws:sns:us-east-1:111122223333:late'", 1), "2:81 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], progress: true, texts: {en: {steps: {f: At f.}}}", 1), ""},
		{strings.Replace(good, "steps: [f]", "steps: [f], progress: true, texts: {en: {steps: {g: At g.}}}", 1),
			"2:64 project-unknown-name"},
		{strings.Replace(good, "steps: [f]", "steps: [f], texts: {en: {steps: {f: At f.}}}", 1), "2:48 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], progress: true, texts: {en: {remaining: {soon: Soon.}}}", 1),
			"2:48 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], progress: true, texts: {en: {remaining: {30: Half.}}}", 1),
			""},
		{strings.Replace(good, "steps: [f]", "steps: [f], progress: true, texts: {en: {steps: [At f.]}}", 1),
			"2:60 wrong-kind"},
		{strings.NewReplacer("steps: [f]", "steps: [f], progress: true, results: table", "{arn: x}",
			"{arn: x, progress_role: r}").Replace(good), ""},
		{strings.Replace(good, "{arn: x}", "{arn: x, progress_role: r}", 1), "3:40 bad-value"},
		{strings.NewReplacer("steps: [f]", "steps: [f], progress: true, results: table", "{arn: x}",
			`{arn: x, progress_role: "arn:aws:iam::111122223333:role/r"}`).Replace(good), "3:40 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], timeout: soon", 1), "2:33 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], timeout: 400ms", 1), "2:33 bad-value"},
		{strings.Replace(good, "steps: [f]", "steps: [f], timeout: 8761h", 1), "2:33 bad-value"},
		{strings.Replace(good, "{arn: x}", "{}", 1), "3:13 project-missing"},
		{strings.Replace(good, "{arn: x}", "{code: function}", 1), "3:13 project-missing"},
		{strings.Replace(good, "{arn: x}", "{code: elsewhere, runtime: go}", 1), "3:23 no-such-file"},
		{strings.Replace(good, "{arn: x}", "{arn: x, timeout: 16m}", 1), "3:34 bad-value"},
		{strings.Replace(good, "{f: {arn: x}}", "{f: {arn: x}, async: {arn: x}}", 1), "3:26 bad-value"},
		{good + "flows: [{file: flow.json, type: Customer_Queue}]\n", ""},
		{good + "flows: [{file: flow.json, type: hold}]\n", "4:33 bad-value"},
	} {
		_, found := project.Read(write(t, test.text))
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
			if f.Remedy == "" {
				t.Errorf("no remedy: %v", f)
			}
		}
		if joined := strings.Join(got, " "); joined != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.text, joined, test.want)
		}
	}
}

// TestCallers reads the number of callers from its place, and from where it used to be.
func TestCallers(t *testing.T) {
	const good = "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"
	for _, test := range []struct {
		text    string
		callers int
		want    string
	}{
		{"", 10, ""},
		{"callers: 40\n", 40, ""},
		{"callers: none\n", 0, "4:10 bad-value"},
		{"lint: {callers: 40}\n", 40, "4:17 project-moved-key"},
		{"deploy: {expected_callers: 40}\n", 40, "4:28 project-moved-key"},
		{"lint: {callers: 0}\n", 0, "4:17 bad-value 4:17 project-moved-key"},
		{"lint: {callers: 40}\ndeploy: {expected_callers: 40}\n", 40, "4:17 project-moved-key 5:28 project-moved-key"},
		{"lint: {callers: 40}\ndeploy: {expected_callers: 10}\n", 0, "4:17 project-moved-key 5:28 bad-value"},
		{"callers: 30\nlint: {callers: 40}\n", 0, "5:17 bad-value"},
		{"lint: none\n", 10, ""},
	} {
		p, found := project.Read(write(t, good+test.text))
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
			if f.Remedy == "" {
				t.Errorf("no remedy: %v", f)
			}
		}
		if joined := strings.Join(got, " "); joined != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.text, joined, test.want)
		}
		if (p == nil) != found.HasErrors() || p != nil && p.Callers != test.callers {
			t.Errorf("%s: %+v", test.text, p)
		}
	}
}

// TestTexts reads what the replies of a job say, in the order of the languages.
func TestTexts(t *testing.T) {
	const good = "name: bank\nfunctions: {f: {arn: x}}\njobs:\n  a:\n    steps: [f]\n    texts:\n"
	p, found := project.Read(write(t, good+"      en: {first: One moment., waiting: [A., B.]}\n      de:\n"))
	if len(found) > 0 {
		t.Fatal(found)
	}
	want := `{"a":{"en":{"first":"One moment.","waiting":["A.","B."]},"de":{}}}`
	if got := async.MarshalTexts(p.Texts); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for text, want := range map[string]string{
		"{second: a}": "7:12 unknown-key", "{first: [a, b]}": "7:7 bad-value", "{done: $.External.x}": "7:7 bad-value",
		"[a]": "7:11 wrong-kind",
	} {
		_, found := project.Read(write(t, good+"      en: "+text+"\n"))
		if len(found) != 1 || fmt.Sprintf("%d:%d %s", found[0].Line, found[0].Column, found[0].Code) != want ||
			found[0].Remedy == "" {
			t.Errorf("%s: %+v, want %s", text, found, want)
		}
	}
}

func TestNoProject(t *testing.T) {
	p, found := project.Read(t.TempDir())
	if p != nil || len(found) != 1 || found[0].Code != source.CodeUnreadable ||
		!strings.Contains(found[0].Remedy, "connect-async init") {
		t.Errorf("%v %v", p, found)
	}
}

func TestRetain(t *testing.T) {
	const good = "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"
	for text, want := range map[string]time.Duration{
		"": 24 * time.Hour, "retain: 72h\n": 72 * time.Hour,
		"retain: 59m\n": 0, "retain: 2161h\n": 0, "retain: long\n": 0,
	} {
		p, found := project.Read(write(t, good+text))
		if want == 0 {
			if p != nil || len(found) != 1 || found[0].Line != 4 || found[0].Remedy == "" {
				t.Errorf("%s: %v", text, found)
			}
		} else if p == nil || p.Retain != want {
			t.Errorf("%s: %+v %v", text, p, found)
		}
	}
}
