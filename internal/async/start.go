package async

import (
	"context"
	"fmt"
	"time"
)

const (
	limitMargin    = 500 * time.Millisecond // of time_limit, for what lies between the flow and this function
	deadlineMargin = 200 * time.Millisecond // before the Lambda deadline, for writing the reply
	attemptLimit   = 2 * time.Second        // of one attempt; StartExecution takes some ten milliseconds
	firstBackOff   = 200 * time.Millisecond
	maxBackOff     = 2 * time.Second
)

// start starts an execution, or finds the one that the same request started before.
func (f *Function) start(ctx context.Context, in *invocation) *reply {
	in.executionID = ""
	if in.count > in.countMax {
		r := in.loopDone()
		r.sfnError, r.sfnCause = GaveUp, "count passed count_max, so nothing was started."
		return r
	}
	var unknown *refusal
	if in.job, unknown = f.config.job(in.jobName); unknown != nil {
		return in.refused(unknown)
	}
	in.execution = f.executionName(in)
	end := f.until(ctx, in.began.Add(in.timeLimit-limitMargin), deadlineMargin)
	if err := f.recordPending(ctx, in, end); err != nil {
		return in.refused(in.fault("dynamodb:PutItem", err))
	}
	arn, err := f.startExecution(ctx, in, end)
	switch {
	case err == nil:
		return in.created(arn, "RUNNING")
	case code(err) == codeAlreadyExists:
		return in.created(in.job.executionPrefix()+in.execution, "UNKNOWN")
	case !retryable(err):
		return in.refused(in.fault("states:StartExecution", err))
	}
	in.observed.fault = StartFailed
	r := in.refused(refuse(StartFailed, fmt.Sprintf("Step Functions did not take the start in %d tries within time_limit (%v). "+
		"Starting again with the same request is safe.", in.observed.calls, err)))
	r.sfnStatus, r.degraded = "UNKNOWN", true
	return r
}

func (in *invocation) created(arn, sfnStatus string) *reply {
	in.executionID = arn
	r := in.reply(statusCreated)
	r.sfnStatus = sfnStatus
	r.degraded = in.observed.degraded
	return r
}

// startExecution repeats the start until it is answered for good or the time is up. All attempts have the same name, so that
// at most one of them starts anything.
func (f *Function) startExecution(ctx context.Context, in *invocation, end time.Time) (arn string, err error) {
	input := StartInput{StateMachineARN: in.job.StateMachineARN, Name: in.execution, Input: in.event.input(f.config.Input)}
	err = f.persist(ctx, in, end, func(ctx context.Context) (err error) {
		arn, err = f.executions.Start(ctx, input)
		return err
	})
	return arn, err
}

// persist makes a call until it succeeds, fails for good, or the time is up. It returns the last error.
func (f *Function) persist(ctx context.Context, in *invocation, end time.Time, call func(context.Context) error) error {
	for backOff := firstBackOff; ; backOff = min(2*backOff, maxBackOff) {
		err := f.attempt(ctx, in, end, attemptLimit, call)
		if err == nil || !retryable(err) {
			return err
		}
		in.observed.degraded = true
		wait := f.jitter(backOff)
		if f.clock.Now().Add(wait).After(end) || f.clock.Sleep(ctx, wait) != nil {
			return err
		}
	}
}

// attempt makes a call once, for at most limit and not beyond end.
func (f *Function) attempt(ctx context.Context, in *invocation, end time.Time, limit time.Duration, call func(context.Context) error) error {
	if latest := f.clock.Now().Add(limit); latest.Before(end) {
		end = latest
	}
	ctx, cancel := f.clock.WithDeadline(ctx, end)
	defer cancel()
	in.observed.calls++
	return unfinished(call(ctx))
}

// forgetAfter is how long a record outlives the latest end of its execution: longer than any contact lasts.
const forgetAfter = 7 * 24 * time.Hour

// recordPending notes in the results table that the execution is about to start. A table that does not answer for the moment
// is no reason not to start: without a record, a check asks Step Functions.
func (f *Function) recordPending(ctx context.Context, in *invocation, end time.Time) error {
	if f.results == nil {
		return nil
	}
	record := Record{
		Execution: in.execution,
		Status:    "PENDING",
		Started:   in.began,
		Timeout:   in.job.Timeout,
		Expires:   in.began.Add(in.job.Timeout + forgetAfter),
	}
	err := f.twice(ctx, in, end, func(ctx context.Context) error { return f.results.Pending(ctx, record) })
	if retryable(err) {
		in.observed.degraded = true
		return nil
	}
	return err
}
