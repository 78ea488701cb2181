package async

import (
	"cmp"
	"context"
	"time"
)

// StatusPending is the status of a record until its execution has ended.
const StatusPending = "PENDING"

const (
	forgetAfter  = 7 * 24 * time.Hour // how long a record outlives its execution: longer than any contact lasts
	overdueAfter = 2 * time.Second    // past the timeout, which begins a little after the record
)

// recordPending notes in the results table that the execution is about to start. A table that does not answer for the moment
// is no reason not to start: without a record, a check asks Step Functions.
func (f *Function) recordPending(ctx context.Context, in *invocation, end time.Time) error {
	if f.results == nil {
		return nil
	}
	timeout := cmp.Or(in.job.Timeout, defaultTimeout)
	record := Record{
		Execution: in.execution,
		Status:    StatusPending,
		Started:   in.began,
		Timeout:   timeout,
		Expires:   in.began.Add(timeout + forgetAfter),
	}
	in.operation = "dynamodb:PutItem"
	err := f.twice(ctx, in, end, func(ctx context.Context) error { return f.results.Pending(ctx, record) })
	if retryable(err) {
		in.degraded = true
		return nil
	}
	return err
}

// recordEnd writes the end of an execution into the table. When that fails, a later check finds it out again.
func (f *Function) recordEnd(ctx context.Context, in *invocation, e Execution, end time.Time) {
	record := Record{
		Execution: in.execution,
		Status:    e.Status,
		Output:    e.Output,
		Error:     e.Error,
		Cause:     e.Cause,
		Ended:     e.Stopped,
		Expires:   in.began.Add(forgetAfter),
	}
	err := f.attempt(ctx, in, end, lookLimit, func(ctx context.Context) error { return f.results.Finish(ctx, record) })
	if err != nil {
		in.degraded = true
	}
}

// execution is what the record says, in the words of DescribeExecution.
func (r Record) execution() Execution {
	e := Execution{Status: r.Status, Output: r.Output, Error: r.Error, Cause: r.Cause, Started: r.Started, Stopped: r.Ended}
	if !ended(e) {
		e.Status = sfnRunning
	}
	return e
}
