package call

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
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
func (r *pendingResult) replied(payload []byte) {
	var reply struct {
		Status string `json:"sfn_status"`
	}
	r.told = json.Unmarshal(payload, &reply) == nil && slices.Contains(finalStatuses, reply.Status)
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

// outcome describes a function's answer: a word for the status, and what of the result fits into a line.
func outcome(r player.Reply) Event {
	switch {
	case r.Err != nil:
		return Event{Error: r.Err.Error()}
	case r.Failed:
		return Event{Error: errorText(r)}
	}
	var reply map[string]any
	if json.Unmarshal(r.Payload, &reply) != nil {
		return Event{Status: "returned"}
	}
	e := Event{Status: "returned", Text: shortResult(reply)}
	for _, key := range []string{async.KeyStatus, async.KeyResult} {
		if text, _ := reply[key].(string); text != "" {
			e.Status = text
		}
	}
	if text, _ := reply[async.KeyError].(string); text != "" && text != async.None {
		e.Error = text
	}
	if cause, _ := reply[async.KeyCause].(string); e.Error != "" && cause != "" && cause != async.None {
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
func shortResult(reply map[string]any) string {
	var parts []string
	for key, value := range reply {
		switch value.(type) {
		case string, float64, bool:
			if !async.ReservedKey(key) {
				parts = append(parts, fmt.Sprintf("%s=%v", key, value))
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

// requestOf says what the async function was asked for, by the rule of docs/contract.md.
func requestOf(event []byte) string {
	var e struct {
		Details struct {
			Parameters struct {
				Action    string           `json:"action"`
				Execution *json.RawMessage `json:"execution_id"`
			}
		}
	}
	_ = json.Unmarshal(event, &e)
	switch {
	case e.Details.Parameters.Action != "":
		return e.Details.Parameters.Action
	case e.Details.Parameters.Execution != nil:
		return async.ActionCheck
	}
	return async.ActionStart
}
