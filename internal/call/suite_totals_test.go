package call_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
)

func TestSilencePercentiles(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1)*time.Second)
	}
	for _, test := range []struct {
		silences []time.Duration
		share    float64
		want     time.Duration
	}{
		{hundred, 0.5, 50 * time.Second}, {hundred, 0.95, 95 * time.Second}, {hundred, 0.99, 99 * time.Second},
		{hundred, 1, 100 * time.Second}, {hundred, 0, time.Second},
		{hundred[:3], 0.5, 2 * time.Second}, {hundred[:1], 0.99, time.Second}, {nil, 0.5, 0},
	} {
		if got := (call.Totals{Silences: test.silences}).Silence(test.share); got != test.want {
			t.Errorf("%g of %d: %v, want %v", test.share, len(test.silences), got, test.want)
		}
	}
}

// TestTotals adds scenarios up: each speed of speech has its silences, the money is that of one play.
func TestTotals(t *testing.T) {
	results := call.RunScenarios(t.Context(), []string{"../../examples/balance/scenarios/quick.yaml",
		"../../examples/chat/scenarios/quick.yaml"}, call.Options{})
	totals := call.TotalsOf(results)
	voice, chat := results[0].Summaries[0], results[1].Summaries[0]
	if totals.Scenarios != 2 || totals.Passed != 2 || totals.Calls != 2 || totals.Time != voice.Duration ||
		len(totals.Silences) != 2*voice.Gaps || voice.Gaps == 0 {
		t.Errorf("%+v", totals)
	}
	if chat.Messages == 0 || chat.Dollars.Connect != float64(chat.Messages)*0.01 ||
		totals.Dollars.Connect != voice.Dollars.Connect+chat.Dollars.Connect ||
		totals.Dollars.Telephony != voice.Dollars.Telephony || voice.Dollars.Telephony == 0 {
		t.Errorf("%+v of %+v and %+v", totals.Dollars, voice.Dollars, chat.Dollars)
	}
}
