package async

import (
	"context"
	"time"
)

// A start that is held replies how the work ended, if it is quick: one call instead of two, and no sentence in between.
// The caller hears silence meanwhile, and Connect's tries share one limit, so that the hold is short.

const (
	maxStartHold = 2 * time.Second
	startShare   = 3               // of time_limit a start holds at most this part
	flowReserve  = limitMargin / 2 // of hold_seconds in a start, for what lies between the flow and this function
)

// startHold is until when a start is held.
func (f *Function) startHold(ctx context.Context, in *invocation) time.Time {
	hold := min(in.hold, in.timeLimit/startShare, maxStartHold)
	return f.until(ctx, in.began.Add(hold-flowReserve))
}

// holdStart replies how the execution of a start ended, if it does so while the start is held, else that it runs. The
// table is read every TableEvery; Step Functions is asked once, at the end, where there is no table or it
// is time to doubt the record.
func (f *Function) holdStart(ctx context.Context, in *invocation) *reply {
	w := watcher{f: f, in: in, end: f.startHold(ctx, in), every: in.hold, starting: true}
	if f.results != nil {
		w.every = TableEvery
	}
	var err error
	for w.wait(ctx, f.clock.Now(), err) {
		var e Execution
		e, err = w.look(ctx)
		switch {
		case err == nil && ended(e):
			in.seen = e
			return f.finished(in, e)
		case err != nil && !passing(in, err):
			_ = in.fault(err) // the start was made; the next check tells what is wrong
			return in.begun(ExecutionRunning)
		}
	}
	in.degraded = in.degraded || retryable(err) || in.unsure
	return in.begun(ExecutionRunning)
}
