package load

import (
	"context"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/local"
)

// throttling is the error of a request that a quota refuses.
func throttling() error { return &async.ServiceError{Code: "ThrottlingException", Status: 400} }

// served reports whether a request to Step Functions is served, and else its error.
func (s *simulation) served(operation string, quota Quota, b bucket) error {
	if f := s.fault(local.StepFunctions, operation); f.Error != "" {
		return &async.ServiceError{Code: f.Error, Status: f.status()}
	}
	s.result.demands(quota, 1)
	if !b.take(s.now()) {
		s.result.throttled(quota)
		return throttling()
	}
	return nil
}

// table reports the same of a request to the results table.
func (s *simulation) table(operation string, quota Quota, c *capacity) error {
	if f := s.fault(local.DynamoDB, operation); f.Error != "" {
		return &async.ServiceError{Code: f.Error, Status: f.status()}
	}
	if !c.take(s.now()) {
		s.result.throttled(quota)
		return throttling()
	}
	if quota == Writes {
		s.result.tableWrites++
	} else {
		s.result.tableReads++
	}
	return nil
}

// describes is DescribeExecution.
func (s *simulation) describes(e *execution) (async.Execution, error) {
	s.result.describes++
	if err := s.served("describe", Describe, s.describe); err != nil {
		return async.Execution{}, err
	}
	return e.described(), nil
}

// gets is GetItem on the results table.
func (s *simulation) gets(c *caller, name string) (async.Record, bool, error) {
	if err := s.table("get", Reads, s.reads); err != nil {
		return async.Record{}, false, err
	}
	r, found := c.records[name]
	return r, found, nil
}

// states is Step Functions as the async function sees it. Each caller has executions of their own.
type states struct{ sim *simulation }

// travel lets a request travel, and returns whose it is.
func (s *simulation) travel(ctx context.Context, d time.Duration) (*caller, error) {
	v := visitOf(ctx)
	if s.stopped {
		return v.caller, throttling()
	}
	return v.caller, s.clock.Sleep(ctx, d)
}

// Start implements async.Executions.
func (p states) Start(ctx context.Context, in async.StartInput) (string, error) {
	s := p.sim
	c, err := s.travel(ctx, s.latency.StepFunctions)
	if err == nil {
		err = s.served("start", Start, s.start)
	}
	if err != nil {
		return "", err
	}
	if e := c.executions[in.Name]; e != nil {
		if e.ended.IsZero() && e.input == in.Input {
			return e.arn, nil
		}
		return "", &async.ServiceError{Code: "ExecutionAlreadyExists", Status: 400}
	}
	return s.startExecution(c, in)
}

// Describe implements async.Executions.
func (p states) Describe(ctx context.Context, arn string) (async.Execution, error) {
	s, v := p.sim, visitOf(ctx)
	if a := v.takeFirst(); a != nil {
		return a.e, a.err
	}
	c, err := s.travel(ctx, s.latency.StepFunctions)
	if err != nil {
		return async.Execution{}, err
	}
	if e := c.execution(arn); e != nil {
		return s.describes(e)
	}
	if err := s.served("describe", Describe, s.describe); err != nil {
		return async.Execution{}, err
	}
	return async.Execution{}, &async.ServiceError{Code: "ExecutionDoesNotExist", Status: 400}
}

// takeFirst returns the answer to the first request, if it was made already, once.
func (v *visit) takeFirst() *answer {
	a := v.first
	v.first = nil
	return a
}

// Stop implements async.Executions.
func (p states) Stop(ctx context.Context, arn, name, cause string) error {
	s := p.sim
	c, err := s.travel(ctx, s.latency.StepFunctions)
	if err == nil {
		err = s.served("stop", Stop, s.stop)
	}
	if err != nil {
		return err
	}
	if e := c.execution(arn); e != nil {
		e.stops(name, cause)
	}
	return nil
}

// tables is the results table as the async function sees it. Each caller has records of their own.
type tables struct{ sim *simulation }

// write lets a write travel, and returns whose record it is.
func (p tables) write(ctx context.Context, operation string) (*caller, error) {
	c, err := p.sim.travel(ctx, p.sim.latency.DynamoDB)
	if err == nil {
		err = p.sim.table(operation, Writes, p.sim.writes)
	}
	return c, err
}

// Pending implements async.Results.
func (p tables) Pending(ctx context.Context, r async.Record, now time.Time) (async.Record, error) {
	c, err := p.write(ctx, "pending")
	if err != nil {
		return async.Record{}, err
	}
	if old, found := c.records[r.Execution]; found && !old.Expires.Before(now) {
		return old, nil
	}
	c.records[r.Execution] = r
	return async.Record{}, nil
}

// Get implements async.Results.
func (p tables) Get(ctx context.Context, execution string) (async.Record, bool, error) {
	if a := visitOf(ctx).takeFirst(); a != nil {
		return a.record, a.found, a.err
	}
	c, err := p.sim.travel(ctx, p.sim.latency.DynamoDB)
	if err != nil {
		return async.Record{}, false, err
	}
	return p.sim.gets(c, execution)
}

// Finish implements async.Results.
func (p tables) Finish(ctx context.Context, r async.Record, _ time.Time) error {
	c, err := p.write(ctx, "finish")
	if err == nil {
		c.recordEnd(r)
	}
	return err
}

// recordEnd writes an end into a record, unless it has one.
func (c *caller) recordEnd(r async.Record) {
	old := c.records[r.Execution]
	if !old.Ended.IsZero() {
		return
	}
	old.Execution, old.Status, old.Ended, old.Expires = r.Execution, r.Status, r.Ended, r.Expires
	old.Output, old.Error, old.Cause = r.Output, r.Error, r.Cause
	c.records[r.Execution] = old
}

// change changes a record that exists.
func (p tables) change(ctx context.Context, operation, name string, change func(*async.Record)) error {
	c, err := p.write(ctx, operation)
	if err != nil {
		return err
	}
	if r, found := c.records[name]; found {
		change(&r)
		c.records[name] = r
	}
	return nil
}

// Doubted implements async.Results.
func (p tables) Doubted(ctx context.Context, r async.Record) error {
	return p.change(ctx, "doubted", r.Execution, func(old *async.Record) {
		if old.Status == async.StatusPending {
			old.Asked, old.Answered = r.Asked, r.Answered
			if !r.Cancelled.IsZero() {
				old.Cancelled = r.Cancelled
			}
		}
	})
}

// Newest implements async.Results.
func (p tables) Newest(ctx context.Context, r async.Record, _ time.Time) error {
	return p.change(ctx, "newest", r.Execution, func(old *async.Record) {
		old.Newest, old.Expires = max(old.Newest, r.Newest), r.Expires
	})
}

// Forget implements async.Results.
func (p tables) Forget(ctx context.Context, r async.Record) error {
	return p.change(ctx, "forget", r.Execution, func(old *async.Record) {
		if old.Status == async.StatusPending && old.Started.Equal(r.Started) {
			old.Expires = r.Expires
		}
	})
}

// NoteData implements async.Results.
func (p tables) NoteData(ctx context.Context, r async.Record) error {
	return p.change(ctx, "notedata", r.Execution, func(old *async.Record) { old.Data = r.Data })
}

// Decide implements async.Results.
func (p tables) Decide(ctx context.Context, d async.Decision) (made bool, err error) {
	err = p.change(ctx, "decide", d.Execution, func(old *async.Record) {
		if made = old.Outcome == "" || old.Outcome == d.Replaces && old.Decided.Before(d.Before); made {
			old.Outcome, old.Decided = d.Outcome, d.At
		}
	})
	return made, err
}
