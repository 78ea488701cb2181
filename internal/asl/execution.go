package asl

import (
	"encoding/json"
	"time"
)

// Status is the status of an execution.
type Status string

// The statuses of an execution. Created is our own: the time before Started.
const (
	Created   Status = ""
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Execution is one run of a Machine. The zero value is of no use; make one with Machine.NewExecution or
// Machine.Restore.
type Execution struct {
	machine *Machine
	r       record
	test    *stateTest // nil, but in a test of one state
}

// record is all that an execution consists of, apart from its machine.
type record struct {
	Options     Options        `json:"options"`
	Input       data           `json:"input"`
	InputText   string         `json:"inputText"` // as it was given
	Status      Status         `json:"status"`
	StartedAt   time.Time      `json:"startedAt"`
	Latest      time.Time      `json:"latest"` // time of the last event
	LastEvent   int64          `json:"lastEvent"`
	Transitions int            `json:"transitions"`
	LastID      ID             `json:"lastId"`
	Draws       uint64         `json:"draws"`
	LastFrame   int            `json:"lastFrame"`
	Frames      map[int]*frame `json:"frames,omitempty"`
	Open        map[ID]*opened `json:"open,omitempty"`
	Asked       int64          `json:"asked,omitempty"` // how many commands have opened something
	Redrives    int32          `json:"redrives,omitempty"`
	Deleted     bool           `json:"deleted,omitempty"` // its state machine is
	RedrivenAt  time.Time      `json:"redrivenAt,omitzero"`
}

// opened says what an ID was given to.
type opened struct {
	Kind  openKind `json:"kind"`
	Frame int      `json:"frame"`
	Asked asked    `json:"asked,omitzero"`
}

type openKind string

const (
	openTask             openKind = "task"
	openMapRun           openKind = "mapRun"
	openWait             openKind = "wait"
	openRetry            openKind = "retry"
	openCollapse         openKind = "collapse"
	openTimeout          openKind = "timeout"
	openHeartbeat        openKind = "heartbeat"
	openExecutionTimeout openKind = "executionTimeout"
)

// MarshalJSON writes all of the execution but its machine.
func (e *Execution) MarshalJSON() ([]byte, error) { return json.Marshal(e.r) }

// Status returns the status, Created before the event Started.
func (e *Execution) Status() Status { return e.r.Status }

// Options returns what the execution was created with.
func (e *Execution) Options() Options { return e.r.Options }

// Input returns the execution's input.
func (e *Execution) Input() json.RawMessage { return json.RawMessage(e.r.InputText) }

// Transitions returns how many states were entered so far, each retry counting as one (AWS developer guide, error
// handling: retries are state transitions). Whether AWS bills one more for the start is not confirmed.
func (e *Execution) Transitions() int { return e.r.Transitions }

// Advance tells the execution what happened and returns what must be done, in order. Before Started and after Finish
// every other event is ignored.
func (e *Execution) Advance(ev Event) []Command {
	if !e.takes(ev) {
		return nil
	}
	if ev.when().After(e.r.Latest) {
		e.r.Latest = ev.when()
	}
	t := &turn{Execution: e, at: e.r.Latest}
	ev.apply(t)
	t.settle()
	if t.finished {
		clear(e.r.Open)
		if !e.Redrivable() {
			clear(e.r.Frames)
		}
	}
	return t.commands
}

// takes reports whether an event means something to the execution in its status.
func (e *Execution) takes(ev Event) bool {
	switch ev.(type) {
	case Started:
		return e.r.Status == Created
	case Redriven:
		return e.Redrivable()
	}
	return e.r.Status == Running
}

// Redrivable reports whether the execution has ended in a way after which it can go on with Redriven.
func (e *Execution) Redrivable() bool {
	unsuccessful := e.r.Status == Failed || e.r.Status == TimedOut || e.r.Status == Aborted
	return unsuccessful && e.r.Options.Kind != Express && e.r.LastEvent < MaxHistoryEvents-1
}
