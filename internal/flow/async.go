package flow

import (
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// asyncCall is an asynchronous invocation of a function. Its id lives as long as the contact.
type asyncCall struct {
	RequestID string
	Function  string // id of the command
	Timer     string
	Flow      string // where it was invoked
	Action    string
	Status    asyncStatus
	Payload   []byte `json:",omitempty"` // the reply as it came, which need not be JSON
	Cause     string `json:",omitempty"`
	Due       time.Time
}

type asyncStatus string

const (
	asyncRunning asyncStatus = "running"
	asyncDone    asyncStatus = "done"
	asyncFailed  asyncStatus = "failed"
)

// invokeAsync starts a function and continues (block page, since July 2025: at most 60 s). $.External stays unchanged.
func (c *Contact) invokeAsync(f *frame, a *flowlang.Action) outcome {
	limit := c.blockLimit(a)
	call := &asyncCall{
		RequestID: uuid(&c.state.Random), Flow: f.Flow, Action: a.Identifier, Status: asyncRunning,
		Due: c.state.Now.Add(limit),
	}
	call.Function = c.open(invoking, nil)
	event, parametersAt := c.functionEvent(f, a)
	c.emit(InvokeFunction{
		ID: call.Function, Action: a, ARN: c.value(f, a, "LambdaFunctionARN"), Event: event,
		ParametersAt: parametersAt, Limit: limit, Asynchronous: true, RequestID: call.RequestID, Attempt: 1,
	})
	call.Timer = c.timer(nil, limit)
	c.state.InvocationID = call.RequestID
	c.state.Async = append(c.state.Async, call)
	return success
}

// background handles events of what the contact itself has opened: asynchronous functions, and the agent of a queue.
func (c *Contact) background(id string, ev Event) {
	switch id {
	case c.state.Agent:
		c.agentTakes()
		return
	case c.state.Whisper:
		c.whisperLate()
		return
	case c.state.Hold:
		c.finish(Finish{Ending: EndingCompleted, Reason: "the contact was taken off hold", Action: c.current()})
		return
	}
	i := slices.IndexFunc(c.state.Async, func(call *asyncCall) bool { return call.Function == id || call.Timer == id })
	if i < 0 {
		return
	}
	call := c.state.Async[i]
	switch e := ev.(type) {
	case FunctionReturned:
		call.Status, call.Payload = asyncDone, e.Payload
		c.close(call.Timer)
	case FunctionFailed:
		call.Status, call.Cause = asyncFailed, e.Error
		c.close(call.Timer)
	case TimerFired:
		c.asyncLate(call)
	}
	c.asyncEnded(call)
}

// asyncLate handles the end of an asynchronous function's time.
func (c *Contact) asyncLate(call *asyncCall) {
	c.rest("late_async_result")
	if c.state.Assumptions.LateAsyncResult == LateAsyncResultLost {
		call.Status, call.Cause = asyncFailed, "the function did not reply in time"
		c.close(call.Function)
	}
}

// asyncEnded tells the Waits that wait for a function.
func (c *Contact) asyncEnded(call *asyncCall) {
	if call.Status == asyncRunning {
		return
	}
	if call.Status == asyncFailed {
		c.rest("failed_async")
		if c.state.Assumptions.FailedAsync == FailedAsyncSilent {
			return
		}
	}
	for _, f := range c.state.Frames {
		for _, b := range f.Work.Branches {
			if b.InvocationID == call.RequestID {
				c.waitEvent(f, b.Name)
				return
			}
		}
	}
}

// runLoadResult puts the result of an asynchronous function into $.External (export; the place is an assumption).
func runLoadResult(c *Contact, f *frame, a *flowlang.Action) outcome {
	id := c.value(f, a, "LambdaInvocationId")
	i := slices.IndexFunc(c.state.Async, func(call *asyncCall) bool { return call.RequestID == id })
	if i < 0 {
		return failure(flowlang.NoMatchingError, "there is no asynchronous invocation with this id")
	}
	call := c.state.Async[i]
	switch call.Status {
	case asyncRunning:
		return failure(flowlang.InProgress, "the function has not returned yet")
	case asyncFailed:
		return failure(flowlang.NoMatchingError, "the function returned an error: "+call.Cause)
	}
	invoked := a
	if flow := c.flowByKey(call.Flow); flow != nil && flow.Action(call.Action) != nil {
		invoked = flow.Action(call.Action)
	}
	values, fault := c.reply(invoked, call.Payload)
	if fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	c.rest("load_writes")
	c.scope(f).set("ResultData", values)
	if c.state.Assumptions.LoadWrites == LoadWritesBoth {
		c.scope(f).set("External", values)
	}
	return success
}
