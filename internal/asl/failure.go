package asl

import (
	"errors"
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/value"
)

// Error names of the States Language (AWS developer guide, handling errors).
const (
	errAll               = "States.ALL"
	errTaskFailed        = "States.TaskFailed"
	errTimeout           = "States.Timeout"
	errHeartbeatTimeout  = "States.HeartbeatTimeout"
	errRuntime           = "States.Runtime"
	errDataLimitExceeded = "States.DataLimitExceeded"
	errNoChoiceMatched   = "States.NoChoiceMatched"
	errIntrinsicFailure  = "States.IntrinsicFailure"
	errQueryEvaluation   = "States.QueryEvaluationError"
	errThreshold         = "States.ExceedToleratedFailureThreshold"
	// errReferencePathConflict is what the service reports where the specification says States.ResultPathMatchFailure
	// (https://qiita.com/tsubasaogawa/items/4fe341bdb6ae7d2fd8ee).
	errReferencePathConflict = "States.ReferencePathConflict"
)

// failure is an error of a state, a task or an execution. Heartbeat marks a States.Timeout that a missed heartbeat
// caused, InChild one of a Parallel or Map state that came from a branch or an iteration.
type failure struct {
	Error     string `json:"error"`
	Cause     string `json:"cause"`
	Heartbeat bool   `json:"heartbeat,omitempty"`
	InChild   bool   `json:"-"`
	// Evaluation marks an error of an expression, which has its event already.
	Evaluation bool `json:"-"`
}

// matches reports whether a retrier or catcher with these error names is meant. States.Runtime is neither retried nor
// caught (recorded); States.ALL does match States.DataLimitExceeded (recorded, against the documentation).
func (f failure) matches(names []string) bool {
	if f.Error == errRuntime {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case errAll, f.Error:
			return true
		case errTaskFailed:
			return f.Error != errTimeout
		case errHeartbeatTimeout:
			return f.Heartbeat
		}
		return false
	})
}

// output is what a catcher passes to its next state.
func (f failure) output() any {
	return value.NewObject(value.M("Error", f.Error), value.M("Cause", f.Cause))
}

// inState forms an error of the state that the frame is in, with the prefix that AWS writes (recorded).
func (f *frame) inState(name, cause string) *failure {
	const prefix = "An error occurred while executing the state '%s' (entered at the event id #%d). %s"
	return &failure{Error: name, Cause: fmt.Sprintf(prefix, f.State, f.Entered, cause)}
}

func (f *frame) runtime(format string, values ...any) *failure {
	return f.inState(errRuntime, fmt.Sprintf(format, values...))
}

// evaluation turns an error of a path, an expression or a template into a failure. field is the name of the field
// that it is in, unless the error knows better. AWS has two forms, one for templates and Fail, and one for plain
// paths (recorded).
func (f *frame) evaluation(field string, err error, input any) *failure {
	var inField *jsonpath.FieldError
	if errors.As(err, &inField) {
		field, err = inField.Field(), inField.Err
	}
	var missing *jsonpath.NotFoundError
	var function *jsonpath.FunctionError
	switch {
	case errors.As(err, &missing):
		return f.runtime("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
			missing.Path, field, encode(input))
	case errors.As(err, &function):
		return f.inState(errIntrinsicFailure, function.Error())
	}
	return f.runtime("%v", err)
}

// tooLarge is the failure of a result or output above MaxDataBytes (recorded). source is the name of the state, the
// service or the function's ARN.
func tooLarge(source string) *failure {
	return &failure{Error: errDataLimitExceeded, Cause: "The state/task '" + source +
		"' returned a result with a size exceeding the maximum number of bytes service limit."}
}
