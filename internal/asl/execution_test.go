package asl

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// function is the ARN of a function in tests.
func function(name string) string { return "arn:aws:lambda:us-east-1:111111111111:function:" + name }

// machineOf wraps states into a definition that starts at A.
func machineOf(states string) string { return `{"StartAt":"A","States":{` + states + `}}` }

// TestOutcomes plays small machines and compares how they end. Functions: f returns its event after a second, bad fails.
func TestOutcomes(t *testing.T) {
	tests := []struct{ name, states, input, want string }{
		{"pass hands its input on", `"A":{"Type":"Pass","End":true}`, `{"a":1}`, `SUCCEEDED {"a":1}`},
		{"result replaces", `"A":{"Type":"Pass","Result":[1.50],"End":true}`, `{}`, `SUCCEEDED [1.50]`},
		{"result path adds", `"A":{"Type":"Pass","Result":1,"ResultPath":"$.x.y","End":true}`, `{"a":0}`, `SUCCEEDED {"a":0,"x":{"y":1}}`},
		{"result path into an array", `"A":{"Type":"Pass","Result":1,"ResultPath":"$[1].x","End":true}`, `[0,{}]`, `SUCCEEDED [0,{"x":1}]`},
		{"result path null keeps the input", `"A":{"Type":"Pass","Result":1,"ResultPath":null,"End":true}`, `{"a":0}`, `SUCCEEDED {"a":0}`},
		{"result path does not fit", `"A":{"Type":"Pass","Result":1,"ResultPath":"$.x","End":true}`, `"text"`,
			`FAILED States.ReferencePathConflict: Unable to apply ReferencePath $.x to input "text"`},
		{"input path and result path", `"A":{"Type":"Pass","InputPath":"$.a","ResultPath":"$.b","End":true}`, `{"a":{"c":1}}`, `SUCCEEDED {"a":{"c":1},"b":{"c":1}}`},
		{"input path null", `"A":{"Type":"Pass","InputPath":null,"End":true}`, `{"a":1}`, `SUCCEEDED {}`},
		{"output path", `"A":{"Type":"Pass","OutputPath":"$.a[0]","End":true}`, `{"a":[7]}`, `SUCCEEDED 7`},
		{"output path null", `"A":{"Type":"Pass","OutputPath":null,"End":true}`, `{"a":1}`, `SUCCEEDED {}`},
		{"parameters", `"A":{"Type":"Pass","Parameters":{"n.$":"$$.State.Name","l":[{"x.$":"$.a"}]},"End":true}`, `{"a":1}`, `SUCCEEDED {"l":[{"x":1}],"n":"A"}`},
		{"start time", `"A":{"Type":"Pass","Parameters":{"t.$":"$$.Execution.StartTime"},"End":true}`, `{}`, `SUCCEEDED {"t":"2026-01-02T03:04:05.678Z"}`},
		{"missing path in a template", `"A":{"Type":"Pass","Parameters":{"n":{"x.$":"$.no"}},"End":true}`, `{"a":1}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '{"a":1}'`},
		{"function fails", `"A":{"Type":"Pass","Parameters":{"x.$":"States.ArrayGetItem($.a, 2)"},"End":true}`, `{"a":[1]}`,
			`FAILED States.IntrinsicFailure: An error occurred while executing the state 'A' (entered at the event id #2). The function 'States.ArrayGetItem($.a, 2)' had the following error: the index 2 is outside of the array, which has 1 elements`},
		{"succeed", `"A":{"Type":"Succeed","InputPath":"$.a"}`, `{"a":1}`, `SUCCEEDED 1`},
		{"fail", `"A":{"Type":"Fail","Error":"E","Cause":"C"}`, `{}`, `FAILED E: C`},
		{"fail by path and function", `"A":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('no {}', $.c)"}`, `{"e":"E","c":5}`, `FAILED E: no 5`},
		{"fail by a path to an object", `"A":{"Type":"Fail","ErrorPath":"$"}`, `{}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The field 'ErrorPath' must lead to a string, but '$' leads to {}`},
		{"wait", `"A":{"Type":"Wait","Seconds":90,"Next":"B"},"B":{"Type":"Pass","End":true}`, `{}`, `SUCCEEDED {} after 1m30s`},
		{"wait by path", `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":5}`, `SUCCEEDED {"s":5} after 5s`},
		{"wait until", `"A":{"Type":"Wait","TimestampPath":"$.t","End":true}`, `{"t":"2026-01-02T04:04:15.678+01:00"}`, `SUCCEEDED {"t":"2026-01-02T04:04:15.678+01:00"} after 10s`},
		{"wait until the past", `"A":{"Type":"Wait","Timestamp":"2001-01-01T00:00:00Z","End":true}`, `{}`, `SUCCEEDED {}`},
		{"wait for a text", `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":"5"}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The SecondsPath parameter cannot be parsed as a long value: $.s == 5`},
		{"choice without match", `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":1,"Next":"B"}]},"B":{"Type":"Succeed"}`, `{"x":2}`,
			`FAILED States.NoChoiceMatched: An error occurred while executing the state 'A' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.`},
		{"choice with a path to nowhere", `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":1,"Next":"B"}],"Default":"B"},"B":{"Type":"Succeed"}`, `{}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.x': The choice state's condition path references an invalid value.`},
		{"task", `"A":{"Type":"Task","Resource":"` + function("f") + `","ResultSelector":{"r.$":"$.a"},"ResultPath":"$.out","End":true}`, `{"a":1}`, `SUCCEEDED {"a":1,"out":{"r":1}} after 1s`},
		{"task through lambda:invoke", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"` + function("f") + `","Payload.$":"$.a"},"OutputPath":"$.Payload","End":true}`, `{"a":[1]}`, `SUCCEEDED [1] after 1s`},
		{"lambda:invoke without a name", `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$.a"},"End":true}`, `{"a":1}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The Parameters '{"FunctionName":1}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]`},
		{"task fails", `"A":{"Type":"Task","Resource":"` + function("bad") + `","End":true}`, `{}`, `FAILED Bad: it broke`},
		{"task is caught", `"A":{"Type":"Task","Resource":"` + function("bad") + `","Catch":[{"ErrorEquals":["Other"],"Next":"B"},{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.e","Next":"B"}],"End":true},"B":{"Type":"Pass","End":true}`,
			`{"a":1}`, `SUCCEEDED {"a":1,"e":{"Cause":"it broke","Error":"Bad"}}`},
		{"catch assigns", `"A":{"Type":"Task","Resource":"` + function("bad") + `","Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e.$":"$.Error"},"Next":"B"}],"End":true},"B":{"Type":"Pass","Parameters":{"e.$":"$e"},"End":true}`,
			`{}`, `SUCCEEDED {"e":"Bad"}`},
		{"task times out", `"A":{"Type":"Task","Resource":"` + function("never") + `","TimeoutSeconds":7,"End":true}`, `{}`, `FAILED States.Timeout:  after 7s`},
		{"a timeout is no States.TaskFailed", `"A":{"Type":"Task","Resource":"` + function("never") + `","TimeoutSecondsPath":"$.t","Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"B"},{"ErrorEquals":["States.Timeout"],"Next":"C"}],"End":true},"B":{"Type":"Fail"},"C":{"Type":"Pass","End":true}`,
			`{"t":3}`, `SUCCEEDED {"Cause":"","Error":"States.Timeout"} after 3s`},
		{"variables", `"A":{"Type":"Pass","Assign":{"x.$":"$.a","y":2},"Next":"B"},"B":{"Type":"Pass","Assign":{"x":9,"z.$":"$x"},"Parameters":{"x.$":"$x","y.$":"$y"},"Next":"C"},"C":{"Type":"Pass","Parameters":{"x.$":"$x","z.$":"$z"},"End":true}`,
			`{"a":{"b":1}}`, `SUCCEEDED {"x":9,"z":{"b":1}}`},
		{"a variable that is not there", `"A":{"Type":"Pass","Parameters":{"x.$":"$no.a"},"End":true}`, `{}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$no.a' specified for the field 'x.$' could not be found in the input '{}'`},
		{"variables too large", `"A":{"Type":"Pass","Assign":{"a.$":"$","b.$":"$"},"End":true}`, `"` + strings.Repeat("x", 200_000) + `"`,
			`FAILED States.DataLimitExceeded: An error occurred while executing the state 'A' (entered at the event id #2). The size of the variables in 'Assign' exceeds the maximum number of bytes service limit.`},
		{"wait for a path to nowhere", `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The SecondsPath parameter does not reference an input value: $.s`},
		{"wait for too long", `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":100000000}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The SecondsPath parameter references a value greater than 99999999: $.s == 100000000`},
		{"timeout that is no number", `"A":{"Type":"Task","Resource":"` + function("f") + `","TimeoutSecondsPath":"$.t","End":true}`, `{"t":"x"}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The TimeoutSecondsPath parameter must reference a positive integer: $.t == x`},
		{"a path into null", `"A":{"Type":"Pass","Parameters":{"x.$":"$.a"},"End":true}`, `null`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Unable to apply Path transformation to null or empty input.`},
		{"an error in what follows a catch", `"A":{"Type":"Task","Resource":"` + function("bad") + `","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$[0]","Next":"B"}],"End":true},"B":{"Type":"Succeed"}`, `{}`,
			`FAILED States.ReferencePathConflict: Unable to apply ReferencePath $[0] to input {}`},
		{"output too large", `"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}`, `"` + strings.Repeat("x", 200_000) + `"`,
			`FAILED States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := outcomeOf(t, machineOf(test.states), test.input); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// outcomeOf plays a machine to its end, restoring the execution between all events, and describes the end in one line.
func outcomeOf(t *testing.T, definition, input string) string {
	t.Helper()
	d := start(t, definition, input)
	d.between = restored(t, d.execution.machine)
	d.invoke = functions(map[string][]outcome{
		function("f"): {{after: time.Second}}, function("bad"): {{err: "Bad", cause: "it broke"}},
	})
	d.run(day)
	return d.ending()
}

func TestStop(t *testing.T) {
	d := start(t, machineOf(`"A":{"Type":"Task","Resource":"`+function("never")+`","TimeoutSeconds":9,"End":true}`), `{}`)
	d.run(0)
	d.tell(Stopped{At: epoch, Error: "E", Cause: "C"})
	if want := (Finish{Status: Aborted, Error: "E", Cause: "C"}); d.finish == nil || d.finish.Error != want.Error || d.finish.Status != want.Status {
		t.Fatalf("got %+v, want %+v", d.finish, want)
	}
	if len(d.closed) != 2 {
		t.Errorf("cancelled %v, want the task and its timer", d.closed)
	}
	if last := d.history[len(d.history)-1]; last.Type != "ExecutionAborted" || last.Details.Cause != "C" {
		t.Errorf("last event is %+v", last)
	}
	if d.execution.Advance(TimerFired{epoch, 2}) != nil || d.execution.Status() != Aborted {
		t.Error("an event after the end has an effect")
	}
}

func TestExecutionTimeout(t *testing.T) {
	definition := `{"StartAt":"A","TimeoutSeconds":60,"States":{"A":{"Type":"Wait","Seconds":600,"End":true}}}`
	if got := outcomeOf(t, definition, `{}`); got != "TIMED_OUT States.Timeout:  after 1m0s" {
		t.Error(got)
	}
	options := testOptions
	options.Kind = Express
	m := mustParse(t, machineOf(`"A":{"Type":"Wait","Seconds":600,"End":true}`))
	e, err := m.NewExecution(options, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &driver{t: t, execution: e}
	d.run(day)
	if d.finish.Status != TimedOut || d.took() != 5*time.Minute {
		t.Errorf("an EXPRESS execution ended %s after %s", d.finish.Status, d.took())
	}
}

func TestClosedIDsAreIgnored(t *testing.T) {
	d := start(t, machineOf(`"A":{"Type":"Task","Resource":"`+function("f")+`","End":true}`), `{}`)
	first := d.execution.Advance(TimerFired{epoch, 1})
	d.run(0)
	again := d.execution.Advance(Started{epoch})
	unknown := d.execution.Advance(TaskSucceeded{At: epoch, ID: 99})
	if first != nil || again != nil || unknown != nil {
		t.Errorf("events that do not fit gave commands: %v, %v, %v", first, again, unknown)
	}
	id := d.execution.r.Frames[1].Task.ID
	if d.execution.Advance(TaskFailed{At: epoch, ID: id, Error: "E"}) == nil {
		t.Fatal("the task's event was ignored")
	}
	if d.execution.Advance(TaskSucceeded{At: epoch, ID: id}) != nil {
		t.Error("a second event for the same task has an effect")
	}
}

func TestHistoryLimit(t *testing.T) {
	loop := machineOf(`"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"A"}],"Default":"A"}`)
	d := start(t, loop, `{}`)
	d.run(day)
	if len(d.history) != MaxHistoryEvents || d.finish.Error != errRuntime ||
		d.finish.Cause != "The execution reached the maximum number of history events (25000)." {
		t.Errorf("%d events, %+v", len(d.history), d.finish)
	}
	options := testOptions
	options.Kind = Express
	e, _ := mustParse(t, loop).NewExecution(options, nil)
	d = &driver{t: t, execution: e}
	d.run(day)
	if d.finish.Status != Failed || len(d.history) < maxBurst {
		t.Errorf("an EXPRESS loop ended with %+v after %d events", d.finish, len(d.history))
	}
}

