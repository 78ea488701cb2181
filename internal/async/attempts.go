package async

import (
	"context"
	"time"
)

const (
	limitMargin    = 500 * time.Millisecond // of time_limit, for what lies between the flow and this function
	deadlineMargin = 200 * time.Millisecond // before the Lambda deadline, for writing the reply
	lookLimit      = 900 * time.Millisecond // of looking: an unheld check replies within a second
	firstTry       = 300 * time.Millisecond // of the first try of a look, where there is time for a second
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

// checkLimit is until when a check may take: within hold_seconds, and within a second when it is not held. A flow that
// sends time_limit knows its Lambda block: the check then ends within it, and giving up may use it to stop the
// execution.
func (f *Function) checkLimit(ctx context.Context, in *invocation) time.Time {
	end := f.until(ctx, in.began.Add(max(in.hold, lookLimit)))
	if !in.limited {
		return end
	}
	if limit := f.timeLimit(ctx, in); limit.Before(end) || in.stopsAtEnd() {
		return limit
	}
	return end
}

// sharedWith is the end of the part of the time until end that a look may use, when something must follow it.
func (f *Function) sharedWith(end time.Time) time.Time {
	now := f.clock.Now()
	return now.Add(min(lookLimit, end.Sub(now)/2))
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
// Lambda service froze between two events is often lost, and one that hangs must leave time for the second try. A new
// connection that the first try did not get to the end of is there for the second.
func (f *Function) twice(ctx context.Context, in *invocation, end time.Time, call func(context.Context) error) error {
	now := f.clock.Now()
	if latest := now.Add(lookLimit); latest.Before(end) {
		end = latest
	}
	first := lookLimit
	if end.Sub(now) >= 2*firstTry {
		first = firstTry
	}
	err := f.attempt(ctx, in, end, first, call)
	if unanswered(err) && f.clock.Now().Before(end) && ctx.Err() == nil {
		err = f.attempt(ctx, in, end, lookLimit, call)
	}
	return err
}

// persist makes a call until it succeeds, fails in a way that another try does not help, or the time is up. It returns
// the last error.
func (f *Function) persist(ctx context.Context, in *invocation, end time.Time, helps func(error) bool,
	call func(context.Context) error) error {
	for backOff := firstBackOff; ; backOff = min(2*backOff, maxBackOff) {
		err := f.attempt(ctx, in, end, attemptLimit, call)
		if err == nil || !helps(err) {
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
