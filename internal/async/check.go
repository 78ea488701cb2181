package async

import (
	"context"
	"time"
)

const (
	lookLimit    = 900 * time.Millisecond // of one look: an unheld check replies within a second
	lookReserve  = 250 * time.Millisecond // what the last look of a held check may need
	tableEvery   = 250 * time.Millisecond // between looks into the results table
	maxEvery     = 5 * time.Second        // between looks with DescribeExecution
	overdueAfter = 2 * time.Second        // past the end of the timeout, which begins a little after the record
	youngCalls   = 5                      // up to this call number an execution may be unknown: DescribeExecution lags
)

// observed is what an invocation saw of its execution, and how.
type observed struct {
	execution Execution
	calls     int           // of AWS
	held      time.Duration // how long a check was kept open
	degraded  bool          // a retryable fault stood in the way
	fault     string        // sfn_error, when it is not the execution's own
	message   string        // what the service said about a denied access
}

// check looks at the execution, once or until it ends, and replies what it saw.
func (f *Function) check(ctx context.Context, in *invocation) *reply {
	if refusal := f.owned(in); refusal != nil {
		return in.refused(refusal)
	}
	if in.count > in.countMax {
		in.hold = 0
	}
	e, err := f.hold(ctx, in)
	if err == nil && ended(e) {
		return in.finished(e)
	}
	if err != nil && !f.passing(in, err) {
		return in.lookUpFailed(err)
	}
	if in.count > in.countMax {
		return f.giveUp(ctx, in, err)
	}
	return in.running(err)
}

func (in *invocation) running(err error) *reply {
	r := in.reply(statusRunning)
	r.sfnStatus, r.degraded = runningStatus(err), err != nil
	return r
}

// runningStatus is the sfn_status of an execution that has not been seen to end.
func runningStatus(err error) string {
	if err != nil {
		return "UNKNOWN"
	}
	return "RUNNING"
}

// finished says how the execution ended.
func (in *invocation) finished(e Execution) *reply {
	r := in.reply(statusFinished)
	r.sfnStatus = e.Status
	if e.Status == "SUCCEEDED" {
		r.result = resultSuccess
		r.deliver(in, e.Output)
		return r
	}
	r.result = resultFailure
	r.sfnError, r.sfnCause = e.Error, e.Cause
	return r
}

// lookUpFailed says that nothing can be seen until someone mends something. It says nothing about the work.
func (in *invocation) lookUpFailed(err error) *reply {
	id := in.executionID
	r := in.refused(in.fault("The look-up", err))
	r.executionID, r.sfnStatus = id, "UNKNOWN"
	return r
}

// fault notes a permanent fault of a service.
func (in *invocation) fault(operation string, err error) *refusal {
	in.observed.fault, in.observed.message = code(err), deniedMessage(err)
	return refuse(code(err), faultCause(operation, err))
}

// giveUp ends a round of checks, though the execution goes on.
func (f *Function) giveUp(ctx context.Context, in *invocation, err error) *reply {
	r := in.loopDone()
	r.sfnError = GaveUp
	r.sfnCause = "count passed count_max and the execution still runs. To go on, check again with count DONE."
	r.sfnStatus, r.degraded = runningStatus(err), err != nil
	if in.cancelOnGiveUp {
		f.cancelQuietly(ctx, in, r)
	}
	return r
}

// ended reports whether the status is final. Statuses that are new count as running.
func ended(e Execution) bool {
	switch e.Status {
	case "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED":
		return true
	}
	return false
}

// passing reports whether a fault of a look-up may pass by itself.
func (f *Function) passing(in *invocation, err error) bool {
	return retryable(err) || (code(err) == codeDoesNotExist && in.count <= youngCalls)
}

// hold looks until the execution ends, a permanent fault shows or the time is up. Without hold_seconds it looks once. It returns
// what the last look saw.
func (f *Function) hold(ctx context.Context, in *invocation) (Execution, error) {
	end := f.until(ctx, in.began.Add(max(in.hold, lookLimit)), deadlineMargin)
	w := watch{f: f, in: in, every: f.pace(in), describeFrom: in.began}
	defer func() { in.observed.held = w.waited }()
	for {
		e, err := w.look(ctx, end)
		if err == nil {
			in.observed.execution = e
		}
		in.observed.degraded = err != nil
		if (err == nil && ended(e)) || (err != nil && !f.passing(in, err)) {
			return e, err
		}
		if in.hold == 0 || !w.wait(ctx, end, err) {
			return e, err
		}
	}
}

