package local

import (
	"context"
	"errors"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
)

// startChild starts a nested execution next to this one, which is locked. It starts a task instead of
// calling, so that children of children do not grow the stack.
func (e *Execution) startChild(c asl.StartChild) {
	task := childRequest(c)
	o := &opened{token: e.openToken(c.Token, c.ID)}
	ctx := context.Background()
	standIn := e.account.taskStandIn(c.State, c.Resource)
	if standIn != nil {
		ctx, o.cancel = e.account.taskContext(standIn)
	}
	e.open[c.ID] = o
	e.account.options.Clock.Go(func() {
		if !e.standsIn(ctx, task, standIn) {
			e.account.together(func() { e.beginChild(c) })
		}
	})
}

func (e *Execution) beginChild(c asl.StartChild) {
	child, begins, err := e.account.openChild(c)
	if err != nil {
		e.advance(c.ID, func(at time.Time) asl.Event { return refusedChild(c.ID, at, err) })
		return
	}
	closes := c.ID
	if c.Wait || c.WaitForToken {
		closes = 0
	}
	e.advance(closes, func(at time.Time) asl.Event {
		return asl.ChildStarted{At: at, ID: c.ID, ExecutionARN: child.ARN, StartedAt: child.started}
	})
	e.watch(c, child)
	if begins {
		child.run()
	}
}

// resumeChild goes on with a child that the execution, which is locked, asked for before it was restored. It returns
// what is to be done when it is not locked any more.
func (e *Execution) resumeChild(c asl.StartChild, o asl.Outstanding) (after func()) {
	if !o.Accepted {
		return e.later(c.ID, func() { e.startChild(c) })
	}
	if o.ChildARN == "" { // it has a stand-in
		return e.resumeStandIn(childRequest(c), o.Since)
	}
	e.open[c.ID] = &opened{token: e.openToken(c.Token, c.ID)}
	return func() {
		child, err := e.account.Execution(o.ChildARN)
		if err != nil {
			e.advance(c.ID, func(at time.Time) asl.Event { return refusedChild(c.ID, at, err) })
			return
		}
		e.watch(c, child)
	}
}

func (a *Account) openChild(c asl.StartChild) (child *Execution, begins bool, err error) {
	t, err := a.target(c.StateMachineARN)
	if err != nil {
		return nil, false, err
	}
	if !validName(c.Name) {
		return nil, false, errName(c.Name)
	}
	return a.open(t, c.Name, c.Input)
}

// parent is an execution whose task waits for the end of another.
type parent struct {
	execution *Execution
	task      asl.ID
}

// watch makes the execution a parent of a child that is waited for. The child is stopped when this execution does not
// wait any longer.
func (e *Execution) watch(c asl.StartChild, child *Execution) {
	if !c.Wait {
		return
	}
	e.mu.Lock()
	if o, waiting := e.open[c.ID]; waiting {
		o.child = child
	}
	e.mu.Unlock()
	p := parent{execution: e, task: c.ID}
	child.mu.Lock()
	running := child.ended.Load() == nil
	if running {
		child.parents = append(child.parents, p)
	}
	child.mu.Unlock()
	if !running {
		p.childEnded(child)
	}
}

// childEnded tells a parent that its child has ended.
func (p parent) childEnded(child *Execution) {
	d := child.Describe()
	p.execution.advance(p.task, func(at time.Time) asl.Event { return childEnded(p.task, at, child, d) })
}

func childEnded(id asl.ID, at time.Time, child *Execution, d Description) asl.Event {
	return asl.ChildEnded{
		At:              at,
		ID:              id,
		ExecutionARN:    child.ARN,
		Name:            child.Name,
		StateMachineARN: child.target.runs.ARN,
		Status:          d.Status,
		Input:           d.Input,
		Output:          d.Output,
		Error:           d.Error,
		Cause:           d.Cause,
		StartedAt:       d.Started,
		EndedAt:         d.Stopped,
	}
}

func refusedChild(id asl.ID, at time.Time, err error) asl.Event {
	refused, ok := errors.AsType[*Error](err)
	if !ok {
		refused = &Error{Code: "InternalFailure", Message: err.Error()}
	}
	return asl.TaskRefused{At: at, ID: id, Code: refused.Code, Message: refused.Message, Status: refused.status()}
}
