package cost_test

import (
	"math"
	"testing"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
)

// TestProgress compares with figures worked out by hand, in dollars a million requests.
func TestProgress(t *testing.T) {
	p := awsfacts.PricesIn("us-east-1")
	l := cost.Load{Requests: 1e6, Seconds: 31, Region: "us-east-1"}
	for _, c := range []struct {
		told cost.Told
		want float64
	}{
		{cost.Told{}, 0},
		{cost.Told{History: "offer"}, 0},
		{cost.Told{History: "offer", Left: true}, 3.125}, // 4 + 1 writes at 0.625
		{cost.Told{Steps: 3, Left: true}, 81.875},        // 3 transitions at 25, and 3 + 3 + 4 + 1 writes
		// 2 functions write 3 reports each, which are told and expire: 14 writes, and 11 reads at 0.125
		{cost.Told{Steps: 3, Left: true, Reports: 2}, 81.875 + 8.75 + 1.375},
	} {
		if got := cost.Progress(l, c.told, p); math.Abs(got-c.want) > 0.001 {
			t.Errorf("%+v costs %.3f, want %.3f", c.told, got, c.want)
		}
	}
	if got := cost.HistoryCallers(l); got != 20 {
		t.Errorf("%d callers", got)
	}
	l.Quotas = map[string]float64{awsfacts.RefillQuota("GetExecutionHistory"): 100}
	if got := cost.HistoryCallers(l); got != 100 {
		t.Errorf("%d callers with a higher quota", got)
	}
}
