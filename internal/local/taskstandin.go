package local

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/standin"
)

// TaskOutcome is what a task comes to that is not performed.
type TaskOutcome struct {
	Takes   time.Duration
	Submits json.RawMessage // what the call that .sync and .waitForTaskToken begin with returns
	Waits   bool            // whoever has the task token ends the task
	Result  json.RawMessage // of the whole task, with what an integration puts around a service's answer
	Error   string          // "" when the task succeeds
	Cause   string
}

// TaskStandIn gives the outcome of the next task with a request. ok is false when it has none for this request. It is
// called by any number of goroutines.
type TaskStandIn func(request json.RawMessage) (o TaskOutcome, ok bool)

// SetTaskStandIns sets the stand-ins of tasks by name of the state or pattern, as standin.Choose takes them. A task
// that has one is not performed. Those that were set before are gone.
func (a *Account) SetTaskStandIns(standIns map[string]TaskStandIn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.taskStandIns, a.taskPatterns = maps.Clone(standIns), slices.Sorted(maps.Keys(standIns))
}

// taskStandIn returns the stand-in of a task, nil when it has none.
func (a *Account) taskStandIn(state, resource string) TaskStandIn {
	a.mu.Lock()
	defer a.mu.Unlock()
	pattern, _ := standin.Choose(a.taskPatterns, state, resource)
	return a.taskStandIns[pattern]
}

// standsIn ends a task by its stand-in, which may be nil, when that has an outcome for this request.
func (e *Execution) standsIn(ctx context.Context, c asl.InvokeTask, next TaskStandIn) bool {
	if next == nil {
		return false
	}
	outcome, ok := next(c.Input.JSON())
	if ok {
		e.comeTo(ctx, c, outcome)
	}
	return ok
}

// comeTo lets a task come to an outcome.
func (e *Execution) comeTo(ctx context.Context, c asl.InvokeTask, o TaskOutcome) {
	if c.Service == asl.ActivityService {
		e.advance(0, func(at time.Time) asl.Event { return asl.TaskStarted{At: at, ID: c.ID} })
	}
	if c.Wait || c.WaitForToken {
		submits := o.Submits
		if submits == nil {
			submits = json.RawMessage("{}")
		}
		e.advance(0, func(at time.Time) asl.Event {
			return asl.TaskSubmitted{At: at, ID: c.ID, Output: submits, Whole: true}
		})
	}
	if !c.WaitForToken || !o.Waits { // else somebody else ends the task
		e.endIn(ctx, c, o, o.Takes)
	}
}

// endIn ends a task with an outcome after some time, unless it has ended by then.
func (e *Execution) endIn(ctx context.Context, c asl.InvokeTask, o TaskOutcome, after time.Duration) {
	if e.account.options.Clock.Sleep(ctx, after) != nil {
		return
	}
	e.advance(c.ID, func(at time.Time) asl.Event {
		if o.Error != "" {
			return asl.TaskFailed{At: at, ID: c.ID, Error: o.Error, Cause: o.Cause}
		}
		return asl.TaskSucceeded{At: at, ID: c.ID, Output: o.Result, Whole: true}
	})
}

// resumeStandIn goes on with a task that was submitted before the execution, which is locked, was restored. It returns
// what is to be done when it is not locked any more: a stand-in ends the task when it would have.
func (e *Execution) resumeStandIn(c asl.InvokeTask, since time.Time) (after func()) {
	standIn := e.account.taskStandIn(c.State, c.Resource)
	ctx, cancel := e.account.taskContext(standIn)
	e.open[c.ID] = &opened{cancel: cancel, token: e.openToken(c.Token, c.ID)}
	return func() {
		outcome, ok := TaskOutcome{}, false
		if standIn != nil {
			outcome, ok = standIn(c.Input.JSON())
		}
		switch {
		case ok && !(c.WaitForToken && outcome.Waits):
			e.account.options.Clock.Go(func() {
				defer cancel()
				e.endIn(ctx, c, outcome, max(0, outcome.Takes-e.account.now().Sub(since)))
			})
		case c.Wait:
			e.advance(c.ID, func(at time.Time) asl.Event { return lostTask(c, at) })
		default:
			e.called(c.ID) // whoever has the token ends it
			cancel()
		}
	}
}

