package workspace_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// bank is a project of two jobs whose functions live in AWS; one of them is a state machine of the user's own.
const bank = `
name: bank
jobs:
  balance: {steps: [look-up, format], timeout: 2m, results: table, texts: {en: {first: One moment.}}}
  payment: {definition: payment.json}
functions:
  look-up: {arn: "arn:aws:lambda:us-east-1:111122223333:function:look-up"}
  format: {arn: "arn:aws:lambda:us-east-1:111122223333:function:format"}
  pay: {arn: "arn:aws:lambda:us-east-1:111122223333:function:pay-it"}
`

const payment = `{"StartAt": "Pay", "States": {"Pay": {
	"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload", "End": true,
	"Parameters": {"FunctionName": "arn:aws:lambda:us-east-1:111122223333:function:pay-it", "Payload": {}}}}}`

// write makes a folder with some files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readBank(t *testing.T, definition string) *project.Project {
	t.Helper()
	dir := write(t, map[string]string{project.FileName: bank, "payment.json": definition})
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	return p
}

// standIns are those of every function of the project.
func standIns() map[string]scenario.StandIn {
	says := func(text string) scenario.StandIn {
		took := scenario.Takes{Low: time.Second, High: time.Second}
		return scenario.StandIn{Outcomes: []scenario.Outcome{{Takes: took, Returns: json.RawMessage(text)}}}
	}
	return map[string]scenario.StandIn{"look-up": says(`{"n":1}`), "format": says(`"one"`), "pay": says(`"paid"`)}
}

func open(t *testing.T, o workspace.Options) *workspace.Workspace {
	t.Helper()
	w, found := workspace.Open(t.Context(), o)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if len(found) > 0 {
		t.Fatal(found)
	}
	return w
}

