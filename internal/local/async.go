package local

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/function"
)

// AsyncFunction runs the async function in this process, as a function of the account.
type AsyncFunction struct {
	Account *Account
	Handler *async.Function
	Timeout time.Duration // the function's own limit in Lambda
}

// Invoke implements Function.
func (f AsyncFunction) Invoke(ctx context.Context, payload []byte) function.Result {
	c := f.Account.options.Clock
	fault := f.Account.fault(Lambda, "invoke")
	if err := c.Sleep(ctx, fault.Takes); err != nil {
		return function.Result{Err: err}
	}
	if fault.Error != "" {
		return function.Result{Err: &Error{Code: fault.Error, Message: "a fault of the scenario"}}
	}
	began := c.Now()
	ctx, cancel := c.WithDeadline(ctx, began.Add(f.Timeout))
	defer cancel()
	reply, err := f.Handler.Handle(ctx, f.Account.NewID(), payload)
	if err != nil {
		return failure("Error", err.Error())
	}
	if fault.LoseReply {
		return function.Result{Err: &Error{Code: "ServiceException", Message: "the reply was lost"}}
	}
	return function.Result{Payload: reply, Duration: c.Now().Sub(began)}
}

// States is Step Functions as the async function sees it: every request travels for a while before it is served.
type States struct{ Account *Account }

// Start implements async.Executions.
func (s States) Start(ctx context.Context, in async.StartInput) (arn string, err error) {
	err = s.Account.request(ctx, StepFunctions, "start", func(Fault) error {
		e, err := s.Account.StartExecution(in.StateMachineARN, in.Name, json.RawMessage(in.Input))
		if err != nil {
			return serviceError(err)
		}
		arn = e.ARN
		return nil
	})
	return arn, err
}

// Describe implements async.Executions.
func (s States) Describe(ctx context.Context, executionARN string) (described async.Execution, err error) {
	err = s.Account.request(ctx, StepFunctions, "describe", func(f Fault) error {
		e, err := s.Account.Execution(executionARN)
		if err != nil {
			return serviceError(err)
		}
		d, known := e.Describe().asOf(s.Account.now().Add(-f.Stale))
		if !known {
			return serviceError(errExecutionMissing(executionARN))
		}
		described = async.Execution{Status: string(d.Status), Input: string(d.Input), Output: string(d.Output),
			Error: d.Error, Cause: d.Cause, Started: d.Started, Stopped: d.Stopped}
		return nil
	})
	return described, err
}

// Stop implements async.Executions.
func (s States) Stop(ctx context.Context, executionARN, errorName, cause string) error {
	return s.Account.request(ctx, StepFunctions, "stop", func(Fault) error {
		e, err := s.Account.Execution(executionARN)
		if err != nil {
			return serviceError(err)
		}
		e.Stop(errorName, cause)
		return nil
	})
}

// History implements async.Histories.
func (s States) History(ctx context.Context, executionARN string) (events []async.HistoryEvent, err error) {
	err = s.Account.request(ctx, StepFunctions, "history", func(f Fault) error {
		e, err := s.Account.Execution(executionARN)
		if err != nil {
			return serviceError(err)
		}
		known := s.Account.now().Add(-f.Stale)
		for _, event := range slices.Backward(e.History()) {
			if !event.Timestamp.After(known) {
				events = append(events, historyEvent(event))
			}
		}
		return nil
	})
	return events, err
}

// historyEvent is an event as the async function reads it.
func historyEvent(event asl.HistoryEvent) async.HistoryEvent {
	e := async.HistoryEvent{Type: event.Type, At: event.Timestamp}
	if event.Details != nil {
		e.Name = event.Details.Name
	}
	return e
}

// asOf is what the description was at a time. known is false before the start.
func (d Description) asOf(t time.Time) (then Description, known bool) {
	if d.Stopped.After(t) {
		d = Description{ARN: d.ARN, Name: d.Name, Status: asl.Running, Input: d.Input, Started: d.Started}
	}
	return d, !d.Started.After(t)
}

// serviceError is a refusal as an SDK client would report it.
func serviceError(err error) error {
	var refused *Error
	if errors.As(err, &refused) {
		return &async.ServiceError{Code: refused.Code, Message: refused.Message, Status: refused.status(),
			Err: refused}
	}
	return err
}
