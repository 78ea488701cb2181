package scaffold_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
)

// TestFunctionsAreRecognised writes a project for a function of each language, and reads it.
func TestFunctionsAreRecognised(t *testing.T) {
	for _, test := range []struct{ file, content, runtime, handler string }{
		{"main.go", "package main", "go", ""},
		{"bootstrap", "#!/bin/sh", "provided.al2023", ""},
		{"lambda_function.py", "def lambda_handler(event, context): pass", "python3.13",
			"lambda_function.lambda_handler"},
		{"app.py", "def handler(event, context): pass", "python3.13", "app.handler"},
		{"index.mjs", "export const handler = async () => ({})", "nodejs22.x", "index.handler"},
	} {
		dir := t.TempDir()
		write(t, dir, "my function!/"+test.file, []byte(test.content))
		files, err := scaffold.Project{
			Dir: dir, Name: "shop", Wrapped: scaffold.Wrapped{Function: filepath.Join(dir, "my function!")},
		}.Files()
		if err != nil {
			t.Errorf("%s: %v", test.file, err)
			continue
		}
		for _, f := range files {
			write(t, dir, f.Name, f.Content)
		}
		p, found := project.Read(dir)
		if p == nil {
			t.Errorf("%s: %v", test.file, found)
			continue
		}
		got := p.Functions[0]
		if got.Name != "my-function" || got.Runtime != test.runtime || got.Handler != test.handler {
			t.Errorf("%s: %+v", test.file, got)
		}
		if _, err := os.Stat(got.Code); err != nil {
			t.Error(err)
		}
	}
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

const slowARN = "arn:aws:lambda:us-east-1:111122223333:function:slow:live"

// TestProjectsCanBeRead writes a project of each style, as flow and as module, for a function of which only the ARN is
// known.
func TestProjectsCanBeRead(t *testing.T) {
	for _, test := range []scaffold.Project{
		{}, {As: "module"}, {Says: scaffold.Says{Style: "wait"}},
		{Says: scaffold.Says{Style: "queue", Prompt: "music"}},
		{Says: scaffold.Says{Style: "chat", Language: "de"}, As: "module"},
	} {
		test.Dir, test.Function = filepath.Join(t.TempDir(), "new shop"), slowARN
		files, err := test.Files()
		if err != nil || test.RunsHere() {
			t.Fatalf("%+v: %v", test, err)
		}
		for _, f := range files {
			write(t, test.Dir, f.Name, f.Content)
		}
		p, found := project.Read(test.Dir)
		if len(found) > 0 {
			t.Fatalf("%+v: %v", test, found)
		}
		if p.Name != "new-shop" || p.Jobs[0].Name != "slow" || p.Functions[0].ARN != slowARN {
			t.Errorf("%+v: %+v", test, p)
		}
		if p.Deploy.Input != "minimal" || !p.Deploy.OwnContactOnly {
			t.Errorf("%+v: the section deploy is %+v", test, p.Deploy)
		}
		if inTable := p.Jobs[0].Results == project.ResultsInTable; inTable != (test.Style == "wait") {
			t.Errorf("%s: results in %s", test.Style, p.Jobs[0].Results)
		}
	}
}

func TestWhatCannotBeWrapped(t *testing.T) {
	for _, function := range []string{"arn:aws:s3:::bucket", filepath.Join(t.TempDir(), "nowhere"), t.TempDir()} {
		_, err := scaffold.Project{Dir: t.TempDir(), Wrapped: scaffold.Wrapped{Function: function}}.Files()
		var f source.Finding
		if !errors.As(err, &f) || f.Code != scaffold.CodeNoFunction || f.Remedy == "" {
			t.Errorf("%s: %v", function, err)
		}
	}
}

// TestFaultsOfAnswers names no line of a project file that is not there.
func TestFaultsOfAnswers(t *testing.T) {
	answers := scaffold.Project{Dir: t.TempDir(), Says: scaffold.Says{Style: "polly"},
		Wrapped: scaffold.Wrapped{Function: slowARN}}
	_, err := answers.Files()
	var f source.Finding
	if !errors.As(err, &f) || f.Line > 0 || !strings.Contains(f.Message, "polly") {
		t.Errorf("%v", err)
	}
}

// TestRuntimesOfOthers refuses a runtime that is not for the code.
func TestRuntimesOfOthers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "code/app.py", []byte("def handler(event, context):\n    return {}\n"))
	for runtime, fits := range map[string]bool{
		"python3.12": true, "provided.al2023": true, "nodejs22.x": false, "ruby3.3": false, "pyhton3.12": false,
	} {
		wrapped := scaffold.Wrapped{Function: filepath.Join(dir, "code"), Handler: "app.handler", Runtime: runtime}
		f, err := wrapped.Inspect(dir)
		if (err == nil) != fits || fits && f.Runtime != runtime {
			t.Errorf("%s: %+v %v", runtime, f, err)
		}
	}
}

// TestNameOf: the name of a folder becomes one that a project may have.
func TestNameOf(t *testing.T) {
	for dir, want := range map[string]string{
		"/tmp/bank": "bank", "/tmp/Kontostand prüfen": "Kontostand-pr-fen", "/tmp/2024": "project-2024",
		"/tmp/_x": "project-_x", "/tmp/日本": "work",
	} {
		if got := scaffold.NameOf(dir); got != want || !project.ValidName(got) {
			t.Errorf("%s: %q, want %q", dir, got, want)
		}
	}
}

// TestShortNamesAreData: where short names are data of the function, generated flows send the protocol's parameters
// under the long ones, and the function's own as they are.
func TestShortNamesAreData(t *testing.T) {
	for _, keys := range []string{"style: poll", "style: wait", "style: queue, prompt: music", "style: chat"} {
		dir := t.TempDir()
		write(t, dir, project.FileName, []byte("name: p\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"+
			"deploy: {parameters: prefixed}\nflows:\n  - {file: a.json, generate: {"+keys+
			", parameters: {order: $.Attributes.order}}}\n"))
		write(t, dir, "a.json", []byte("{}"))
		p, found := project.Read(dir)
		if p == nil {
			t.Fatal(found)
		}
		text, err := scaffold.Flow(p, p.Flows[0])
		if err != nil {
			t.Fatal(err)
		}
		var generated struct {
			Actions []struct {
				Parameters struct{ LambdaInvocationAttributes map[string]string }
			}
		}
		if err := json.Unmarshal(text, &generated); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, a := range generated.Actions {
			for name := range a.Parameters.LambdaInvocationAttributes {
				names[name] = true
				if async.IsParameter(name) && name != async.LongName(name) {
					t.Errorf("%s: sends %s", keys, name)
				}
			}
		}
		if !names["order"] || !names["sfn_job"] {
			t.Errorf("%s: sends %v", keys, names)
		}
	}
}
