package asl

import (
	"encoding/json"
	"strconv"

	"github.com/connect-async/connect-async/internal/source"
)

// state is one state of a machine. There is one type of it in a file for each type of state.
type state interface {
	base() *stateBase
	// handling returns the retriers and catchers, nil for a state that cannot have any.
	handling() *errorHandling
	// run does the state's work after it was entered, and again for each retry. It leaves the state, opens what it
	// waits for, or returns the error that it fails with.
	run(t *turn, f *frame) *failure
}

// groupState is a state with frames below it: Parallel and Map.
type groupState interface {
	state
	childSucceeded(t *turn, f, child *frame)
	childFailed(t *turn, f, child *frame, fail failure)
	// conclude leaves the state with the results of its children.
	conclude(t *turn, f *frame) *failure
}

// stateBase is what every state has.
type stateBase struct {
	name string
	kind string // Pass, Task, …
	pos  source.Pos
	next string // "" when the state ends its sequence
	dataFlow
}

func (b *stateBase) base() *stateBase         { return b }
func (b *stateBase) handling() *errorHandling { return nil }

// number returns a whole number as decoded JSON has it.
func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }
