package async

import (
	"context"
	"testing"
	"time"
)

// slow makes each request to a service take a while.
func slow(w *world, each time.Duration) {
	w.before = func(ctx context.Context, _ string) error { return w.clock.Sleep(ctx, each) }
}

// TestQuickWorkIsToldByItsStart measures the quick function: 0.3 s, 150 ms for a Lambda call, 100 ms for a request. The
// result is there 0.9 s after the block began, in one call.
func TestQuickWorkIsToldByItsStart(t *testing.T) {
	const lambdaCall = 150 * time.Millisecond
	for _, c := range []struct {
		action string
		limit  string
		want   string
	}{
		{"run", "3", "status=FINISHED sfn_result=SUCCESS balance=42.10 count=DONE"},
		{"run", "", "status=FINISHED sfn_result=SUCCESS balance=42.10 count=DONE"},
		{"start", "8", "status=FINISHED sfn_result=SUCCESS balance=42.10 count=1"},
	} {
		inBoth(t, func(t *testing.T, table string) {
			w := newWorld()
			w.takes = 300 * time.Millisecond
			slow(w, 100*time.Millisecond)
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
			play(t, w, func() {
				expect(t, f.call(parametersOf{"action": c.action, "hold_seconds": "1", "time_limit": c.limit}), c.want)
				took := w.clock.Now().Sub(epoch) + lambdaCall
				t.Logf("%s, time_limit %q, table %q: told after %v", c.action, c.limit, table, took)
				if took > 900*time.Millisecond {
					t.Errorf("told after %v", took)
				}
			})
		})
	}
}

// TestSlowWorkIsHeldBriefly: the caller hears silence meanwhile.
func TestSlowWorkIsHeldBriefly(t *testing.T) {
	for _, c := range []struct {
		hold, limit string
		most        time.Duration
	}{
		{"1", "3", time.Second},
		{"1", "", time.Second},
		{"58", "8", 2 * time.Second},
		{"58", "3", time.Second},
		{"58", "1", 500 * time.Millisecond},
	} {
		inBoth(t, func(t *testing.T, table string) {
			w := newWorld()
			slow(w, 20*time.Millisecond)
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table, "EXPECTED_CALLERS": "100000"})
			p := parametersOf{"action": "run", "hold_seconds": c.hold, "time_limit": c.limit}
			play(t, w, func() {
				reply := f.call(p)
				expect(t, reply, "status=RUNNING sfn_status=RUNNING sfn_degraded=false")
				if took := w.clock.Now().Sub(epoch); took > c.most {
					t.Errorf("hold %s, limit %s: took %v", c.hold, c.limit, took)
				}
				p["count"] = reply["count"]
				began := w.clock.Now()
				expect(t, f.call(p), "status=RUNNING")
				if took := w.clock.Now().Sub(began); took > 100*time.Millisecond {
					t.Errorf("a run with a number was held for %v", took)
				}
			})
			asked := 0
			if table == "" && c.limit != "1" {
				asked = 2 // the last look of the start, and the second run
			} else if table == "" {
				asked = 1
			}
			if w.calls["Describe"] != asked {
				t.Errorf("hold %s, limit %s: Step Functions was asked %d times", c.hold, c.limit, w.calls["Describe"])
			}
		})
	}
}

// TestHeldStartDoubtsOnce: nobody wrote the end, and it is time to doubt the record.
func TestHeldStartDoubtsOnce(t *testing.T) {
	told := 0
	for seed := range 40 {
		w := newWorld()
		w.silent, w.takes = true, 300*time.Millisecond
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": "1"})
		play(t, w, func() {
			reply := f.call(parametersOf{"request": seed, "hold_seconds": "2"})
			if reply["status"] == "FINISHED" {
				told++
			}
			if w.calls["Describe"] > 1 || (w.calls["Describe"] == 1) != (reply["status"] == "FINISHED") {
				t.Errorf("Step Functions was asked %d times: %v", w.calls["Describe"], reply)
			}
		})
	}
	if told < 20 || told == 40 { // three quarters of the slots of 2 s begin within 1.5 s
		t.Errorf("%d of 40 starts doubted in time", told)
	}
}

// TestHeldStartSurvivesFaults: the start was made, whatever the looks say.
func TestHeldStartSurvivesFaults(t *testing.T) {
	denied := &ServiceError{Code: "AccessDeniedException", Status: 400}
	for want, fault := range map[string]error{
		"sfn_degraded=true": errThrottled, "sfn_degraded=false sfn_error=none": denied,
	} {
		inBoth(t, func(t *testing.T, table string) {
			w := newWorld()
			w.before = func(_ context.Context, op string) error {
				if op == "Get" || op == "Describe" {
					return fault
				}
				return nil
			}
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
			play(t, w, func() {
				expect(t, f.call(parametersOf{"hold_seconds": "2"}), "status=CREATED sfn_status=RUNNING "+want)
			})
			if line := f.lines()[0]; (line["Faults"] == 1.0) != (fault == denied) {
				t.Errorf("%v: the line is %v", fault, line)
			}
		})
	}
}

// TestHeldStartJoins: a repeat waits for the execution that runs, and finds what has ended.
func TestHeldStartJoins(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.takes = 3 * time.Second
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		p := parametersOf{"action": "start", "hold_seconds": "2", "request": "1"}
		play(t, w, func() {
			expect(t, f.call(p), "status=CREATED sfn_status=RUNNING")
			p["count"] = "1" // another input than that of the first
			expect(t, f.call(p), "status=FINISHED sfn_result=SUCCESS count=2")
			w.sleep(time.Minute)
			expect(t, f.call(p), "status=FINISHED sfn_result=SUCCESS count=2")
		})
		if len(w.runs) != 1 {
			t.Errorf("%d executions", len(w.runs))
		}
	})
}