// childRequest is a nested start as a task whose request a stand-in can look at.
func childRequest(c asl.StartChild) asl.InvokeTask {
	return asl.InvokeTask{
		ID: c.ID, State: c.State, Resource: c.Resource, Wait: c.Wait, WaitForToken: c.WaitForToken, Token: c.Token,
		Input: c.Request,
	}
}

// nothingBehind is the end of a task that nothing performs. Nothing in the state machine catches it, since in AWS the
// call would be made.
func nothingBehind(c asl.InvokeTask, at time.Time) asl.Event {
	what, returns := calls(c.State, c.Resource)+", which nothing on this machine performs", "{…}"
	if standin.IsHTTP(c.Service, c.Action) {
		what, returns = unreachable(c), "{StatusCode: 200, ResponseBody: {…}}"
	}
	cause := fmt.Sprintf("The state %s. Give it a stand-in in the scenario of the project: tasks: {%q: {returns: %s}}.",
		what, c.State, returns)
	if standin.ToTables(c.Service) {
		cause += " Or run DynamoDB, and start connect-async serve --dynamodb URL."
	}
	if c.Service == asl.ActivityService {
		cause = fmt.Sprintf("The activity %s does not exist.", c.Resource) // recorded
	}
	return asl.TaskFailed{At: at, ID: c.ID, Error: "States.Runtime", Cause: cause}
}

// unreachable says why the request of an HTTP Task is not made.
func unreachable(c asl.InvokeTask) string {
	address := endpoint(c)
	if standin.OnThisMachine(address) {
		return fmt.Sprintf("%q calls a server, which takes real time, and time is skipped here", c.State)
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Scheme + "://" + u.Host // what follows may be personal
	}
	return fmt.Sprintf("%q calls %s, and only servers on this machine are called (127.0.0.1, ::1, localhost)", c.State,
		address)
}

// calls says what a state calls; a Distributed Map has no resource.
func calls(state, resource string) string {
	if resource == "" {
		return fmt.Sprintf("%q is a Distributed Map", state)
	}
	return fmt.Sprintf("%q calls %s", state, resource)
}

// CodeNothingBehind is the code of the finding for a task that nothing performs.
const CodeNothingBehind = "task-without-stand-in"

// nothingFor is the finding for a task that nothing performs.
func nothingFor(file string, task asl.Task) source.Finding {
	if task.Service == asl.ActivityService {
		return source.Finding{
			Code: CodeNothingBehind, Severity: source.Warning, File: file, Pos: task.Pos,
			Message: fmt.Sprintf("the state %q is a task of the activity %s, which does not exist", task.State,
				task.Resource),
			Remedy: fmt.Sprintf("Create it with CreateActivity, or give the state a stand-in in the scenario: "+
				"tasks: {%q: {returns: {…}}}.", task.State),
		}
	}
	return source.Finding{
		Code: CodeNothingBehind, Severity: source.Warning, File: file, Pos: task.Pos,
		Message: "the state " + calls(task.State, task.Resource) + ", which nothing on this machine performs",
		Remedy: fmt.Sprintf("If it is reached, give it a stand-in in the scenario: tasks: {%q: {returns: {…}}}.",
			task.State),
	}
}

// lacking are the tasks of a state machine that nothing performs.
func (a *Account) lacking(m *asl.Machine) []asl.Task {
	a.mu.Lock()
	patterns := a.taskPatterns
	a.mu.Unlock()
	return slices.DeleteFunc(m.Tasks(), func(t asl.Task) bool {
		_, standsIn := standin.Choose(patterns, t.State, t.Resource)
		return standsIn || a.performs(t.Service, t.Action, t.Endpoint)
	})
}

// tellLacking says once which tasks of a state machine that came with its definition nothing performs.
func (a *Account) tellLacking(m StateMachine) {
	if lacking := a.lacking(m.Machine); len(lacking) > 0 && a.options.Lacking != nil {
		a.options.Lacking(m, lacking)
	}
}
