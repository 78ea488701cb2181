package async

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// Every end is written, whoever made it.
//
// A state machine that we write puts its end into the results table as its last step, which is fast. What that cannot
// tell is told by an event: Step Functions reports every change of the status of a Standard execution to EventBridge,
// and a rule passes the ends to a second function, which is this program again. So the ends of a state machine of the
// user's own are written, those of executions that timed out, were stopped or were redriven, and those whose last write
// failed.
//
// Events come late, twice, in any order and, rarely, never. What is in the table afterwards is the same: ends are
// ordered by when they were, see Results.Finish. Events that never come are made up for by doubt.
//
// The function fails when an end could not be written, so that Lambda invokes it again and keeps the event where
// somebody sees it. The state machines and names that are not ours it ignores.

// Ends is the function for ends.
type Ends struct {
	f        *Function
	contacts Contacts // nil where no job minds when its caller hangs up; see left.go
	effects  Effects
}

// NewEnds makes the function for ends. Options are those of New. Its config needs the state machines and the table.
func NewEnds(config Config, executions Executions, results Results, c clock.Clock, options ...Option) *Ends {
	return &Ends{f: New(config, executions, results, c, options...)}
}

// MindLeavers makes the function settle the work of callers who hang up. It returns the function.
func (e *Ends) MindLeavers(contacts Contacts, effects Effects) *Ends {
	e.contacts, e.effects = contacts, effects
	return e
}

// statusChange is an Execution Status Change event, as far as it is looked into. Source: Step Functions developer
// guide, "Automating Step Functions event delivery with EventBridge".
type statusChange struct {
	Source string
	Detail struct {
		ExecutionARN string
		Status       string
		StartDate    float64 // milliseconds
		StopDate     float64
		Output       string // left out when it is too large, or encrypted with a key of the customer's
		Error        string
		Cause        string
	}
}

// latestStop is the last stopDate in milliseconds that a record can hold: the end of the year 9999.
const latestStop = 253402300799999

var errNotAnEnd = errors.New(
	"the event is not an Execution Status Change of Step Functions with a status and a stopDate")

// The outcomes of an event, for the log.
const (
	endWritten = "written" // or was written before
	endIgnored = "ignored" // not ours, or not an end
	endFailed  = "failed"
)

// Handle writes the end that an event reports, or does what a message of the queue of contacts asks for. It waits only
// through the clock, and not beyond the deadline of ctx. The error says what could not be done, and holds nothing of
// the event's data.
func (e *Ends) Handle(ctx context.Context, requestID string, event []byte) error {
	if body, ok := queued(event); ok {
		return e.handleMessage(ctx, requestID, body)
	}
	in := &invocation{requestID: requestID, began: e.f.clock.Now()}
	ours, end, err := e.read(in, event)
	outcome := endIgnored
	if ours {
		outcome, err = endWritten, e.write(ctx, in, end)
	}
	if ours && err == nil {
		e.keepTook(ctx, in, end)
		e.expireReports(ctx, in)
		err = e.lookAfterEnd(ctx, in)
	}
	if err != nil {
		outcome = endFailed
	}
	e.log(ctx, in, end, outcome, err)
	return err
}

// read finds the execution and its end in an event. ours is false for everything that is to be ignored.
func (e *Ends) read(in *invocation, text []byte) (ours bool, end Execution, err error) {
	if problem := e.f.config.problem(); problem != "" {
		return false, end, errors.New(problem)
	}
	var event statusChange
	if json.Unmarshal(text, &event) != nil || event.Source != EventSource || event.Detail.Status == "" {
		return false, end, errNotAnEnd
	}
	d := event.Detail
	in.executionID = d.ExecutionARN
	end = Execution{Status: d.Status, Output: d.Output, Error: d.Error, Cause: d.Cause}
	if !ended(end) || !e.f.findJob(in) {
		return false, end, nil
	}
	if d.StopDate < 1 || d.StopDate > latestStop {
		return false, end, errNotAnEnd
	}
	end.Started, end.Stopped = time.UnixMilli(int64(d.StartDate)).UTC(), time.UnixMilli(int64(d.StopDate)).UTC()
	in.seen = end
	_, ours = contactInName(in.execution)
	return ours, end, nil
}

