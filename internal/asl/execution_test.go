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

// taskA is the state A, a task that calls the function of a name and ends the execution. fields are the task's others.
func taskA(name, fields string) string {
	if fields != "" {
		fields += ","
	}
	return `"A":{"Type":"Task","Resource":"` + function(name) + `",` + fields + `"End":true}`
}

// inA begins the causes of errors in the first state.
const inA = "An error occurred while executing the state 'A' (entered at the event id #2). "

// resultTooLarge is the cause when the result of the first state is over 256 KiB.
const resultTooLarge = "The state/task 'A' returned a result with a size exceeding the maximum number of bytes " +
	"service limit."

// TestOutcomes plays small machines and compares how they end. Functions: f returns its event after a second, bad
// fails.
func TestOutcomes(t *testing.T) {
	tests := []struct{ name, states, input, want string }{
		{
			name:   "pass hands its input on",
			states: `"A":{"Type":"Pass","End":true}`,
			input:  `{"a":1}`,
			want:   `SUCCEEDED {"a":1}`,
		},
		{
			name:   "result replaces",
			states: `"A":{"Type":"Pass","Result":[1.50],"End":true}`,
			input:  `{}`,
			want:   `SUCCEEDED [1.50]`,
		},
		{
			name:   "result path adds",
			states: `"A":{"Type":"Pass","Result":1,"ResultPath":"$.x.y","End":true}`,
			input:  `{"a":0}`,
			want:   `SUCCEEDED {"a":0,"x":{"y":1}}`,
		},
		{
			name:   "result path into an array",
			states: `"A":{"Type":"Pass","Result":1,"ResultPath":"$[1].x","End":true}`,
			input:  `[0,{}]`,
			want:   `SUCCEEDED [0,{"x":1}]`,
		},
		{
			name:   "result path null keeps the input",
			states: `"A":{"Type":"Pass","Result":1,"ResultPath":null,"End":true}`,
			input:  `{"a":0}`,
			want:   `SUCCEEDED {"a":0}`,
		},
		{
			name:   "result path does not fit",
			states: `"A":{"Type":"Pass","Result":1,"ResultPath":"$.x","End":true}`,
			input:  `"text"`,
			want:   `FAILED States.ReferencePathConflict: Unable to apply ReferencePath $.x to input "text"`,
		},
		{
			name:   "input path and result path",
			states: `"A":{"Type":"Pass","InputPath":"$.a","ResultPath":"$.b","End":true}`,
			input:  `{"a":{"c":1}}`,
			want:   `SUCCEEDED {"a":{"c":1},"b":{"c":1}}`,
		},
		{
			name:   "input path null",
			states: `"A":{"Type":"Pass","InputPath":null,"End":true}`,
			input:  `{"a":1}`,
			want:   `SUCCEEDED {}`,
		},
		{
			name:   "output path",
			states: `"A":{"Type":"Pass","OutputPath":"$.a[0]","End":true}`,
			input:  `{"a":[7]}`,
			want:   `SUCCEEDED 7`,
		},
		{
			name:   "output path null",
			states: `"A":{"Type":"Pass","OutputPath":null,"End":true}`,
			input:  `{"a":1}`,
			want:   `SUCCEEDED {}`,
		},
		{
			name:   "parameters",
			states: `"A":{"Type":"Pass","Parameters":{"n.$":"$$.State.Name","l":[{"x.$":"$.a"}]},"End":true}`,
			input:  `{"a":1}`,
			want:   `SUCCEEDED {"n":"A","l":[{"x":1}]}`,
		},
		{
			name:   "start time",
			states: `"A":{"Type":"Pass","Parameters":{"t.$":"$$.Execution.StartTime"},"End":true}`,
			input:  `{}`,
			want:   `SUCCEEDED {"t":"2026-01-02T03:04:05.678Z"}`,
		},
		{
			name:   "missing path in a template",
			states: `"A":{"Type":"Pass","Parameters":{"n":{"x.$":"$.no"}},"End":true}`,
			input:  `{"a":1}`,
			want: "FAILED States.Runtime: " + inA +
				`The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '{"a":1}'`,
		},
		{
			name:   "function fails",
			states: `"A":{"Type":"Pass","Parameters":{"x.$":"States.ArrayGetItem($.a, 2)"},"End":true}`,
			input:  `{"a":[1]}`,
			want: "FAILED States.IntrinsicFailure: " + inA +
				`The function 'States.ArrayGetItem($.a, 2)' had the following error: ` +
				`the index 2 is outside of the array, which has 1 elements`,
		},
		{name: "succeed", states: `"A":{"Type":"Succeed","InputPath":"$.a"}`, input: `{"a":1}`, want: `SUCCEEDED 1`},
		{name: "fail", states: `"A":{"Type":"Fail","Error":"E","Cause":"C"}`, input: `{}`, want: `FAILED E: C`},
		{
			name:   "fail by path and function",
			states: `"A":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('no {}', $.c)"}`,
			input:  `{"e":"E","c":5}`,
			want:   `FAILED E: no 5`,
		},
		{name: "fail by a path to an object", states: `"A":{"Type":"Fail","ErrorPath":"$"}`, input: `{}`,
			want: "FAILED States.Runtime: " + inA + `The field 'ErrorPath' must lead to a string, but '$' leads to {}`},
		{
			name:   "wait",
			states: `"A":{"Type":"Wait","Seconds":90,"Next":"B"},"B":{"Type":"Pass","End":true}`,
			input:  `{}`,
			want:   `SUCCEEDED {} after 1m30s`,
		},
		{
			name:   "wait by path",
			states: `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`,
			input:  `{"s":5}`,
			want:   `SUCCEEDED {"s":5} after 5s`,
		},
		{
			name:   "wait until",
			states: `"A":{"Type":"Wait","TimestampPath":"$.t","End":true}`,
			input:  `{"t":"2026-01-02T04:04:15.678+01:00"}`,
			want:   `SUCCEEDED {"t":"2026-01-02T04:04:15.678+01:00"} after 10s`,
		},
		{
			name:   "wait until the past",
			states: `"A":{"Type":"Wait","Timestamp":"2001-01-01T00:00:00Z","End":true}`,
			input:  `{}`,
			want:   `SUCCEEDED {}`,
		},
		{name: "wait for a text", states: `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`, input: `{"s":"5"}`,
			want: "FAILED States.Runtime: " + inA +
				`The SecondsPath parameter cannot be parsed as a long value: $.s == 5`},
		{
			name: "choice without match",
			states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":1,"Next":"B"}]},
				"B":{"Type":"Succeed"}`,
			input: `{"x":2}`,
			want: "FAILED States.NoChoiceMatched: " + inA +
				`Failed to transition out of the state. The state does not point to a next state.`,
		},
		{
			name: "choice with a path to nowhere",
			states: `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":1,"Next":"B"}],
				"Default":"B"},"B":{"Type":"Succeed"}`,
			input: `{}`,
			want: "FAILED States.Runtime: " + inA +
				`Invalid path '$.x': The choice state's condition path references an invalid value.`,
		},
		{
			name:   "task",
			states: taskA("f", `"ResultSelector":{"r.$":"$.a"},"ResultPath":"$.out"`),
			input:  `{"a":1}`,
			want:   `SUCCEEDED {"a":1,"out":{"r":1}} after 1s`,
		},
		{
			name: "task through lambda:invoke",
			states: `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
				"Parameters":{"FunctionName":"` + function("f") +
				`","Payload.$":"$.a"},"OutputPath":"$.Payload","End":true}`,
			input: `{"a":[1]}`,
			want:  `SUCCEEDED [1] after 1s`,
		},
		{
			name: "lambda:invoke without a name",
			states: `"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
				"Parameters":{"FunctionName.$":"$.a"},"End":true}`,
			input: `{"a":1}`,
			want: "FAILED States.Runtime: " + inA +
				`The Parameters '{"FunctionName":1}' could not be used to start the Task: ` +
				`[The field 'FunctionName' is required but was missing]`,
		},
		{
			name:   "task fails",
			states: taskA("bad", ``),
			input:  `{}`,
			want:   `FAILED Bad: it broke`,
		},
		{
			name: "task is caught",
			states: taskA("bad", `"Catch":[{"ErrorEquals":["Other"],"Next":"B"},
				{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.e","Next":"B"}]`) +
				`,"B":{"Type":"Pass","End":true}`,
			input: `{"a":1}`,
			want:  `SUCCEEDED {"a":1,"e":{"Error":"Bad","Cause":"it broke"}}`,
		},
		{
			name: "catch assigns",
			states: taskA("bad", `"Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e.$":"$.Error"},"Next":"B"}]`) +
				`,"B":{"Type":"Pass","Parameters":{"e.$":"$e"},"End":true}`,
			input: `{}`,
			want:  `SUCCEEDED {"e":"Bad"}`,
		},
		{
			name:   "task times out",
			states: taskA("never", `"TimeoutSeconds":7`),
			input:  `{}`,
			want:   `FAILED States.Timeout:  after 7s`,
		},
		{
			name: "a timeout is not States.TaskFailed",
			states: taskA("never", `"TimeoutSecondsPath":"$.t",
				"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"B"},
					{"ErrorEquals":["States.Timeout"],"Next":"C"}]`) +
				`,"B":{"Type":"Fail"},"C":{"Type":"Pass","End":true}`,
			input: `{"t":3}`,
			want:  `SUCCEEDED {"Error":"States.Timeout","Cause":""} after 3s`,
		},
		{
			name: "variables",
			states: `"A":{"Type":"Pass","Assign":{"x.$":"$.a","y":2},"Next":"B"},
				"B":{"Type":"Pass","Assign":{"x":9,"z.$":"$x"},"Parameters":{"x.$":"$x","y.$":"$y"},"Next":"C"},
				"C":{"Type":"Pass","Parameters":{"x.$":"$x","z.$":"$z"},"End":true}`,
			input: `{"a":{"b":1}}`,
			want:  `SUCCEEDED {"x":9,"z":{"b":1}}`,
		},
		{
			name:   "a variable that is not there",
			states: `"A":{"Type":"Pass","Parameters":{"x.$":"$no.a"},"End":true}`,
			input:  `{}`,
			want: "FAILED States.Runtime: " + inA +
				`The JSONPath '$no.a' specified for the field 'x.$' could not be found in the input '{}'`,
		},
		{
			name:   "variables too large",
			states: `"A":{"Type":"Pass","Assign":{"a.$":"$","b.$":"$"},"End":true}`,
			input:  `"` + strings.Repeat("x", 200_000) + `"`,
			want: "FAILED States.DataLimitExceeded: " + inA +
				`The size of the variables in 'Assign' exceeds the maximum number of bytes service limit.`,
		},
		{name: "wait for a path to nowhere", states: `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`, input: `{}`,
			want: "FAILED States.Runtime: " + inA + `The SecondsPath parameter does not reference an input value: $.s`},
		{
			name:   "wait for too long",
			states: `"A":{"Type":"Wait","SecondsPath":"$.s","End":true}`,
			input:  `{"s":100000000}`,
			want: "FAILED States.Runtime: " + inA +
				`The SecondsPath parameter references a value greater than 99999999: $.s == 100000000`,
		},
		{
			name:   "timeout that is not a number",
			states: taskA("f", `"TimeoutSecondsPath":"$.t"`),
			input:  `{"t":"x"}`,
			want: "FAILED States.Runtime: " + inA +
				`The TimeoutSecondsPath parameter must reference a positive integer: $.t == x`,
		},
		{name: "a path into null", states: `"A":{"Type":"Pass","Parameters":{"x.$":"$.a"},"End":true}`, input: `null`,
			want: "FAILED States.Runtime: " + inA + `Unable to apply Path transformation to null or empty input.`},
		{
			name: "an error in what follows a catch",
			states: taskA("bad", `"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$[0]","Next":"B"}]`) +
				`,"B":{"Type":"Succeed"}`,
			input: `{}`,
			want:  `FAILED States.ReferencePathConflict: Unable to apply ReferencePath $[0] to input {}`,
		},
		{
			name:   "output too large",
			states: `"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}`,
			input:  `"` + strings.Repeat("x", 200_000) + `"`,
			want:   "FAILED States.DataLimitExceeded: " + resultTooLarge,
		},
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
	d := start(t, machineOf(taskA("never", `"TimeoutSeconds":9`)), `{}`)
	d.run(0)
	d.tell(Stopped{At: epoch, Error: "E", Cause: "C"})
	want := Finish{Status: Aborted, Error: "E", Cause: "C"}
	if d.finish == nil || d.finish.Error != want.Error || d.finish.Status != want.Status {
		t.Fatalf("got %+v, want %+v", d.finish, want)
	}
	if len(d.closed) != 2 {
		t.Errorf("cancelled %v, want the task and its timer", d.closed)
	}
	if last := d.history[len(d.history)-1]; last.Type != "ExecutionAborted" || last.Details.Cause != "C" {
		t.Errorf("last event is %+v", last)
	}
	if d.execution.Advance(TimerFired{At: epoch, ID: 2}) != nil || d.execution.Status() != Aborted {
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
	d := start(t, machineOf(taskA("f", ``)), `{}`)
	first := d.execution.Advance(TimerFired{At: epoch, ID: 1})
	d.run(0)
	again := d.execution.Advance(Started{At: epoch})
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
	loop := machineOf(`"A":{"Type":"Pass","Next":"B"},
		"B":{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"C"}],"Default":"A"},
		"C":{"Type":"Succeed"}`)
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
	want := `[{"executionStartedEventDetails":{"input":" {\"a\": 1}","inputDetails":{"truncated":false},` +
		`"roleArn":"arn:aws:iam::111111111111:role/role"},` +
		`"id":1,"previousEventId":0,"timestamp":1767323045.678,"type":"ExecutionStarted"},` +
		`{"id":2,"previousEventId":0,` +
		`"stateEnteredEventDetails":{"name":"A","input":" {\"a\": 1}","inputDetails":{"truncated":false}},` +
		`"timestamp":1767323045.678,"type":"PassStateEntered"},` +
		`{"id":3,"previousEventId":2,` +
		`"stateExitedEventDetails":{"name":"A","output":"{\"a\":1}","outputDetails":{"truncated":false},` +
		`"assignedVariables":{"v":"1"},"assignedVariablesDetails":{"truncated":false}},` +
		`"timestamp":1767323045.678,"type":"PassStateExited"},` +
		`{"executionSucceededEventDetails":{"output":"{\"a\":1}","outputDetails":{"truncated":false}},` +
		`"id":4,"previousEventId":3,"timestamp":1767323045.678,"type":"ExecutionSucceeded"}]`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestTransitions(t *testing.T) {
	d := start(t, machineOf(taskA("bad", `"Retry":[{"ErrorEquals":["Bad"],"MaxAttempts":2}]`)), `{}`)
	d.invoke = functions(map[string][]outcome{function("bad"): {{err: "Bad"}, {err: "Bad"}, {}}})
	d.run(day)
	if d.finish.Status != Succeeded || d.execution.Transitions() != 3 {
		t.Errorf("%d transitions, want one for the state and two for its retries", d.execution.Transitions())
	}
	if n := len(slices.DeleteFunc(d.types(), func(kind string) bool {
		return kind != "LambdaFunctionScheduled"
	})); n != 3 {
		t.Errorf("scheduled %d times, want 3", n)
	}
}
