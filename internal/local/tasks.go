package local

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/httptask"
	"github.com/connect-async/connect-async/internal/messaging"
	"github.com/connect-async/connect-async/internal/standin"
)

// maxTask is the longest that a function can run, with a margin.
const maxTask = awsfacts.FunctionTimeout + time.Minute

// performs reports whether the account can perform tasks of an integration: what is served on this machine, and what
// has a stand-in. endpoint is where an HTTP Task leads, "" when that is not known.
func (a *Account) performs(service, action, endpoint string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.standIns[service+":"+action] != nil:
		return true
	case service == asl.ActivityService:
		return a.activities[a.ActivityARN(action)] != nil
	case a.options.Tables != nil && standin.ToTables(service):
		return true
	case standin.IsHTTP(service, action) && a.http == nil:
		return false
	case standin.StatesOperation(service, action) != "" && a.states == nil:
		return false
	}
	return standin.ServedTask(service, action, endpoint)
}

// endpoint is the URL that an HTTP Task calls, "" for any other task.
func endpoint(c asl.InvokeTask) string {
	var parameters struct{ ApiEndpoint string }
	if !standin.IsHTTP(c.Service, c.Action) || json.Unmarshal(c.Input.JSON(), &parameters) != nil {
		return ""
	}
	return parameters.ApiEndpoint
}

// taskContext is that of a task, which may have a stand-in: a function has its limit, a job that a stand-in plays only
// that of its execution.
func (a *Account) taskContext(standIn TaskStandIn) (context.Context, context.CancelFunc) {
	longest := maxTask
	if standIn != nil {
		longest = awsfacts.ExecutionTimeout
	}
	return a.options.Clock.WithDeadline(context.Background(), a.now().Add(longest))
}

// invoke performs a task next to the execution, which asked for it at a time; the execution is locked.
func (e *Execution) invoke(c asl.InvokeTask, asked time.Time) {
	clk := e.account.options.Clock
	standIn := e.account.taskStandIn(c.State, c.Resource)
	ctx, cancel := e.account.taskContext(standIn)
	e.open[c.ID] = &opened{cancel: cancel}
	if c.Service != asl.ActivityService {
		e.open[c.ID].token = e.openToken(c.Token, c.ID)
	}
	clk.Go(func() {
		defer cancel()
		if e.standsIn(ctx, c, standIn) {
			return
		}
		if c.Service == asl.ActivityService {
			e.queue(c, asked)
			return
		}
		if !e.account.performs(c.Service, c.Action, endpoint(c)) {
			e.advance(c.ID, func(at time.Time) asl.Event { return nothingBehind(c, at) })
			return
		}
		defer e.called(c.ID)
		if c.InvocationType == "Event" {
			clk.Go(func() { e.request(context.Background(), c) })
			e.answered(c, function.Result{})
			return
		}
		if standIn == nil && e.account.answersItself(c) {
			e.account.together(func() { e.answered(c, e.request(ctx, c)) })
			return
		}
		e.answered(c, e.request(ctx, c))
	})
}

// called forgets how to end the call of a task that goes on after it.
func (e *Execution) called(id asl.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if o, open := e.open[id]; open {
		o.cancel = nil
	}
}

// resumeTask goes on with a task that the execution, which is locked, asked for before it was restored. It returns what
// is to be done when it is not locked any more. A request that the account answers itself was never made, since it is
// durable together with its answer; a task of an activity waits for a worker; what was submitted goes on. Any other
// call may have been made, and is not made again.
func (e *Execution) resumeTask(c asl.InvokeTask, o asl.Outstanding) (after func()) {
	switch {
	case o.Accepted:
		return e.resumeStandIn(c, o.Since)
	case c.Service == asl.ActivityService,
		e.account.taskStandIn(c.State, c.Resource) == nil && e.account.answersItself(c):
		return e.later(c.ID, func() { e.invoke(c, o.Since) })
	}
	return func() { e.advance(c.ID, func(at time.Time) asl.Event { return lostTask(c, at) }) }
}

// lostTask ends a task of which nobody knows what came of it, as Step Functions does when it does not hear the end of
// an invocation.
func lostTask(c asl.InvokeTask, at time.Time) asl.Event {
	const lost = "The local server ended while the call was in flight, so that its outcome is not known."
	switch {
	case c.Service == "lambda":
		return asl.TaskFailed{At: at, ID: c.ID, Error: "Lambda.Unknown", Cause: lost}
	case standin.IsHTTP(c.Service, c.Action):
		return asl.TaskFailed{At: at, ID: c.ID, Error: "States.Http.Socket", Cause: lost}
	}
	return asl.TaskRefused{At: at, ID: c.ID, Code: "SdkClientException", Message: lost, Status: 500}
}

