package asl

import (
	"cmp"
	"slices"
	"time"
)

// Outstanding is something that an execution waits for. Whoever restores an execution that was saved performs the
// command again, as far as it is not over: a timer at its time, a task that may have run before.
type Outstanding struct {
	Command Command   // InvokeTask, StartChild or SetTimer, as it was given
	Since   time.Time // when that was
	Until   time.Time // the time of a timer, and of a task when its TimeoutSeconds are over; zero when there is none
	// Accepted says that a task which goes on was submitted: its token or its child is what it waits for. ChildARN
	// is the child's.
	Accepted bool
	ChildARN string
}

// Outstanding returns what the execution waits for, in the order in which it asked for it; nothing when it has ended.
func (e *Execution) Outstanding() []Outstanding {
	var open []*opened
	for _, o := range e.r.Open {
		if o.Asked.Order > 0 {
			open = append(open, o)
		}
	}
	slices.SortFunc(open, func(a, b *opened) int { return cmp.Compare(a.Asked.Order, b.Asked.Order) })
	var list []Outstanding
	for _, o := range open {
		a := o.Asked
		list = append(list, Outstanding{
			Command: a.command(), Since: a.Since, Until: e.until(o), Accepted: a.Accepted, ChildARN: a.ChildARN,
		})
	}
	return list
}

// until is when the execution stops waiting for something.
func (e *Execution) until(o *opened) time.Time {
	if o.Asked.Timer != nil {
		return o.Asked.Timer.At
	}
	if f := e.r.Frames[o.Frame]; f != nil && f.Task != nil {
		if limit := e.r.Open[f.Task.Timeout]; limit != nil && limit.Asked.Timer != nil {
			return limit.Asked.Timer.At
		}
	}
	return time.Time{}
}

// asked is the command that opened something, and what became of it.
type asked struct {
	Order    int64       `json:"order"` // from 1, of all commands that opened something
	Since    time.Time   `json:"since"`
	Task     *InvokeTask `json:"task,omitempty"`
	Child    *StartChild `json:"child,omitempty"`
	Timer    *SetTimer   `json:"timer,omitempty"`
	Accepted bool        `json:"accepted,omitempty"`
	ChildARN string      `json:"childArn,omitempty"`
}

func (a asked) command() Command {
	switch {
	case a.Task != nil:
		return *a.Task
	case a.Child != nil:
		return *a.Child
	}
	return *a.Timer
}

// remember keeps a command that opens something beside its ID.
func (t *turn) remember(c Command) {
	switch c := c.(type) {
	case InvokeTask:
		t.keep(c.ID, asked{Task: &c})
	case StartChild:
		t.keep(c.ID, asked{Child: &c})
	case SetTimer:
		t.keep(c.ID, asked{Timer: &c})
	}
}

func (t *turn) keep(id ID, a asked) {
	o, ok := t.r.Open[id]
	if !ok {
		return
	}
	t.r.Asked++
	a.Order, a.Since = t.r.Asked, t.at
	o.Asked = a
}

// accepted notes that a task which goes on was submitted.
func (t *turn) accepted(id ID, childARN string) {
	if o, ok := t.r.Open[id]; ok {
		o.Asked.Accepted, o.Asked.ChildARN = true, childARN
	}
}
