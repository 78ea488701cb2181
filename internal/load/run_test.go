package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

// prepared is an example whose functions take a time.
func prepared(t testing.TB, example, results string, takes time.Duration) *load.Setup {
	t.Helper()
	p, given := playedFor(t, example, results, takes)
	s, found := load.Prepare(t.Context(), load.SetupOptions{Project: p, Scenario: given})
	if s == nil {
		t.Fatal(found)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// usual are settings with the default quotas.
func usual(t testing.TB, arrivals string) load.Settings {
	t.Helper()
	a, err := load.ParseArrivals(arrivals)
	if err != nil {
		t.Fatal(err)
	}
	const region = "us-east-1"
	return load.Settings{Arrivals: a, Limits: load.LimitsIn(region), Prices: awsfacts.PricesIn(region), Region: region,
		Seed: 1}
}

func runOf(t testing.TB, s *load.Setup, o load.Settings) *load.Result {
	t.Helper()
	r, err := s.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Callers != r.Served+r.Failed+r.Abandoned+r.Refused {
		t.Errorf("of %d callers %d were served, %d failed, %d hung up, %d got no line", r.Callers, r.Served, r.Failed,
			r.Abandoned, r.Refused)
	}
	return r
}

// TestSameSeedSameBytes: chance comes from the seed alone.
func TestSameSeedSameBytes(t *testing.T) {
	var first []byte
	for i := range 2 {
		s := prepared(t, "balance", project.ResultsDescribed, 20*time.Second)
		o := usual(t, "poisson 15/min 1m")
		o.Patience, _ = load.ParseDistribution("10s..90s")
		o.Limits.Describe = awsfacts.Rate{Bucket: 10, PerSecond: 1}
		text, err := json.Marshal(runOf(t, s, o))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = text
		} else if !bytes.Equal(text, first) {
			t.Errorf("run %d differs:\n%s\n%s", i, text, first)
		}
	}
}

// endsLater is a context that is done after it was looked at so many times.
type endsLater struct {
	context.Context
	looks int
}

// Err implements context.Context.
func (c *endsLater) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// TestRunIsCancelled: a run ends early wherever it is, and the setup can be used again.
func TestRunIsCancelled(t *testing.T) {
	s, o := prepared(t, "balance", project.ResultsInTable, 20*time.Second), usual(t, "burst 5 5s")
	for _, looks := range []int{0, 1, 10, 50} {
		ctx := &endsLater{Context: t.Context(), looks: looks}
		if _, err := s.Run(ctx, o); !errors.Is(err, context.Canceled) || ctx.looks < -10 {
			t.Errorf("after %d looks it goes on for %d more: %v", looks, -ctx.looks, err)
		}
		ctx.looks = looks
		if _, err := s.Capacity(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d looks: %v", looks, err)
		}
	}
	if r := runOf(t, s, o); r.Served != 5 {
		t.Errorf("%d were served", r.Served)
	}
}

// TestTenThousandCallers: 10,000 callers of 2 minutes each are all served where no quota refuses them. What they take
// is measured where they have a process to themselves: see TestLoadOfTenThousand of the command.
func TestTenThousandCallers(t *testing.T) {
	testrun.Heavy(t)
	s := prepared(t, "balance", project.ResultsDescribed, 110*time.Second)
	o := usual(t, "burst 10000 2m")
	o.Limits = load.Limits{}
	if r := runOf(t, s, o); r.Served != 10_000 || r.Cost.Minutes < 18_000 {
		t.Errorf("%d were served in %.0f minutes", r.Served, r.Cost.Minutes)
	}
}

// TestCallersPressKeys: in a menu callers press what the scenario says, once for each text. They are served when they
// are told both results that they ask for.
func TestCallersPressKeys(t *testing.T) {
	p, found := project.Read("../../examples/menu")
	if p == nil {
		t.Fatal(found)
	}
	given, _ := scenario.Read(p.Scenario)
	s, found := load.Prepare(t.Context(), load.SetupOptions{Project: p, Scenario: given})
	if s == nil {
		t.Fatal(found)
	}
	t.Cleanup(func() { _ = s.Close() })
	o := usual(t, "burst 2 5s")
	if r := runOf(t, s, o); r.Served != 2 || r.Requests.Executions != 4 || r.Wait.Count != 4 {
		t.Errorf("%d were served with %d executions and %d results, want 2, 4 and 4", r.Served, r.Requests.Executions,
			r.Wait.Count)
	}
	f, err := load.ParseFault("lambda/payments 00:00-10:00")
	if err != nil {
		t.Fatal(err)
	}
	o.Faults = []load.Fault{f} // of the second thing that they want
	if r := runOf(t, s, o); r.Failed != 2 || r.Suffices() || r.Wait.Count != 2 {
		t.Errorf("%d heard a failure, and %d were told a result, want 2 and 2", r.Failed, r.Wait.Count)
	}
}

// TestProgressUnderLoad: the writes of steps are no ends. They are paid for, and throttle nothing.
func TestProgressUnderLoad(t *testing.T) {
	var results [2]*load.Result
	for i, progress := range []bool{false, true} {
		p, given := playedFor(t, "chain/progress", project.ResultsInTable, 8*time.Second)
		p.Jobs[0].Progress = progress
		s, found := load.Prepare(t.Context(), load.SetupOptions{Project: p, Scenario: given, Callers: 20})
		if s == nil {
			t.Fatal(found)
		}
		defer s.Close()
		o := usual(t, "burst 20 10s")
		o.Limits.Describe.Bucket = 20
		results[i] = runOf(t, s, o)
	}
	without, with := results[0], results[1]
	if with.Served != without.Served || with.DetectionDelay.Max > without.DetectionDelay.Max+time.Second ||
		with.Needs[load.Describe] > without.Needs[load.Describe]+1 {
		t.Errorf("with progress told %+v late, needs %v; without %+v, %v", with.DetectionDelay, with.Needs,
			without.DetectionDelay, without.Needs)
	}
	const steps = 20 * 3
	more, prices := with.Cost.Orchestration-without.Cost.Orchestration, awsfacts.PricesIn("us-east-1")
	if least := steps * (prices.StateTransition + prices.DynamoDBWrite); more < least || more > 1.1*least {
		t.Errorf("the steps cost %.6f, want %.6f", more, least)
	}
}
