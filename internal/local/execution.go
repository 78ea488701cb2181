package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
)

// Execution is one run of a state machine in the account.
type Execution struct {
	ARN     string
	Name    string
	account *Account
	input   json.RawMessage
	started time.Time

	mu      sync.Mutex
	state   *asl.Execution
	timers  map[asl.ID]clock.Timer
	tasks   map[asl.ID]context.CancelFunc
	history []asl.HistoryEvent
	end     asl.Finish
	stopped time.Time // zero while it runs
}

// Description is what DescribeExecution says of an execution.
type Description struct {
	ARN         string
	Name        string
	Status      asl.Status
	Input       json.RawMessage
	Output      json.RawMessage // only when it succeeded
	Error       string
	Cause       string
	Started     time.Time
	Stopped     time.Time // zero while it runs
	Transitions int       // states entered and tasks retried, which is what a Standard state machine bills
}

// newExecution makes an execution that has not started. The account is locked.
func (a *Account) newExecution(m *StateMachine, arn, name string, input json.RawMessage) (*Execution, error) {
	state, err := m.Machine.NewExecution(asl.Options{
		ExecutionARN: arn, Name: name, StateMachineARN: m.ARN, StateMachineName: m.Name, Seed: a.random.Uint64(),
		RoleARN: fmt.Sprintf("arn:aws:iam::%s:role/%s", a.options.AccountID, m.Name),
	}, input)
	if err != nil {
		return nil, err
	}
	return &Execution{
		ARN: arn, Name: name, account: a, input: input, started: a.options.Clock.Now(), state: state,
		timers: map[asl.ID]clock.Timer{}, tasks: map[asl.ID]context.CancelFunc{}, end: asl.Finish{Status: asl.Running},
	}, nil
}

// repeated answers a second start under the same name.
func (e *Execution) repeated(input json.RawMessage) (*Execution, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped.IsZero() && bytes.Equal(e.input, input) {
		return e, nil
	}
	return nil, &Error{"ExecutionAlreadyExists", fmt.Sprintf("Execution Already Exists: '%s'", e.ARN)}
}

// Describe returns what is known of the execution now.
func (e *Execution) Describe() Description {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Description{
		ARN: e.ARN, Name: e.Name, Status: e.end.Status, Input: e.input, Output: e.end.Output, Error: e.end.Error,
		Cause: e.end.Cause, Started: e.started, Stopped: e.stopped, Transitions: transitions(e.history),
	}
}

func transitions(history []asl.HistoryEvent) (n int) {
	for _, event := range history {
		if strings.HasSuffix(event.Type, "StateEntered") {
			n++
		}
	}
	return n
}

// History returns the events so far.
func (e *Execution) History() []asl.HistoryEvent {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.history[:len(e.history):len(e.history)]
}

// Stop ends the execution, as StopExecution does. An execution that has ended stays as it is.
func (e *Execution) Stop(errorName, cause string) {
	e.advance(asl.Stopped{At: e.account.options.Clock.Now(), Error: errorName, Cause: cause})
}

// advance hands an event to the engine and performs its commands.
func (e *Execution) advance(event asl.Event) {
	e.mu.Lock()
	running := e.stopped.IsZero()
	for _, command := range e.state.Advance(event) {
		e.perform(command)
	}
	ended := running && !e.stopped.IsZero()
	e.mu.Unlock()
	if ended {
		e.account.options.Observe(e)
	}
}

// perform performs a command; the execution is locked.
func (e *Execution) perform(command asl.Command) {
	switch c := command.(type) {
	case asl.Emit:
		e.history = append(e.history, c.Event)
	case asl.SetTimer:
		e.setTimer(c)
	case asl.Cancel:
		e.cancel(c.ID)
	case asl.InvokeTask:
		e.invoke(c)
	case asl.Finish:
		e.end, e.stopped = c, e.account.options.Clock.Now()
	}
}

func (e *Execution) setTimer(c asl.SetTimer) {
	now := e.account.options.Clock.Now()
	e.timers[c.ID] = e.account.options.Clock.AfterFunc(c.At.Sub(now), func() {
		e.advance(asl.TimerFired{At: e.account.options.Clock.Now(), ID: c.ID})
	})
}

func (e *Execution) cancel(id asl.ID) {
	if timer, ok := e.timers[id]; ok {
		timer.Stop()
		delete(e.timers, id)
	}
	if cancel, ok := e.tasks[id]; ok {
		cancel()
		delete(e.tasks, id)
	}
}

// invoke runs a task beside the execution.
func (e *Execution) invoke(c asl.InvokeTask) {
	clk := e.account.options.Clock
	ctx, cancel := clk.WithDeadline(context.Background(), clk.Now().Add(maxTask))
	e.tasks[c.ID] = cancel
	clk.Go(func() {
		defer cancel()
		result := e.account.Invoke(ctx, c.FunctionName, c.Payload)
		e.advance(taskEvent(c.ID, clk.Now(), result))
	})
}

// maxTask is the longest that a function can run (quota of Lambda: 15 minutes), with a margin.
const maxTask = 16 * time.Minute

// taskEvent reports a function's answer to the engine.
func taskEvent(id asl.ID, at time.Time, r function.Result) asl.Event {
	var refused *Error
	switch {
	case r.Err == nil && r.FunctionError == "":
		return asl.TaskSucceeded{At: at, ID: id, Output: r.Payload}
	case r.Err == nil:
		return asl.TaskFailed{At: at, ID: id, Error: r.ErrorType, Cause: string(r.Payload)}
	case errors.Is(r.Err, function.ErrTooManyRequests):
		return asl.TaskRefused{At: at, ID: id, Code: "TooManyRequestsException", Message: "Rate Exceeded.", Status: 429}
	case errors.As(r.Err, &refused):
		return asl.TaskRefused{At: at, ID: id, Code: refused.Code, Message: refused.Message, Status: 404}
	}
	return asl.TaskFailed{At: at, ID: id, Error: "Lambda.SdkClientException", Cause: r.Err.Error()}
}