// end runs an execution of a state machine to its end on virtual time.
func end(t *testing.T, w *workspace.Workspace, name string) local.Description {
	t.Helper()
	virtual := clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	var ended clock.Signal
	account, found := w.Account(local.Options{Clock: virtual, Observe: func(e *local.Execution) {
		if !e.Describe().Stopped.IsZero() {
			ended.Set()
		}
	}}, nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	var d local.Description
	err := virtual.Run(func() {
		e, err := account.StartExecution(account.StateMachineARN(name), "one", json.RawMessage(`{}`))
		if err != nil {
			t.Error(err)
			return
		}
		_ = virtual.Wait(context.Background(), &ended)
		d = e.Describe()
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAccount runs a chain and a definition of the user's own, which names its function as it is named in AWS.
func TestAccount(t *testing.T) {
	w := open(t, workspace.Options{Project: readBank(t, payment), StandIns: standIns()})
	for name, want := range map[string]string{"bank-balance": `"one"`, "bank-payment": `"paid"`} {
		if d := end(t, w, name); string(d.Output) != want {
			t.Errorf("%s: %s %s %s", name, d.Output, d.Error, d.Cause)
		}
	}
}

// TestNamesAreOfFunctions: a name of a function means the function where one is invoked, and nothing elsewhere.
func TestNamesAreOfFunctions(t *testing.T) {
	named := strings.NewReplacer("arn:aws:lambda:us-east-1:111122223333:function:pay-it", "pay", "Pay\"", "pay\"",
		`"Payload": {}`, `"Payload": {"method": "pay"}`).Replace(payment)
	w := open(t, workspace.Options{Project: readBank(t, named), StandIns: standIns(),
		Names: map[string]string{"pay": "pay", "look-up": "look-up", "format": "format"}})
	for name, want := range map[string]string{"bank-balance": `"one"`, "bank-payment": `"paid"`} {
		if d := end(t, w, name); string(d.Output) != want {
			t.Errorf("%s: %s %s %s", name, d.Output, d.Error, d.Cause)
		}
	}
}

// TestMissing checks that a function without code and stand-in can be asked for, and fails as one that does not exist.
func TestMissing(t *testing.T) {
	standIns := standIns()
	delete(standIns, "pay")
	w := open(t, workspace.Options{Project: readBank(t, payment), StandIns: standIns})
	if f, missing := w.Missing("pay"); !missing || f.Code != workspace.CodeNoStandIn || f.Remedy == "" {
		t.Errorf("pay: %+v %v", f, missing)
	}
	if f, missing := w.Missing("format"); missing {
		t.Errorf("format: %v", f)
	}
	if d := end(t, w, "bank-payment"); d.Error != "Lambda.ResourceNotFoundException" {
		t.Errorf("got %s: %s", d.Error, d.Cause)
	}
	account, _ := w.Account(local.Options{Clock: clock.Real{}}, nil)
	for _, f := range w.Served(account, clock.Real{}) {
		if f.Spec.Name == "pay" {
			t.Error("pay is served")
		}
	}
}

// TestUnknownFunction checks that a task whose function nobody has is reported at its place, and the account is usable.
func TestUnknownFunction(t *testing.T) {
	definition := strings.Replace(payment, "pay-it", "none", 1)
	w := open(t, workspace.Options{Project: readBank(t, definition), StandIns: standIns()})
	account, found := w.Account(local.Options{Clock: clock.Real{}}, nil)
	if len(found) != 1 || found[0].Code != local.CodeUnknownFunction || found[0].Line != 1 {
		t.Errorf("got %v", found)
	}
	if _, err := account.StateMachine(account.StateMachineARN("bank-payment")); err != nil {
		t.Error(err)
	}
}

// TestAsyncConfiguration checks that the async function is told the same as a process and within this one.
func TestAsyncConfiguration(t *testing.T) {
	deployed := readBank(t, payment)
	deployed.Retain, deployed.Deploy = 72*time.Hour, minimal
	for name, o := range map[string]workspace.Options{
		"deployed":          {Project: deployed, StandIns: standIns()},
		"jobs":              {Project: readBank(t, payment), StandIns: standIns(), Callers: 7},
		"one state machine": {StateMachine: readBank(t, payment).Jobs[1].Definition, StandIns: standIns()},
	} {
		w := open(t, o)
		env := map[string]string{}
		for _, variable := range w.AsyncEnv() {
			key, value, _ := strings.Cut(variable, "=")
			env[key] = value
		}
		got, errs := async.ConfigFromEnv(func(key string) string { return env[key] })
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		want := w.AsyncConfig()
		if want.Jobs[0].Name == "" {
			want.Jobs[0].Timeout = got.Jobs[0].Timeout // nobody names it
		}
		if gotText, wantText := configText(t, got), configText(t, want); gotText != wantText {
			t.Errorf("%s:\n%s\n%s", name, gotText, wantText)
		}
	}
}

// TestDeployedSettingsHoldHere checks that a call that works here works in AWS, too.
func TestDeployedSettingsHoldHere(t *testing.T) {
	p := readBank(t, payment)
	p.Retain = 72 * time.Hour
	p.Deploy = minimal
	c := open(t, workspace.Options{Project: p, StandIns: standIns()}).AsyncConfig()
	if c.Input != async.InputMinimal || !c.OwnContactOnly || !c.NameAsUUID || c.Retain != p.Retain {
		t.Errorf("the async function is told %+v", c)
	}
}

// minimal is a section deploy that changes what the async function is told.
var minimal = project.Deploy{Input: string(async.InputMinimal), OwnContactOnly: true,
	ExecutionName: async.ExecutionNameUUID}

func configText(t *testing.T, c async.Config) string {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAsyncFunction starts a job through the async function. The same request once more is the same execution.
func TestAsyncFunction(t *testing.T) {
	w := open(t, workspace.Options{Project: readBank(t, payment), StandIns: standIns()})
	virtual := clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	account, _ := w.Account(local.Options{Clock: virtual}, nil)
	event := `{"Details": {"ContactData": {"ContactId": "c1", "InitialContactId": "c1"},
		"Parameters": {"job": "payment", "request": "r"}}}`
	type reply struct {
		Status    string
		Execution string `json:"execution_id"`
	}
	var replies [2]reply
	err := virtual.Run(func() {
		for i := range replies {
			r := account.Invoke(context.Background(), w.AsyncName, []byte(event))
			if err := json.Unmarshal(r.Payload, &replies[i]); err != nil {
				t.Errorf("%v %v", r.Err, err)
			}
		}
	})
	first, second := replies[0], replies[1]
	if err != nil || first.Status != "CREATED" || first.Execution == "" || second.Execution != first.Execution {
		t.Errorf("%v %+v", err, replies)
	}
}

// echo invokes deployed functions: each returns what it gets.
type echo struct{}

func (echo) InvokeFunction(_ context.Context, _ string, payload []byte, _ string) (function.RemoteAnswer, error) {
	return function.RemoteAnswer{Payload: payload, Log: []byte("ran")}, nil
}

// TestDeployed invokes a function where it is deployed: from a state machine, through Lambda's API, and by itself.
func TestDeployed(t *testing.T) {
	dir := write(t, map[string]string{
		project.FileName: "name: bank\njobs: {work: {steps: [work]}}\nfunctions: {work: {arn: x, remote: true}}\n",
	})
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	connected := 0
	o := workspace.Options{Project: p, Remote: func(context.Context) (function.Invoker, error) {
		connected++
		return echo{}, nil
	}}
	w := open(t, o)
	logs := map[string]string{}
	log := func(i workspace.Invocation) { logs[i.Function] = string(i.Result.Log) }
	account, _ := w.Account(local.Options{Clock: clock.Real{}}, log)
	if r := account.Invoke(t.Context(), "work", []byte(`"a"`)); string(r.Payload) != `"a"` || logs["work"] != "ran" {
		t.Errorf("%s %v %v", r.Payload, r.Err, logs)
	}
	served := w.Served(nil, clock.Real{})
	if len(served) != 1 {
		t.Fatalf("%d functions are served", len(served))
	}
	if r := served[0].Invoke(t.Context(), function.Request{Payload: []byte(`"b"`)}); string(r.Payload) != `"b"` {
		t.Errorf("%s %v", r.Payload, r.Err)
	}
	f, err := workspace.Run(t.Context(), p.Functions[0], o)
	if err != nil {
		t.Fatal(err)
	}
	if r := f.Invoke(t.Context(), []byte(`"c"`)); string(r.Payload) != `"c"` || f.Close() != nil || connected != 2 {
		t.Errorf("%s %v, connected %d times", r.Payload, r.Err, connected)
	}
}

// TestStandInsGoFirst checks that on virtual time, and where the scenario says so, functions with code are not run.
func TestStandInsGoFirst(t *testing.T) {
	dir := write(t, map[string]string{
		"function/bootstrap": "#!/bin/sh\n",
		project.FileName: "name: bank\njobs: {work: {steps: [work]}}\n" +
			"functions: {work: {code: function, runtime: provided.al2023}}\n",
	})
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	outcome := []scenario.Outcome{{Returns: json.RawMessage(`"stood in"`)}}
	for name, o := range map[string]workspace.Options{
		"virtual": {Virtual: true, StandIns: map[string]scenario.StandIn{"work": {Outcomes: outcome}}},
		"always":  {StandIns: map[string]scenario.StandIn{"work": {Outcomes: outcome, Always: true}}},
	} {
		o.Project = p
		w := open(t, o)
		if d := end(t, w, "bank-work"); string(d.Output) != `"stood in"` || w.Functions[0].How() != "" {
			t.Errorf("%s: %s %+v", name, d.Output, w.Functions[0])
		}
	}
}

// TestFaultsOfFiles opens what cannot be opened: everything is reported at once, and Close is safe.
func TestFaultsOfFiles(t *testing.T) {
	dir := write(t, map[string]string{
		"broken.json": `{"StartAt": `,
		"app.py":      "",
		"variables":   "no variable\n",
		project.FileName: "name: bank\njobs: {work: {definition: broken.json}}\n" +
			"functions: {work: {code: app.py, runtime: python3.13, env_file: variables}}\n",
	})
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	w, found := workspace.Open(t.Context(), workspace.Options{Project: p, AsyncFunction: dir})
	defer w.Close()
	var codes []string
	for _, f := range found {
		codes = append(codes, f.Code)
	}
	if got := strings.Join(codes, " "); got != "function.env-file-invalid "+source.CodeSyntax+" function.code-missing" {
		t.Errorf("got %s", got)
	}
}
