package asl

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestGroups plays Parallel and Map states. Functions: f returns its event after a second, slow after a minute, bad fails.
func TestGroups(t *testing.T) {
	task := func(name, more string) string {
		return `{"StartAt":"T_` + name + `","States":{"T_` + name + `":{"Type":"Task","Resource":"` + function(name) + `",` + more + `"End":true}}}`
	}
	inMap := func(fields, states string) string {
		return `"A":{"Type":"Map",` + fields + `"ItemProcessor":{"StartAt":"I","States":{` + states + `}},"End":true}`
	}
	pass := `"I":{"Type":"Pass","End":true}`
	failsOnOdd := `"I":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":1,"Next":"F"},{"Variable":"$","NumericEquals":3,"Next":"F"}],"Default":"S"},"F":{"Type":"Fail","Error":"Odd","Cause":"odd"},"S":{"Type":"Succeed"}`
	tests := []struct{ name, states, input, want string }{
		{"parallel", `"A":{"Type":"Parallel","Branches":[` + task("f", "") + `,` + task("slow", "") + `],"ResultPath":"$.r","End":true}`, `{"a":1}`,
			`SUCCEEDED {"a":1,"r":[{"a":1},{"a":1}]} after 1m0s`},
		{"a failing branch ends its siblings", `"A":{"Type":"Parallel","Branches":[` + task("slow", "") + `,` + task("bad", "") + `],"End":true}`, `{}`, `FAILED Bad: it broke`},
		{"parallel is retried", `"A":{"Type":"Parallel","Branches":[` + task("f", "") + `,` + task("twice", "") + `],"Retry":[{"ErrorEquals":["Bad"]}],"End":true}`, `{}`,
			`SUCCEEDED [{},{}] after 4.5s`},
		{"parallel is caught", `"A":{"Type":"Parallel","Branches":[` + task("slow", "") + `,` + task("bad", "") + `],"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"B"}],"End":true},"B":{"Type":"Succeed"}`, `{}`,
			`SUCCEEDED {"e":{"Cause":"it broke","Error":"Bad"}}`},
		{"an error handled in the branch stays there", `"A":{"Type":"Parallel","Branches":[{"StartAt":"X","States":{"X":{"Type":"Task","Resource":"` + function("bad") + `","Catch":[{"ErrorEquals":["Bad"],"Next":"Y"}],"End":true},"Y":{"Type":"Pass","Result":"fine","End":true}}}],"End":true}`, `{}`,
			`SUCCEEDED ["fine"]`},
		{"map", inMap("", pass), `[1,{"a":2},null]`, `SUCCEEDED [1,{"a":2},null]`},
		{"map over nothing", inMap("", pass), `[]`, `SUCCEEDED []`},
		{"map over an object", inMap("", pass), `{}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Reference path "$" must point to array.`},
		{"map over a path to nowhere", inMap(`"ItemsPath":"$.l",`, pass), `{}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.l' : No results for path: $['l']`},
		{"batches of items too large", inMap(`"ItemsPath":"$.l","ItemSelector":{"all.$":"$"},"ItemBatcher":{"MaxItemsPerBatch":2},`, pass), `{"l":[` + strings.Repeat("0,", 1000) + `0],"x":"` + strings.Repeat("x", 100_000) + `"}`,
			`FAILED States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.`},
		{"map selects", inMap(`"ItemsPath":"$.l","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","k.$":"$.k"},`, pass), `{"l":["a"],"k":5}`,
			`SUCCEEDED [{"i":0,"k":5,"v":"a"}]`},
		{"the item is known inside", inMap("", `"I":{"Type":"Pass","Parameters":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"End":true}`), `["a","b"]`,
			`SUCCEEDED [{"i":0,"v":"a"},{"i":1,"v":"b"}]`},
		{"all at once", inMap("", `"I":{"Type":"Wait","Seconds":10,"End":true}`), `[1,2,3]`, `SUCCEEDED [1,2,3] after 10s`},
		{"two at once", inMap(`"MaxConcurrency":2,`, `"I":{"Type":"Wait","SecondsPath":"$","End":true}`), `[10,20,5,1]`, `SUCCEEDED [10,20,5,1] after 20s`},
		{"one at once, by path", inMap(`"ItemsPath":"$.l","MaxConcurrencyPath":"$.m",`, `"I":{"Type":"Wait","Seconds":10,"End":true}`), `{"l":[1,2,3],"m":1}`, `SUCCEEDED [1,2,3] after 30s`},
		{"at most 40 at once", inMap("", `"I":{"Type":"Wait","Seconds":10,"End":true}`), `[` + strings.Repeat("0,", 40) + `0]`, `SUCCEEDED [` + strings.Repeat("0,", 40) + `0] after 20s`},
		{"a failing iteration", inMap("", failsOnOdd), `[0,1,2]`, `FAILED Odd: odd`},
		{"tolerated count", inMap(`"ToleratedFailureCount":2,`, failsOnOdd), `[0,1,2,3]`, `SUCCEEDED [0,2]`},
		{"threshold exceeded", inMap(`"ToleratedFailurePercentage":25,`, failsOnOdd), `[0,1,2,3]`,
			`FAILED States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		{"tolerated percentage by path", inMap(`"ItemsPath":"$.l","ToleratedFailurePercentagePath":"$.p",`, failsOnOdd), `{"l":[0,1,2,3],"p":50.5}`, `SUCCEEDED [0,2]`},
		{"percentage out of range", inMap(`"ItemsPath":"$.l","ToleratedFailurePercentagePath":"$.p",`, pass), `{"l":[],"p":101}`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). ToleratedFailurePercentage must be between 0 and 100.`},
		{"batches", inMap(`"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"k.$":"$[0]"}},`, pass), `[1,2,3]`,
			`SUCCEEDED [{"BatchInput":{"k":1},"Items":[1,2]},{"BatchInput":{"k":1},"Items":[3]}]`},
		{"batches by size", inMap(`"ItemBatcher":{"MaxInputBytesPerBatch":30},`, pass), `["aaaaaaaa","bbbbbbbb","c"]`,
			`SUCCEEDED [{"Items":["aaaaaaaa"]},{"Items":["bbbbbbbb","c"]}]`},
		{"an item that cannot be selected", inMap(`"ItemSelector":{"v.$":"$$.Map.Item.Value.v"},"MaxConcurrency":2,`, `"I":{"Type":"Wait","Seconds":10,"End":true}`), `[{"v":1},{"v":2},{}]`,
			`FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$$.Map.Item.Value.v' specified for the field 'v.$' could not be found in the input '[{"v":1},{"v":2},{}]' after 10s`},
		{"many items that select everything", inMap(`"ItemSelector":{"all.$":"$"},`, `"I":{"Type":"Pass","Result":1,"End":true}`), `[` + strings.Repeat("0,", 500) + `0]`, `SUCCEEDED [` + strings.Repeat("1,", 500) + `1]`},
		{"nested", inMap("", `"I":{"Type":"Map","ItemProcessor":{"StartAt":"J","States":{"J":{"Type":"Pass","Parameters":{"v.$":"$$.Map.Item.Value"},"OutputPath":"$.v","End":true}}},"End":true}`), `[[1,2],[3]]`,
			`SUCCEEDED [[1,2],[3]]`},
		{"variables go in, not out", `"S":{"Type":"Succeed"},"A":{"Type":"Pass","Assign":{"x":1,"y":1},"Next":"M"},"M":{"Type":"Map","ItemsPath":"$.l","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"z.$":"States.MathAdd($x, 1)"},"Next":"J"},"J":{"Type":"Pass","Parameters":{"z.$":"$z","y.$":"$y"},"End":true}}},"ResultPath":"$.m","Next":"B"},"B":{"Type":"Pass","Parameters":{"m.$":"$.m[*]","x.$":"$x"},"Next":"S"}`, `{"l":[1,2]}`,
			`SUCCEEDED {"m":[{"y":1,"z":2},{"y":1,"z":2}],"x":1}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := groupOutcome(t, machineOf(test.states), test.input); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func groupOutcome(t *testing.T, definition, input string) string {
	t.Helper()
	d := start(t, definition, input)
	d.between = restored(t, d.execution.machine)
	d.invoke = functions(map[string][]outcome{
		function("f"): {{after: time.Second}}, function("slow"): {{after: time.Minute}}, function("bad"): {{err: "Bad", cause: "it broke"}},
		function("twice"): {{err: "Bad"}, {err: "Bad", after: 500 * time.Millisecond}, {after: 500 * time.Millisecond}},
	})
	d.run(day)
	return d.ending()
}

// TestFailureCancelsSiblings holds that nothing of a failed Parallel state stays open, and what the history says of it.
func TestFailureCancelsSiblings(t *testing.T) {
	branch := func(name, state string) string {
		return `{"StartAt":"` + name + `","States":{"` + name + `":` + state + `}}`
	}
	d := start(t, machineOf(`"A":{"Type":"Parallel","Branches":[`+
		branch("T", `{"Type":"Task","Resource":"`+function("never")+`","TimeoutSeconds":60,"End":true}`)+`,`+
		branch("W", `{"Type":"Wait","Seconds":60,"End":true}`)+`,`+
		branch("M", `{"Type":"Map","ItemProcessor":`+branch("N", `{"Type":"Wait","Seconds":60,"End":true}`)+`,"End":true}`)+`,`+
		branch("F", `{"Type":"Wait","Seconds":1,"Next":"G"},"G":{"Type":"Fail","Error":"E"}`)+
		`],"Catch":[{"ErrorEquals":["E"],"Next":"B"}],"End":true},"B":{"Type":"Wait","Seconds":1,"End":true}`), `[1,2]`)
	d.run(time.Second)
	if n := len(d.execution.r.Open); n != 1 || len(d.execution.r.Frames) != 1 {
		t.Errorf("%d ids and %d frames are open, want the Wait state after the Catch alone", n, len(d.execution.r.Frames))
	}
	if len(d.closed) != 5 {
		t.Errorf("%d ids were cancelled, want the task, its timer and three waits", len(d.closed))
	}
	aborted := slices.DeleteFunc(d.types(), func(kind string) bool { return !strings.HasSuffix(kind, "Aborted") })
	want := []string{"TaskStateAborted", "WaitStateAborted", "MapStateAborted", "MapIterationAborted", "WaitStateAborted", "MapIterationAborted", "WaitStateAborted"}
	if !slices.Equal(aborted, want) {
		t.Errorf("got %v", aborted)
	}
	d.resume(day)
	if got := d.ending(); got != `SUCCEEDED {"Cause":"","Error":"E"} after 2s` {
		t.Error(got)
	}
}
