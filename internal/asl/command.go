package asl

import (
	"encoding/json"
	"time"
)

// Command is something that the holder of an execution must do.
type Command interface{ command() }

// InvokeTask calls a service. Report the outcome with TaskSucceeded, TaskFailed or TaskRefused; when WaitForToken is
// set, report the return of the call with TaskSubmitted, and the outcome that SendTaskSuccess or SendTaskFailure
// brings with TaskSucceeded or TaskFailed.
type InvokeTask struct {
	ID       ID
	State    string // name of the state
	Resource string // as written in the definition
	// Service and Action are as in Task.
	Service, Action string
	// Input is the whole request: the state's input after Parameters.
	Input Text
	// FunctionName is the name or ARN of the Lambda function to call, with its Qualifier if it has one. Payload is
	// the event for it, InvocationType RequestResponse or Event, and LogTail whether the end of its log was asked
	// for. ClientContext is JSON in base64.
	FunctionName   string
	Qualifier      string
	Payload        json.RawMessage
	InvocationType string
	LogTail        bool
	ClientContext  string `json:",omitempty"`
	// Token is the task token when WaitForToken is set, and that of a task of an activity, of which TaskStarted says
	// that a worker has it.
	Token        string
	WaitForToken bool
	// Wait says that the task goes on until a job has ended (.sync): TaskSubmitted is followed by its outcome.
	Wait bool
}

// StartChild starts an execution of a state machine. Report ChildStarted or TaskRefused, and, when Wait is set,
// ChildEnded when it has ended. When WaitForToken is set, ChildStarted is followed by TaskSucceeded or TaskFailed as
// for InvokeTask.
type StartChild struct {
	ID              ID
	State           string // the state that starts it
	Resource        string // as written in the definition
	StateMachineARN string
	Name            string // of the child execution, never empty
	Input           json.RawMessage
	Request         Text   // the whole request: the state's input after Parameters
	Wait            bool   // for its end (.sync)
	Token           string // the task token, when WaitForToken is set
	WaitForToken    bool
}

// SetTimer asks for TimerFired at a time.
type SetTimer struct {
	ID ID
	At time.Time
}

// Cancel says that a task, timer or child is of no interest any more: its events will be ignored. A child that a
// .sync task waits for must be stopped.
type Cancel struct{ ID ID }

// Emit adds an event to the execution's history.
type Emit struct{ Event HistoryEvent }

// Finish is the last command of an execution. Output is set when Status is SUCCEEDED, Error and Cause (both may be
// empty) otherwise.
type Finish struct {
	Status Status
	Output json.RawMessage
	Error  string
	Cause  string
}

func (InvokeTask) command() {}
func (StartChild) command() {}
func (SetTimer) command()   {}
func (Cancel) command()     {}
func (Emit) command()       {}
func (Finish) command()     {}
