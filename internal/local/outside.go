package local

import (
	"context"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
)

// Outside is a function that takes real time while the account may live in virtual time: the clock is held until it
// answers.
type Outside struct {
	Clock    clock.Clock // the account's
	Function Function
}

// Invoke implements Function. When ctx is done first the function is told to end.
func (o Outside) Invoke(ctx context.Context, payload []byte) function.Result {
	defer o.Clock.Hold()()
	// The deadline of ctx lies in the account's time, so the function must not see it.
	inside, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var answer function.Result
	var answered clock.Signal
	go func() {
		answer = o.Function.Invoke(inside, payload)
		answered.Set()
	}()
	if err := o.Clock.Wait(ctx, &answered); err != nil {
		return function.Result{Err: err}
	}
	return answer
}

// Wait waits until something has happened, on the account's clock: only its tasks may call it. when is such as
// Execution.WhenEnded.
func (a *Account) Wait(ctx context.Context, when func(func())) error {
	var happened clock.Signal
	when(happened.Set)
	return a.options.Clock.Wait(ctx, &happened)
}

// Ask invokes a function as Invoke does, for callers that are not tasks of the account's clock, such as the handlers
// of a server.
func (a *Account) Ask(ctx context.Context, arn string, payload []byte) function.Result {
	answer := make(chan function.Result, 1)
	a.options.Clock.Go(func() { answer <- a.Invoke(context.WithoutCancel(ctx), arn, payload) })
	select {
	case r := <-answer:
		return r
	case <-ctx.Done():
		return function.Result{Err: ctx.Err()}
	}
}
