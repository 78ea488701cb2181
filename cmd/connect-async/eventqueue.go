package main

import (
	"math"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/call"
)

// eventQueue puts the events of several callers into the order in which they began, on one clock. Those of each caller
// come nearly in that order already; so an event's turn has come when no caller can have an earlier one.
type eventQueue struct {
	arrives []time.Duration // when each caller's own time begins
	reached []time.Duration // how far each caller has come, on the common clock
	waiting []call.Event    // in their order
}

func newEventQueue(arrives []time.Duration) *eventQueue {
	return &eventQueue{arrives: arrives, reached: slices.Clone(arrives)}
}

// meanwhile are the events that may happen while a caller waits for a function, whose event began before them.
var meanwhile = []call.EventType{call.TypeExecution, call.TypeCaller, call.TypeNote, call.TypeFlowLog}

// began is when an event began on the common clock.
func (q *eventQueue) began(e call.Event) time.Duration { return q.arrives[e.Caller] + e.Began() }

// add takes an event and returns those whose turn has come.
func (q *eventQueue) add(e call.Event) []call.Event {
	at := q.until(q.began(e))
	q.waiting = slices.Insert(q.waiting, at, e)
	switch {
	case e.Type == call.TypeEnded:
		q.reached[e.Caller] = math.MaxInt64
	case !slices.Contains(meanwhile, e.Type) && !e.Async:
		q.reached[e.Caller] = q.arrives[e.Caller] + e.At
	}
	return q.take(q.until(slices.Min(q.reached)))
}

// until is how many of the waiting events began at a time or before it.
func (q *eventQueue) until(at time.Duration) int {
	i := slices.IndexFunc(q.waiting, func(e call.Event) bool { return q.began(e) > at })
	if i < 0 {
		return len(q.waiting)
	}
	return i
}

// rest returns the events whose turn has not come.
func (q *eventQueue) rest() []call.Event { return q.take(len(q.waiting)) }

func (q *eventQueue) take(n int) []call.Event {
	events := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return events
}
