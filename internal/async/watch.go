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
	f            *Function
	in           *invocation
	end          time.Time     // of the last look
	every        time.Duration // between looks
	slowed       time.Duration // the same, while looks are throttled
	describeFrom time.Time     // an overdue record is asked about at Step Functions not before this
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

// look looks once: into the results table where there is one, else at Step Functions.
func (w *watcher) look(ctx context.Context) (Execution, error) {
	if w.f.results == nil {
		return w.describe(ctx)
	}
	record, found, err := w.record(ctx)
	if err != nil {
		return Execution{}, err
	}
	e := record.execution()
	now := w.f.clock.Now()
	found = found && !record.expired(now)
	overdue := !found || (!ended(e) && now.After(record.Started.Add(record.Timeout+overdueAfter)))
	if !overdue || now.Before(w.describeFrom) {
		return e, nil
	}
	w.describeFrom = now.Add(maxEvery)
	return w.overdue(ctx)
}

func (w *watcher) record(ctx context.Context) (record Record, found bool, err error) {
	w.in.operation = "dynamodb:GetItem"
	err = w.f.twice(ctx, w.in, w.end, func(ctx context.Context) (err error) {
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

// overdue asks Step Functions about an execution that should have written its result by now: one that timed out as a
// whole or was stopped from outside cannot. What it finds goes into the table, so that nobody needs to ask again.
func (w *watcher) overdue(ctx context.Context) (Execution, error) {
	e, err := w.describe(ctx)
	if err == nil && ended(e) {
		w.f.recordEnd(ctx, w.in, e, w.end)
	}
	return e, err
}
