package asl

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestGroups plays Parallel and Map states. Functions: f returns its event after a second, slow after a minute, bad
// fails.
func TestGroups(t *testing.T) {
	task := func(name, more string) string {
		return `{"StartAt":"T_` + name + `","States":{"T_` + name + `":{"Type":"Task","Resource":"` +
			function(name) + `",` + more + `"End":true}}}`
	}
	inMap := func(fields, states string) string {
		return `"A":{"Type":"Map",` + fields + `"ItemProcessor":{"StartAt":"I","States":{` + states + `}},"End":true}`
	}
	pass := `"I":{"Type":"Pass","End":true}`
	failsOnOdd := `"I":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":1,"Next":"F"},
		{"Variable":"$","NumericEquals":3,"Next":"F"}],"Default":"S"},
		"F":{"Type":"Fail","Error":"Odd","Cause":"odd"},"S":{"Type":"Succeed"}`
	tests := []struct{ name, states, input, want string }{
		{
			name: "parallel",
			states: `"A":{"Type":"Parallel","Branches":[` + task("f", "") + `,` + task("slow", "") +
				`],"ResultPath":"$.r","End":true}`,
			input: `{"a":1}`,
			want:  `SUCCEEDED {"a":1,"r":[{"a":1},{"a":1}]} after 1m0s`,
		},
		{
			name:   "a failing branch ends its siblings",
			states: `"A":{"Type":"Parallel","Branches":[` + task("slow", "") + `,` + task("bad", "") + `],"End":true}`,
			input:  `{}`,
			want:   `FAILED Bad: it broke`,
		},
		{
			name: "parallel is retried",
			states: `"A":{"Type":"Parallel","Branches":[` + task("f", "") + `,` + task("twice", "") +
				`],"Retry":[{"ErrorEquals":["Bad"]}],"End":true}`,
			input: `{}`,
			want:  `SUCCEEDED [{},{}] after 4.5s`,
		},
		{
			name: "parallel is caught",
			states: `"A":{"Type":"Parallel","Branches":[` + task("slow", "") + `,` + task("bad", "") +
				`],"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"B"}],"End":true},
				"B":{"Type":"Succeed"}`,
			input: `{}`,
			want:  `SUCCEEDED {"e":{"Error":"Bad","Cause":"it broke"}}`,
		},
		{
			name: "an error handled in the branch stays there",
			states: `"A":{"Type":"Parallel","Branches":[{"StartAt":"X","States":{
				"X":{"Type":"Task","Resource":"` + function("bad") + `",
					"Catch":[{"ErrorEquals":["Bad"],"Next":"Y"}],"End":true},
				"Y":{"Type":"Pass","Result":"fine","End":true}}}],"End":true}`,
			input: `{}`,
			want:  `SUCCEEDED ["fine"]`,
		},
		{name: "map", states: inMap("", pass), input: `[1,{"a":2},null]`, want: `SUCCEEDED [1,{"a":2},null]`},
		{name: "map over nothing", states: inMap("", pass), input: `[]`, want: `SUCCEEDED []`},
		{name: "map over an object", states: inMap("", pass), input: `{}`,
			want: "FAILED States.Runtime: " + inA + `Reference path "$" must point to array.`},
		{name: "map over a path to nowhere", states: inMap(`"ItemsPath":"$.l",`, pass), input: `{}`,
			want: "FAILED States.Runtime: " + inA + `Invalid path '$.l' : No results for path: $['l']`},
		{
			name:   "batches of items too large",
			states: inMap(`"ItemsPath":"$.l","ItemSelector":{"all.$":"$"},"ItemBatcher":{"MaxItemsPerBatch":2},`, pass),
			input:  `{"l":[` + strings.Repeat("0,", 1000) + `0],"x":"` + strings.Repeat("x", 100_000) + `"}`,
			want:   "FAILED States.DataLimitExceeded: " + resultTooLarge,
		},
		{
			name: "map selects",
			states: inMap(`"ItemsPath":"$.l",
				"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","k.$":"$.k"},`, pass),
			input: `{"l":["a"],"k":5}`,
			want:  `SUCCEEDED [{"i":0,"v":"a","k":5}]`,
		},
		{
			name: "the item is known inside",
			states: inMap("",
				`"I":{"Type":"Pass","Parameters":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"End":true}`),
			input: `["a","b"]`,
			want:  `SUCCEEDED [{"i":0,"v":"a"},{"i":1,"v":"b"}]`,
		},
		{
			name:   "all at once",
			states: inMap("", `"I":{"Type":"Wait","Seconds":10,"End":true}`),
			input:  `[1,2,3]`,
			want:   `SUCCEEDED [1,2,3] after 10s`,
		},
		{
			name:   "two at once",
			states: inMap(`"MaxConcurrency":2,`, `"I":{"Type":"Wait","SecondsPath":"$","End":true}`),
			input:  `[10,20,5,1]`,
			want:   `SUCCEEDED [10,20,5,1] after 20s`,
		},
		{
			name: "one at once, by path",
			states: inMap(`"ItemsPath":"$.l","MaxConcurrencyPath":"$.m",`,
				`"I":{"Type":"Wait","Seconds":10,"End":true}`),
			input: `{"l":[1,2,3],"m":1}`,
			want:  `SUCCEEDED [1,2,3] after 30s`,
		},
		{
			name:   "at most 40 at once",
			states: inMap("", `"I":{"Type":"Wait","Seconds":10,"End":true}`),
			input:  `[` + strings.Repeat("0,", 40) + `0]`,
			want:   `SUCCEEDED [` + strings.Repeat("0,", 40) + `0] after 20s`,
		},
		{name: "a failing iteration", states: inMap("", failsOnOdd), input: `[0,1,2]`, want: `FAILED Odd: odd`},
		{
			name:   "tolerated count",
			states: inMap(`"ToleratedFailureCount":2,`, failsOnOdd),
			input:  `[0,1,2,3]`,
			want:   `SUCCEEDED [0,2]`,
		},
		{name: "threshold exceeded", states: inMap(`"ToleratedFailurePercentage":25,`, failsOnOdd), input: `[0,1,2,3]`,
			want: "FAILED States.ExceedToleratedFailureThreshold: " +
				"The specified tolerated failure threshold was exceeded"},
		{
			name:   "tolerated percentage by path",
			states: inMap(`"ItemsPath":"$.l","ToleratedFailurePercentagePath":"$.p",`, failsOnOdd),
			input:  `{"l":[0,1,2,3],"p":50.5}`,
			want:   `SUCCEEDED [0,2]`,
		},
		{
			name:   "percentage out of range",
			states: inMap(`"ItemsPath":"$.l","ToleratedFailurePercentagePath":"$.p",`, pass),
			input:  `{"l":[],"p":101}`,
			want:   "FAILED States.Runtime: " + inA + `ToleratedFailurePercentage must be between 0 and 100.`,
		},
		{
			name:   "batches",
			states: inMap(`"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"k.$":"$[0]"}},`, pass),
			input:  `[1,2,3]`,
			want:   `SUCCEEDED [{"BatchInput":{"k":1},"Items":[1,2]},{"BatchInput":{"k":1},"Items":[3]}]`,
		},
		{
			name:   "batches by size",
			states: inMap(`"ItemBatcher":{"MaxInputBytesPerBatch":30},`, pass),
			input:  `["aaaaaaaa","bbbbbbbb","c"]`,
			want:   `SUCCEEDED [{"Items":["aaaaaaaa"]},{"Items":["bbbbbbbb","c"]}]`,
		},
		{
			name: "an item that cannot be selected",
			states: inMap(`"ItemSelector":{"v.$":"$$.Map.Item.Value.v"},"MaxConcurrency":2,`,
				`"I":{"Type":"Wait","Seconds":10,"End":true}`),
			input: `[{"v":1},{"v":2},{}]`,
			want: "FAILED States.Runtime: " + inA +
				`The JSONPath '$$.Map.Item.Value.v' specified for the field 'v.$' could not be found in the input ` +
				`'[{"v":1},{"v":2},{}]' after 10s`,
		},
		{
			name:   "many items that select everything",
			states: inMap(`"ItemSelector":{"all.$":"$"},`, `"I":{"Type":"Pass","Result":1,"End":true}`),
			input:  `[` + strings.Repeat("0,", 500) + `0]`,
			want:   `SUCCEEDED [` + strings.Repeat("1,", 500) + `1]`,
		},
		{
			name: "nested",
			states: inMap("", `"I":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"J","States":{
				"J":{"Type":"Pass","Parameters":{"v.$":"$$.Map.Item.Value"},"OutputPath":"$.v","End":true}}}}`),
			input: `[[1,2],[3]]`,
			want:  `SUCCEEDED [[1,2],[3]]`,
		},
		{
			name: "variables go in, not out",
			states: `
				"A":{"Type":"Pass","Assign":{"x":1,"y":1},"Next":"M"},
				"M":{"Type":"Map","ItemsPath":"$.l","ResultPath":"$.m","Next":"B",
					"ItemProcessor":{"StartAt":"I","States":{
						"I":{"Type":"Pass","Assign":{"z.$":"States.MathAdd($x, 1)"},"Next":"J"},
						"J":{"Type":"Pass","Parameters":{"z.$":"$z","y.$":"$y"},"End":true}}}},
				"B":{"Type":"Pass","Parameters":{"m.$":"$.m[*]","x.$":"$x"},"Next":"S"},
				"S":{"Type":"Succeed"}`,
			input: `{"l":[1,2]}`,
			want:  `SUCCEEDED {"m":[{"z":2,"y":1},{"z":2,"y":1}],"x":1}`,
		},
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
		function("f"): {{after: time.Second}}, function("slow"): {{after: time.Minute}},
		function("bad"):   {{err: "Bad", cause: "it broke"}},
		function("twice"): {{err: "Bad"}, {err: "Bad", after: 500 * time.Millisecond}, {after: 500 * time.Millisecond}},
	})
	d.run(day)
	return d.ending()
}

