package flow

import (
	"encoding/json"
	"time"
)

// Event is something that happened to a contact. Every event carries the time at which it happened; times never
// decrease.
type Event interface{ when() time.Time }

// Connected begins the contact: the flow's first action runs.
type Connected struct{ At time.Time }

// Said reports that a Say came to its end.
type Said struct {
	At time.Time
	ID string
}

// Input is what the caller did: keys pressed (0-9, *, #), or words said or typed.
type Input struct {
	At     time.Time
	Digits string
	Text   string
}

// FunctionReturned reports the reply of a Lambda function, as the bytes that it returned.
type FunctionReturned struct {
	At      time.Time
	ID      string
	Payload json.RawMessage
}

// FunctionFailed reports that a Lambda function gave no reply: it raised Error with Message, or could not be invoked.
// Retryable says that the service refused or failed (throttling, 5xx), which Connect tries again.
type FunctionFailed struct {
	At        time.Time
	ID        string
	Error     string
	Message   string
	Retryable bool
}

// TimerFired reports that the time of a SetTimer has come.
type TimerFired struct {
	At time.Time
	ID string
}

// WorldChanged changes the world from now on. Outcomes, Metrics and Intents replace those of the same names, of which
// outcomes are used from the first; the rest of World does not count. An action that has begun goes on as it was.
type WorldChanged struct {
	At    time.Time
	World World
}

// HungUp ends the contact from the caller's side.
type HungUp struct{ At time.Time }

func (e Connected) when() time.Time        { return e.At }
func (e Said) when() time.Time             { return e.At }
func (e Input) when() time.Time            { return e.At }
func (e FunctionReturned) when() time.Time { return e.At }
func (e FunctionFailed) when() time.Time   { return e.At }
func (e TimerFired) when() time.Time       { return e.At }
func (e WorldChanged) when() time.Time     { return e.At }
func (e HungUp) when() time.Time           { return e.At }
