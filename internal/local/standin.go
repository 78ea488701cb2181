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
	Takes   time.Duration
	Payload json.RawMessage
	Error   string // errorType of the error document, "" when the function succeeds
	Message string // errorMessage
}

// StandIn is a function that is not run: every invocation has the same outcome.
type StandIn struct {
	Clock   clock.Clock
	Outcome Outcome
	Timeout time.Duration // after which it is stopped, as Lambda does
}

// Invoke implements Function.
func (s StandIn) Invoke(ctx context.Context, _ []byte) function.Result {
	takes := min(s.Outcome.Takes, s.Timeout)
	if err := s.Clock.Sleep(ctx, takes); err != nil {
		return function.Result{Err: err}
	}
	switch {
	case s.Outcome.Takes > s.Timeout:
		return failure("Sandbox.Timedout", fmt.Sprintf("Task timed out after %.2f seconds", s.Timeout.Seconds()))
	case s.Outcome.Error != "":
		return failure(s.Outcome.Error, s.Outcome.Message)
	}
	return function.Result{Payload: s.Outcome.Payload, Duration: takes}
}

// failure is the answer of a function that failed, with Lambda's error document.
func failure(errorType, message string) function.Result {
	document, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": message})
	if err != nil {
		panic(err) // two strings
	}
	return function.Result{Payload: document, FunctionError: "Unhandled", ErrorType: errorType}
}
