package async

import (
	"log/slog"
	"slices"
	"sync"
	"time"
)

// metric is what CloudWatch is told under one name: a value for each invocation.
type metric struct {
	Name   string
	Unit   string
	values []float64
}

// directive says which members of a line are metrics.
type directive struct {
	Timestamp         int64
	CloudWatchMetrics [1]metricSet
}

type metricSet struct {
	Namespace  string
	Dimensions [1][2]string
	Metrics    []metric
}

// embedded are the metrics in CloudWatch's embedded metric format. Source: CloudWatch's specification of it.
func embedded(metrics []metric, now time.Time) []slog.Attr {
	set := metricSet{
		Namespace: MetricNamespace, Dimensions: [1][2]string{{MetricDeployment, MetricJob}}, Metrics: metrics,
	}
	attrs := []slog.Attr{
		slog.Any("_aws", &directive{Timestamp: now.UnixMilli(), CloudWatchMetrics: [1]metricSet{set}}),
	}
	for _, m := range metrics {
		if len(m.values) == 1 {
			attrs = append(attrs, slog.Float64(m.Name, m.values[0]))
		} else {
			attrs = append(attrs, slog.Any(m.Name, m.values))
		}
	}
	return attrs
}

// calls are the metrics that count the actions.
var calls = map[action]string{ActionStart: MetricStarts, ActionCheck: MetricChecks, ActionCancel: MetricCancels}

// measured are an invocation's metrics. Degraded and Faults are 0 or 1 in every invocation, GiveUps and
// Failures in every one that ends a round, so that their averages are shares.
func (in *invocation) measured(r *reply, now time.Time) []metric {
	var found []metric
	add := func(when bool, name, unit string, value float64) {
		if when {
			found = append(found, metric{Name: name, Unit: unit, values: []float64{value}})
		}
	}
	delay, waited := in.detectionDelay(r, now)
	started := in.seen.Started
	gaveUp := r.sfnError == GaveUp
	add(true, calls[in.does()], "Count", 1)
	add(true, MetricReplySeconds, "Seconds", (now.Sub(in.began) - in.held).Seconds())
	add(in.hold > 0, MetricHeldSeconds, "Seconds", in.held.Seconds())
	add(true, MetricDegraded, "Count", oneIf(r.degraded || in.degraded))
	add(true, MetricFaults, "Count", oneIf(in.faulty(r)))
	add(in.foundByDoubt, MetricFoundByDoubt, "Count", 1)
	add(gaveUp || r.status == StatusFinished, MetricGiveUps, "Count", oneIf(gaveUp))
	add(r.status == StatusFinished, MetricFailures, "Count", oneIf(r.sfnStatus != ExecutionSucceeded))
	add(waited, MetricDetectionDelay, "Seconds", delay.Seconds())
	add(r.status == StatusRunning && !started.IsZero(), MetricWaitingAge, "Seconds", now.Sub(started).Seconds())
	return found
}

func oneIf(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

const (
	keptInvocations = 99          // of a job: with the line's own, as many values as the format allows
	keptFor         = time.Minute // then the next invocation is written, whatever it is
)

// unwritten keeps, by job, the metrics of invocations whose lines were not written. They go out with the job's next
// line, so that no invocation is left out of an average. What the process keeps when Lambda ends it is lost.
type unwritten struct {
	mu   sync.Mutex
	jobs map[string]kept
}

// kept are the metrics of a job's invocations since the first of them.
type kept struct {
	since       time.Time
	invocations int
	metrics     []metric
}

// keep keeps the metrics of one invocation, unless it is time for a line.
func (u *unwritten) keep(job string, metrics []metric, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	k, began := u.jobs[job]
	if !began {
		k.since = now
	}
	if k.invocations == keptInvocations || now.Sub(k.since) > keptFor {
		return false
	}
	if u.jobs == nil {
		u.jobs = map[string]kept{}
	}
	u.jobs[job] = kept{since: k.since, invocations: k.invocations + 1, metrics: merge(k.metrics, metrics)}
	return true
}

// with returns the metrics of one invocation and all that were kept for its job, which are not kept any longer.
func (u *unwritten) with(job string, metrics []metric) []metric {
	u.mu.Lock()
	defer u.mu.Unlock()
	k := u.jobs[job]
	delete(u.jobs, job)
	return merge(metrics, k.metrics)
}

// merge returns the metrics of both, with all their values.
func merge(to, more []metric) []metric {
	for _, m := range more {
		i := slices.IndexFunc(to, func(other metric) bool { return other.Name == m.Name })
		if i < 0 {
			to = append(to, m)
			continue
		}
		to[i].values = append(to[i].values, m.values...)
	}
	return to
}
