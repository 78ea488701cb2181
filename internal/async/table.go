package async

import (
	"context"
	"time"
)

// Record is an execution in the results table. Status, Output, Error, Cause and Ended are written by whoever sees it
// end: its state machine as its last step, the function for ends, or a check.
type Record struct {
	Execution string // the execution's name, the key
	Status    string // StatusPending, SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Output    string // JSON text, when it succeeded
	Error     string
	Cause     string
	Started   time.Time
	Timeout   time.Duration // after Started plus Timeout a PENDING record is overdue
	Ended     time.Time     // zero while it is pending
	Expires   time.Time     // when the table may forget it
	Asked     time.Time     // when Step Functions was last asked about it while it was pending; may be zero
	Answered  time.Time     // when Step Functions last answered then
	Cancelled time.Time     // when it was asked to stop
	Data      string        // a keyed hash of the data that it was started with, empty when that is not known
	Newest    int           // the newest generation of its question, 0 without a further one; see question.go
	Outcome   string        // what became of its result, as far as somebody decided; see left.go
	Decided   time.Time     // when
	Step      Step          // that began last, as far as the state machine wrote it
	Said      int           // the number of the last step that a reply told the caller
	SaidLeft  time.Duration // the least that a reply said the work takes yet
	// SaidReport is the hash of the last report of a function that a reply told.
	SaidReport int
	// Contact and ExecutionID are those of a start whose execution is listed in the item of its contact, which the
	// table may forget at ListExpires.
	Contact, ExecutionID string
	ListExpires          time.Time
}

// StatusPending is the status of a record until its execution has ended.
const StatusPending = "PENDING"

const overdueAfter = 2 * time.Second // past the timeout, which begins a little after the record

// recordPending notes in the results table that the execution is about to start. A table that does not answer for the
// moment is no reason not to start: without a record, a check asks Step Functions. found is the record that was there.
func (f *Function) recordPending(ctx context.Context, in *invocation, end time.Time) (found Record, err error) {
	if f.results == nil {
		return found, nil
	}
	record := f.pendingRecord(in)
	in.operation = "dynamodb:PutItem"
	add := func(ctx context.Context) (err error) {
		found, err = f.results.Pending(ctx, record, in.began)
		return err
	}
	if err = f.twice(ctx, in, end, add); record.Contact != "" && retryable(err) {
		err = f.persist(ctx, in, end, retryable, add) // two starts of one contact stand in each other's way
	}
	switch {
	case retryable(err):
		in.degraded = true
		return Record{}, nil
	case err == nil && (found.Execution == "" || found.isOf(record)): // of a first try that was not answered
		found, in.pending = Record{}, record
	case err == nil:
		in.record = found
	}
	return found, err
}

// isOf reports whether a record is the one that a start wrote.
func (r Record) isOf(start Record) bool {
	return r.Status == StatusPending && r.Started.Equal(start.Started)
}

// pendingRecord is the record of an execution that is about to start.
func (f *Function) pendingRecord(in *invocation) Record {
	timeout := in.job.timeout()
	record := Record{
		Execution: in.execution,
		Status:    StatusPending,
		Started:   in.began.Truncate(time.Millisecond), // as the table keeps it
		Timeout:   timeout,
		Expires:   in.began.Add(timeout + f.config.retain()),
	}
	if id := in.event.contactID(); in.job.minds() && isUUID(id) {
		record.Contact, record.ExecutionID = id, in.executionID
		record.ListExpires = in.began.Add(f.config.longestTimeout() + f.config.retain())
	}
	return record
}

// noteNewest notes in the record of the first generation that a further one is about to start. Where that fails, the
// generations are tried in order.
func (f *Function) noteNewest(ctx context.Context, in *invocation, generation int, end time.Time) {
	if f.results == nil {
		return
	}
	record := f.pendingRecord(in)
	record.Execution, record.Newest = f.executionName(in, 1), generation
	err := f.twice(ctx, in, f.sharedWith(end), func(ctx context.Context) error {
		return f.results.Newest(ctx, record, in.began)
	})
	if err != nil {
		in.degraded = true
	}
}

// forget makes a pending record count as absent.
func (f *Function) forget(ctx context.Context, in *invocation, record Record, end time.Time) error {
	record.Expires = in.began.Add(-time.Second)
	return f.attempt(ctx, in, f.until(ctx, end), lookLimit, func(ctx context.Context) error {
		return f.results.Forget(ctx, record)
	})
}

// recordEnd writes the end of an execution into the table. When that fails, a later check finds it out again.
func (f *Function) recordEnd(ctx context.Context, in *invocation, e Execution, end time.Time) {
	err := f.attempt(ctx, in, end, lookLimit, func(ctx context.Context) error {
		return f.results.Finish(ctx, f.endRecord(in, e), in.began)
	})
	if err != nil {
		in.degraded = true
	}
}

// endRecord is the record of an execution that has ended. One of which the result is no longer told says only that.
func (f *Function) endRecord(in *invocation, e Execution) Record {
	expires := e.Stopped.Add(f.config.retain())
	if e.Stopped.IsZero() || f.isForgotten(e) {
		expires = in.began.Add(f.config.retain())
	}
	if f.isForgotten(e) {
		e.Output, e.Error, e.Cause = "", "", ""
	}
	return Record{
		Execution: in.execution,
		Status:    e.Status,
		Output:    e.Output,
		Error:     e.Error,
		Cause:     e.Cause,
		Ended:     e.Stopped.Truncate(time.Millisecond),
		Expires:   expires,
	}
}

// expired reports whether the table may have forgotten the record. An item without expires, which versions before this
// one let the state machine write, does not expire.
func (r Record) expired(now time.Time) bool { return !r.Expires.IsZero() && r.Expires.Before(now) }

// execution is what the record says, in the words of DescribeExecution.
func (r Record) execution() Execution {
	e := Execution{Status: r.Status, Output: r.Output, Error: r.Error, Cause: r.Cause, Started: r.Started,
		Stopped: r.Ended}
	if !ended(e) {
		e.Status = ExecutionRunning
	}
	return e
}
