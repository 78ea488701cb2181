package async

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// log writes the line of an invocation; that of a check of running work only at level debug. It names the contact, the
// job and the execution, and holds nothing that a caller said or a function returned, unless LogData is set. A line
// with metrics is in CloudWatch's embedded metric format as well.
func (f *Function) log(ctx context.Context, in *invocation, r *reply, body []byte) {
	now := f.clock.Now()
	level, measured := level(in, r, now), in.measured(r, now)
	if level == slog.LevelDebug && !f.config.LogRunning {
		if f.unwritten.keep(in.job.Name, measured, now) {
			return
		}
		level = slog.LevelInfo
	}
	if !f.logger.Enabled(ctx, level) {
		return
	}
	line := slog.NewRecord(now, level, "invocation", 0)
	line.AddAttrs(slog.String(MetricDeployment, orNone(f.config.Deployment)))
	line.AddAttrs(in.facts(r, now)...)
	line.AddAttrs(embedded(f.unwritten.with(in.job.Name, measured), now)...)
	if f.config.LogData {
		line.AddAttrs(slog.String("event", string(in.event.text)), slog.String("reply", string(body)))
	}
	_ = f.logger.Handler().Handle(ctx, line) // a log that cannot be written must not fail the call
}

// level is Error for what someone has to fix; Warn for what passes by itself, was asked for wrongly or takes too long;
// Debug for a check of running work: most invocations are one, and their lines would cost more than the work.
func level(in *invocation, r *reply, now time.Time) slog.Level {
	switch {
	case r.sfnError == NotConfigured, in.noted.code != "":
		return slog.LevelError
	case r.degraded, in.degraded, in.faulty(r), in.late(r, now):
		return slog.LevelWarn
	case r.status == StatusRunning && in.does() == ActionCheck:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// late reports whether the execution still runs though its time is over.
func (in *invocation) late(r *reply, now time.Time) bool {
	started := in.seen.Started
	return r.status == StatusRunning && !started.IsZero() && now.After(started.Add(in.job.timeout()+overdueAfter))
}

// faulty reports whether someone has to fix something: every FAILURE that is not the work's own, and what was noted in
// an invocation that replied something else. Giving up is neither, and has a metric of its own.
func (in *invocation) faulty(r *reply) bool {
	ofWork := r.status == StatusFinished && !r.withheld
	return in.noted.code != "" || (r.result == ResultFailure && !ofWork && r.sfnError != GaveUp)
}

// firstLook is how long after its end a flow's first check comes at the latest, if the flow waited for it: Connect
// allows a chain of Lambda functions as long.
const firstLook = awsfacts.ChainLimit

// detectionDelay is how long the flow did not notice the end of an execution that it waited for. A repeated request may
// find an execution that ended long ago, which says nothing about detection: that shows in its first check. The start
// may count as the first call, so a check that only the first two calls can be is the flow's first.
func (in *invocation) detectionDelay(r *reply, now time.Time) (delay time.Duration, waited bool) {
	if r.status != StatusFinished || in.seen.Stopped.IsZero() {
		return 0, false
	}
	delay = now.Sub(in.seen.Stopped)
	return delay, delay <= firstLook || in.count > 2
}

func (in *invocation) facts(r *reply, now time.Time) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("request_id", in.requestID),
		slog.String("contact_id", contactForLog(in.event.contactID())),
		slog.String("job", orNone(in.job.Name)),
		slog.String("action", string(in.action)),
		slog.String("execution", in.nameForLog()),
		slog.String("status", r.status),
		slog.String("sfn_result", orNone(r.result)),
		slog.String("sfn_status", orNone(r.sfnStatus)),
		slog.String("sfn_error", orNone(in.ownError(r))),
		slog.String("count", r.count),
		slog.Int64("duration_ms", now.Sub(in.began).Milliseconds()),
		slog.Int64("held_ms", in.held.Milliseconds()),
		slog.Int("aws_calls", in.calls),
		slog.Bool("degraded", r.degraded || in.degraded),
	}
	if in.noted.code != "" {
		attrs = append(attrs, slog.String("operation", in.operation))
	}
	if r.sfnError == NotConfigured {
		attrs = append(attrs, slog.String("reason", r.sfnCause))
	}
	if in.noted.message != "" {
		attrs = append(attrs, slog.String("reason", in.deniedForLog()))
	}
	return attrs
}

// ownError is sfn_error, unless the execution itself chose it: that may be any text.
func (in *invocation) ownError(r *reply) string {
	if r.status == StatusFinished && !r.withheld {
		return ""
	}
	return r.sfnError
}

func contactForLog(id string) string {
	if id == "" {
		return None
	}
	return contactInPart(id)
}

// nameForLog is the execution's name if executionName made it and this function started it, or a service knows it. Any
// other name is not ours to show: somebody may have typed it.
func (in *invocation) nameForLog() string {
	_, ours := contactInName(in.execution)
	known := in.action == ActionStart || in.generation > 0 || in.seen.Status != ""
	switch {
	case in.execution == "":
		return None
	case ours && known && jobInName(in.execution) == in.job.inName():
		return in.execution
	}
	return "other"
}

// deniedForLog is the service's sentence about a denied access, which names the resource. The name of an execution that
// is not ours to show is left out.
func (in *invocation) deniedForLog() string {
	if in.execution == "" {
		return in.noted.message
	}
	return strings.ReplaceAll(in.noted.message, in.execution, in.nameForLog())
}