// TestFailureCancelsSiblings checks that nothing of a failed Parallel state stays open, and what the history says of
// it.
func TestFailureCancelsSiblings(t *testing.T) {
	branch := func(name, state string) string {
		return `{"StartAt":"` + name + `","States":{"` + name + `":` + state + `}}`
	}
	d := start(t, machineOf(`"A":{"Type":"Parallel","Branches":[`+
		branch("T", `{"Type":"Task","Resource":"`+function("never")+`","TimeoutSeconds":60,"End":true}`)+`,`+
		branch("W", `{"Type":"Wait","Seconds":60,"End":true}`)+`,`+
		branch("M", `{"Type":"Map","End":true,
			"ItemProcessor":`+branch("N", `{"Type":"Wait","Seconds":60,"End":true}`)+`}`)+`,`+
		branch("F", `{"Type":"Wait","Seconds":1,"Next":"G"},"G":{"Type":"Fail","Error":"E"}`)+
		`],"Catch":[{"ErrorEquals":["E"],"Next":"B"}],"End":true},"B":{"Type":"Wait","Seconds":1,"End":true}`), `[1,2]`)
	d.run(time.Second)
	if n := len(d.execution.r.Open); n != 1 || len(d.execution.r.Frames) != 1 {
		t.Errorf("%d ids and %d frames are open, want the Wait state after the Catch alone",
			n, len(d.execution.r.Frames))
	}
	if len(d.closed) != 5 {
		t.Errorf("%d ids were cancelled, want the task, its timer and three waits", len(d.closed))
	}
	aborted := slices.DeleteFunc(d.types(), func(kind string) bool { return !strings.HasSuffix(kind, "Aborted") })
	want := []string{
		"TaskStateAborted", "WaitStateAborted", "MapStateAborted", "MapIterationAborted", "WaitStateAborted",
		"MapIterationAborted", "WaitStateAborted",
	}
	if !slices.Equal(aborted, want) {
		t.Errorf("got %v", aborted)
	}
	d.resume(day)
	if got := d.ending(); got != `SUCCEEDED {"Error":"E","Cause":""} after 2s` {
		t.Error(got)
	}
}
