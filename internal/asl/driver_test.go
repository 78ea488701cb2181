package asl

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// driver holds an execution in a test: it performs the commands at virtual time, in order of time and then of request.
//
// It also checks what is true of every execution: history events are numbered in order and follow earlier ones,
// nothing comes after Finish, and when it comes nothing is left open.
type driver struct {
	t         testing.TB
	execution *Execution
	began     time.Time // when the execution starts; zero: epoch
	queue     eventQueue
	sequence  int
	asked     map[ID]Command // what opened an ID
	open      map[ID]bool
	closed    map[ID]bool
	history   []HistoryEvent
	finish    *Finish
	// invoke answers tasks; after is how long the answer takes. A nil event means that no answer ever comes.
	invoke func(InvokeTask, time.Time) (answer func(at time.Time) Event, after time.Duration)
	child  func(StartChild, time.Time) []scheduled
	// between is called between two events and may replace the execution.
	between func(*Execution) *Execution
}

// scheduled is an event that comes after some time.
type scheduled struct {
	event func(at time.Time) Event
	after time.Duration
}

type queued struct {
	at       time.Time
	sequence int
	id       ID
	event    func(at time.Time) Event
}

type eventQueue []queued

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].sequence < q[j].sequence
}
func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *eventQueue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *eventQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// epoch is when test executions start.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC)

// run plays the execution until it has finished, until nothing more will happen, or until the limit of virtual time.
func (d *driver) run(limit time.Duration) {
	d.open, d.closed = map[ID]bool{}, map[ID]bool{}
	if d.began.IsZero() {
		d.began = epoch
	}
	d.perform(d.execution.Advance(Started{At: d.began}), d.began)
	d.resume(limit)
}

// resume plays on.
func (d *driver) resume(limit time.Duration) {
	for d.queue.Len() > 0 && d.finish == nil {
		next := heap.Pop(&d.queue).(queued)
		if d.closed[next.id] {
			continue
		}
		if next.at.Sub(d.began) > limit {
			heap.Push(&d.queue, next)
			return
		}
		if d.between != nil {
			d.execution = d.between(d.execution)
			d.reopen(next)
		}
		d.tell(next.event(next.at))
	}
}

// redrive lets an execution go on that has ended without success.
func (d *driver) redrive() {
	d.finish, d.queue = nil, nil
	if d.between != nil {
		d.execution = d.between(d.execution)
	}
	d.tell(Redriven{At: d.history[len(d.history)-1].Timestamp.Add(time.Second)})
}

// tell hands an event to the execution and performs the commands.
func (d *driver) tell(ev Event) {
	commands := d.execution.Advance(ev)
	if id, ends := ended(ev); ends && commands != nil {
		delete(d.open, id)
	}
	d.perform(commands, ev.when())
}

// ended returns the ID that an event closes.
func ended(ev Event) (ID, bool) {
	switch ev := ev.(type) {
	case TimerFired:
		return ev.ID, true
	case TaskSucceeded:
		return ev.ID, true
	case TaskFailed:
		return ev.ID, true
	case TaskRefused:
		return ev.ID, true
	case ChildEnded:
		return ev.ID, true
	}
	return 0, false
}

func (d *driver) perform(commands []Command, at time.Time) {
	for _, c := range commands {
		d.ask(c)
		if d.finish != nil {
			d.t.Errorf("%+v comes after Finish", c)
		}
		switch c := c.(type) {
		case Emit:
			d.record(c.Event)
		case Finish:
			d.finish = &c
			if len(d.open) > 0 {
				d.t.Errorf("%v are open at the end", d.open)
			}
		case Cancel:
			delete(d.open, c.ID)
			d.closed[c.ID] = true
		case SetTimer:
			d.open[c.ID] = true
			d.push(c.At, c.ID, func(at time.Time) Event { return TimerFired{At: at, ID: c.ID} })
		case InvokeTask:
			d.open[c.ID] = true
			d.call(c, at)
		case StartChild:
			d.open[c.ID] = c.Wait || c.WaitForToken
			d.start(c, at)
		}
	}
}

func (d *driver) record(e HistoryEvent) {
	if e.ID != int64(len(d.history))+1 || e.PreviousEventID >= e.ID || e.PreviousEventID < 0 {
		d.t.Errorf("event %d after event %d is number %d", e.ID, e.PreviousEventID, len(d.history)+1)
	}
	if n := len(d.history); n > 0 && e.Timestamp.Before(d.history[n-1].Timestamp) {
		d.t.Errorf("event %d is before the one before it", e.ID)
	}
	d.history = append(d.history, e)
}

