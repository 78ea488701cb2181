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
	if refusal := f.identify(in); refusal != nil {
		return in.refused(refusal)
	}
	if in.job.ReadOnly {
		return in.refused(refuse(NotOwnExecution, "execution_id belongs to a state machine that this function only "+
			"reads."))
	}
	in.hold = 0
	end := f.timeLimit(ctx, in)
	e, err := f.watch(ctx, in, f.lookEnd(in, end))
	e, err = f.newest(ctx, in, e, err, f.lookEnd(in, end))
	other, err := f.foundOtherData(ctx, in, e, err, end)
	switch {
	case other:
		return in.refused(conflict())
	case err == nil && ended(e):
		return f.finished(in, e)
	case err != nil && !passing(in, err):
		return in.lookUpFailed(err)
	}
	in.degraded = err != nil
	e, err = f.stop(ctx, in, end)
	switch {
	case in.otherEnd(e):
		return f.finished(in, e)
	case err != nil && !retryable(err):
		return in.lookUpFailed(err)
	}
	return in.cancelled(err)
}

// clockSkew is by how much the clocks of the Lambda function and of Step Functions may differ.
const clockSkew = time.Second

// otherEnd reports whether an execution ended otherwise than by the stop of this invocation.
func (in *invocation) otherEnd(e Execution) bool {
	stopped := e.Status == ExecutionAborted && !e.Stopped.Before(in.began.Add(-clockSkew))
	return ended(e) && !stopped
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

// giveUpAndStop stops the execution that a flow gave up. Where it turns out to have ended before, the reply says how;
// otherwise whether the stop worked changes nothing for the flow but sfn_status.
func (f *Function) giveUpAndStop(ctx context.Context, in *invocation, looked error, end time.Time) *reply {
	e, err := f.stop(ctx, in, end)
	if in.otherEnd(e) {
		return f.finished(in, e)
	}
	r := in.gaveUp(looked)
	if err != nil {
		in.noted = fault{code: CancelFailed, message: deniedMessage(err)}
		r.degraded = true
		return r
	}
	r.sfnStatus, r.degraded = ExecutionCancelRequested, r.degraded || in.degraded
	r.sfnCause = "count passed count_max, and the execution was asked to stop."
	return r
}

// stop stops the execution until end, and asks how it ended: StopExecution succeeds on an execution that has just
// ended, too. Where Step Functions does not say an end yet, the checks that follow ask again. An execution that does
// not show yet is stopped as soon as it does.
func (f *Function) stop(ctx context.Context, in *invocation, end time.Time) (e Execution, err error) {
	in.operation = "states:StopExecution"
	helps := func(err error) bool { return passing(in, err) }
	err = f.persist(ctx, in, end.Add(-lookReserve), helps, func(ctx context.Context) error {
		return f.executions.Stop(ctx, in.executionID, cancelError, cancelCause)
	})
	if err != nil && !unsettled(err) {
		return e, err
	}
	operation := in.operation
	w, record := watcher{f: f, in: in, end: end}, in.record
	record.Cancelled = f.clock.Now()
	e, unseen := w.ask(ctx, record)
	if unseen != nil {
		in.degraded = true
	}
	if in.operation = operation; err != nil && ended(e) {
		err = nil // it was stopped, though the answer was lost
	}
	if err == nil && unseen == nil {
		in.seen = e
	}
	return e, err
}
