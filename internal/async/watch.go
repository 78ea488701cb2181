package async

import (
	"context"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

const (
	lookReserve = 250 * time.Millisecond // what the last look of a held check may need
	maxEvery    = 4 * time.Second        // between looks with DescribeExecution, 5 s with jitter
)

// watcher is the looking of one check.
type watcher struct {
	f        *Function
	in       *invocation
	end      time.Time     // of the last look
	every    time.Duration // between looks
	slowed   time.Duration // the same, while looks are throttled
	sure     bool          // a record that says PENDING is not enough
	starting bool          // a start is held: Step Functions is asked in the last look only
	askFrom  time.Time     // Step Functions is asked about a record not before this
	answer   answer        // what it said last
}

// answer is what Step Functions said about an execution.
type answer struct {
	e   Execution
	err error
}

// watch looks until the execution ends, a permanent fault shows or the time is over. Without hold_seconds it looks
// once. It returns what the last look saw.
func (f *Function) watch(ctx context.Context, in *invocation, end time.Time) (Execution, error) {
	w := watcher{f: f, in: in, every: f.pace(in), end: end}
	for {
		looked := f.clock.Now()
		e, err := w.look(ctx)
		if err == nil {
			in.seen = e
		}
		over := (err == nil && ended(e)) || (err != nil && !passing(in, err))
		if over || in.hold == 0 || !w.wait(ctx, looked, err) {
			return e, err
		}
	}
}

// pace is the time between two looks of a held check. The table takes any number of them. DescribeExecution's rate is
// one for the whole account, so that many callers who wait at once must look less often.
func (f *Function) pace(in *invocation) time.Duration {
	if f.results != nil {
		return TableEvery
	}
	rate := awsfacts.DescribeExecutionRate(in.job.region()).PerSecond
	every := time.Duration(f.config.ExpectedCallers) * time.Second / time.Duration(rate)
	return min(max(every, DescribeEvery), maxEvery)
}

// wait waits until the next look, counted from when the last one began. It returns false when there is no time for one.
func (w *watcher) wait(ctx context.Context, looked time.Time, err error) bool {
	now := w.f.clock.Now()
	left := w.end.Add(-lookReserve).Sub(now)
	if left <= 0 {
		return false
	}
	err = w.f.clock.Sleep(ctx, min(w.interval(err)-now.Sub(looked), left))
	w.in.held += w.f.clock.Now().Sub(now)
	return err == nil
}

// interval is the time until the next look. It doubles with each look in a row that was throttled. Looks at Step
// Functions have jitter, so that callers who came together do not stay together.
func (w *watcher) interval(err error) time.Duration {
	if !throttled(err) {
		w.slowed = w.every
	} else {
		w.slowed = min(2*max(w.slowed, w.every), maxEvery)
	}
	if w.f.results != nil {
		return w.slowed
	}
	return w.f.jitter(w.slowed)
}

// look looks once: into the results table where there is one, else at Step Functions. A record that says PENDING is
// doubted, see doubt.go.
func (w *watcher) look(ctx context.Context) (Execution, error) {
	w.in.unsure = false
	if w.f.results == nil {
		return w.describe(ctx)
	}
	record, found, err := w.record(ctx)
	w.in.recordRead = time.Time{}
	if err != nil {
		return w.withoutTable(ctx, err)
	}
	now, slot, grown := w.f.clock.Now(), w.f.slot(w.in.job), w.f.currentSlot(w.in.job)
	if !found || record.expired(now) {
		record = Record{}
	}
	if w.in.generation > 0 && record.Newest > w.in.generation {
		w.f.take(w.in, record.Newest)
		return w.look(ctx)
	}
	w.in.record, w.in.recordRead = record, now
	e := record.execution()
	switch {
	case ended(e), w.starting && !w.isLast(now):
	case record.Status == "" || w.mustAsk(record, now):
		if now.Before(w.askFrom) {
			return w.answer.e, w.answer.err
		}
		return w.ask(ctx, record)
	case !now.Before(w.askFrom) && !now.Before(record.nextSlot(grown)) && w.isLast(now) == w.starting:
		return w.doubt(ctx, record, slot)
	default:
		w.in.unsure = record.unsure(now, slot)
	}
	return e, nil
}

// isLast reports whether a held check has no time for another look. A doubt would only delay its reply, and with it the
// next look: it is left to the check that follows.
func (w *watcher) isLast(now time.Time) bool {
	return w.in.hold > 0 && !now.Before(w.end.Add(-lookReserve))
}

// record reads the record, in time for Step Functions to be asked as well.
func (w *watcher) record(ctx context.Context) (record Record, found bool, err error) {
	w.in.operation = "dynamodb:GetItem"
	now := w.f.clock.Now()
	end := now.Add(min(lookLimit, w.end.Sub(now)) * 2 / 3)
	err = w.f.twice(ctx, w.in, end, func(ctx context.Context) (err error) {
		record, found, err = w.f.results.Get(ctx, w.in.execution)
		return err
	})
	return record, found, err
}

func (w *watcher) describe(ctx context.Context) (e Execution, err error) {
	w.in.operation = "states:DescribeExecution"
	err = w.f.twice(ctx, w.in, w.end, func(ctx context.Context) (err error) {
		e, err = w.f.executions.Describe(ctx, w.in.executionID)
		return err
	})
	return e, err
}