// answersItself reports whether a task without a TaskStandIn is a request that the account answers itself and never
// waits for: to one of its tables, to Step Functions, or for a message.
func (a *Account) answersItself(c asl.InvokeTask) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.standIns[c.Service+":"+c.Action] != nil {
		return false
	}
	if a.options.Tables != nil && standin.ToTables(c.Service) {
		return false
	}
	states := standin.StatesOperation(c.Service, c.Action)
	return standin.TableOperation(c.Service, c.Action) != "" || messaging.Has(c.Service, c.Action) ||
		states != "" && a.states != nil && !slices.Contains(waiting, states)
}

// waiting are the operations of Step Functions that are not answered at once.
var waiting = []string{"StartSyncExecution", "TestState", "GetActivityTask"}

// answered reports a task's answer to the engine.
func (e *Execution) answered(c asl.InvokeTask, r function.Result) {
	if c.WaitForToken && r.Err == nil && r.FunctionError == "" {
		e.advance(0, func(at time.Time) asl.Event { return asl.TaskSubmitted{At: at, ID: c.ID, Output: r.Payload} })
		return
	}
	e.advance(c.ID, func(at time.Time) asl.Event { return taskEvent(c, at, r) })
}

// request calls what a task calls and waits for its answer.
func (e *Execution) request(ctx context.Context, c asl.InvokeTask) function.Result {
	a := e.account
	a.mu.Lock()
	standIn, states, web := a.standIns[c.Service+":"+c.Action], a.states, a.http
	a.mu.Unlock()
	switch {
	case standIn != nil:
		return standIn.Invoke(ctx, c.Input.JSON())
	case c.Service == "lambda":
		return a.Invoke(withClientContext(ctx, c), withQualifier(c.FunctionName, c.Qualifier), c.Payload)
	case messaging.Has(c.Service, c.Action):
		return e.send(c)
	case standin.IsHTTP(c.Service, c.Action):
		if e.test != nil {
			ctx = httptask.WithTrace(ctx, e.test)
		}
		return web.Invoke(ctx, c.Input.JSON())
	}
	if operation := standin.StatesOperation(c.Service, c.Action); operation != "" {
		response, err := states.Do(ctx, operation, c.Input.JSON())
		return function.Result{Payload: response, Err: err}
	}
	return a.tableTask(ctx, c)
}

// withClientContext passes on what a task tells its function in the client context. What is not base64 is left out.
func withClientContext(ctx context.Context, c asl.InvokeTask) context.Context {
	text, err := base64.StdEncoding.DecodeString(c.ClientContext)
	if c.ClientContext == "" || err != nil {
		return ctx
	}
	return function.WithClientContext(ctx, string(text))
}

// taskEvent reports an answer to the engine.
func taskEvent(c asl.InvokeTask, at time.Time, r function.Result) asl.Event {
	var refused *Error
	id := c.ID
	switch {
	case r.Err == nil && r.FunctionError == "":
		return asl.TaskSucceeded{At: at, ID: id, Output: r.Payload, LogResult: logTail(c, r)}
	case r.Err == nil:
		return asl.TaskFailed{At: at, ID: id, Error: r.ErrorType, Cause: string(r.Payload)}
	case errors.Is(r.Err, function.ErrTooManyRequests):
		return asl.TaskRefused{At: at, ID: id, Code: "TooManyRequestsException", Message: "Rate Exceeded.", Status: 429}
	case errors.As(r.Err, &refused):
		return asl.TaskRefused{At: at, ID: id, Code: refused.Code, Message: refused.Message, Status: refused.status()}
	}
	return asl.TaskFailed{At: at, ID: id, Error: "Lambda.SdkClientException", Cause: r.Err.Error()}
}

// logTail is the last 4 KB of a function's log in Base64, as LogType Tail asks for it (API reference of Invoke).
func logTail(c asl.InvokeTask, r function.Result) string {
	if !c.LogTail {
		return ""
	}
	return base64.StdEncoding.EncodeToString(r.Log[max(0, len(r.Log)-awsfacts.LogTailBytes):])
}

// status is the HTTP status that the services send with an error: Lambda says 404 for a function that is not there.
func (e *Error) status() int {
	if e.Code == "ResourceNotFoundException" && strings.HasPrefix(e.Message, "Function not found") {
		return 404
	}
	return statusOf(e.Code)
}