func TestInputIsChecked(t *testing.T) {
	m := mustParse(t, machineOf(`"A":{"Type":"Succeed"}`))
	for _, input := range []string{`{`, `{} {}`, `"` + strings.Repeat("x", MaxDataBytes) + `"`} {
		if _, err := m.NewExecution(testOptions, json.RawMessage(input)); err == nil {
			t.Errorf("input of %d bytes was accepted", len(input))
		}
	}
}

func TestRestoreRefusesOtherMachines(t *testing.T) {
	d := start(t, machineOf(`"A":{"Type":"Wait","Seconds":5,"End":true}`), `{}`)
	d.run(0)
	saved, err := json.Marshal(d.execution)
	if err != nil {
		t.Fatal(err)
	}
	other := mustParse(t, `{"StartAt":"X","States":{"X":{"Type":"Succeed"}}}`)
	for _, text := range []string{string(saved), `[]`, `{"frames":{"1":null}}`} {
		if _, err := other.Restore([]byte(text)); err == nil {
			t.Errorf("%s was restored", text)
		}
	}
}

func TestHistoryOfAPass(t *testing.T) {
	d := start(t, machineOf(`"A":{"Type":"Pass","Assign":{"v":1},"End":true}`), ` {"a": 1}`)
	d.run(day)
	text, err := json.Marshal(d.history)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"executionStartedEventDetails":{"input":" {\"a\": 1}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::111111111111:role/role"},"id":1,"previousEventId":0,"timestamp":1767323045.678,"type":"ExecutionStarted"},` +
		`{"id":2,"previousEventId":0,"stateEnteredEventDetails":{"name":"A","input":" {\"a\": 1}","inputDetails":{"truncated":false}},"timestamp":1767323045.678,"type":"PassStateEntered"},` +
		`{"id":3,"previousEventId":2,"stateExitedEventDetails":{"name":"A","output":"{\"a\":1}","outputDetails":{"truncated":false},"assignedVariables":{"v":"1"},"assignedVariablesDetails":{"truncated":false}},"timestamp":1767323045.678,"type":"PassStateExited"},` +
		`{"executionSucceededEventDetails":{"output":"{\"a\":1}","outputDetails":{"truncated":false}},"id":4,"previousEventId":3,"timestamp":1767323045.678,"type":"ExecutionSucceeded"}]`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestTransitions(t *testing.T) {
	d := start(t, machineOf(`"A":{"Type":"Task","Resource":"`+function("bad")+`","Retry":[{"ErrorEquals":["Bad"],"MaxAttempts":2}],"End":true}`), `{}`)
	d.invoke = functions(map[string][]outcome{function("bad"): {{err: "Bad"}, {err: "Bad"}, {}}})
	d.run(day)
	if d.finish.Status != Succeeded || d.execution.Transitions() != 3 {
		t.Errorf("%d transitions, want one for the state and two for its retries", d.execution.Transitions())
	}
	if n := len(slices.DeleteFunc(d.types(), func(kind string) bool { return kind != "LambdaFunctionScheduled" })); n != 3 {
		t.Errorf("scheduled %d times, want 3", n)
	}
}
