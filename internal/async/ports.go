package async

import (
	"context"
	"time"
)

// StartInput is what StartExecution is given.
type StartInput struct {
	StateMachineARN string
	Name            string // of the execution, see docs/contract.md
	Input           string // JSON text
}

// Execution is what DescribeExecution says. Fields that the service left out are empty.
type Execution struct {
	Status  string // RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE, or one that is new
	Input   string // JSON text; a record of the results table does not have it
	Output  string // JSON text, only when it succeeded
	Error   string // only when it failed, timed out or was aborted
	Cause   string
	Started time.Time
	Stopped time.Time // zero while it runs
}

// Executions is what the async function needs of Step Functions. Each method makes one attempt, ends when its context
// is done, and reports the service's error code in a ServiceError.
type Executions interface {
	// Start starts an execution, idempotently by name as StartExecution does for Standard state machines.
	Start(ctx context.Context, in StartInput) (executionARN string, err error)
	// Describe reads an execution.
	Describe(ctx context.Context, executionARN string) (Execution, error)
	// Stop ends an execution. The task that it is waiting for may go on.
	Stop(ctx context.Context, executionARN, errorName, cause string) error
}

// Results is what the async function needs of the results table. Errors are ServiceErrors, as with Executions.
type Results interface {
	// Pending adds a record with status PENDING. A record that exists and has not expired at now stays as it is and is
	// returned; without one old has no Execution. A record with Contact is added in one transaction with its entry in
	// the item of the contact, which then does not change either when the record stays.
	Pending(ctx context.Context, r Record, now time.Time) (old Record, err error)
	// Get reads a record, strongly consistent. found is false when there is none.
	Get(ctx context.Context, execution string) (r Record, found bool, err error)
	// Finish writes how an execution ended. Ends are ordered by Ended, in whole milliseconds: a record with a later end
	// that has not expired at now stays as it is, and one with the same end only gets the parts that it lacks. Neither
	// is an error.
	Finish(ctx context.Context, r Record, now time.Time) error
	// Doubted writes Asked and Answered, and Cancelled unless it is zero. A record that is not PENDING stays as it is,
	// which is not an error.
	Doubted(ctx context.Context, r Record) error
	// Newest writes Newest and Expires into the record of the first generation, unless a newer one is there already,
	// which is not an error.
	Newest(ctx context.Context, r Record, now time.Time) error
	// Forget writes Expires, of a time that has passed, so that the record counts as absent. One that is not PENDING,
	// or has another time in Started, stays as it is, which is not an error.
	Forget(ctx context.Context, r Record) error
	// NoteData writes Data into a record that exists; without one it does nothing.
	NoteData(ctx context.Context, r Record) error
	// Decide writes the outcome of an execution into its record, if there is one which has no outcome, or the one that
	// may be replaced. made says whether it did.
	Decide(ctx context.Context, d Decision) (made bool, err error)
}

// Histories is what the async function needs of the histories of executions.
type Histories interface {
	// History reads the newest events of an execution, the newest first. It makes one attempt, and reports the
	// service's error code in a ServiceError.
	History(ctx context.Context, executionARN string) ([]HistoryEvent, error)
}

// HistoryEvent is an event of an execution, as GetExecutionHistory says it without its data.
type HistoryEvent struct {
	Type string
	Name string // of the state that was entered or exited
	At   time.Time
}

// Items is what the async function needs of further items of the results table, by key. Errors are ServiceErrors.
type Items interface {
	// Item reads an item, strongly consistent: what was said must not come again. found is false when there is none.
	Item(ctx context.Context, key string) (item Values, found bool, err error)
	// Change updates an item, or adds it. made is false when the condition did not hold.
	Change(ctx context.Context, key string, w Write) (made bool, err error)
}

// Decision is an outcome of an execution that somebody wants to write.
type Decision struct {
	Execution string // its name
	Outcome   string
	At        time.Time
	Replaces  string    // an outcome that may be there, "" for none
	Before    time.Time // it was decided before this time
}

// Contact is what a contact has started and nobody has settled yet.
type Contact struct {
	ID         string
	Executions []string // ARNs
	Expires    time.Time
}

// Contacts is what the function for ends needs of the contacts in the results table. Errors are ServiceErrors.
type Contacts interface {
	// Contact reads a contact, strongly consistent. found is false when there is none.
	Contact(ctx context.Context, id string) (c Contact, found bool, err error)
	// Close removes a contact, unless it has further executions by now, which is not an error.
	Close(ctx context.Context, c Contact) error
	// Waiting are the ids of the contacts that started their newest execution before a time and do not expire by now.
	Waiting(ctx context.Context, before, now time.Time) (ids []string, err error)
}

// Effects is what the function for ends does in the world, and asks of it. Errors are ServiceErrors.
type Effects interface {
	// Left is when the last of the contacts that began under an id was disconnected, zero while one is connected. A
	// transfer ends one and begins another. An id that nobody knows was disconnected long ago.
	Left(ctx context.Context, contact string) (since time.Time, err error)
	// Deliver brings a result to a place of the customer's: by its ARN a flow, for a task, a queue or an event bus.
	Deliver(ctx context.Context, to string, d Delivery) error
	// Look has the function for ends get a message about a contact, once LookAfter has passed.
	Look(ctx context.Context, message string) error
}

// ServiceError is how an implementation of Executions or Results reports that a call failed.
type ServiceError struct {
	Code    string // the service's error code, such as ThrottlingException; empty when there was no readable answer
	Message string // the service's sentence; may quote the request
	Status  int    // the HTTP status, 0 when there was no answer
	Err     error  // the cause, may be nil
}

// Error implements error. It leaves the message out, since that may quote the request.
func (e *ServiceError) Error() string {
	if e.Code == "" {
		return "no readable answer from the service"
	}
	return e.Code
}

// Unwrap returns the cause.
func (e *ServiceError) Unwrap() error { return e.Err }
