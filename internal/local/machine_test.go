package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/source"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// scripted is a function whose invocations are recorded and answered one after the other; the last answer repeats.
type scripted struct {
	answers  []function.Result
	payloads []string
}

func (s *scripted) Invoke(_ context.Context, payload []byte) function.Result {
	s.payloads = append(s.payloads, string(payload))
	return s.answers[min(len(s.payloads), len(s.answers))-1]
}

func returns(payload string) function.Result { return function.Result{Payload: []byte(payload)} }

func raises(errorType string) function.Result {
	return function.Result{
		FunctionError: "Unhandled",
		ErrorType:     errorType,
		Payload:       []byte(`{"errorType":"` + errorType + `"}`),
	}
}

// bench is a local account on virtual time.
type bench struct {
	*testing.T
	clock   *clock.Virtual
	account *local.Account
	ended   clock.Signal
}

func newBench(t *testing.T, functions map[string]local.Function) *bench {
	b := &bench{T: t, clock: clock.NewVirtual(start)}
	b.account = local.New(local.Options{Clock: b.clock, Observe: func(e *local.Execution) {
		if !e.Describe().Stopped.IsZero() {
			b.ended.Set()
		}
	}})
	for name, f := range functions {
		b.account.AddFunction(name, f)
	}
	return b
}

// run runs the state machine that machine writes for a job to its end.
func (b *bench) run(job machine.Job, input string) local.Description {
	b.Helper()
	text, err := machine.Definition(job)
	if err != nil {
		b.Fatal(err)
	}
	return b.runDefinition(string(text), input)
}

func (b *bench) runDefinition(text, input string) (d local.Description) {
	b.Helper()
	doc, err := source.ParseJSON("job.asl.json", []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	parsed, found := asl.Parse("job.asl.json", doc)
	if len(found) > 0 {
		b.Fatalf("%v\n%s", found, text)
	}
	if found := b.account.CheckTasks("job.asl.json", parsed); len(found) > 0 {
		b.Fatal(found)
	}
	m, err := b.account.Create(local.StateMachine{Name: "job", Definition: text, RoleARN: role, Machine: parsed})
	if err != nil {
		b.Fatal(err)
	}
	err = b.clock.Run(func() {
		e, err := b.account.StartExecution(m.ARN, "run-1", json.RawMessage(input))
		if err != nil {
			b.Error(err)
			return
		}
		_ = b.clock.Wait(context.Background(), &b.ended)
		d = e.Describe()
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func step(name string) machine.Step {
	return machine.Step{
		Name:        name,
		FunctionARN: "arn:aws:lambda:us-east-1:000000000000:function:" + name,
		Timeout:     30 * time.Second,
	}
}

func oneStep() machine.Job {
	return machine.Job{Name: "job", Steps: []machine.Step{step("a")}, Timeout: 2 * time.Minute}
}

func TestWrappedFunctionGetsTheEventAndItsExecution(t *testing.T) {
	const execution = `{"id":"arn:aws:states:us-east-1:000000000000:execution:job:run-1","name":"run-1"}`
	for _, test := range []struct{ input, want string }{
		{
			`{"Details":{"Parameters":{"n":1.50}}}`,
			`{"Details":{"Parameters":{"n":1.50}},"execution":` + execution + `}`,
		},
		{`{"execution":{"mine":true}}`, `{"execution":{"mine":true}}`},
		{`{"execution":null}`, `{"execution":null}`},
	} {
		f := &scripted{answers: []function.Result{returns(`{"balance":"1"}`)}}
		d := newBench(t, map[string]local.Function{"a": f}).run(oneStep(), test.input)
		if d.Status != asl.Succeeded || string(d.Output) != `{"balance":"1"}` || d.Transitions != 1 {
			t.Errorf("%s: %+v", test.input, d)
		}
		if got := strings.Join(f.payloads, "; "); !sameJSON(got, test.want) {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestChainHandsEachResultOn(t *testing.T) {
	a := &scripted{answers: []function.Result{returns(`[1,"two"]`)}}
	b := &scripted{answers: []function.Result{returns(`"done"`)}}
	job := machine.Job{Name: "job", Steps: []machine.Step{step("a"), step("b")}, Timeout: time.Minute}
	d := newBench(t, map[string]local.Function{"a": a, "b": b}).run(job, `{}`)
	if d.Status != asl.Succeeded || string(d.Output) != `"done"` || d.Transitions != 2 {
		t.Errorf("%+v", d)
	}
	if len(b.payloads) != 1 || !sameJSON(b.payloads[0], `[1,"two"]`) {
		t.Errorf("the second step got %q", b.payloads)
	}
}

func TestFailureNamesItsStep(t *testing.T) {
	a := &scripted{answers: []function.Result{returns(`{}`)}}
	b := &scripted{answers: []function.Result{raises("NoSuchAccount")}}
	job := machine.Job{Name: "job", Steps: []machine.Step{step("a"), step("b")}, Timeout: time.Minute}
	d := newBench(t, map[string]local.Function{"a": a, "b": b}).run(job, `{}`)
	if d.Status != asl.Failed || d.Error != "NoSuchAccount" || d.Cause != `step b: {"errorType":"NoSuchAccount"}` {
		t.Errorf("%+v", d)
	}
}

func TestRetryRepeatsOnlyWhatDidNotRun(t *testing.T) {
	throttled := function.Result{Err: function.ErrTooManyRequests}
	for _, test := range []struct {
		name       string
		repeatable bool
		first      function.Result
		wantCalls  int
	}{
		{name: "throttled", first: throttled, wantCalls: 2},
		{name: "service error", first: raises("Lambda.ServiceException"), wantCalls: 1},
		{name: "service error, repeatable", repeatable: true, first: raises("Lambda.ServiceException"), wantCalls: 2},
		{name: "function error, repeatable", repeatable: true, first: raises("ValueError"), wantCalls: 1},
		{name: "timeout, repeatable", repeatable: true, first: raises("Sandbox.Timedout"), wantCalls: 1},
	} {
		f := &scripted{answers: []function.Result{test.first, returns(`{}`)}}
		job := oneStep()
		job.Steps[0].Repeatable = test.repeatable
		newBench(t, map[string]local.Function{"a": f}).run(job, `{}`)
		if len(f.payloads) != test.wantCalls {
			t.Errorf("%s: %d calls, want %d", test.name, len(f.payloads), test.wantCalls)
		}
	}
}

func lasts(d time.Duration) func() local.Outcome {
	return func() local.Outcome { return local.Outcome{Takes: d} }
}

func TestStepThatHangsTimesOut(t *testing.T) {
	b := newBench(t, nil)
	b.account.AddFunction("a", local.StandIn{Clock: b.clock, Next: lasts(time.Hour), Timeout: 2 * time.Hour})
	d := b.run(oneStep(), `{}`)
	if d.Status != asl.Failed || d.Error != "States.Timeout" || !strings.HasPrefix(d.Cause, "step a: ") {
		t.Errorf("%+v", d)
	}
	if took := d.Stopped.Sub(d.Started); took != 35*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestFunctionThatRunsOutOfTime(t *testing.T) {
	b := newBench(t, nil)
	b.account.AddFunction("a", local.StandIn{Clock: b.clock, Next: lasts(time.Hour), Timeout: 30 * time.Second})
	d := b.run(oneStep(), `{}`)
	if d.Error != "Sandbox.Timedout" || !strings.Contains(d.Cause, "Task timed out after 30.00 seconds") {
		t.Errorf("%+v", d)
	}
}
