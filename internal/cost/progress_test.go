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
	l := cost.Load{Requests: 1e6, Region: "us-east-1"}
	// 3 transitions at 25, and 3 + 3 + 4 + 1 writes at 0.625
	if got := cost.Progress(l, 3, p); math.Abs(got-81.875) > 0.001 {
		t.Errorf("three steps cost %.3f", got)
	}
	if got := cost.Progress(l, 0, p); got != 0 {
		t.Errorf("histories cost %.3f", got)
	}
	if got := cost.HistoryCallers(l); got != 40 {
		t.Errorf("%d callers", got)
	}
	l.Quotas = map[string]float64{awsfacts.RefillQuota("GetExecutionHistory"): 100}
	if got := cost.HistoryCallers(l); got != 200 {
		t.Errorf("%d callers with a higher quota", got)
	}
}
