package asl

import (
	"container/heap"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// ask remembers a command that opens something.
func (d *driver) ask(c Command) {
	if d.asked == nil {
		d.asked = map[ID]Command{}
	}
	if id := opens(c); id != 0 {
		d.asked[id] = c
	}
}

// opens is the ID that a command opens, 0 when it opens none.
func opens(c Command) ID {
	switch c := c.(type) {
	case InvokeTask:
		return c.ID
	case StartChild:
		return c.ID
	case SetTimer:
		return c.ID
	}
	return 0
}

// reopen forgets all that is to come but one event, and opens again what the execution says it waits for: what it
// asked for must be just as it was, and nothing may be missing.
func (d *driver) reopen(next queued) {
	pending := map[ID][]queued{}
	for d.queue.Len() > 0 {
		if q := heap.Pop(&d.queue).(queued); !d.closed[q.id] {
			pending[q.id] = append(pending[q.id], q)
		}
	}
	for _, o := range d.execution.Outstanding() {
		id := opens(o.Command)
		if !sameCommand(o.Command, d.asked[id]) {
			d.t.Errorf("outstanding is %+v, but %+v was asked for", o.Command, d.asked[id])
		}
		again := pending[id]
		if _, timer := o.Command.(SetTimer); timer && id != next.id {
			again = []queued{{o.Until, 0, id, func(at time.Time) Event { return TimerFired{at, id} }}}
		}
		for _, q := range again {
			d.push(q.at, id, q.event)
		}
		delete(pending, id)
	}
	for id, list := range pending {
		if d.open[id] && id != next.id {
			d.t.Errorf("%+v is open, but not outstanding", d.asked[id])
		}
		for _, q := range list { // of a task that has ended: to be ignored
			d.push(q.at, id, q.event)
		}
	}
}

// sameCommand compares two commands, JSON in them by its value.
func sameCommand(a, b Command) bool {
	one, _ := json.Marshal(a)
	other, _ := json.Marshal(b)
	return reflect.TypeOf(a) == reflect.TypeOf(b) && string(one) == string(other)
}

// TestOutstanding holds what is said of a task with a time-out and a heartbeat that waits for its token, and of a
// child that has started.
func TestOutstanding(t *testing.T) {
	d := start(t, `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
			"Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},
			"TimeoutSeconds":60,"HeartbeatSeconds":10,"End":true}}},
		{"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
			"Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:111111111111:stateMachine:m"},
			"End":true}}}]}}}`, `{}`)
	d.run(0)
	if again := restored(t, d.execution.machine)(d.execution).Outstanding(); len(again) != 3 {
		t.Fatalf("restored: %+v", again)
	}
	byID := map[ID]Outstanding{}
	var task, child ID
	for _, o := range d.execution.Outstanding() {
		id := opens(o.Command)
		byID[id] = o
		switch o.Command.(type) {
		case InvokeTask:
			task = id
		case StartChild:
			child = id
		}
		if !o.Since.Equal(epoch) || o.Accepted {
			t.Errorf("%+v", o)
		}
	}
	if until := byID[task].Until; !until.Equal(epoch.Add(time.Minute)) || !byID[child].Until.IsZero() {
		t.Errorf("the task is waited for until %v, the child until %v", until, byID[child].Until)
	}
	at := epoch.Add(time.Second)
	d.tell(TaskSubmitted{At: at, ID: task, Output: json.RawMessage(`{}`)})
	d.tell(ChildStarted{At: at, ID: child, ExecutionARN: "arn:child", StartedAt: at})
	var accepted, beat bool
	for _, o := range restored(t, d.execution.machine)(d.execution).Outstanding() {
		switch opens(o.Command) {
		case task:
			accepted = o.Accepted
		case child:
			if !o.Accepted || o.ChildARN != "arn:child" {
				t.Errorf("%+v", o)
			}
		default:
			beat = beat || o.Until.Equal(at.Add(10*time.Second))
		}
	}
	if !accepted || !beat {
		t.Errorf("the heartbeat does not count from the submission: %+v", d.execution.Outstanding())
	}
	d.tell(Stopped{At: at})
	if list := d.execution.Outstanding(); len(list) > 0 {
		t.Errorf("after the end: %+v", list)
	}
}
