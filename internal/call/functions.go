package call

import (
	"errors"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/value"
)

// Invoke implements player.Functions: it invokes a Lambda function as Connect does, which takes at least as long as
// the scenario says.
func (l *line) Invoke(c flow.InvokeFunction) player.Reply {
	if l.stage.call.record != nil {
		return l.replyAsRecorded(c)
	}
	began := l.now()
	result := l.stage.account.Invoke(l.stage.functions, l.stage.call.functionARN(c.ARN), c.Event)
	latency := l.stage.call.scenario.Latency.Lambda - l.connectTime(c) // which the contact adds
	_ = l.stage.clock.Sleep(l.stage.functions, latency-(l.now()-began))
	return player.Reply{
		Payload: result.Payload, Failed: result.FunctionError != "", ErrorType: result.ErrorType,
		Err: result.Err, Retryable: retryable(result.Err),
	}
}

// connectTime is what Connect itself takes for an invocation that the flow waits for, after the reply.
func (l *line) connectTime(c flow.InvokeFunction) time.Duration {
	if c.Asynchronous {
		return 0
	}
	return l.stage.call.scenario.Assumptions.ConnectTime()
}

// final are the refusals after which Connect does not invoke a function again: it tries again after throttling and
// faults of the service, but not where there is no such function or no permission (documentation: Invoke Lambda
// block).
var final = []string{"ResourceNotFoundException", "AccessDeniedException"}

func retryable(err error) bool {
	var refused *local.Error
	return !errors.As(err, &refused) || !slices.Contains(final, refused.Code)
}

// answered reports the end of an invocation, by its reply or by a limit.
func (l *line) answered(c flow.InvokeFunction, o player.Opened) {
	switch {
	case !o.Cut:
		l.replied(c, o)
	case l.player.Contact().Ended() != "":
		l.functionEvent(c, l.now(), Event{Error: "no answer before the call ended"})
	default:
		e := Event{Error: "no answer within the block's limit", Took: l.now() - l.since(o.Began)}
		l.functionEvent(c, l.now(), e)
		l.checkInvocation(c, o, e)
	}
}

// replied reports an invocation's own end.
func (l *line) replied(c flow.InvokeFunction, o player.Opened) {
	var e Event
	var reply *value.Object
	switch {
	case o.Reply.Err != nil:
		e.Error = o.Reply.Err.Error()
	case o.Reply.Failed:
		e = failed(e, l.stage.explained(failureOf(o.Reply.ErrorType, string(o.Reply.Payload))))
	default:
		reply = readObject(o.Reply.Payload)
		e = outcome(reply)
		if f, ok := failureIn(reply, l.ends()); ok {
			e = failed(e, l.stage.explained(f))
		}
	}
	at := l.now() + l.connectTime(c)
	e.Took = at - l.since(o.Began)
	l.functionEvent(c, at, e)
	l.checkInvocation(c, o, e)
	if e.Status == "" {
		return
	}
	l.remember(c, reply)
	if l.result.replied(reply); l.result.told {
		l.comfort.done()
	}
}

// ends describes the executions of the contact.
func (l *line) ends() []local.Description {
	ends := make([]local.Description, len(l.executions))
	for i, execution := range l.executions {
		ends[i] = execution.Describe()
	}
	return ends
}

func (l *line) functionEvent(c flow.InvokeFunction, at time.Duration, e Event) {
	e.Type, e.Action, e.Async = TypeFunction, c.Action.Identifier, c.Asynchronous
	e.Silent = !c.Asynchronous && l.spoken()
	e.Function = l.functionName(c)
	if c.Asynchronous {
		l.comfort.calls(e.Function)
	}
	if e.Function == l.stage.call.workspace.AsyncName {
		e.Request = requestOf(readObject(c.Parameters()))
	}
	l.eventAt(at, e)
}

func (l *line) functionName(c flow.InvokeFunction) string {
	name, _ := l.stage.account.FunctionName(l.stage.call.functionARN(c.ARN))
	return name
}
