package async

import (
	"context"
	"time"
)

// The error and cause that a cancelled execution carries.
const (
	cancelError = "Cancelled"
	cancelCause = "The contact flow asked for it."
)

// cancel stops the execution. One that has ended is left alone, and its result returned. What the wrapped function has done is
// not undone, and it may still be running.
func (f *Function) cancel(ctx context.Context, in *invocation) *reply {
	if refusal := f.owned(in); refusal != nil {
		return in.refused(refusal)
	}
	in.hold = 0
	e, err := f.hold(ctx, in)
	if err == nil && ended(e) {
		return in.finished(e)
	}
	if err != nil && !f.passing(in, err) {
		return in.lookUpFailed(err)
	}
	err = f.stop(ctx, in)
	if err != nil && !retryable(err) {
		return in.lookUpFailed(err)
	}
	return in.cancelled(err)
}

func (in *invocation) cancelled(err error) *reply {
	r := in.reply(statusRunning)
	r.sfnStatus, r.degraded = "CANCEL_REQUESTED", in.observed.degraded
	if err != nil {
		in.observed.fault = CancelFailed
		r.sfnStatus, r.sfnError = "UNKNOWN", CancelFailed
		r.sfnCause = "Step Functions did not take the cancel within time_limit. Cancelling again is safe."
	}
	return r
}

// stop stops the execution within time_limit, and notes that in the results table.
func (f *Function) stop(ctx context.Context, in *invocation) error {
	end := f.until(ctx, in.began.Add(in.timeLimit-limitMargin), deadlineMargin)
	err := f.persist(ctx, in, end, func(ctx context.Context) error {
		return f.executions.Stop(ctx, in.executionID, cancelError, cancelCause)
	})
	if err == nil && f.results != nil {
		f.recordEnd(ctx, in, f.aborted(), f.until(ctx, f.clock.Now().Add(lookLimit), deadlineMargin))
	}
	return err
}

func (f *Function) aborted() Execution {
	return Execution{Status: "ABORTED", Error: cancelError, Cause: cancelCause, Stopped: f.clock.Now().UTC().Truncate(time.Millisecond)}
}

// cancelQuietly stops the execution that a flow gave up. Whether that worked changes nothing for the flow but sfn_status.
func (f *Function) cancelQuietly(ctx context.Context, in *invocation, r *reply) {
	if err := f.stop(ctx, in); err != nil {
		in.observed.fault, in.observed.message = CancelFailed, deniedMessage(err)
		r.degraded = true
		return
	}
	r.sfnStatus = "CANCEL_REQUESTED"
	r.sfnCause = "count passed count_max, and the execution was asked to stop."
}
