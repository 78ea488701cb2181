package flow

import (
	"fmt"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// runFunction invokes a Lambda function. A synchronous one holds the flow, in silence, until it replies; an
// asynchronous one lets it continue at once.
func runFunction(c *Contact, f *frame, a *flowlang.Action) outcome {
	function := c.value(f, a, "LambdaFunctionARN")
	if function == "" {
		return failure(flowlang.NoMatchingError, "LambdaFunctionARN has no value")
	}
	if arn.Qualifier(function) != "" {
		c.rest("alias_association")
		if c.state.Assumptions.AliasAssociation == AliasAssociationError {
			return failure(flowlang.NoMatchingError, "the instance is associated with the function without an alias")
		}
	}
	if a.Has(flowlang.Asynchronous) {
		return c.invokeAsync(f, a)
	}
	limit, cause := c.functionLimit(a)
	if limit <= 0 {
		return c.functionFailed(f, flowlang.NoMatchingError, cause)
	}
	f.Work.Limit = limit
	f.Work.Timer = c.timer(f, limit)
	c.invoke(f, a)
	return waiting
}

// functionLimit is how long a synchronous function may take: its own limit, and what is left for functions in a row.
func (c *Contact) functionLimit(a *flowlang.Action) (limit time.Duration, cause string) {
	limit = c.blockLimit(a)
	chain := c.chainLeft()
	if chain >= limit {
		return limit, ""
	}
	c.rest("chain_limit_seconds")
	c.rest("chain_reset")
	left := fmt.Sprintf("functions in a row: %s of %d s are left", source.FormatDuration(chain),
		c.state.Assumptions.ChainLimitSeconds)
	c.note(a, NoteLimit, left)
	return chain, "functions in a row have used up their time"
}

// chainLeft is what is left of the time for functions in a row; a year when there is no limit.
func (c *Contact) chainLeft() time.Duration {
	if c.state.Assumptions.ChainLimitSeconds == 0 {
		return 366 * 24 * time.Hour
	}
	return max(0, time.Duration(c.state.Assumptions.ChainLimitSeconds)*time.Second-c.state.Chain)
}

// countChain adds a function that has ended to the functions in a row. A row that is longer than the default allows
// depends on the limit that was set instead.
func (c *Contact) countChain(f *frame) {
	c.state.Chain += c.state.Now.Sub(f.Work.Started)
	if c.state.Chain > time.Duration(standard.ChainLimitSeconds)*time.Second {
		c.rest("chain_limit_seconds")
	}
}

// blockLimit is how long Connect waits for the function of an action, with a note when the action does not say it.
func (c *Contact) blockLimit(a *flowlang.Action) time.Duration {
	seconds, given := a.InvocationLimit()
	limit := time.Duration(seconds) * time.Second
	if !given {
		text := a.Text("InvocationTimeLimitSeconds")
		c.note(a, NoteLimit, fmt.Sprintf("InvocationTimeLimitSeconds is %q: %d s counts", text, seconds))
	}
	return limit
}

// invoke sends the function's event, for the first time or again.
func (c *Contact) invoke(f *frame, a *flowlang.Action) {
	f.Work.Attempts++
	f.Work.Function = c.open(invoking, f)
	event, parametersAt := c.functionEvent(f, a)
	c.emit(InvokeFunction{
		ID: f.Work.Function, Action: a, ARN: c.value(f, a, "LambdaFunctionARN"), Event: event,
		ParametersAt: parametersAt, Limit: f.Work.Limit - c.state.Now.Sub(f.Work.Started),
		RequestID: uuid(&c.state.Random), Attempt: f.Work.Attempts,
	})
}

// reply is what a function replied.
type reply struct {
	Failed  *FunctionFailed `json:",omitempty"` // nil when it returned
	Payload []byte          `json:",omitempty"` // of what was returned, which need not be JSON
}

func resumeFunction(c *Contact, f *frame, a *flowlang.Action, ev Event) outcome {
	switch e := ev.(type) {
	case FunctionReturned:
		return c.functionReplied(f, a, reply{Payload: e.Payload})
	case FunctionFailed:
		return c.functionReplied(f, a, reply{Failed: &e})
	case TimerFired:
		switch {
		case e.ID != f.Work.Second:
		case f.Work.Reply != nil:
			return c.replyReceived(f, a)
		default:
			c.invoke(f, a)
			return waiting
		}
	}
	return c.functionLate(f, a)
}

// functionReplied lets Connect take its own time for a reply.
func (c *Contact) functionReplied(f *frame, a *flowlang.Action, r reply) outcome {
	f.Work.Reply = &r
	if own := c.state.Assumptions.ConnectTime(); own > 0 {
		f.Work.Second = c.timer(f, own)
		return waiting
	}
	return c.replyReceived(f, a)
}

// replyReceived continues with a reply that came within the limit.
func (c *Contact) replyReceived(f *frame, a *flowlang.Action) outcome {
	r := *f.Work.Reply
	f.Work.Reply = nil
	less := standard.ConnectTime() - c.state.Assumptions.ConnectTime()
	if took := c.state.Now.Sub(f.Work.Started); took+less >= f.Work.Limit {
		c.rest("connect_time_ms")
	}
	if r.Failed != nil {
		return c.functionRefused(f, a, *r.Failed)
	}
	return c.functionReturned(f, a, r.Payload)
}

// functionLate takes the error branch of a function whose reply did not come within the limit.
func (c *Contact) functionLate(f *frame, a *flowlang.Action) outcome {
	if f.Work.Reply != nil {
		c.rest("connect_time_ms")
	}
	if slices.ContainsFunc(a.Branches, isOtherError) {
		c.rest("timeout_error")
	}
	return c.functionFailed(f, c.state.Assumptions.TimeoutError,
		fmt.Sprintf("the function did not reply within %s", source.FormatDuration(f.Work.Limit)))
}

func (c *Contact) functionReturned(f *frame, a *flowlang.Action, payload []byte) outcome {
	values, fault := c.reply(a, payload)
	if fault != "" {
		return c.functionFailed(f, flowlang.NoMatchingError, fault)
	}
	c.countChain(f)
	c.setExternal(f, values)
	return success
}

// functionRefused decides whether Connect invokes a failing function again.
func (c *Contact) functionRefused(f *frame, a *flowlang.Action, e FunctionFailed) outcome {
	assumed := &c.state.Assumptions
	if !e.Retryable {
		c.rest("retried_failures")
	}
	repeat := e.Retryable || assumed.RetriedFailures == RetriedFailuresAll
	if repeat {
		c.rest("connect_retries")
		c.rest("retry_pause_ms")
	}
	pause := time.Duration(assumed.RetryPauseMillis) * time.Millisecond
	left := f.Work.Limit - c.state.Now.Sub(f.Work.Started)
	if !repeat || f.Work.Attempts > assumed.ConnectRetries || left <= pause {
		return c.functionFailed(f, flowlang.NoMatchingError, "the function returned an error: "+e.Error)
	}
	c.note(a, NoteRetry, fmt.Sprintf("%s: attempt %d of %d", e.Error, f.Work.Attempts+1, assumed.ConnectRetries+1))
	if pause > 0 {
		f.Work.Second = c.timer(f, pause)
		return waiting
	}
	c.invoke(f, a)
	return waiting
}

// functionFailed takes the error branch of a synchronous function.
func (c *Contact) functionFailed(f *frame, errorType, cause string) outcome {
	c.countChain(f)
	if len(c.scope(f).Data["External"]) > 0 {
		c.rest("external_after_error")
	}
	if c.state.Assumptions.ExternalAfterError == ExternalAfterErrorCleared {
		c.setExternal(f, nil)
	}
	return failure(errorType, cause)
}

// setExternal replaces $.External, whose other name is $.LambdaInvocation.ResultData.
func (c *Contact) setExternal(f *frame, values map[string]string) {
	c.scope(f).set("External", values)
	c.scope(f).set("ResultData", values)
}

func isOtherError(b *flowlang.Branch) bool {
	return b.Kind == flowlang.Failure && b.Name != flowlang.NoMatchingError
}
