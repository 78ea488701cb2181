package awsfacts_test

import (
	"math"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

func TestCallCost(t *testing.T) {
	// 2 transitions at $25 a million; 6 requests at $0.20 a million and 0.1 s of 128 MB at $0.0000133334 a GB-second.
	want := 0.00005 + 6*(0.0000002+0.1*0.125*0.0000133334)
	if got := awsfacts.CallCost(2, 6, 100*time.Millisecond); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %g, want %g", got, want)
	}
}
