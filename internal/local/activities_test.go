package local_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// works is a state machine with a task of the activity work.
const works = `{"StartAt":"A","States":{"A":{"Type":"Task","TimeoutSeconds":300,"HeartbeatSeconds":20,
	"Resource":"arn:aws:states:us-east-1:000000000000:activity:work","End":true}}}`

// poll lets a worker ask for a task, and returns its token and input and how long it waited.
func poll(t *testing.T, a *local.Account, v *clock.Virtual) (token, input string, waited time.Duration) {
	t.Helper()
	began := v.Now()
	p, err := a.PollActivity(a.ActivityARN("work"), "tester")
	if err != nil {
		t.Fatal(err)
	}
	must(t, a.Wait(bg, p.WhenDone))
	token, text := p.Task()
	return token, string(text), v.Now().Sub(began)
}

// types are the types of an execution's events, without those of its beginning and of its end.
func types(e *local.Execution) string {
	var list []string
	for _, event := range e.History() {
		list = append(list, event.Type)
	}
	return strings.Join(list, " ")
}

func TestActivityTasks(t *testing.T) {
	onVirtualTime(t, local.Options{HoldTokens: true}, func(a *local.Account, v *clock.Virtual) {
		_, err := a.CreateActivity("work", nil)
		must(t, err)
		if token, _, waited := poll(t, a, v); token != "" || waited != time.Minute {
			t.Errorf("without a task: %q after %v", token, waited)
		}
		arn := create(t, a, "m", asl.Standard, works)
		first, err := a.StartExecution(arn, "first", json.RawMessage(`{"n":1}`))
		must(t, err)
		second, err := a.StartExecution(arn, "second", json.RawMessage(`{"n":2}`))
		must(t, err)
		token, input, waited := poll(t, a, v)
		if input != `{"n":1}` || waited != 0 {
			t.Errorf("the first task: %s after %v", input, waited)
		}
		must(t, a.SendTaskHeartbeat(token))
		must(t, a.SendTaskSuccess(token, json.RawMessage(`{"done":true}`)))
		if d := first.Describe(); string(d.Output) != `{"done":true}` {
			t.Errorf("%+v", d)
		}
		const want = "ExecutionStarted TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded " +
			"TaskStateExited ExecutionSucceeded"
		if got := types(first); got != want || first.History()[3].Details.WorkerName != "tester" {
			t.Errorf("history: %s %+v", got, first.History()[3].Details)
		}
		token, _, _ = poll(t, a, v)
		must(t, a.SendTaskFailure(token, "Mine", "because"))
		if d := second.Describe(); d.Error != "Mine" || !strings.Contains(types(second), "ActivityFailed") {
			t.Errorf("%+v %s", d, types(second))
		}
	})
}

// TestActivityWorkersWait lets two workers wait before there is anything to do.
func TestActivityWorkersWait(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		_, err := a.CreateActivity("work", nil)
		must(t, err)
		arn := create(t, a, "m", asl.Standard, works)
		got := map[string]time.Duration{}
		for range 2 {
			v.Go(func() {
				_, input, waited := poll(t, a, v)
				got[input] = waited
			})
		}
		sleep(v, 10*time.Second)
		_, err = a.StartExecution(arn, "", json.RawMessage(`{"n":1}`))
		must(t, err)
		sleep(v, time.Minute)
		if got[`{"n":1}`] != 10*time.Second || got[""] != time.Minute {
			t.Errorf("workers waited %v", got)
		}
	})
}

// TestActivityTimeouts checks that heartbeats count from when a worker has the task, and TimeoutSeconds from when it
// was asked for.
func TestActivityTimeouts(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		_, err := a.CreateActivity("work", nil)
		must(t, err)
		arn := create(t, a, "m", asl.Standard, works)
		silent, err := a.StartExecution(arn, "silent", nil)
		must(t, err)
		sleep(v, 100*time.Second)
		token, _, _ := poll(t, a, v)
		sleep(v, 21*time.Second)
		if d := silent.Describe(); d.Error != "States.Timeout" || d.Stopped.Sub(d.Started) != 120*time.Second {
			t.Errorf("without heartbeats: %+v", d)
		}
		if err := a.SendTaskSuccess(token, json.RawMessage(`{}`)); code(err) != "TaskTimedOut" {
			t.Error(err)
		}
		lonely, err := a.StartExecution(arn, "lonely", nil)
		must(t, err)
		sleep(v, 301*time.Second)
		const want = "ExecutionStarted TaskStateEntered ActivityScheduled ActivityTimedOut ExecutionFailed"
		if got := types(lonely); got != want {
			t.Errorf("without a worker: %s", got)
		}
		if token, _, _ := poll(t, a, v); token != "" {
			t.Error("a worker got a task whose time was over")
		}
	})
}

func TestActivitiesThatDoNotExist(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		e, err := a.StartExecution(create(t, a, "m", asl.Standard, works), "", nil)
		must(t, err)
		sleep(v, time.Second)
		if d := e.Describe(); d.Error != "States.Runtime" ||
			d.Cause != "The activity "+a.ActivityARN("work")+" does not exist." {
			t.Errorf("%+v", d)
		}
		_, err = a.CreateActivity("not this", nil)
		if code(err) != "InvalidName" {
			t.Error(err)
		}
		_, err = a.PollActivity(a.ActivityARN("work"), "")
		if code(err) != "ActivityDoesNotExist" {
			t.Error(err)
		}
		must(t, a.DeleteActivity(a.ActivityARN("work")))
	})
}

// TestActivitiesAreKept ends the process when one task has a worker and the other has none.
func TestActivitiesAreKept(t *testing.T) {
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	var token string
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		_, err := a.CreateActivity("work", []local.Tag{{Key: "k", Value: "v"}})
		must(t, err)
		arn := create(t, a, "m", asl.Standard, works)
		for _, name := range []string{"one", "two", "three"} {
			_, err = a.StartExecution(arn, name, json.RawMessage(`"`+name+`"`))
			must(t, err)
			sleep(v, time.Second)
		}
		token, _, _ = poll(t, a, v)
		must(t, a.Committed())
	})
	restart(t, journal, start.Add(10*time.Second), func(a *local.Account, v *clock.Virtual) {
		a.Resume()
		must(t, a.SendTaskSuccess(token, json.RawMessage(`{}`)))
		for _, want := range []string{`"two"`, `"three"`} {
			next, input, _ := poll(t, a, v)
			if input != want {
				t.Errorf("got the task %s, want %s", input, want)
			}
			must(t, a.SendTaskSuccess(next, json.RawMessage(`{}`)))
		}
		sleep(v, time.Second)
		if n := a.Running(); n != 0 {
			t.Errorf("%d executions run", n)
		}
	})
}
