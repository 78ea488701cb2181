package function

import (
	"cmp"
	"context"
	"time"
)

// call is one invocation on its way: into an idle environment or a new one, and out of it.
type call struct {
	f     *Function
	inv   *invocation
	e     *environment // nil while there is none
	begin time.Time    // of the time limit
	report
}

// Do calls the function like Invoke, with everything that a request can carry.
func (f *Function) Do(ctx context.Context, req Request) Result {
	req.RequestID = cmp.Or(req.RequestID, f.spec.NewRequestID())
	req.InvokedARN = cmp.Or(req.InvokedARN, f.spec.ARN)
	if len(req.Payload) > MaxPayload {
		return Result{RequestID: req.RequestID, Err: ErrRequestTooLarge}
	}
	e, err := f.take()
	if err != nil {
		return Result{RequestID: req.RequestID, Err: err}
	}
	defer f.running.Done()
	ctx, stop := f.bound(ctx)
	defer stop()
	c := &call{f: f, inv: &invocation{Request: req}, e: e, report: report{spec: &f.spec, id: req.RequestID}}
	return c.run(ctx)
}

// bound returns a context that is done with ErrClosed, too, when the function is closed.
func (f *Function) bound(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(f.closing, func() { cancel(ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// run performs the invocation, and gives the environment back or ends it.
func (c *call) run(ctx context.Context) Result {
	out := c.invoke(ctx)
	c.duration = c.f.clock.Now().Sub(c.begin)
	if c.e != nil {
		c.peak = c.e.process.peakMemory()
	}
	if out.usable {
		c.printed = c.e.output.take()
		c.f.put(c.e)
	} else {
		c.printed = c.f.discard(c.e)
	}
	return c.result(out)
}

// invoke hands the event to the idle environment, or to a new one when there is none or it has ended in the meantime:
// an event that could not be handed over has not run.
func (c *call) invoke(ctx context.Context) *outcome {
	c.begin = c.f.clock.Now()
	if c.e == nil || !c.hand() {
		if out := c.cold(ctx); out != nil {
			return out
		}
		if !c.hand() {
			return c.e.ended(c.id)
		}
	}
	return c.e.wait(ctx, c.inv)
}

// hand gives the event to the process. It reports false when the process has ended.
func (c *call) hand() bool {
	c.inv.deadline = c.begin.Add(c.f.spec.Timeout)
	return c.e.api.send(c.inv, c.e.process.exited)
}

// cold gets a new environment ready. Lambda gives the init phase 10 seconds; when they are over it starts again, as
// part of the invocation and within its time limit. An init phase that fails is not repeated. Source: "Understanding
// the Lambda execution environment lifecycle" in the developer guide.
func (c *call) cold(ctx context.Context) *outcome {
	if c.e != nil {
		c.e.close()
		c.e = nil
	}
	code, err := c.f.prepared(ctx)
	if err != nil {
		return &outcome{err: err}
	}
	out := c.attempt(ctx, code, "init", c.f.spec.InitTimeout)
	c.begin = c.f.clock.Now()
	if out != nil && out.status == statusTimeout {
		c.e.close()
		out = c.attempt(ctx, code, "invoke", c.f.spec.Timeout)
	}
	return out
}

// attempt starts an environment and waits until it can take an event. The outcome is nil when it can.
func (c *call) attempt(ctx context.Context, code *code, phase string, limit time.Duration) *outcome {
	begin := c.f.clock.Now()
	var err error
	if c.e, err = c.f.start(code); err != nil {
		return &outcome{err: err}
	}
	out := c.e.initialise(ctx, c.id, limit)
	took := c.f.clock.Now().Sub(begin)
	if phase == "init" {
		c.init = took
	}
	if out == nil {
		c.early = append(c.early, c.e.output.take()...)
		return nil
	}
	c.early = append(c.early, c.e.end()...)
	c.early = append(c.early, initReport(phase, took, out)...)
	return out
}
