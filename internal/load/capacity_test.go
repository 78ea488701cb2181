package load_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestCapacityOfConcurrency: functions that take as long as all callers need are refused exactly when there are more
// callers than functions may run, but for the callers' own checks and what the state machine tries again.
func TestCapacityOfConcurrency(t *testing.T) {
	s := prepared(t, "balance", project.ResultsDescribed, 40*time.Second)
	o := usual(t, "burst 1 10s")
	o.Limits.Concurrency = testrun.Count(t, 8, 40)
	c, err := s.Capacity(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", c)
	most := o.Limits.Concurrency
	if c.Callers < most/2 || c.Callers > most || c.Failing != c.Callers+1 || c.Reason == "" ||
		c.Throttled > c.Failing || c.By != load.Concurrency {
		t.Errorf("with %d functions at once: %+v", most, c)
	}
	if r := runOf(t, s, scaled(o, c.Callers)); r.Failed > 0 {
		t.Errorf("of %d callers %d heard a failure", c.Callers, r.Failed)
	}
}

func scaled(o load.Settings, callers int) load.Settings {
	o.Arrivals = o.Arrivals.Scaled(float64(callers))
	return o
}

// TestEveryWayCanBeLoaded plays a few callers in every style and results mode.
func TestEveryWayCanBeLoaded(t *testing.T) {
	p, given := playedFor(t, "balance", project.ResultsDescribed, 15*time.Second)
	for i, w := range load.Ways() {
		if i%5 != 0 && !testrun.IsHeavy() {
			continue
		}
		s, found := load.PrepareWay(t.Context(), load.SetupOptions{Project: p, Scenario: given}, w, t.TempDir())
		if s == nil {
			t.Fatal(found)
		}
		r := runOf(t, s, usual(t, "burst 5 20s"))
		if r.Served != 5 || r.Wait.P50 < 15*time.Second || r.Wait.Max > 45*time.Second {
			t.Errorf("%+v: %+v", w, r)
		}
		_ = s.Close()
	}
}

// TestFirstThrottledCheck: under constant load, checks are throttled once the bucket of DescribeExecution is empty, and
// that needs more callers at once than it is refilled in the time from one check of a caller to the next. The first
// failure that a caller hears is another matter: a throttled check says that the work goes on.
func TestFirstThrottledCheck(t *testing.T) {
	const works = 60 * time.Second
	s := prepared(t, "balance", project.ResultsDescribed, works)
	o := usual(t, "burst 1 1h")
	r := runOf(t, s, scaled(o, 20))
	between := time.Duration(float64(r.Wait.Mean) * float64(r.Callers) / float64(r.Requests.Describes))
	refill := o.Limits.Describe.PerSecond
	if !testrun.IsHeavy() {
		o = usual(t, "burst 1 10m")
		o.Limits.Describe, refill = awsfacts.Rate{Bucket: 5, PerSecond: 1}, 1
	}
	atOnce := refill * between.Seconds()
	t.Logf("a check every %v, %.1f tokens a second: %.1f callers at once", between, refill, atOnce)
	for _, test := range []struct {
		part float64
		want bool
	}{{0.95, false}, {1.05, true}} {
		callers := test.part * atOnce * o.Arrivals.Lasts().Seconds() / r.Wait.Mean.Seconds()
		got := runOf(t, s, scaled(o, int(callers)))
		if throttled := len(got.Throttles) > 0; throttled != test.want || got.Failed > 0 {
			t.Errorf("%.0f %% of %.1f callers: throttled is %t, %d heard a failure", 100*test.part, atOnce, throttled,
				got.Failed)
		}
	}
}
