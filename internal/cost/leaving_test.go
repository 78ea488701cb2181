package cost_test

import (
	"math"
	"testing"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
)

// TestLeaving compares with figures worked out by hand, in dollars a million requests and contacts.
func TestLeaving(t *testing.T) {
	p := awsfacts.PricesIn("us-east-1")
	l := cost.Load{MemoryMB: 128, Requests: 1e6}
	nothing := cost.Leaving(cost.Load{MemoryMB: 128}, 0, p)
	if nothing < 0.26 || nothing > 0.30 {
		t.Errorf("an idle month costs %.3f", nothing)
	}
	// 3 messages at 0.40, an invocation at 0.20 and 0.00375 GB-seconds at 13.33, and a read at 0.125
	if got := cost.Leaving(cost.Load{MemoryMB: 128}, 1e6, p) - nothing; math.Abs(got-1.575) > 0.001 {
		t.Errorf("a million contacts cost %.3f", got)
	}
	// the same with two reads, and 7 writes at 0.625
	if got := cost.Leaving(l, 0, p) - nothing; math.Abs(got-6.075) > 0.001 {
		t.Errorf("a million requests cost %.3f", got)
	}
}
