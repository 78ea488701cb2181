package call_test

import (
	"slices"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

// play plays the example on virtual time with a changed scenario.
func play(t testing.TB, change func(*scenario.Scenario)) (call.Summary, []call.Event) {
	t.Helper()
	p, found := project.Read("../../examples/balance")
	if p == nil {
		t.Fatal(found)
	}
	given, found := scenario.Read(p.Scenario)
	if found.HasErrors() {
		t.Fatal(found)
	}
	change(&given)
	summaries, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true})
	return summaries[0], events
}

// takes makes the function of the example take d.
func takes(d time.Duration) func(*scenario.Scenario) {
	return func(s *scenario.Scenario) {
		s.Functions = map[string]scenario.StandIn{
			"balance": {Outcomes: []scenario.Outcome{outcome(d, `{"balance":"42.10"}`)}}}
	}
}

// TestPollStyleDurations checks the promise of the poll style for every duration of the function up to two minutes.
func TestPollStyleDurations(t *testing.T) {
	const (
		shortest, longest = 100 * time.Millisecond, 2 * time.Minute
		firstSentenceEnds = 4 * time.Second // later results come while clips are played
		maxGap            = 500 * time.Millisecond
		maxStart          = 1300 * time.Millisecond // the start is held
		maxDelay          = 3600 * time.Millisecond
		maxMeanDelay      = 2 * time.Second
	)
	var sum time.Duration
	var late int
	n := testrun.Count(t, 12, 120)
	for i := range n {
		d := shortest + time.Duration(i)*(longest-shortest)/time.Duration(n-1)
		s, events := play(t, takes(d))
		if s.Ending != flow.EndingDisconnected || !s.Detected || s.Function != "SUCCEEDED" {
			t.Fatalf("%v: %+v", d, s)
		}
		calls := silentCalls(events)
		if s.LongestGap >= maxStart || len(calls) > 1 && slices.Max(calls[1:]) >= maxGap ||
			s.DetectionDelay >= maxDelay {
			t.Errorf("%v: silences %v, detection delay %v", d, calls, s.DetectionDelay)
		}
		if d >= firstSentenceEnds {
			late++
			sum += s.DetectionDelay
		}
	}
	mean := sum / time.Duration(late)
	t.Logf("%d durations: mean detection delay %v", n, mean)
	if mean >= maxMeanDelay {
		t.Errorf("mean detection delay %v", mean)
	}
}

// silentCalls is for how long each call of a function left the caller in silence.
func silentCalls(events []call.Event) (took []time.Duration) {
	for _, e := range events {
		if e.Type == call.TypeFunction && e.Silent {
			took = append(took, e.Took)
		}
	}
	return took
}

// TestPollStyleSentences checks that no sentence is heard twice within 30 s.
func TestPollStyleSentences(t *testing.T) {
	_, events := play(t, takes(2*time.Minute))
	heard := map[string]time.Duration{}
	for _, e := range events {
		if last, again := heard[e.Text]; e.Type == call.TypeSays && again && e.At-last < 30*time.Second {
			t.Errorf("%q is heard at %v and %v", e.Text, last, e.At)
		}
		if e.Type == call.TypeSays {
			heard[e.Text] = e.At
		}
	}
}
