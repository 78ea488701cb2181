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
}

// Invoke implements Function.
func (s StandIn) Invoke(ctx context.Context, _ []byte) function.Result {
	outcome := s.Next()
	if outcome.Throttled {
		return function.Result{Err: function.ErrTooManyRequests}
	}
	takes := min(outcome.Takes, s.Timeout)
	if err := s.Clock.Sleep(ctx, takes); err != nil {
		return function.Result{Err: err}
	}
	switch {
	case outcome.Takes > s.Timeout:
		return failure("Sandbox.Timedout", fmt.Sprintf("Task timed out after %.2f seconds", s.Timeout.Seconds()))
	case outcome.Error != "":
		return failure(outcome.Error, outcome.Message)
	}
	return function.Result{Payload: outcome.Payload, Duration: takes}
}

// failure is the answer of a function that failed, with Lambda's error document.
func failure(errorType, message string) function.Result {
	document, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": message})
	if err != nil {
		panic(err) // two strings
	}
	return function.Result{Payload: document, FunctionError: "Unhandled", ErrorType: errorType}
}
