package async

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/testrun"
)

// crowd are callers who poll executions of which nobody writes the end, while DescribeExecution allows what it does.
type crowd struct {
	*flow
	rate   awsfacts.Rate
	tokens float64
	at     time.Time
	asked  []time.Time // by DescribeExecution
	late   time.Duration
	poll   time.Duration

	unconfirmed int // replies that are not degraded, though Step Functions has not answered for two slots
}

func newCrowd(t *testing.T, region string, expected int, poll time.Duration) *crowd {
	w := newWorld()
	w.silent = true
	machine := strings.Replace(machineARN, "eu-west-2", region, 1)
	env := map[string]string{"STATE_MACHINE_ARN": machine, "RESULTS_TABLE": "results",
		"EXPECTED_CALLERS": strconv.Itoa(expected)}
	f := newFlow(t, w, env)
	f.f = New(f.f.config, w, w, w.clock) // without a log
	c := &crowd{flow: f, rate: awsfacts.DescribeExecutionRate(region), at: epoch, poll: poll}
	c.tokens = float64(c.rate.Bucket)
	w.before = c.before
	return c
}

// before refuses what is beyond the rate.
func (c *crowd) before(_ context.Context, op string) error {
	if op != "Describe" {
		return nil
	}
	now := c.world.clock.Now()
	c.tokens = min(float64(c.rate.Bucket), c.tokens+c.rate.PerSecond*now.Sub(c.at).Seconds())
	c.at, c.asked = now, append(c.asked, now)
	if c.tokens < 1 {
		return errThrottled
	}
	c.tokens--
	return nil
}

// caller polls one execution until its end is told, or until a time.
func (c *crowd) caller(request int, until time.Time) {
	id := c.call(parametersOf{"request": strconv.Itoa(request)})["execution_id"]
	check := c.event(parametersOf{"execution_id": id, "count_max": "9999"})
	for c.world.clock.Now().Before(until) {
		body, _ := c.f.Handle(context.Background(), "x", check)
		if strings.Contains(string(body), StatusFinished) {
			c.late = max(c.late, c.world.clock.Now().Sub(c.world.runs[id].ends))
			return
		}
		c.confirm(c.world.table[c.world.runs[id].in.Name], body)
		c.world.sleep(c.poll)
	}
	c.late = time.Hour
}

func (c *crowd) confirm(record Record, body []byte) {
	slot := c.f.slot(c.f.config.Jobs[0])
	sure := strings.Contains(string(body), `"sfn_degraded":"false"`)
	if sure && c.world.clock.Now().Sub(record.answeredBy(slot)) >= 2*slot {
		c.unconfirmed++
	}
}

// callers come within a while.
func (c *crowd) callers(n int, within, stay time.Duration, takes func() time.Duration) {
	play(c.t, c.world, func() {
		for i := range n {
			c.world.takes = takes()
			c.world.clock.Go(func() { c.caller(i, epoch.Add(stay)) })
			c.world.sleep(within / time.Duration(n))
		}
	})
}

// TestDoubtsFindEveryEnd has as many callers as expected, with a table into which nobody writes: every end is noticed
// within a slot and a poll, at no more than half of what DescribeExecution allows.
func TestDoubtsFindEveryEnd(t *testing.T) {
	for seed := range testrun.Count(t, 4, 8) {
		random := rand.New(rand.NewPCG(uint64(seed), 29))
		region := []string{"eu-west-2", "us-east-1"}[random.IntN(2)]
		expected := 1 + random.IntN(50)
		c := newCrowd(t, region, expected, time.Duration(1000+random.IntN(3000))*time.Millisecond)
		c.callers(expected, time.Duration(1+random.IntN(20_000))*time.Millisecond, time.Hour, func() time.Duration {
			return time.Duration(random.IntN(60_000)) * time.Millisecond
		})
		slot := c.f.slot(c.f.config.Jobs[0])
		took := c.world.clock.Now().Sub(epoch)
		if most := expected * int(took/slot+2); c.late > slot+c.poll || len(c.asked) > most {
			t.Errorf("trial %d: %d callers in %s, polls of %v: noticed %v late, with %d calls in %v; want at most %v "+
				"and %d", seed, expected, region, c.poll, c.late, len(c.asked), took, slot+c.poll, most)
		}
	}
}

// TestManyMoreCallersThanExpected has a hundred times as many. After a minute they call no more often than the account
// may, or than once a minute each; and RUNNING that was not confirmed for two slots is degraded.
func TestManyMoreCallersThanExpected(t *testing.T) {
	const stays = 3 * time.Minute
	expected := testrun.Count(t, 2, 10)
	c := newCrowd(t, "eu-west-2", expected, 10*time.Second)
	c.callers(100*expected, 10*time.Second, stays, func() time.Duration { return time.Hour })
	calls := 0
	for _, at := range c.asked {
		if at.After(epoch.Add(time.Minute)) {
			calls++
		}
	}
	perSecond := float64(calls) / (stays - time.Minute).Seconds()
	if most := 1.1 * max(c.rate.PerSecond, float64(100*expected)/60); perSecond > most {
		t.Errorf("%.1f calls a second, want at most %.1f", perSecond, most)
	}
	if c.unconfirmed > 0 {
		t.Errorf("%d replies say RUNNING, which nobody has confirmed for two slots", c.unconfirmed)
	}
}
