package deploy_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// The projects of these tests: one job of one step that is described, and two jobs of one and three steps with a
// results table.
const (
	describeProject = `
name: bank
jobs: {balance: {steps: [balance], timeout: 2m}}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow", timeout: 90s}}
flows: [{file: flow.json, managed: true}]
`
	tableProject = `
name: bank
jobs:
  balance: {steps: [balance], timeout: 2m, results: table}
  pay-out: {steps: [look-up, pay, receipt], timeout: 5m, results: table}
functions:
  balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow:live"}
  look-up: {arn: "arn:aws:lambda:us-east-1:111122223333:function:look-up"}
  pay: {code: function, runtime: python3.13, handler: app.handler}
  receipt: {arn: "arn:aws:lambda:us-east-1:111122223333:function:receipt", repeatable: true}
flows: [{file: flow.json, managed: true}, {file: wait.json, managed: true, type: inbound}]
`
	// lateProject has a job of each kind of place that results are delivered to, one that is cancelled when its caller
	// hangs up, and one that does not mind.
	lateProject = `
name: bank
jobs:
  balance: {steps: [balance], results: table, when_caller_leaves: deliver, deliver_to: "` + lateFlowARN + `"}
  other: {steps: [balance]}
  pay-out: {steps: [balance], results: table, when_caller_leaves: deliver, deliver_to: "` + lateQueueARN + `"}
  report: {steps: [balance], results: table, when_caller_leaves: deliver, deliver_to: "` + lateBusARN + `"}
  search: {steps: [balance], results: table, when_caller_leaves: cancel}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow"}}
`
)

// describe makes the stack of a project, in whose folder the flows of our examples lie.
func describe(t *testing.T, text string, change func(*project.Deploy)) *deploy.Stack {
	t.Helper()
	stack, found := tryDescribe(t, text, change)
	if stack == nil {
		t.Fatal(found)
	}
	return stack
}

func tryDescribe(t *testing.T, text string, change func(*project.Deploy)) (*deploy.Stack, source.Findings) {
	t.Helper()
	p, found := project.Read(projectFolder(t, text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	if change != nil {
		change(&p.Deploy)
	}
	return deploy.Describe(p, nil)
}

func projectFolder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "function"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, project.FileName, []byte(text))
	for name, example := range map[string]string{"flow.json": "balance/flow.json", "wait.json": "balance/flow.json"} {
		content, err := os.ReadFile(filepath.Join("..", "..", "examples", example))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, content)
	}
	return dir
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

func toolNamed(t *testing.T, name string) deploy.Tool {
	t.Helper()
	for _, tool := range deploy.Tools {
		if tool.Name == name {
			return tool
		}
	}
	t.Fatalf("there is no tool %q", name)
	return deploy.Tool{}
}

// export writes an export into its own folder.
func export(t *testing.T, stack *deploy.Stack, tool, dir string) {
	t.Helper()
	files, err := deploy.Export(stack, toolNamed(t, tool))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		write(t, dir, f.Name, f.Content)
	}
}

// TestOwnDefinitionBehindATable says that the end is known by its event, unless the project asks for that.
func TestOwnDefinitionBehindATable(t *testing.T) {
	for results, want := range map[string]int{"describe": 0, "table": 1, "event": 0} {
		dir := projectFolder(t, "name: bank\njobs: {own: {definition: own.asl.json, results: "+results+"}}\n")
		write(t, dir, "own.asl.json", []byte(`{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`))
		p, found := project.Read(dir)
		if p == nil {
			t.Fatal(found)
		}
		stack, found := deploy.Describe(p, nil)
		if stack == nil || len(found) != want || want == 1 && (found[0].Code != deploy.CodeEndByEvent ||
			found[0].Severity != source.Info) {
			t.Errorf("%s: %v", results, found)
		}
	}
}
