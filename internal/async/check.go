package async

import (
	"context"
	"time"
)

// youngCalls is up to which call number an execution may be unknown: DescribeExecution is eventually consistent (its
// API reference).
const youngCalls = 5

// check looks at the execution, once or until it ends, and replies what it saw.
func (f *Function) check(ctx context.Context, in *invocation) *reply {
	if refusal := f.owned(in); refusal != nil {
		return in.refused(refusal)
	}
	if in.givesUp() {
		in.hold = 0
	}
	end := f.checkLimit(ctx, in)
	e, err := f.watch(ctx, in, f.lookEnd(in, end))
	switch {
	case err == nil && ended(e):
		return in.finished(e)
	case err != nil && !passing(in, err):
		return in.lookUpFailed(err)
	case in.givesUp():
		return f.giveUp(ctx, in, err, end)
	}
	return in.running(err)
}

// running says that the execution goes on, or, after a passing fault, that nobody knows better.
func (in *invocation) running(err error) *reply {
	r := in.reply(StatusRunning)
	r.sfnStatus, r.degraded = unfinishedStatus(err), err != nil
	return r
}

// unfinishedStatus is the sfn_status of an execution that has not been seen to end.
func unfinishedStatus(err error) string {
	if err != nil {
		return ExecutionUnknown
	}
	return ExecutionRunning
}

// finished says how the execution ended.
func (in *invocation) finished(e Execution) *reply {
	r := in.reply(StatusFinished)
	r.sfnStatus = e.Status
	if e.Status == ExecutionSucceeded {
		r.result = ResultSuccess
		r.deliver(in, e.Output)
		return r
	}
	r.result = ResultFailure
	r.sfnError, r.sfnCause = e.Error, e.Cause
	return r
}

// lookUpFailed says that nothing can be seen until someone fixes something. It says nothing about the work.
func (in *invocation) lookUpFailed(err error) *reply {
	id := in.executionID
	r := in.refused(in.fault(err))
	r.executionID, r.sfnStatus = id, ExecutionUnknown
	return r
}

// givesUp reports whether the check is the last of its round.
func (in *invocation) givesUp() bool { return in.action == ActionCheck && in.count > in.countMax }

// stopsAtEnd reports whether the check stops the execution if it has not ended.
func (in *invocation) stopsAtEnd() bool { return in.cancelOnGiveUp && in.givesUp() }

// lookEnd is until when the look of a check or a cancel may take, so that a stop that follows has time.
func (f *Function) lookEnd(in *invocation, end time.Time) time.Time {
	if in.action == ActionCancel || in.stopsAtEnd() {
		return f.sharedWith(end)
	}
	return end
}

// giveUp ends a round of checks, though the execution goes on. What it still does ends at end.
func (f *Function) giveUp(ctx context.Context, in *invocation, err error, end time.Time) *reply {
	r := in.loopDone()
	r.sfnError = GaveUp
	r.sfnCause = "count passed count_max and the execution still runs. To go on, check again with count DONE."
	r.sfnStatus, r.degraded = unfinishedStatus(err), err != nil
	if in.cancelOnGiveUp {
		f.cancelAfter(ctx, in, r, end)
	}
	return r
}

// ended reports whether the status is final. Statuses that are new count as running.
func ended(e Execution) bool {
	switch e.Status {
	case ExecutionSucceeded, ExecutionFailed, ExecutionTimedOut, ExecutionAborted:
		return true
	}
	return false
}

// passing reports whether a fault of a look-up may pass by itself.
func passing(in *invocation, err error) bool {
	return retryable(err) || (code(err) == codeDoesNotExist && in.count <= youngCalls)
}
