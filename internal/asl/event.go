package asl

import (
	"encoding/json"
	"time"
)

// ID names something that a command opened. IDs are never used twice in an execution.
type ID int64

// Event is something that happened to an execution. An event whose time is before that of the event before it counts
// as of the same time, so that a history never goes back.
type Event interface {
	when() time.Time
	apply(t *turn)
}

// Started begins the execution.
type Started struct{ At time.Time }

// TaskSucceeded ends a task. Output is what the service answered: a function's result just as it returned it, or the
// body of a service's response with the names that the integration uses.
type TaskSucceeded struct {
	At     time.Time
	ID     ID
	Output json.RawMessage
	// ExecutedVersion is the version of the Lambda function that ran, $LATEST when it is empty.
	ExecutedVersion string
	// LogResult is the end of the function's log in Base64, when LogType Tail was asked for.
	LogResult string
	// Whole says that Output is the whole result of the task, as a stand-in gives it, and not a service's answer that
	// the integration puts something around.
	Whole bool
}

// TaskFailed ends a task with an error: of a Lambda function, its errorType and its error document as JSON.
type TaskFailed struct {
	At    time.Time
	ID    ID
	Error string
	Cause string
}

// TaskRefused ends a task that a service did not accept, with the service's own error: Code such as
// ResourceNotFoundException, the message, and the HTTP status. The error name and cause that AWS makes of it are
// formed here.
type TaskRefused struct {
	At      time.Time
	ID      ID
	Code    string
	Message string
	Status  int
}

// TaskSubmitted says that the call of a task that waits for a task token has returned; the task goes on. Output is as
// in TaskSucceeded.
type TaskSubmitted struct {
	At     time.Time
	ID     ID
	Output json.RawMessage
	Whole  bool // as in TaskSucceeded
}

// TaskStarted says that a worker has the task of an activity. Its heartbeat counts from here.
type TaskStarted struct {
	At     time.Time
	ID     ID
	Worker string // "" for one that did not say
}

// TaskHeartbeat restarts the heartbeat timer of a task.
type TaskHeartbeat struct {
	At time.Time
	ID ID
}

// ChildStarted says that a child execution was started. The task of a plain startExecution ends with it, .sync tasks
// go on.
type ChildStarted struct {
	At           time.Time
	ID           ID
	ExecutionARN string
	StartedAt    time.Time
}

// ChildEnded ends a .sync task with the child execution's end.
type ChildEnded struct {
	At              time.Time
	ID              ID
	ExecutionARN    string
	Name            string
	StateMachineARN string
	Status          Status
	Input           json.RawMessage
	Output          json.RawMessage
	Error           string
	Cause           string
	StartedAt       time.Time
	EndedAt         time.Time
}

// TimerFired says that the time of a timer has come.
type TimerFired struct {
	At time.Time
	ID ID
}

// Stopped ends the execution from outside, as StopExecution does.
type Stopped struct {
	At    time.Time
	Error string
	Cause string
}

// Redriven lets an execution go on that failed, timed out or was stopped, as RedriveExecution does: what failed or was
// cut short runs again, with its old input.
type Redriven struct{ At time.Time }

// MachineDeleted ends the execution when it next enters a state, since its state machine is being deleted.
type MachineDeleted struct{ At time.Time }

func (ev Redriven) when() time.Time       { return ev.At }
func (ev MachineDeleted) when() time.Time { return ev.At }
func (ev Started) when() time.Time        { return ev.At }
func (ev TaskSucceeded) when() time.Time  { return ev.At }
func (ev TaskFailed) when() time.Time     { return ev.At }
func (ev TaskRefused) when() time.Time    { return ev.At }
func (ev TaskSubmitted) when() time.Time  { return ev.At }
func (ev TaskStarted) when() time.Time    { return ev.At }
func (ev TaskHeartbeat) when() time.Time  { return ev.At }
func (ev ChildStarted) when() time.Time   { return ev.At }
func (ev ChildEnded) when() time.Time     { return ev.At }
func (ev TimerFired) when() time.Time     { return ev.At }
func (ev Stopped) when() time.Time        { return ev.At }