// write writes the end, with what the event left out.
func (e *Ends) write(ctx context.Context, in *invocation, end Execution) error {
	until := e.f.until(ctx, in.began.Add(EndsTimeout))
	whole, known, err := e.complete(ctx, in, end, until)
	if known {
		return nil
	}
	if err != nil && end.Status == ExecutionSucceeded {
		return e.failure(in, err) // without its result it would be told wrongly
	}
	in.operation = "dynamodb:UpdateItem"
	written := e.f.persist(ctx, in, until, retryable, func(ctx context.Context) error {
		return e.f.results.Finish(ctx, e.f.endRecord(in, whole), in.began)
	})
	if written != nil {
		return e.failure(in, written)
	}
	if err != nil { // the next try adds what is missing
		in.operation = "states:DescribeExecution"
		return e.failure(in, err)
	}
	return nil
}

// complete asks Step Functions for what an event has left out: the output of what succeeded, the error of what failed.
// known says that the table has it already: an execution that succeeded cannot be redriven, so that its end is final.
func (e *Ends) complete(ctx context.Context, in *invocation, end Execution, until time.Time) (
	whole Execution, known bool, err error) {
	if end.Status == ExecutionSucceeded && end.Output == "" {
		if e.knows(ctx, in, until) {
			return end, true, nil
		}
	} else if end.Status != ExecutionFailed || end.Error != "" {
		return end, false, nil
	}
	in.operation = "states:DescribeExecution"
	helps := func(err error) bool { return retryable(err) && end.Status == ExecutionSucceeded }
	whole = end
	err = e.f.persist(ctx, in, until.Add(-lookLimit), helps, func(ctx context.Context) error {
		described, err := e.f.executions.Describe(ctx, in.executionID)
		if err != nil {
			return err
		}
		if !ended(described) || described.Stopped.Truncate(time.Millisecond).Before(end.Stopped) {
			return errStale
		}
		whole = described
		return nil
	})
	return whole, false, err
}

// errStale is what DescribeExecution, which is eventually consistent, said before it knew of the end.
var errStale = errors.New("DescribeExecution does not say the end yet")

// knows reports whether the record has the result of an execution that succeeded.
func (e *Ends) knows(ctx context.Context, in *invocation, until time.Time) bool {
	var record Record
	found := false
	err := e.f.attempt(ctx, in, until, lookLimit, func(ctx context.Context) (err error) {
		record, found, err = e.f.results.Get(ctx, in.execution)
		return err
	})
	return err == nil && found && !record.expired(in.began) && record.Status == ExecutionSucceeded &&
		record.Output != ""
}

// failure says in a sentence why an end could not be written, or a contact not be settled.
func (e *Ends) failure(in *invocation, err error) error {
	if retryable(err) {
		return fmt.Errorf("%s: %w", in.operation, err)
	}
	return permanent(faultCause(in.operation, err))
}

// permanent is a failure that stays until somebody has mended its cause.
type permanent string

// Error implements error.
func (p permanent) Error() string { return string(p) }

// log writes the line of an event. It names the execution and holds nothing of its data.
func (e *Ends) log(ctx context.Context, in *invocation, end Execution, outcome string, err error) {
	level := map[string]slog.Level{endFailed: slog.LevelError, endIgnored: slog.LevelDebug}[outcome]
	if !e.f.logger.Enabled(ctx, level) || level == slog.LevelDebug && !e.f.config.LogRunning {
		return
	}
	now := e.f.clock.Now()
	line := slog.NewRecord(now, level, "end", 0)
	line.AddAttrs(
		slog.String(MetricDeployment, orNone(e.f.config.Deployment)),
		slog.String("request_id", in.requestID),
		slog.String("job", orNone(in.job.Name)),
		slog.String("execution", in.nameForLog()),
		slog.String("sfn_status", statusForLog(end)),
		slog.String("outcome", outcome),
		slog.Int64("duration_ms", now.Sub(in.began).Milliseconds()),
		slog.Int("aws_calls", in.calls),
	)
	if err != nil {
		line.AddAttrs(slog.String("reason", err.Error()))
	}
	if outcome == endWritten {
		delay := metric{Name: MetricEndDelay, Unit: "Seconds", values: []float64{now.Sub(end.Stopped).Seconds()}}
		line.AddAttrs(embedded([]metric{delay}, now)...)
	}
	_ = e.f.logger.Handler().Handle(ctx, line) // a log that cannot be written must not fail the call
}

// statusForLog is a status that is one of those of Step Functions.
func statusForLog(e Execution) string {
	if ended(e) {
		return e.Status
	}
	return None
}
