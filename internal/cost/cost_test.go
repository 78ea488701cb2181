package cost_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
)

func wayOf(t *testing.T, l cost.Load, style, results string) cost.Way {
	t.Helper()
	for _, w := range cost.Ways(l, awsfacts.PricesIn(l.Region)) {
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
		want           float64
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
		if math.Abs(w.Dollars-test.want) > 1e-6 || math.Abs(w.CallersTime-0.5*38000) > 1e-6 {
			t.Errorf("%s, %s: %.4f and %.4f, want %.4f and 19000", test.style, test.results, w.Dollars, w.CallersTime,
				test.want)
		}
	}
	chain := l
	chain.Chain = 3 // two transitions more
	more := wayOf(t, chain, "poll", "table").Dollars - wayOf(t, l, "poll", "table").Dollars
	if math.Abs(more-50) > 1e-6 {
		t.Errorf("a chain of three functions costs %.4f more", more)
	}
	if w := wayOf(t, l, "wait", "describe"); math.Abs(w.Concurrency-30.06) > 1e-9 || w.Describes != 15 {
		t.Errorf("30 held checks keep %.2f environments busy and ask %.1f times a second", w.Concurrency, w.Describes)
	}
}

// TestWaitingByHand: a wait of 12 s at $0.038 a minute costs about 250 times the orchestration, and a second of delay
// $633 per million calls.
func TestWaitingByHand(t *testing.T) {
	l := cost.Load{Callers: 10, Seconds: 12, Requests: 1e6, Region: "us-east-1", MemoryMB: 128}
	w := cost.WaitingFor(l, awsfacts.PricesIn(l.Region), wayOf(t, l, "poll", "describe"))
	near := func(got, want float64) bool { return math.Abs(got-want) <= 1e-6*want }
	if !near(w.Call, 0.0076) || !near(w.Orchestration, 0.00003) || !near(w.Times, 0.0076/0.00003) ||
		!near(w.Second, 1e6*0.038/60) || !near(w.SecondTelephony, 1e6*0.0022/60) {
		t.Errorf("%+v", w)
	}
	free := awsfacts.Prices{VoiceMinute: 1}
	if w := cost.WaitingFor(l, free, cost.Ways(l, free)[0]); w.Times != 0 || w.Call == 0 {
		t.Errorf("orchestration that costs nothing: %+v", w)
	}
}

// TestChatByHand: a chat that waits 45 s has a message at once and one after each 20 s.
func TestChatByHand(t *testing.T) {
	l := cost.Load{Callers: 10, Seconds: 45, Requests: 1000, Region: "us-east-1", MemoryMB: 128}
	if got := wayOf(t, l, "chat", "describe").CallersTime; math.Abs(got-30) > 1e-9 {
		t.Errorf("3,000 messages at $0.01 cost %g", got)
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

// TestShortagesOfAnAccount: what the account has counts, more or less than the default.
func TestShortagesOfAnAccount(t *testing.T) {
	const describe = "DescribeExecution throttle token refill rate per second"
	for _, test := range []struct {
		callers int
		quotas  map[string]float64
		want    string
	}{
		{46, map[string]float64{describe: 100}, ""},
		{46, map[string]float64{"another": 1}, describe + " 15"},
		{16, map[string]float64{describe: 5}, describe + " 5"},
		{16, map[string]float64{"Concurrent executions": 10}, "Concurrent executions 10"},
	} {
		l := cost.Load{Callers: test.callers, Seconds: 30, Region: "us-east-1", MemoryMB: 128, Quotas: test.quotas}
		got := ""
		for _, s := range cost.Shortages(l, wayOf(t, l, "poll", "describe")) {
			got = fmt.Sprintf("%s %.0f", s.Quota, s.Served)
		}
		if got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	slow := cost.Load{Callers: 100, Seconds: 30, Region: "us-east-1", Quotas: map[string]float64{describe: 30}}
	fast := cost.Load{Callers: 100, Seconds: 30, Region: "us-east-1", Quotas: map[string]float64{describe: 90}}
	if a, b := wayOf(t, slow, "wait", "describe"), wayOf(t, fast, "wait", "describe"); a.Describes >= b.Describes {
		t.Errorf("held checks look %.1f and %.1f times a second", a.Describes, b.Describes)
	}
}

func TestReadPrices(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.yaml")
	for text, want := range map[string]int{
		"as_of: 2027-01-01\nstate_transition: 30\nvoice_minute: 0.018\n": 0,
		"state_transition: dear": 1, "gold: 1": 1, "[": 1, "voice_minute: -1": 1,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, found := cost.ReadPrices(file, awsfacts.PricesIn("us-east-1"))
		if len(found) != want || want == 0 &&
			(p.StateTransition != 30/1e6 || p.AsOf != "2027-01-01" || p.LambdaRequest == 0 ||
				p.VoiceMinute != 0.018 || p.ChatMessage == 0 || p.ConnectAsOf != p.AsOf) {
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
