package cost_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/cost"
)

func wayOf(t *testing.T, l cost.Load, style, results string) cost.Way {
	t.Helper()
	for _, w := range cost.Ways(l, cost.DefaultPrices()) {
		if w.Style == style && w.Results == results {
			return w
		}
	}
	t.Fatalf("there is no way %s, %s", style, results)
	return cost.Way{}
}

// TestCostByHand compares costs with arithmetic by hand: 1,000,000 requests of 30 s, 128 MB.
func TestCostByHand(t *testing.T) {
	l := cost.Load{Callers: 30, Seconds: 30, Requests: 1e6, Region: "us-east-1", MemoryMB: 128}
	for _, test := range []struct {
		style, results string
		low            float64
	}{
		// $25 a transition; 11 requests at $0.20; 0.33 s of 0.125 GB at $13.3334.
		{"poll", "describe", 25 + 11*0.20 + 0.33*0.125*13.3334},
		// One transition more; the function for ends; 3 writes at $0.625, 10 reads at $0.125.
		{"poll", "table", 50 + 12*0.20 + 0.36*0.125*13.3334 + 3*0.625 + 10*0.125},
		// One transition and one write less.
		{"poll", "event", 25 + 12*0.20 + 0.36*0.125*13.3334 + 2*0.625 + 10*0.125},
		// 3 requests and the function for ends; 30.06 s busy; 120 reads.
		{"wait", "table", 50 + 4*0.20 + 30.09*0.125*13.3334 + 3*0.625 + 120*0.125},
	} {
		w := wayOf(t, l, test.style, test.results)
		if math.Abs(w.Low-test.low) > 1e-6 || math.Abs(w.High-w.Low-25) > 1e-6 {
			t.Errorf("%s, %s: %.4f to %.4f, want %.4f and 25 more", test.style, test.results, w.Low, w.High, test.low)
		}
	}
	if w := wayOf(t, l, "wait", "describe"); math.Abs(w.Concurrency-30.06) > 1e-9 || w.Describes != 15 {
		t.Errorf("30 held checks keep %.2f environments busy and ask %.1f times a second", w.Concurrency, w.Describes)
	}
}

func TestShortages(t *testing.T) {
	for _, test := range []struct {
		region         string
		callers        int
		style, results string
		want           int
	}{
		{"us-east-1", 45, "poll", "describe", 0},
		{"us-east-1", 46, "poll", "describe", 1},
		{"eu-central-1", 31, "poll", "describe", 1},
		{"eu-central-1", 31, "poll", "table", 0},
		{"us-east-1", 600, "wait", "table", 1}, // 600 held and 600 wrapped functions
		{"us-east-1", 600, "poll", "table", 0},
	} {
		l := cost.Load{Callers: test.callers, Seconds: 30, Region: test.region, MemoryMB: 128}
		if got := cost.Shortages(l, wayOf(t, l, test.style, test.results)); len(got) != test.want {
			t.Errorf("%+v: %+v", test, got)
		}
	}
}

func TestReadPrices(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.yaml")
	for text, want := range map[string]int{
		"as_of: 2027-01-01\nstate_transition: 30\n": 0, "state_transition: dear": 1, "gold: 1": 1, "[": 1,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, found := cost.ReadPrices(file)
		if len(found) != want || want == 0 &&
			(p.StateTransition != 30/1e6 || p.AsOf != "2027-01-01" || p.LambdaRequest == 0) {
			t.Errorf("%q: %+v %v", text, p, found)
		}
	}
}

// TestWatchingByHand: 13 alarms at $0.10, 22 metrics at $0.30, a dashboard at $3.
func TestWatchingByHand(t *testing.T) {
	if got, want := cost.Watching(13, 22), 1.30+6.60+3.00; math.Abs(got-want) > 1e-9 {
		t.Errorf("it costs %g, want %g", got, want)
	}
	if got := cost.Watching(0, 22); math.Abs(got-6.60) > 1e-9 {
		t.Errorf("without alarms it costs %g, want 6.60", got)
	}
}
