package asl

import (
	"time"

	"github.com/connect-async/connect-async/internal/value"
)

// context builds the context object for the state that the frame is in (AWS developer guide, context object; which
// parts are there when, and their order: recorded).
func (t *turn) context(f *frame) any {
	if t.test != nil && t.test.context != nil {
		return t.test.context
	}
	state := []value.Member{value.M("Name", f.State), value.M("EnteredTime", timestamp(f.EnteredAt))}
	if t.stateOf(f).handling() != nil {
		state = append(state, value.M("RetryCount", number(int64(f.RetryCount))))
	}
	context := []value.Member{
		value.M("Execution", t.executionContext()),
		value.M("StateMachine", value.NewObject(
			value.M("Id", t.r.Options.StateMachineARN), value.M("Name", t.r.Options.StateMachineName))),
		value.M("State", value.NewObject(state...)),
	}
	if f.Task != nil && f.Task.Token != "" {
		context = append(context, value.M("Task", value.NewObject(value.M("Token", f.Task.Token))))
	}
	if of := t.iterationOf(f); of != nil {
		item := value.NewObject(value.M("Index", number(int64(of.Index))), value.M("Value", of.Item.value))
		context = append(context, value.M("Map", value.NewObject(value.M("Item", item))))
	}
	return value.NewObject(context...)
}

// executionContext is the part of the context object that stays the same.
func (e *Execution) executionContext() any {
	o := e.r.Options
	members := []value.Member{
		value.M("Id", o.ExecutionARN),
		value.M("Input", e.r.Input.value),
		value.M("StartTime", timestamp(e.r.StartedAt)),
		value.M("Name", o.Name),
		value.M("RoleArn", o.RoleARN),
		value.M("RedriveCount", number(int64(e.r.Redrives))),
	}
	if e.r.Redrives > 0 {
		members = append(members, value.M("RedriveTime", timestamp(e.r.RedrivenAt)))
	}
	return value.NewObject(members...)
}

// iterationOf returns the innermost iteration that the frame belongs to, nil when there is none.
func (t *turn) iterationOf(f *frame) *frame {
	for ; f != nil; f = t.r.Frames[f.Parent] {
		if f.Iteration {
			return f
		}
	}
	return nil
}

// timestamp writes a time as the context object does: ISO 8601 in UTC with milliseconds, without zeros at the end of
// the fraction.
func timestamp(at time.Time) string {
	return at.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
}
