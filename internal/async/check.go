package async

import (
	"context"
	"slices"
	"time"
)

// DescribeExecution is eventually consistent (its API reference): an execution may be unknown up to a call number, or,
// where the flow does not count, until a second look.
const (
	youngCalls = 5
	againAfter = time.Second
)

// check looks at the execution, once or until it ends, and replies what it saw.
func (f *Function) check(ctx context.Context, in *invocation) *reply {
	if refusal := f.identify(in); refusal != nil {
		return in.refused(refusal)
	}
	if in.givesUp() {
		in.hold = 0
	}
	end := f.checkLimit(ctx, in)
	e, err := f.watchAgain(ctx, in, f.lookEnd(in, end))
	e, err = f.newest(ctx, in, e, err, f.lookEnd(in, end))
	other, err := f.foundOtherData(ctx, in, e, err, end)
	if other {
		return in.refused(conflict())
	}
	return f.stands(ctx, in, e, err, end)
}

// identify finds the execution that a check or a cancel is about: the one that the flow names, else the newest of its
// question.
func (f *Function) identify(in *invocation) (refusal *refusal) {
	if in.named {
		return f.owned(in)
	}
	if in.job, refusal = f.config.job(in.jobName); refusal != nil {
		return refusal
	}
	if in.event.contactID() == "" {
		return refuse(InvalidExecutionID, "execution_id is missing, and the event names no contact to find it by.")
	}
	f.take(in, 1)
	return nil
}

// stands replies what a look saw.
func (f *Function) stands(ctx context.Context, in *invocation, e Execution, err error, end time.Time) *reply {
	switch {
	case err == nil && ended(e):
		return f.finished(in, e)
	case err != nil && !passing(in, err):
		return in.lookUpFailed(err)
	case in.givesUp():
		return f.giveUp(ctx, in, err, end)
	}
	return in.running(err)
}

// watchAgain watches, and once more where an execution may only not show yet.
func (f *Function) watchAgain(ctx context.Context, in *invocation, end time.Time) (Execution, error) {
	e, err := f.watch(ctx, in, end)
	if f.waitToLookAgain(ctx, in, err) {
		return f.watch(ctx, in, f.until(ctx, f.clock.Now().Add(lookLimit)))
	}
	return e, err
}

// waitToLookAgain waits until an execution that is not there may be looked for again, where the flow does not count its
// calls: nothing else would end its round. A held check has looked again already. Without time for it nobody knows.
func (f *Function) waitToLookAgain(ctx context.Context, in *invocation, err error) bool {
	if code(err) != codeDoesNotExist || in.counted {
		return false
	}
	if in.lookedAgain = in.held >= againAfter; in.lookedAgain {
		return false
	}
	enough := f.clock.Now().Add(againAfter + lookReserve)
	if enough.After(f.timeLimit(ctx, in)) || f.clock.Sleep(ctx, againAfter) != nil {
		return false
	}
	in.lookedAgain, in.hold = true, 0
	return true
}

// running says that the execution goes on, or, after a passing fault, that nobody knows better.
func (in *invocation) running(err error) *reply {
	r := in.reply(StatusRunning)
	r.sfnStatus, r.degraded = unfinishedStatus(err), err != nil || in.unsure
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
func (in *invocation) givesUp() bool {
	return (in.action == ActionCheck || in.action == ActionRun) && in.count > in.countMax
}

// stopsAtEnd reports whether the check stops the execution if it has not ended.
func (in *invocation) stopsAtEnd() bool {
	return in.cancelOnGiveUp && !in.job.ReadOnly && in.givesUp()
}

// lookEnd is until when the look of a check or a cancel may take, so that a stop that follows has time.
func (f *Function) lookEnd(in *invocation, end time.Time) time.Time {
	if in.action == ActionCancel || in.stopsAtEnd() {
		return f.sharedWith(end)
	}
	return end
}

// giveUp ends a round of checks, though the execution has not been seen to end. What it still does ends at end.
func (f *Function) giveUp(ctx context.Context, in *invocation, err error, end time.Time) *reply {
	if in.stopsAtEnd() {
		return f.giveUpAndStop(ctx, in, err, end)
	}
	return in.gaveUp(err)
}

func (in *invocation) gaveUp(err error) *reply {
	r := in.loopDone()
	r.sfnError = GaveUp
	r.sfnCause = "count passed count_max and the execution still runs. To go on, check again with count DONE."
	if err != nil {
		r.sfnCause = "count passed count_max, and whether the execution still runs could not be seen. To go on, " +
			"check again with count DONE."
	}
	r.sfnStatus, r.degraded = unfinishedStatus(err), err != nil || in.unsure
	return r
}

// ended reports whether the status is final. Statuses that are new count as running.
func ended(e Execution) bool { return slices.Contains(EndStatuses, e.Status) }

// passing reports whether a fault of a look-up may pass by itself.
func passing(in *invocation, err error) bool {
	return retryable(err) || (code(err) == codeDoesNotExist && in.count <= youngCalls && !in.lookedAgain)
}
