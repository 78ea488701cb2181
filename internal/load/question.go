package load

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

// A caller may want more than one result in a call: a balance, and then the last payment. Each is a question, and only
// who is told the result of every one is served.

// question is what is asked of the async function: the parameters that make an execution another one.
type question struct{ job, request string }

// asks is the question of an invocation. None opens with a check or a cancellation, which are about an earlier one.
func asks(event []byte) (q question, opens bool) {
	var e struct {
		Details struct{ Parameters map[string]json.RawMessage }
	}
	_ = json.Unmarshal(event, &e) // our own contact wrote it
	text := func(name string) (value string) {
		raw, long := e.Details.Parameters[async.LongName(name)]
		if !long {
			raw = e.Details.Parameters[name]
		}
		_ = json.Unmarshal(raw, &value)
		return value
	}
	q = question{job: text(async.ParamJob), request: text(async.ParamRequest)}
	return q, text(async.ParamExecutionID) == "" && text(async.ParamAction) != async.ActionCancel
}

// asks notes that the caller asks something at a place.
func (c *caller) asks(p *place) {
	if p.opens == nil {
		q, opens := asks(p.invoke.Event)
		p.question, p.opens = q, &opens
	}
	if *p.opens {
		if !c.asked.IsZero() && p.question != c.question {
			c.closes(p.question)
		}
		c.question = p.question
	}
	if c.asked.IsZero() {
		c.asked, c.failure = c.sim.now(), unfinished
		c.sim.result.waits(1)
	}
}

// closes closes the caller's question, for another one. One about the same job may be a second try: then only that
// counts.
func (c *caller) closes(next question) {
	if c.told.IsZero() && next.job != c.question.job && c.missed == "" {
		c.missed, c.missedAt = c.failure, c.failed
	}
	c.sim.result.stopsWaiting(c)
	c.asked, c.told, c.failed = time.Time{}, time.Time{}, time.Time{}
	c.counted, c.pending = false, false
}

// served reports whether the caller was told the result of every question.
func (c *caller) served() bool {
	if c.missed != "" {
		c.failure, c.failed = c.missed, c.missedAt
		return false
	}
	return !c.told.IsZero()
}

// asksOnly is the only execution of the caller's question, nil when there is none or there are several.
func (c *caller) asksOnly() (only *execution) {
	for _, e := range c.executions {
		switch {
		case e.started.Before(c.asked):
		case only != nil:
			return nil
		default:
			only = e
		}
	}
	return only
}
