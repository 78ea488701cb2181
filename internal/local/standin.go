package local

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
)

// Outcome is what an invocation of a stand-in comes to: it takes a time, and then returns a payload or fails.
type Outcome struct {
	Takes     time.Duration
	Payload   json.RawMessage
	Error     string // errorType of the error document, "" when the function succeeds
	Message   string // errorMessage
	Throttled bool   // Lambda refuses the invocation: the function does not run
}

// StandIn is a function that is not run.
type StandIn struct {
	Clock   clock.Clock
	Timeout time.Duration  // after which it is stopped, as Lambda does
	Next    func() Outcome // the outcome of the next invocation; called once for each, in their order

	Account *Account // whose Alter changes what it does; nil when nothing does
	Name    string   // in that account
}

// Invoke implements Function.
func (s StandIn) Invoke(ctx context.Context, _ []byte) function.Result {
	if s.Account == nil {
		return s.invoke(ctx, &alterations{})
	}
	return s.invoke(ctx, s.Account.alterations(s.Name))
}

func (s StandIn) invoke(ctx context.Context, alterations *alterations) function.Result {
	began := s.Clock.Now()
	usual := s.Next()
	latest, altered := alterations.get()
	if latest.over(usual).Throttled {
		return function.Result{Err: function.ErrTooManyRequests}
	}
	for {
		outcome := latest.over(usual)
		again, err := waitUntil(ctx, s.Clock, began.Add(min(outcome.Takes, s.Timeout)), altered)
		switch {
		case err != nil:
			return function.Result{Err: err}
		case again:
			latest, altered = alterations.get()
			continue
		case outcome.Takes > s.Timeout:
			return failure("Sandbox.Timedout", fmt.Sprintf("Task timed out after %.2f seconds", s.Timeout.Seconds()))
		case outcome.Error != "":
			return failure(outcome.Error, outcome.Message)
		}
		return function.Result{Payload: outcome.Payload, Duration: min(outcome.Takes, s.Timeout)}
	}
}

// failure is the answer of a function that failed, with Lambda's error document.
func failure(errorType, message string) function.Result {
	document, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": message})
	if err != nil {
		panic(err) // two strings
	}
	return function.Result{Payload: document, FunctionError: "Unhandled", ErrorType: errorType}
}
