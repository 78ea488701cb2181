package flow_test

import (
	"container/heap"
	"encoding/json"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// driver plays a contact on a queue of events, as a small stand-in for a real one.
type driver struct {
	contact  *flow.Contact
	lasts    func(flow.Say) time.Duration
	function func(at time.Duration, call flow.InvokeFunction) reply
	answer   func(at time.Duration, ask flow.Ask) (flow.Input, bool) // its At: after how long
	observe  func(flow.Command)
	between  func(*flow.Contact) *flow.Contact // between two events, such as a round trip through JSON
	hangUp   time.Duration                     // 0: never

	queue    eventQueue
	order    int
	now      time.Duration
	commands []timed
	finished *flow.Finish
}

// reply is what a scripted function does.
type reply struct {
	takes     time.Duration
	payload   string
	error     string
	retryable bool
	never     bool
}

type timed struct {
	at      time.Duration
	command flow.Command
}

type queued struct {
	at    time.Duration
	order int
	id    string
	event func(at time.Time) flow.Event
}

type eventQueue []queued

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *eventQueue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *eventQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (d *driver) later(after time.Duration, id string, event func(time.Time) flow.Event) {
	d.order++
	heap.Push(&d.queue, queued{at: d.now + after, order: d.order, id: id, event: event})
}

// play runs the contact to its end, or until nothing more can happen.
func (d *driver) play() {
	d.later(0, "", func(at time.Time) flow.Event { return flow.Connected{At: at} })
	if d.hangUp > 0 {
		d.later(d.hangUp, "", func(at time.Time) flow.Event { return flow.HungUp{At: at} })
	}
	for d.queue.Len() > 0 && d.finished == nil {
		next := heap.Pop(&d.queue).(queued)
		d.now = next.at
		for _, command := range d.contact.Advance(next.event(epoch.Add(next.at))) {
			d.perform(command)
		}
		if d.between != nil {
			d.contact = d.between(d.contact)
		}
	}
}

func (d *driver) perform(command flow.Command) {
	d.commands = append(d.commands, timed{d.now, command})
	if d.observe != nil {
		d.observe(command)
	}
	switch k := command.(type) {
	case flow.Say:
		if k.ID != "" {
			d.later(d.lasts(k), k.ID, func(at time.Time) flow.Event { return flow.Said{At: at, ID: k.ID} })
		}
	case flow.SetTimer:
		d.later(k.At.Sub(epoch)-d.now, k.ID, func(at time.Time) flow.Event { return flow.TimerFired{At: at, ID: k.ID} })
	case flow.Ask:
		if d.answer == nil {
			return
		}
		if in, ok := d.answer(d.now, k); ok {
			d.later(in.At.Sub(epoch), k.ID, func(at time.Time) flow.Event { in.At = at; return in })
		}
	case flow.InvokeFunction:
		d.invoke(k)
	case flow.StopSaying:
		d.forget(k.ID)
	case flow.Cancel:
		d.forget(k.ID)
	case flow.Finish:
		d.finished = &k
	}
}

func (d *driver) invoke(k flow.InvokeFunction) {
	r := d.function(d.now, k)
	switch {
	case r.never:
	case r.error != "":
		d.later(r.takes, k.ID, func(at time.Time) flow.Event {
			return flow.FunctionFailed{At: at, ID: k.ID, Error: r.error, Retryable: r.retryable}
		})
	default:
		d.later(r.takes, k.ID, func(at time.Time) flow.Event {
			return flow.FunctionReturned{At: at, ID: k.ID, Payload: json.RawMessage(r.payload)}
		})
	}
}

func (d *driver) forget(id string) {
	for i := range d.queue {
		if d.queue[i].id == id {
			heap.Remove(&d.queue, i)
			return
		}
	}
}

// parse parses a flow that must be without errors.
func parse(t testing.TB, text string) *flow.Flow {
	t.Helper()
	doc, err := source.ParseJSON("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, found := flow.Parse("flow.json", doc)
	if f == nil {
		t.Fatalf("findings: %v", found)
	}
	return f
}
