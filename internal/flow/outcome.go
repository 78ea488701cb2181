package flow

import "github.com/connect-async/connect-async/internal/flowlang"

// outcome is what came of running an action so far.
type outcome struct {
	kind   outcomeKind
	value  string // result or error type
	absent bool   // the result is a reference without a value
	cause  string // of an error, in words
}

type outcomeKind int

const (
	waitingOutcome   outcomeKind = iota // an event must come first
	movedOutcome                        // the action has moved the contact itself
	succeededOutcome                    // continue at NextAction
	resultOutcome                       // compare value with the conditions
	failedOutcome                       // take the error branch for value
)

var (
	waiting = outcome{}
	moved   = outcome{kind: movedOutcome}
	success = outcome{kind: succeededOutcome}
)

func result(value string) outcome { return outcome{kind: resultOutcome, value: value} }

// branch names the branch that an action without one should have had.
func (o outcome) branch() string {
	if o.kind == failedOutcome {
		return o.value
	}
	return flowlang.NextAction
}

func failure(errorType, cause string) outcome {
	return outcome{kind: failedOutcome, value: errorType, cause: cause}
}
