package call

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

// Totals are what the calls of a suite of scenarios come to together.
type Totals struct {
	Scenarios, Passed int
	Calls             int             // on voice, each speed of speech counted by itself
	Speeds            bool            // whether calls were played at several speeds
	Silences          []time.Duration // each stretch of dead air in them, the shortest first
	Time              time.Duration   // of the callers on voice that the results tell of
	Messages          int             // of their chats
	Dollars           Dollars         // that both cost
}

// TotalsOf adds up the results of scenarios.
func TotalsOf(results []Result) Totals {
	totals := Totals{Scenarios: len(results)}
	for _, r := range results {
		totals.Speeds = totals.Speeds || len(r.others) > 0
		if r.Passed() {
			totals.Passed++
		}
		for _, s := range r.Summaries {
			totals.Dollars = totals.Dollars.plus(s.Dollars)
			totals.Messages += s.Messages
			if s.Spoken {
				totals.Time += s.Duration
			}
		}
		for _, s := range slices.Concat(r.Summaries, r.others) {
			if s.Spoken {
				totals.Calls++
				for _, gap := range s.Silences {
					totals.Silences = append(totals.Silences, gap.Took)
				}
			}
		}
	}
	slices.Sort(totals.Silences)
	return totals
}

// Silence is how long the given share of all stretches of dead air, from 0 to 1, is at most: the shortest of them that
// no less than this share does not exceed. Without any it is 0.
func (t Totals) Silence(share float64) time.Duration {
	if len(t.Silences) == 0 {
		return 0
	}
	rank := int(math.Ceil(share * float64(len(t.Silences))))
	return t.Silences[min(max(rank, 1), len(t.Silences))-1]
}

// MarshalJSON writes the totals in the form of `test --json`: durations in seconds.
func (t Totals) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type       string  `json:"type"`
		Scenarios  int     `json:"scenarios"`
		Passed     int     `json:"passed"`
		Calls      int     `json:"calls"`
		Gaps       int     `json:"gaps"`
		P50        float64 `json:"dead_air_p50_seconds"`
		P95        float64 `json:"dead_air_p95_seconds"`
		P99        float64 `json:"dead_air_p99_seconds"`
		LongestGap float64 `json:"longest_gap_seconds"`
		Dollars    Dollars `json:"cost"`
	}{
		Type: "suite", Scenarios: t.Scenarios, Passed: t.Passed, Calls: t.Calls, Gaps: len(t.Silences),
		P50: Seconds(t.Silence(0.5)), P95: Seconds(t.Silence(0.95)), P99: Seconds(t.Silence(0.99)),
		LongestGap: Seconds(t.Silence(1)), Dollars: t.Dollars,
	})
}
