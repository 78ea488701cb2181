package call_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/cost"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// written are the ways in which an end reaches the results table.
var written = []struct {
	by      string
	results string
	events  bool
}{{"the state machine alone", "table", false}, {"events alone", "event", true}, {"both", "table", true}}

// endDelays are how long the poll style does not notice the ends of as many callers as there are durations of their
// function, from 4 s to a minute. The scenario's seed moves the durations.
func endDelays(t *testing.T, given scenario.Scenario, results string, events bool, callers int) (m measured) {
	t.Helper()
	if !events {
		given.Faults = []local.Fault{{Service: local.EventBridge, Error: "Lost"}}
	}
	_, moved := math.Modf(float64(given.Seed) * math.Phi)
	one, standIn := given.Callers[0], scenario.StandIn{}
	given.Callers = nil
	for i := range callers {
		given.Callers = append(given.Callers, one)
		d := firstSentence + time.Duration((float64(i)+moved)/float64(callers)*float64(time.Minute-firstSentence))
		standIn.Outcomes = append(standIn.Outcomes, outcome(d, `{"balance":"42.10"}`))
	}
	given.Functions = map[string]scenario.StandIn{"balance": standIn}
	project := styled(t, style.Options{Style: style.Poll, Prompt: music}, results)
	summaries, heard := playAll(t, call.Options{Project: project, Scenario: given, Virtual: true})
	var sum time.Duration
	for i, s := range summaries {
		if !s.Detected {
			t.Fatalf("caller %d: %+v", i, s)
		}
		sum += s.DetectionDelay
		m.delay = max(m.delay, s.DetectionDelay)
		m.noteSilence(s, silentCalls(call.EventsOf(heard, i)))
	}
	m.mean = sum / time.Duration(callers)
	return m
}

// dollars are what a million calls of 30 s cost beyond the function itself and the minutes of Connect.
func dollars(results string, events bool) float64 {
	p := awsfacts.PricesIn("us-east-1")
	l := cost.Load{Callers: 100, Seconds: 30, Requests: 1e6, Region: "us-east-1", MemoryMB: 128}
	for _, w := range cost.Ways(l, p) {
		if w.Style == string(style.Poll) && w.Results == results {
			if !events {
				return w.Dollars - 1e6*(p.DynamoDBWrite+p.LambdaRequest+0.03*0.125*p.LambdaGBSecond)
			}
			return w.Dollars
		}
	}
	return 0
}

// TestEndsAreNoticed holds what the poll style promises at both bounds of how fast speech is, with the delay of events
// that is assumed and as many callers at once as a project has by default. Of a few callers the mean says nothing.
func TestEndsAreNoticed(t *testing.T) {
	rounds, callers := testrun.Count(t, 1, 20), async.DefaultExpectedCallers
	if !testrun.IsHeavy() {
		callers = 4
	}
	for _, rate := range speech.DefaultRange().Bounds() {
		words := rate.WordsPerMinute
		for _, way := range written {
			bars := pollBars
			if way.results == "event" {
				bars.mean, bars.delay = 2200*ms, 5500*ms
			}
			var mean time.Duration
			for round := range rounds {
				given := scenario.Default()
				given.Speech, given.Seed = speech.Always(rate), uint64(round)
				m := endDelays(t, given, way.results, way.events, callers)
				if mean += m.mean; m.misses(bars) {
					t.Errorf("%s at %.0f words a minute: %v, the bars are %v", way.by, words, m, bars)
				}
			}
			if mean /= time.Duration(rounds); rounds > 2 && mean >= bars.mean {
				t.Errorf("%s at %.0f words a minute: %v, the bar is %v", way.by, words, mean, bars.mean)
			}
			t.Logf("%s at %.0f words a minute: %v", way.by, words, mean)
		}
	}
}

// manyCallers are so many that a record is rarely doubted.
const manyCallers = 200

//go:generate go test . -run ^TestWhoWritesTheEnd$ -count=1 -update

// TestWhoWritesTheEnd measures what each way in which an end reaches the table comes to and what it costs, and checks
// the table in docs/flows.md. TestEndsAreNoticed is the quick one.
func TestWhoWritesTheEnd(t *testing.T) {
	if !testrun.Updating() {
		testrun.Heavy(t)
	}
	var table strings.Builder
	table.WriteString("| the end is written by | events take | mean delay | worst delay | a million calls |\n" +
		"|---|---|---|---|---|\n")
	for _, way := range written {
		for _, median := range []time.Duration{200 * ms, 500 * ms, time.Second} {
			given := scenario.Default()
			given.Assumptions.EventDelayMillis = int(median.Milliseconds())
			m := endDelays(t, given, way.results, way.events, manyCallers)
			takes := fmt.Sprintf("%.1f s", median.Seconds())
			if !way.events {
				takes = "never come"
			}
			fmt.Fprintf(&table, "| %s | %s | %.2f s | %.2f s | $%.2f |\n", way.by, takes, m.mean.Seconds(),
				m.delay.Seconds(), dollars(way.results, way.events))
			if !way.events {
				break
			}
		}
	}
	testrun.GeneratedPart(t, "../../docs/flows.md", "ends", table.String())
}
