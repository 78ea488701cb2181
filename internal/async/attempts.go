package async

import (
	"context"
	"time"
)

const (
	limitMargin    = 500 * time.Millisecond // of time_limit, for what lies between the flow and this function
	deadlineMargin = 200 * time.Millisecond // before the Lambda deadline, for writing the reply
	lookLimit      = 900 * time.Millisecond // of one look: an unheld check replies within a second
	attemptLimit   = 2 * time.Second        // of one attempt to start or to stop, which take some ten milliseconds
	firstBackOff   = 200 * time.Millisecond
	maxBackOff     = 2 * time.Second
)

// until is the end of a span of time, at the latest a margin before the invocation's own deadline.
func (f *Function) until(ctx context.Context, end time.Time) time.Time {
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-deadlineMargin).Before(end) {
		return deadline.Add(-deadlineMargin)
	}
	return end
}

// timeLimit is until when a start or a cancel may try.
func (f *Function) timeLimit(ctx context.Context, in *invocation) time.Time {
	return f.until(ctx, in.began.Add(in.timeLimit-limitMargin))
}

// attempt makes a call once, for at most limit and not beyond end.
func (f *Function) attempt(ctx context.Context, in *invocation, end time.Time, limit time.Duration,
	call func(context.Context) error) error {
	if latest := f.clock.Now().Add(limit); latest.Before(end) {
		end = latest
	}
	ctx, cancel := f.clock.WithDeadline(ctx, end)
	defer cancel()
	in.calls++
	return call(ctx)
}

// twice makes a call within the limit of a look, and once more at once when it was not answered: a connection that the
// Lambda service froze between two events is often lost.
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

// persist makes a call until it succeeds, fails for good, or the time is up. It returns the last error.
func (f *Function) persist(ctx context.Context, in *invocation, end time.Time, call func(context.Context) error) error {
	for backOff := firstBackOff; ; backOff = min(2*backOff, maxBackOff) {
		err := f.attempt(ctx, in, end, attemptLimit, call)
		if err == nil || !retryable(err) {
			return err
		}
		in.degraded = true
		wait := f.jitter(backOff)
		if !f.clock.Now().Add(wait).Before(end) || f.clock.Sleep(ctx, wait) != nil {
			return err
		}
	}
}

// jitter is d, up to a quarter longer.
func (f *Function) jitter(d time.Duration) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return d + time.Duration(f.random.Float64()*float64(d)/4)
}
