package awsfacts_test

import (
	"math"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

func TestOrchestration(t *testing.T) {
	// 2 transitions at $25 a million; 6 requests at $0.20 a million and 0.1 s of 128 MB at $0.0000133334 a GB-second.
	want := 0.00005 + 6*(0.0000002+0.1*0.125*0.0000133334)
	if got := awsfacts.PricesIn("us-east-1").Orchestration(2, 6, 100*time.Millisecond); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %g, want %g", got, want)
	}
}

// TestCallersTime compares the price of a caller's time with arithmetic by hand.
func TestCallersTime(t *testing.T) {
	p := awsfacts.PricesIn("us-east-1")
	for want, got := range map[float64]float64{
		12.0 / 60 * 0.038:  p.Voice(12 * time.Second),
		90.0 / 60 * 0.0022: p.Telephony(90 * time.Second),
		0.0:                awsfacts.PricesIn("eu-central-1").Telephony(time.Minute),
	} {
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("got %g, want %g", got, want)
		}
	}
}

// TestRates compares the quotas by Region with the table of the developer guide.
func TestRates(t *testing.T) {
	for _, test := range []struct {
		name                  string
		rate                  func(region string) awsfacts.Rate
		bigBucket, big        float64
		smallBucket, smallOne float64
	}{
		{"DescribeExecution", awsfacts.DescribeExecutionRate, 300, 15, 250, 10},
		{"StartExecution", awsfacts.StartExecutionRate, 1300, 300, 800, 150},
		{"StateTransition", awsfacts.StateTransitionRate, 5000, 5000, 800, 800},
	} {
		for region, want := range map[string][2]float64{
			"us-east-1": {test.bigBucket, test.big}, "us-west-2": {test.bigBucket, test.big},
			"eu-west-1": {test.bigBucket, test.big}, "eu-central-1": {test.smallBucket, test.smallOne},
			"": {test.smallBucket, test.smallOne},
		} {
			if got := test.rate(region); float64(got.Bucket) != want[0] || got.PerSecond != want[1] {
				t.Errorf("%s in %q: %+v", test.name, region, got)
			}
		}
	}
}
