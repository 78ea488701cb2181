package local_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// calls is a state machine that calls the function f.
const calls = `{"StartAt":"A","States":{"A":{"Type":"Task",
	"Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}}`

// failsFirst is a function that fails once.
func failsFirst() *scripted {
	return &scripted{answers: []function.Result{
		{FunctionError: "Unhandled", ErrorType: "E", Payload: []byte(`{}`)}, returns(`"good"`),
	}}
}

func TestRedrive(t *testing.T) {
	onVirtualTime(t, local.Options{EventDelay: time.Millisecond}, func(a *local.Account, v *clock.Virtual) {
		ends := &told{clock: v}
		a.AddFunction("f", failsFirst())
		a.AddFunction("ends", ends)
		a.SendEnds("ends")
		arn := create(t, a, "m", asl.Standard, calls)
		e, err := a.StartExecution(arn, "e", nil)
		must(t, err)
		if _, err := e.Redrive(""); code(err) != "ExecutionNotRedrivable" {
			t.Errorf("a running execution: %v", err)
		}
		sleep(v, time.Minute)
		if d := e.Describe(); d.Status != asl.Failed || d.NotRedrivable != "" {
			t.Errorf("%+v", d)
		}
		at, err := e.Redrive("token")
		must(t, err)
		sleep(v, time.Minute)
		again, err := e.Redrive("token")
		if err != nil || !again.Equal(at) {
			t.Errorf("the same token: %v, %v", again, err)
		}
		d := e.Describe()
		if d.Status != asl.Succeeded || d.Redrives != 1 || !d.Redriven.Equal(at) || string(d.Output) != `"good"` {
			t.Errorf("%+v", d)
		}
		if len(ends.events) != 2 || ends.events[0]["status"] != "FAILED" || ends.events[1]["status"] != "SUCCEEDED" {
			t.Errorf("events %v", ends.events)
		}
		if a.Running() != 0 {
			t.Errorf("%d executions run", a.Running())
		}
	})
}

func TestNotRedrivable(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, calls)
		fail := func(name string) *local.Execution {
			e, err := a.StartExecution(arn, name, nil)
			must(t, err)
			sleep(v, time.Second)
			return e
		}
		a.AddFunction("f", &scripted{answers: []function.Result{{FunctionError: "Unhandled", Payload: []byte(`{}`)}}})
		late, deleted := fail("late"), (*local.Execution)(nil)
		sleep(v, 14*24*time.Hour+time.Second)
		deleted = fail("deleted")
		for e, want := range map[*local.Execution]string{
			late: "Execution redrivable period exceeded", deleted: "",
		} {
			if got := e.Describe().NotRedrivable; got != want {
				t.Errorf("%s: got %q, want %q", e.Name, got, want)
			}
		}
		must(t, a.Delete(arn))
		_, err := deleted.Redrive("")
		if err == nil || err.Error() != "ExecutionNotRedrivable: State machine is in DELETING status" {
			t.Error(err)
		}
	})
}

// TestRedrivesAreKept redrives an execution that failed before the process ended, ends the process again, and asks what
// is known of it.
func TestRedrivesAreKept(t *testing.T) {
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	const wait = `{"StartAt":"W","TimeoutSeconds":10,"States":{"W":{"Type":"Wait","Seconds":8,"Next":"V"},
		"V":{"Type":"Wait","Seconds":8,"End":true}}}`
	var arn string
	var events int
	find := func(a *local.Account) *local.Execution {
		e, err := a.Execution(arn)
		must(t, err)
		return e
	}
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		e, err := a.StartExecution(create(t, a, "m", asl.Standard, wait), "e", json.RawMessage(`{"a":1}`))
		must(t, err)
		sleep(v, time.Minute)
		arn, events = e.ARN, len(e.History())
	})
	restart(t, journal, start.Add(time.Hour), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		if d := find(a).Describe(); d.Status != asl.TimedOut || string(d.Input) != `{"a":1}` {
			t.Errorf("%+v", d)
		}
		_, err := find(a).Redrive("token")
		must(t, err)
		sleep(v, time.Second)
		must(t, a.Committed())
	})
	restart(t, journal, start.Add(time.Hour+2*time.Second), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		if d := find(a).Describe(); d.Status != asl.Running || d.Redrives != 1 || !d.Stopped.IsZero() {
			t.Errorf("%+v", d)
		}
		sleep(v, time.Minute)
		d := find(a).Describe()
		if d.Status != asl.Succeeded || string(d.Output) != `{"a":1}` {
			t.Errorf("%+v", d)
		}
		history := find(a).History()
		if history[events].Type != "ExecutionRedriven" || history[events].Details.RedriveCount != 1 {
			t.Errorf("%+v", history[events])
		}
		must(t, a.Committed())
		if left := journal.spaces["states"]; len(left) > 0 {
			t.Errorf("%d states are left", len(left))
		}
	})
}

// TestDeleteEndsExecutions deletes a state machine while executions wait, one of them with the journal alone left.
func TestDeleteEndsExecutions(t *testing.T) {
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	const wait = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"P"},"P":{"Type":"Pass","End":true}}}`
	var arn string
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		m := create(t, a, "m", asl.Standard, wait)
		e, err := a.StartExecution(m, "e", nil)
		must(t, err)
		arn = e.ARN
		must(t, a.Delete(m))
		sleep(v, time.Second)
		if described, err := a.StateMachine(m); err != nil || described.Status != "DELETING" {
			t.Errorf("%+v %v", described, err)
		}
		_, err = a.Update(local.StateMachine{ARN: m, RoleARN: role + "2"})
		if code(err) != "StateMachineDeleting" {
			t.Error(err)
		}
	})
	restart(t, journal, start.Add(2*time.Second), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		sleep(v, time.Minute)
		e, err := a.Execution(arn)
		must(t, err)
		if d := e.Describe(); d.Status != asl.Aborted || !d.Stopped.Equal(start.Add(time.Minute)) {
			t.Errorf("%+v", d)
		}
		if _, err := a.StateMachine(a.StateMachineARN("m")); code(err) != "StateMachineDoesNotExist" {
			t.Error(err)
		}
	})
}
