package asl

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRedrive ends executions without success and lets them go on. The tasks get their answers in turn.
func TestRedrive(t *testing.T) {
	task := func(name string, more string) string {
		return `"` + name + `":{"Type":"Task","Resource":"` + function(strings.ToLower(name)) + `",` + more + `}`
	}
	fails, good := outcome{err: "E"}, outcome{output: `"good"`}
	for _, c := range []struct {
		name, states string
		answers      map[string][]outcome
		want, events string // the end, and the events from ExecutionRedriven on
	}{
		{"a task", task("A", `"Next":"B"`) + "," + task("B", `"End":true`),
			map[string][]outcome{"a": {{output: `1`}}, "b": {fails, good}}, `SUCCEEDED "good"`,
			"ExecutionRedriven LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded TaskStateExited " +
				"ExecutionSucceeded"},
		{"retries count from 0", task("A", `"Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}],"End":true`),
			map[string][]outcome{"a": {fails, fails, fails, good}}, `SUCCEEDED "good"`, ""},
		{"a Fail state", `"A":{"Type":"Fail","Error":"Mine"}`, nil, `FAILED Mine: `,
			"ExecutionRedriven ExecutionFailed"},
		{"failed and cut short branches", `"P":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{` +
			task("A", `"End":true`) + `}},{"StartAt":"B","States":{` + task("B", `"End":true`) + `}},
			{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"Next":"S"},"S":{"Type":"Pass","Result":"waited",
			"End":true}}}],"End":true}`,
			map[string][]outcome{
				"a": {{output: `"once"`}, {output: `"twice"`}}, "b": {{after: 10 * time.Second, err: "E"}, good},
			},
			`SUCCEEDED ["once","good","waited"]`, ""},
		{"iterations that failed or had not begun", `"M":{"Type":"Map","MaxConcurrency":2,"ItemsPath":"$.l",
			"ItemProcessor":{"StartAt":"A","States":{` + task("A", `"End":true`) + `}},"End":true}`,
			map[string][]outcome{"a": {{output: `"first"`}, {after: time.Second, err: "E"}, good}},
			`SUCCEEDED ["first","good","good"]`, ""},
		{"what was made of the results", `"P":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{` +
			task("A", `"End":true`) + `}}],"ResultSelector":{"r.$":"$[0].missing"},"End":true}`,
			map[string][]outcome{"a": {{output: `{}`}, {output: `{"missing":1}`}}}, `FAILED States.Runtime: `,
			"ExecutionRedriven ParallelStateSucceeded ExecutionFailed"},
		{"the context object", task("A", `"ResultPath":null,"Next":"B"`) +
			`,"B":{"Type":"Pass","Parameters":{"n.$":"$$.Execution.RedriveCount",
			"at.$":"$$.Execution.RedriveTime"},"End":true}`,
			map[string][]outcome{"a": {fails, good}}, `SUCCEEDED {"n":1,"at":"2026-01-02T03:04:06.678Z"}`, ""},
	} {
		d := start(t, `{"StartAt":"`+c.states[1:2]+`","States":{`+c.states+`}}`, `{"l":[1,2,3]}`)
		answers := map[string][]outcome{}
		for name, list := range c.answers {
			answers[function(name)] = list
		}
		d.invoke, d.between = functions(answers), restored(t, d.execution.machine)
		d.run(day)
		if !strings.HasPrefix(d.ending(), "FAILED") {
			t.Fatalf("%s: %s before it was redriven", c.name, d.ending())
		}
		d.redrive()
		d.resume(2 * day)
		if got := d.ending(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		events := d.types()
		from := slices.Index(events, "ExecutionRedriven")
		if got := strings.Join(events[from:], " "); c.events != "" && got != c.events {
			t.Errorf("%s: got %s, want %s", c.name, got, c.events)
		}
		if event := d.history[from]; event.PreviousEventID != int64(from) || event.Details.RedriveCount != 1 {
			t.Errorf("%s: %+v", c.name, event)
		}
	}
}

// TestRedriveAfterOtherEnds lets executions go on that were stopped and that timed out.
func TestRedriveAfterOtherEnds(t *testing.T) {
	const definition = `{"StartAt":"W","TimeoutSeconds":100,"States":{"W":{"Type":"Wait","Seconds":60,"Next":"V"},
		"V":{"Type":"Wait","Seconds":60,"End":true}}}`
	d := start(t, definition, `{}`)
	d.run(day)
	if d.ending() != "TIMED_OUT States.Timeout:  after 1m40s" {
		t.Error(d.ending())
	}
	d.redrive()
	d.tell(Stopped{At: d.execution.r.Latest.Add(time.Second)})
	if d.finish == nil || d.finish.Status != Aborted {
		t.Error(d.ending())
	}
	d.redrive()
	d.resume(day)
	if got := d.ending(); !strings.HasPrefix(got, "SUCCEEDED {}") || !slices.Contains(d.types(), "WaitStateExited") {
		t.Error(got)
	}
	if count, last := d.execution.Redrives(); count != 2 || last.IsZero() {
		t.Errorf("%d redrives, the last at %v", count, last)
	}
	if d.execution.Redrivable() || d.execution.Advance(Redriven{At: d.execution.r.Latest}) != nil {
		t.Error("an execution that succeeded was redriven")
	}
}

// TestMachineDeleted ends an execution when it enters its next state.
func TestMachineDeleted(t *testing.T) {
	d := start(t, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"P"},
		"P":{"Type":"Pass","End":true}}}`, `{}`)
	d.between = restored(t, d.execution.machine)
	d.run(time.Second)
	d.tell(MachineDeleted{At: epoch.Add(2 * time.Second)})
	if d.finish != nil {
		t.Fatal(d.ending())
	}
	d.resume(day)
	want := []string{"ExecutionStarted", "WaitStateEntered", "WaitStateExited", "ExecutionAborted"}
	if d.ending() != "ABORTED :  after 1m0s" || !slices.Equal(d.types(), want) {
		t.Errorf("%s %v", d.ending(), d.types())
	}
	var saved map[string]any
	if text, err := json.Marshal(d.execution); err != nil || json.Unmarshal(text, &saved) != nil {
		t.Error(err)
	}
}
