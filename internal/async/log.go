package async

import (
	"context"
	"log/slog"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// log writes the line of an invocation. It names the contact, the job and the execution, and holds nothing that a
// caller said or a function returned, unless LogData is set. A line with metrics is in CloudWatch's embedded metric
// format as well.
func (f *Function) log(ctx context.Context, in *invocation, r *reply, body []byte) {
	level := level(in, r)
	if !f.logger.Enabled(ctx, level) {
		return
	}
	now := f.clock.Now()
	line := slog.NewRecord(now, level, "invocation", 0)
	line.AddAttrs(in.facts(r, now)...)
	line.AddAttrs(in.metrics(r, now)...)
	if f.config.LogData {
		line.AddAttrs(slog.String("event", string(in.event.text)), slog.String("reply", string(body)))
	}
	_ = f.logger.Handler().Handle(ctx, line) // a log that cannot be written must not fail the call
}

// level is Error for what someone has to fix, Warn for what passes by itself or was asked for wrongly.
func level(in *invocation, r *reply) slog.Level {
	switch {
	case r.sfnError == NotConfigured, in.noted.code != "":
		return slog.LevelError
	case r.degraded, in.degraded, in.faulty(r):
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// faulty reports whether someone has to fix something: every FAILURE that is not the work's own, and what was noted in
// an invocation that replied something else. Giving up is neither, and has a metric of its own.
func (in *invocation) faulty(r *reply) bool {
	ofWork := r.status == StatusFinished && r.sfnError != ResultNotDeliverable
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
		slog.String("execution", nameForLog(in.execution)),
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
		attrs = append(attrs, slog.String("reason", in.noted.message))
	}
	return attrs
}

// ownError is sfn_error, unless the execution itself chose it: that may be any text.
func (in *invocation) ownError(r *reply) string {
	if r.status == StatusFinished && r.sfnError != ResultNotDeliverable {
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

// nameForLog is a name that executionName made. Any other name is not ours to show.
func nameForLog(name string) string {
	if _, ok := contactInName(name); ok {
		return name
	}
	if name != "" {
		return "other"
	}
	return None
}

// metric is one value for CloudWatch.
type metric struct {
	Name  string
	Unit  string
	value float64
}

// metrics are the line's embedded metrics. Source of the format: CloudWatch's specification of the embedded metric
// format.
func (in *invocation) metrics(r *reply, now time.Time) []slog.Attr {
	found := in.measured(r, now)
	directive := map[string]any{
		"Timestamp": now.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": MetricNamespace, "Dimensions": [][]string{{MetricDimension}}, "Metrics": found,
		}},
	}
	attrs := []slog.Attr{slog.Any("_aws", directive)}
	for _, m := range found {
		attrs = append(attrs, slog.Float64(m.Name, m.value))
	}
	return attrs
}

// calls are the metrics that count the actions.
var calls = map[action]string{ActionStart: MetricStarts, ActionCheck: MetricChecks, ActionCancel: MetricCancels}

func (in *invocation) measured(r *reply, now time.Time) []metric {
	found := []metric{{Name: calls[in.action], Unit: "Count", value: 1}}
	add := func(when bool, name, unit string, value float64) {
		if when {
			found = append(found, metric{Name: name, Unit: unit, value: value})
		}
	}
	delay, waited := in.detectionDelay(r, now)
	started := in.seen.Started
	add(in.hold > 0, MetricHeldSeconds, "Seconds", in.held.Seconds())
	add(r.degraded || in.degraded, MetricDegraded, "Count", 1)
	add(in.faulty(r), MetricFaults, "Count", 1)
	add(r.sfnError == GaveUp, MetricGiveUps, "Count", 1)
	add(waited, MetricDetectionDelay, "Seconds", delay.Seconds())
	add(r.status == StatusRunning && !started.IsZero(), MetricWaitingAge, "Seconds", now.Sub(started).Seconds())
	return found
}
