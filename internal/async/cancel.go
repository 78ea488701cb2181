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

// cancel stops the execution. One that has ended is left alone, and its result returned. What the wrapped function has
// done is not undone, and it may still be running.
func (f *Function) cancel(ctx context.Context, in *invocation) *reply {
	if refusal := f.owned(in); refusal != nil {
		return in.refused(refusal)
	}
	in.hold = 0
	end := f.timeLimit(ctx, in)
	e, err := f.watch(ctx, in, f.lookEnd(in, end))
	switch {
	case err == nil && ended(e):
		return in.finished(e)
	case err != nil && !passing(in, err):
		return in.lookUpFailed(err)
	}
	in.degraded = err != nil
	if err = f.stop(ctx, in, end); err != nil && !retryable(err) {
		return in.lookUpFailed(err)
	}
	return in.cancelled(err)
}

func (in *invocation) cancelled(err error) *reply {
	r := in.reply(StatusRunning)
	r.sfnStatus, r.degraded = ExecutionCancelRequested, in.degraded
	if err != nil {
		in.noted.code = CancelFailed
		r.sfnStatus, r.sfnError = ExecutionUnknown, CancelFailed
		r.sfnCause = "Step Functions did not take the cancel within time_limit. Cancelling again is safe."
	}
	return r
}

// cancelAfter stops the execution that a flow gave up. Whether that worked changes nothing for the flow but sfn_status.
func (f *Function) cancelAfter(ctx context.Context, in *invocation, r *reply, end time.Time) {
	if err := f.stop(ctx, in, end); err != nil {
		in.noted = fault{code: CancelFailed, message: deniedMessage(err)}
		r.degraded = true
		return
	}
	r.sfnStatus = ExecutionCancelRequested
	r.sfnCause = "count passed count_max, and the execution was asked to stop."
}

// stop stops the execution until end, and writes its end into the results table. StopExecution succeeds on an
// execution that has just ended, too, so the end is what Step Functions says; where it does not say one yet, the record
// stays PENDING.
func (f *Function) stop(ctx context.Context, in *invocation, end time.Time) error {
	in.operation = "states:StopExecution"
	err := f.persist(ctx, in, end, retryable, func(ctx context.Context) error {
		return f.executions.Stop(ctx, in.executionID, cancelError, cancelCause)
	})
	if err == nil && f.results != nil {
		w := watcher{f: f, in: in, end: end}
		if _, unknown := w.overdue(ctx); unknown != nil {
			in.degraded = true
		}
	}
	return err
}
