package asl

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// FuzzExecution plays whatever definition and input come: nothing may panic or hang, an execution that ends has ended
// in its history too, and saving and restoring it between events changes nothing.
func FuzzExecution(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed, `{"a":{"b":[1,2,{"c":"d"}]},"l":[3,2,1],"n":5}`)
	}
	f.Fuzz(func(t *testing.T, definition, input string) {
		doc, err := source.ParseJSON("fuzz", []byte(definition))
		if err != nil {
			_ = Validate([]byte(definition), Express)
			return
		}
		m, findings := Parse("fuzz", doc)
		if (m == nil) != findings.HasErrors() {
			t.Fatalf("the machine is %v, but the findings are %v", m, findings)
		}
		if m == nil {
			return
		}
		first := playFuzzed(t, m, input, nil)
		second := playFuzzed(t, m, input, restored(t, m))
		if first == nil {
			return
		}
		if !slices.EqualFunc(wire(t, first.history), wire(t, second.history), sameEvent) {
			t.Fatal("saving and restoring changed the history")
		}
		last := first.history[len(first.history)-1]
		if (first.finish == nil) != (endings[first.execution.Status()] != last.Type) {
			t.Fatalf("the finish is %+v, but the last event %s", first.finish, last.Type)
		}
	})
}

// playFuzzed plays a machine with functions that answer, fail or never answer in turn, and children that end at once.
func playFuzzed(t *testing.T, m *Machine, input string, between func(*Execution) *Execution) *driver {
	e, err := m.NewExecution(testOptions, json.RawMessage(input))
	if err != nil {
		return nil
	}
	calls := 0
	d := &driver{t: t, execution: e, between: between}
	d.invoke = func(c InvokeTask, _ time.Time) (answer, time.Duration) {
		calls++
		switch {
		case calls%5 == 0:
			return nil, 0
		case calls%3 == 0:
			return func(at time.Time) Event {
				return TaskFailed{At: at, ID: c.ID, Error: "Failed", Cause: "fuzz"}
			}, time.Second
		case c.WaitForToken:
			return func(at time.Time) Event { return TaskSubmitted{At: at, ID: c.ID, Output: c.Payload} }, time.Second
		}
		return func(at time.Time) Event { return TaskSucceeded{At: at, ID: c.ID, Output: c.Payload} }, time.Second
	}
	d.child = func(c StartChild, at time.Time) []scheduled {
		return []scheduled{
			{func(at time.Time) Event {
				return ChildStarted{At: at, ID: c.ID, ExecutionARN: "arn:child", StartedAt: at}
			}, time.Second},
			{func(at time.Time) Event {
				return ChildEnded{At: at, ID: c.ID, Status: Succeeded, Input: c.Input, Output: c.Input}
			}, time.Minute},
		}
	}
	d.run(100 * day)
	return d
}

var fuzzSeeds = []string{
	jsonataMachine(
		`"A":{"Type":"Pass","Output":{"x":"{% $sort($states.input.l)[0] %}"},` +
			`"Assign":{"v":"{% $states.input.n %}"},"Next":"B"},` +
			`"B":{"Type":"Choice","Choices":[{"Condition":"{% $v > 1 %}",` +
			`"Output":"{% [$v, $random()] %}","Next":"C"}]},` +
			`"C":{"Type":"Map","ItemSelector":"{% $states.context.Map.Item %}",` +
			`"ItemProcessor":{"StartAt":"A","States":{` +
			taskA("f", `"Arguments":"{% $string($states.input) %}"`) + `}},` +
			`"Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput %}","Next":"E"}],"End":true},` +
			`"E":{"Type":"Wait","Seconds":"{% $v %}","End":true}`), machineOf(`
		"A":{"Type":"Pass","Parameters":{"x.$":"$.a.b[2].c"},"ResultPath":"$.r","Assign":{"v.$":"$"},"Next":"B"},
		"B":{"Type":"Choice","Default":"D","Choices":[{"Next":"C","And":[
			{"Variable":"$.n","NumericGreaterThan":1},{"Not":{"Variable":"$v.x","IsNull":true}}]}]},
		"C":{"Type":"Wait","SecondsPath":"$.n","Next":"D"},
		"D":{"Type":"Succeed"}`),
	machineOf(`"A":{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"i.$":"$$.Map.Item.Index"},
		"MaxConcurrency":2,"ToleratedFailureCount":1,"End":true,"ItemProcessor":{"StartAt":"B","States":{
			"B":{"Type":"Task","Resource":"` + function("f") + `","TimeoutSeconds":5,
				"Retry":[{"ErrorEquals":["Failed"],"JitterStrategy":"FULL"}],"End":true}}}}`),
	machineOf(`
		"A":{"Type":"Parallel","End":true,
			"Branches":[
				{"StartAt":"B","States":{"B":{"Type":"Fail","ErrorPath":"$.a"}}},
				{"StartAt":"C","States":{"C":{"Type":"Task","HeartbeatSeconds":3,"End":true,
					"Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
					"Parameters":{"FunctionName":"f","Payload":{"t.$":"$$.Task.Token"}}}}}],
			"Retry":[{"ErrorEquals":["States.TaskFailed"],"MaxAttempts":1}],
			"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"D"}]},
		"D":{"Type":"Pass","Next":"A"}`),
	machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
		"Parameters":{"StateMachineArn":"arn:m","Input.$":"$"},"ResultSelector":{"o.$":"$.Output.n"},"End":true}`),
	machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem",
		"Parameters":{"TableName":"t","Key.$":"$.a"},"OutputPath":"$.Item","End":true}`),
	`{"StartAt":"A","TimeoutSeconds":9,"States":{"A":{"Type":"Wait","Timestamp":"2026-02-01T00:00:00Z","End":true}}}`,
}
