package local

import (
	"context"
	"encoding/json"
	"errors"
	"time"

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
	began := c.Now()
	ctx, cancel := c.WithDeadline(ctx, began.Add(f.Timeout))
	defer cancel()
	reply, err := f.Handler.Handle(ctx, f.Account.uuid(), payload)
	if err != nil {
		return failure("Error", err.Error())
	}
	return function.Result{Payload: reply, Duration: c.Now().Sub(began)}
}

// States is Step Functions as the async function sees it: every request travels for a while before it is served.
type States struct{ Account *Account }

// Start implements async.Executions.
func (s States) Start(ctx context.Context, in async.StartInput) (string, error) {
	if err := s.travel(ctx); err != nil {
		return "", err
	}
	e, err := s.Account.StartExecution(in.StateMachineARN, in.Name, json.RawMessage(in.Input))
	if err != nil {
		return "", serviceError(err)
	}
	return e.ARN, nil
}

// Describe implements async.Executions.
func (s States) Describe(ctx context.Context, executionARN string) (async.Execution, error) {
	if err := s.travel(ctx); err != nil {
		return async.Execution{}, err
	}
	e, err := s.Account.Execution(executionARN)
	if err != nil {
		return async.Execution{}, serviceError(err)
	}
	d := e.Describe()
	return async.Execution{Status: string(d.Status), Output: string(d.Output), Error: d.Error, Cause: d.Cause,
		Started: d.Started, Stopped: d.Stopped}, nil
}

// Stop implements async.Executions.
func (s States) Stop(ctx context.Context, executionARN, errorName, cause string) error {
	if err := s.travel(ctx); err != nil {
		return err
	}
	e, err := s.Account.Execution(executionARN)
	if err != nil {
		return serviceError(err)
	}
	e.Stop(errorName, cause)
	return nil
}

func (s States) travel(ctx context.Context) error {
	return s.Account.options.Clock.Sleep(ctx, s.Account.options.ServedAfter)
}

// serviceError is a refusal as an SDK client would report it.
func serviceError(err error) error {
	var refused *Error
	if errors.As(err, &refused) {
		return &async.ServiceError{Code: refused.Code, Message: refused.Message, Status: 400}
	}
	return err
}
