package flow_test

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
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
	lengths  map[string]time.Duration // of texts, by id
	replies  map[string]reply         // of functions
	inputs   map[string]flow.Input    // answers to an Ask
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
	d.lengths, d.replies, d.inputs = map[string]time.Duration{}, map[string]reply{}, map[string]flow.Input{}
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
			d.reopen()
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
			d.lengths[k.ID] = d.lasts(k)
			d.later(d.lengths[k.ID], k.ID, func(at time.Time) flow.Event { return flow.Said{At: at, ID: k.ID} })
		}
	case flow.SetTimer:
		d.later(k.At.Sub(epoch)-d.now, k.ID, func(at time.Time) flow.Event { return flow.TimerFired{At: at, ID: k.ID} })
	case flow.Ask:
		if d.answer == nil {
			return
		}
		if in, ok := d.answer(d.now, k); ok {
			d.answerLater(in.At.Sub(epoch), k.ID, in)
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

func (d *driver) answerLater(after time.Duration, id string, in flow.Input) {
	d.inputs[id] = in
	d.later(after, id, func(at time.Time) flow.Event { in.At = at; return in })
}

func (d *driver) invoke(k flow.InvokeFunction) {
	d.reply(0, k, d.function(d.now, k))
}

// reply lets a function that has run for a while reply.
func (d *driver) reply(ran time.Duration, k flow.InvokeFunction, r reply) {
	d.replies[k.ID] = r
	switch {
	case r.never:
	case r.error != "":
		d.later(r.takes-ran, k.ID, func(at time.Time) flow.Event {
			return flow.FunctionFailed{At: at, ID: k.ID, Error: r.error, Retryable: r.retryable}
		})
	default:
		d.later(r.takes-ran, k.ID, func(at time.Time) flow.Event {
			return flow.FunctionReturned{At: at, ID: k.ID, Payload: json.RawMessage(r.payload)}
		})
	}
}

// reopen forgets all that is open and opens again what the contact says it waits for.
func (d *driver) reopen() {
	lost := map[string]bool{}
	d.queue = slices.DeleteFunc(d.queue, func(q queued) bool {
		lost[q.id] = q.id != ""
		return q.id != ""
	})
	heap.Init(&d.queue)
	for _, o := range d.contact.Outstanding() {
		id := d.same(o)
		delete(lost, id)
		ran := d.now - o.Since.Sub(epoch)
		switch k := o.Command.(type) {
		case flow.Say:
			d.later(d.lengths[id]-ran, id, func(at time.Time) flow.Event { return flow.Said{At: at, ID: id} })
		case flow.SetTimer:
			left := o.Until.Sub(epoch) - d.now
			d.later(left, id, func(at time.Time) flow.Event { return flow.TimerFired{At: at, ID: id} })
		case flow.Ask:
			if in, ok := d.inputs[id]; ok {
				d.answerLater(in.At.Sub(epoch)-ran, id, in)
			}
		case flow.InvokeFunction:
			d.reply(ran, k, d.replies[id])
		}
	}
	delete(lost, "")
	if len(lost) > 0 {
		panic(fmt.Sprintf("%v is open, but not outstanding", lost))
	}
}

// same returns the id of what is outstanding, which must be just as it was asked for.
func (d *driver) same(o flow.Outstanding) string {
	want, _ := opens(o.Command)
	for _, asked := range d.commands {
		id, ok := opens(asked.command)
		if !ok || id != want {
			continue
		}
		plain := cmp.Comparer(func(a, b *flowlang.Action) bool { return a == b })
		if diff := cmp.Diff(asked.command, o.Command, plain); diff != "" || !o.Since.Equal(epoch.Add(asked.at)) {
			panic(fmt.Sprintf("since %v (-asked for +outstanding):\n%s", o.Since, diff))
		}
		return id
	}
	panic(fmt.Sprintf("%+v was never asked for", o))
}

// opens returns the id that a command opens.
func opens(command flow.Command) (id string, ok bool) {
	switch k := command.(type) {
	case flow.Say:
		return k.ID, k.ID != ""
	case flow.Ask:
		return k.ID, true
	case flow.InvokeFunction:
		return k.ID, true
	case flow.SetTimer:
		return k.ID, true
	}
	return "", false
}

func (d *driver) forget(id string) {
	for i := range d.queue {
		if d.queue[i].id == id {
			heap.Remove(&d.queue, i)
			return
		}
	}
}

// compile reads and compiles a document, as a call does.
func compile(file string, doc *source.Node) (*flow.Flow, source.Findings) {
	read, err := flowlang.Read(file, doc)
	if err != nil {
		return nil, source.Findings{source.AsFinding(file, err)}
	}
	return flow.Compile(read)
}

// parse parses a flow that must be without errors.
func parse(t testing.TB, text string) *flow.Flow {
	t.Helper()
	doc, err := source.ParseJSON("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, found := compile("flow.json", doc)
	if f == nil {
		t.Fatalf("findings: %v", found)
	}
	return f
}
