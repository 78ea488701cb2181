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
	"github.com/connect-async/connect-async/internal/player"
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
	e := Event{Status: "returned", Text: shortResult(reply)}
	status := async.KeyStatus
	if textOf(reply, async.KeyCall) != "" { // the flow asked for long keys, and status is the function's own
		status = async.KeyCall
	}
	for _, key := range []string{status, async.KeyResult} {
		e.Status = cmp.Or(textOf(reply, key), e.Status)
	}
	if text := textOf(reply, async.KeyError); text != async.None {
		e.Error = text
	}
	if cause := textOf(reply, async.KeyCause); e.Error != "" && cause != "" && cause != async.None {
		e.Error += ": " + cause
	}
	return e
}

// errorText is the error document of a function in one line.
func errorText(r player.Reply) string {
	var document struct {
		Message string `json:"errorMessage"`
	}
	_ = json.Unmarshal(r.Payload, &document)
	return strings.TrimSuffix(r.ErrorType+": "+document.Message, ": ")
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
