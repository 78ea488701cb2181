package call

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/value"
)

// finalStatuses are the values of sfn_status that say that the execution has ended, see docs/contract.md.
var finalStatuses = []string{
	async.ExecutionSucceeded, async.ExecutionFailed, async.ExecutionTimedOut, async.ExecutionAborted,
}

// pendingResult finds out when the flow notices that the work is done: it takes a branch of a comparison after it was
// told so.
type pendingResult struct {
	told       bool
	detected   bool
	detectedAt time.Duration
}

// replied looks at a function's reply.
func (r *pendingResult) replied(reply *value.Object) {
	r.told = slices.Contains(finalStatuses, textOf(reply, async.KeyExecutionStatus))
}

// taken looks at a branch that the flow takes.
func (r *pendingResult) taken(t flow.Take, at time.Duration) {
	switch {
	case t.Action.Type == flowlang.InvokeLambdaFunction && t.Branch != flowlang.NextAction:
		r.told = false // the reply did not reach the flow
	case r.told && !r.detected && t.Action.Type == flowlang.Compare && t.Branch != flowlang.NoMatchingCondition:
		r.detected, r.detectedAt = true, at
	}
}

// readObject reads a JSON object, and nil when it is not one.
func readObject(text []byte) *value.Object {
	decoded, _ := value.Decode(text)
	object, _ := decoded.(*value.Object)
	return object
}

// textOf is a member of an object that is a text, "" when there is none.
func textOf(o *value.Object, name string) string {
	member, _ := o.Get(name)
	text, _ := member.(string)
	return text
}

// outcome describes a function's reply: a word for the status, and what of the result fits into a line.
func outcome(reply *value.Object) Event {
	e := Event{Status: Returned, Text: shortResult(reply), Values: valuesOf(reply)}
	status := async.KeyStatus
	if textOf(reply, async.KeyCall) != "" { // the flow asked for long keys, and status is the function's own
		status = async.KeyCall
	}
	for _, key := range []string{status, async.KeyResult} {
		e.Status = cmp.Or(textOf(reply, key), e.Status)
	}
	return e
}

// failureIn is the failure that a reply of the async function tells of. It reports false when it tells of none. ends
// are those of executions: a reply has only the beginning of a long cause.
func failureIn(reply *value.Object, ends []local.Description) (function.Failure, bool) {
	name, cause := textOf(reply, async.KeyError), textOf(reply, async.KeyCause)
	if name == "" || name == async.None {
		return function.Failure{}, false
	}
	if cause == async.None {
		cause = ""
	}
	of := func(d local.Description) bool { return d.Error == name && strings.HasPrefix(d.Cause, cause) }
	if i := slices.IndexFunc(ends, of); i >= 0 {
		cause = ends[i].Cause
	}
	return failureOf(name, cause), true
}

// failureOf reads the error and the cause of an execution. The cause of a function's failure is its error document,
// after the step's name where the state machine is written from the project.
func failureOf(name, cause string) function.Failure {
	if at := strings.IndexByte(cause, '{'); at >= 0 {
		if f, ok := function.ReadFailure([]byte(cause[at:])); ok && f.Type == name {
			return f
		}
	}
	return function.Failure{Type: name, Message: cause}
}

// failed is an event about a failure.
func failed(e Event, f function.Failure) Event {
	e.Error = f.What()
	if f.Place() != "" {
		e.Failure = &f
	}
	return e
}

// Returned is the status of a function that answered nothing in a word.
const Returned = "returned"

// valuesOf are the texts and numbers of a reply, without what the protocol says in it.
func valuesOf(v any) []string {
	var values []string
	switch v := v.(type) {
	case *value.Object:
		for key, member := range v.All() {
			if !async.ReservedKey(key) {
				values = append(values, valuesOf(member)...)
			}
		}
	case []any:
		for _, item := range v {
			values = append(values, valuesOf(item)...)
		}
	case string:
		values = append(values, v)
	case json.Number:
		values = append(values, v.String())
	}
	return values
}

const maxShortResult = 60

// shortResult is the flat part of a result as key=value, cut to a line's length.
func shortResult(reply *value.Object) string {
	var parts []string
	for key, member := range reply.All() {
		switch member.(type) {
		case string, json.Number, bool:
			if !async.ReservedKey(key) {
				parts = append(parts, fmt.Sprintf("%s=%v", key, member))
			}
		}
	}
	slices.Sort(parts)
	text := []rune(strings.Join(parts, " "))
	if len(text) > maxShortResult {
		return string(text[:maxShortResult]) + "…"
	}
	return string(text)
}

// requestOf says what the async function was asked for by its parameters, by the rule of docs/contract.md.
func requestOf(parameters *value.Object) string {
	for _, name := range []string{async.LongName(async.ParamAction), async.ParamAction} {
		if action := textOf(parameters, name); action != "" {
			return action
		}
	}
	for _, name := range []string{async.LongName(async.ParamExecutionID), async.ParamExecutionID} {
		if execution, _ := parameters.Get(name); execution != nil {
			return async.ActionCheck
		}
	}
	return async.ActionStart
}
