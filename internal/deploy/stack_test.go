package deploy_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
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
	// hangs up, and one that does not mind. Two tell their progress: from the table, and from their history.
	lateProject = `
name: bank
jobs:
  balance: {steps: [balance], results: table, when_caller_leaves: deliver, deliver_to: "` + lateFlowARN + `"}
  other: {steps: [balance]}
  pay-out: {steps: [balance], results: table, when_caller_leaves: deliver, deliver_to: "` + lateQueueARN + `"}
  report: {steps: [balance], results: event, progress: true, when_caller_leaves: deliver, deliver_to: "` +
		lateBusARN + `"}
  search: {steps: [balance], results: table, when_caller_leaves: cancel, progress: true}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow", progress_role: slow-role}}
`
)

// describe makes the stack of a project, in whose folder the flows of our examples lie. Most tests look at the same few
// stacks: each is made once, and nothing changes it.
func describe(t *testing.T, text string, change func(*project.Deploy)) *deploy.Stack {
	t.Helper()
	p := projectOf(t, text, change)
	key := fmt.Sprintf("%s%+v", text, p.Deploy)
	if known, ok := described.Load(key); ok {
		return known.(*deploy.Stack)
	}
	stack, found := deploy.Describe(p, nil)
	if stack == nil {
		t.Fatal(found)
	}
	described.Store(key, stack)
	return stack
}

var described sync.Map

func tryDescribe(t *testing.T, text string, change func(*project.Deploy)) (*deploy.Stack, source.Findings) {
	t.Helper()
	return deploy.Describe(projectOf(t, text, change), nil)
}

func projectOf(t *testing.T, text string, change func(*project.Deploy)) *project.Project {
	t.Helper()
	p, found := project.Read(projectFolder(t, text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	if change != nil {
		change(&p.Deploy)
	}
	return p
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

// example is one of our examples, and what it needs in AWS.
type example struct {
	project *project.Project
	stack   *deploy.Stack
}

// examples are all of them by their names, read once.
func examples(t *testing.T) map[string]example {
	t.Helper()
	list, err := readExamples()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var readExamples = sync.OnceValues(func() (map[string]example, error) {
	files, err := filepath.Glob("../../examples/*/" + project.FileName)
	if len(files) < 7 {
		return nil, errors.Join(err, fmt.Errorf("there are %d examples", len(files)))
	}
	list := map[string]example{}
	for _, file := range files {
		p, found := project.Read(file)
		if p == nil {
			return nil, fmt.Errorf("%s: %v", file, found)
		}
		stack, found := deploy.Describe(p, nil)
		if stack == nil {
			return nil, fmt.Errorf("%s: %v", file, found)
		}
		list[filepath.Base(filepath.Dir(file))] = example{project: p, stack: stack}
	}
	return list, nil
})

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

// export writes an export into a folder that a test may change.
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

// exportFolder is a folder with an export for tests that only read it. Each stack is exported once.
func exportFolder(t *testing.T, stack *deploy.Stack, tool string) string {
	t.Helper()
	type key struct {
		stack *deploy.Stack
		tool  string
	}
	exports.Lock()
	defer exports.Unlock()
	dir, ok := exports.folders[key{stack, tool}]
	if !ok {
		dir = filepath.Join(exports.root, strconv.Itoa(len(exports.folders)))
		export(t, stack, tool, dir)
		exports.folders[key{stack, tool}] = dir
	}
	return dir
}

var exports = struct {
	sync.Mutex
	root    string // removed at the end
	folders map[any]string
}{folders: map[any]string{}}

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if exports.root, err = os.MkdirTemp("", "deploy-test-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(exports.root)
	return m.Run()
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