// pace is the time between two looks of a held check. The table takes any number of them. DescribeExecution's rate is one for the
// whole account (Service quotas of Step Functions), so that many callers who wait at once must look less often.
func (f *Function) pace(in *invocation) time.Duration {
	if f.results != nil {
		return tableEvery
	}
	every := time.Duration(f.config.ExpectedCallers) * time.Second / describeRate(in.job.region())
	return min(max(every, time.Second), maxEvery)
}

// describeRate is how many DescribeExecution calls a second an account may make in the long run (Service quotas of Step
// Functions, 2026).
func describeRate(region string) time.Duration {
	switch region {
	case "us-east-1", "us-west-2", "eu-west-1":
		return 15
	}
	return 10
}

// watch is the looking of one check.
type watch struct {
	f            *Function
	in           *invocation
	every        time.Duration // between looks
	slowed       time.Duration // the same, while looks are throttled
	describeFrom time.Time     // an overdue record is asked about at Step Functions not before this
	waited       time.Duration
}

// wait waits until the next look. It returns false when there is no time for one.
func (w *watch) wait(ctx context.Context, end time.Time, err error) bool {
	now := w.f.clock.Now()
	left := end.Add(-lookReserve).Sub(now)
	if left <= 0 {
		return false
	}
	err = w.f.clock.Sleep(ctx, min(w.f.jitter(w.interval(err)), left))
	w.waited += w.f.clock.Now().Sub(now)
	return err == nil
}

// interval is the time until the next look. It doubles with each look in a row that was throttled.
func (w *watch) interval(err error) time.Duration {
	if !throttled(err) {
		w.slowed = w.every
		return w.every
	}
	w.slowed = min(2*max(w.slowed, w.every), maxEvery)
	return w.slowed
}

// look looks once: into the results table where there is one, else at Step Functions.
func (w *watch) look(ctx context.Context, end time.Time) (Execution, error) {
	if w.f.results == nil {
		return w.describe(ctx, end)
	}
	var record Record
	var found bool
	err := w.f.twice(ctx, w.in, end, func(ctx context.Context) (err error) {
		record, found, err = w.f.results.Get(ctx, w.in.execution)
		return err
	})
	if err != nil {
		return Execution{}, err
	}
	e := record.execution()
	now := w.f.clock.Now()
	overdue := !found || (!ended(e) && now.After(record.Started.Add(record.Timeout+overdueAfter)))
	if !overdue || now.Before(w.describeFrom) {
		return e, nil
	}
	w.describeFrom = now.Add(maxEvery)
	return w.overdue(ctx, end)
}

// overdue asks Step Functions about an execution that should have written its result by now: one that timed out as a whole or
// was stopped from outside cannot. What it finds goes into the table, so that nobody needs to ask again.
func (w *watch) overdue(ctx context.Context, end time.Time) (Execution, error) {
	e, err := w.describe(ctx, end)
	if err == nil && ended(e) {
		w.f.recordEnd(ctx, w.in, e, end)
	}
	return e, err
}

func (w *watch) describe(ctx context.Context, end time.Time) (e Execution, err error) {
	err = w.f.twice(ctx, w.in, end, func(ctx context.Context) (err error) {
		e, err = w.f.executions.Describe(ctx, w.in.executionID)
		return err
	})
	return e, err
}

// execution is what the record says, in the words of DescribeExecution.
func (r Record) execution() Execution {
	e := Execution{Status: r.Status, Output: r.Output, Error: r.Error, Cause: r.Cause, Started: r.Started, Stopped: r.Ended}
	if !ended(e) {
		e.Status = "RUNNING"
	}
	return e
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
	in.observed.degraded = in.observed.degraded || err != nil
}

// twice makes a call within the limit of a look, and once more at once when its connection was lost: one that the Lambda service
// froze between two events often is.
func (f *Function) twice(ctx context.Context, in *invocation, end time.Time, call func(context.Context) error) error {
	if latest := f.clock.Now().Add(lookLimit); latest.Before(end) {
		end = latest
	}
	err := f.attempt(ctx, in, end, lookLimit, call)
	if unanswered(err) && f.clock.Now().Before(end) && ctx.Err() == nil {
		err = f.attempt(ctx, in, end, lookLimit, call)
	}
	return err
}