func (d *driver) call(c InvokeTask, at time.Time) {
	if d.invoke == nil {
		return
	}
	if answer, after := d.invoke(c, at); answer != nil {
		d.push(at.Add(after), c.ID, answer)
	}
}

func (d *driver) start(c StartChild, at time.Time) {
	if !d.open[c.ID] {
		delete(d.open, c.ID) // a plain start ends with the answer
	}
	if d.child == nil {
		return
	}
	for _, s := range d.child(c, at) {
		d.push(at.Add(s.after), c.ID, s.event)
	}
}

func (d *driver) push(at time.Time, id ID, event func(time.Time) Event) {
	d.sequence++
	heap.Push(&d.queue, queued{at: at, sequence: d.sequence, id: id, event: event})
}

// testOptions are what test executions are created with.
var testOptions = Options{
	ExecutionARN:     "arn:aws:states:us-east-1:111111111111:execution:machine:run",
	Name:             "run",
	RoleARN:          "arn:aws:iam::111111111111:role/role",
	StateMachineARN:  "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
	StateMachineName: "machine",
	Seed:             7,
}

func mustParse(t testing.TB, definition string) *Machine {
	t.Helper()
	doc, err := source.ParseJSON("test.asl.json", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	m, findings := Parse("test.asl.json", doc)
	if m == nil {
		t.Fatal(findings)
	}
	return m
}

// start makes a driver for a new execution. Tasks are answered by functions, by name; others never are.
func start(t testing.TB, definition, input string) *driver {
	t.Helper()
	e, err := mustParse(t, definition).NewExecution(testOptions, json.RawMessage(input))
	if err != nil {
		t.Fatal(err)
	}
	return &driver{t: t, execution: e}
}

// restored returns a function that saves an execution and restores it.
func restored(t testing.TB, m *Machine) func(*Execution) *Execution {
	return func(e *Execution) *Execution {
		saved, err := json.Marshal(e)
		if err != nil {
			t.Error(err)
			return e
		}
		back, err := m.Restore(saved)
		if err != nil {
			t.Error(err)
			return e
		}
		return back
	}
}

// functions answers tasks by the function's name, or by service:action; each answer is used once, the last one for
// ever.
func functions(answers map[string][]outcome) func(InvokeTask, time.Time) (answer, time.Duration) {
	return func(c InvokeTask, _ time.Time) (answer, time.Duration) {
		name := c.FunctionName
		if name == "" {
			name = c.Service + ":" + c.Action
		}
		list := answers[name]
		if len(list) == 0 {
			return nil, 0
		}
		if len(list) > 1 {
			answers[name] = list[1:]
		}
		return list[0].answer(c), list[0].after
	}
}

// outcome is how a task of a test ends: with an error, with output, or with its payload as output.
type outcome struct {
	after  time.Duration
	err    string
	cause  string
	output string
}

func (o outcome) answer(c InvokeTask) answer {
	output := json.RawMessage(o.output)
	if o.output == "" {
		output = c.Payload
	}
	return func(at time.Time) Event {
		if o.err != "" {
			return TaskFailed{At: at, ID: c.ID, Error: o.err, Cause: o.cause}
		}
		return TaskSucceeded{At: at, ID: c.ID, Output: output}
	}
}

// types returns the types of the history events in order.
func (d *driver) types() []string {
	var list []string
	for _, e := range d.history {
		list = append(list, e.Type)
	}
	return list
}

// took returns the virtual time from the start to the last history event.
func (d *driver) took() time.Duration { return d.history[len(d.history)-1].Timestamp.Sub(d.began) }

// ending describes the end of the execution in one line.
func (d *driver) ending() string {
	if d.finish == nil {
		return "RUNNING"
	}
	text := fmt.Sprintf("%s %s", d.finish.Status, d.finish.Output)
	if d.finish.Status != Succeeded {
		text = fmt.Sprintf("%s %s: %s", d.finish.Status, d.finish.Error, d.finish.Cause)
	}
	if d.took() > 0 {
		text += fmt.Sprintf(" after %s", d.took())
	}
	return text
}

// day is more than any execution of a test takes.
const day = 24 * time.Hour
