package asl

import (
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// twoStates is a Pass state and a Task, the original's shape.
const twoStates = `"A":{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id","input.$":"$"},
	"ResultPath":"$.execution","Next":"B"},` +
	`"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","TimeoutSeconds":60,"End":true}`

const contactEvent = `{"Details":{"ContactData":{"ContactId":"4a573372-1f28-4e26-b97b-XXXXXXXXXXX",
	"Attributes":{"a":"b"},"Channel":"VOICE"},"Parameters":{"account":"12345"}},"Name":"ContactFlowEvent"}`

// playTwoStates plays one execution to its end without a queue.
func playTwoStates(b *testing.B, m *Machine, input json.RawMessage) {
	e, err := m.NewExecution(testOptions, input)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range e.Advance(Started{At: epoch}) {
		if task, ok := c.(InvokeTask); ok {
			e.Advance(TaskSucceeded{At: epoch, ID: task.ID, Output: task.Payload})
		}
	}
	if e.Status() != Succeeded {
		b.Fatal(e.Status())
	}
}

func BenchmarkTwoStates(b *testing.B) {
	m := mustParse(b, machineOf(twoStates))
	for b.Loop() {
		playTwoStates(b, m, json.RawMessage(contactEvent))
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		mustParse(b, machineOf(twoStates))
	}
}

func BenchmarkMapOf100(b *testing.B) {
	m := mustParse(b, machineOf(`"A":{"Type":"Map","End":true,
		"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}`))
	input, _ := json.Marshal(make([]int, 100))
	for b.Loop() {
		e, _ := m.NewExecution(testOptions, input)
		if e.Advance(Started{At: epoch}); e.Status() != Succeeded {
			b.Fatal(e.Status())
		}
	}
}

// TestMemoryOfWaitingExecutions checks that an execution that waits is small: 10,000 of them fit into 100 MB several
// times.
func TestMemoryOfWaitingExecutions(t *testing.T) {
	m := mustParse(t, machineOf(twoStates))
	n := testrun.Count(t, 1_000, 10_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	waiting := make([]*Execution, n)
	for i := range waiting {
		e, err := m.NewExecution(testOptions, json.RawMessage(contactEvent))
		if err != nil {
			t.Fatal(err)
		}
		e.Advance(Started{At: epoch})
		waiting[i] = e
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := (after.HeapAlloc - before.HeapAlloc) / uint64(n)
	t.Logf("%d bytes for each of %d waiting executions", each, n)
	if each > 8<<10 {
		t.Errorf("a waiting execution takes %d bytes", each)
	}
	if waiting[n-1].Advance(Stopped{At: epoch.Add(time.Hour)}) == nil {
		t.Error("the last execution does not react")
	}
}

// BenchmarkQueryMapOf1000 runs a Map state of 1,000 items with three expressions for each.
func BenchmarkQueryMapOf1000(b *testing.B) {
	m := mustParse(b, jsonataMachine(`"A":{"Type":"Map","Items":"{% [1..1000] %}","ItemSelector":{`+
		`"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value * 2 %}"},`+
		`"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true,`+
		`"Output":"{% $states.input.v + $states.input.i %}"}}},"End":true}`))
	for b.Loop() {
		e, _ := m.NewExecution(testOptions, json.RawMessage(`{}`))
		if e.Advance(Started{epoch}); e.Status() != Succeeded {
			b.Fatal(e.Status())
		}
	}
}
