package async

import (
	"context"
	"testing"
	"time"
)

// The tests of this file are about cancels whose reply must be true whatever the execution does meanwhile.

// TestCancelDeliversSuccess ends the execution between the look and the stop.
func TestCancelDeliversSuccess(t *testing.T) {
	for _, table := range []string{"", "results"} {
		for _, p := range []parametersOf{
			{"action": "cancel"},
			{"count": "5", "cancel_on_give_up": "true"},
		} {
			w := newWorld()
			w.takes, w.silent = 12*time.Second, table != ""
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
			play(t, w, func() {
				p["execution_id"] = f.call(parametersOf{})["execution_id"]
				w.before = func(_ context.Context, op string) error {
					if op == "Stop" {
						w.sleep(time.Millisecond)
					}
					return nil
				}
				w.sleep(12*time.Second - time.Microsecond)
				expect(t, f.call(p), "status=FINISHED sfn_result=SUCCESS sfn_status=SUCCEEDED balance=42.10")
			})
		}
	}
}

// TestCancelSeenLate reads an answer from before the stop; the checks that follow must not believe the record.
func TestCancelSeenLate(t *testing.T) {
	w := newWorld()
	w.takes, w.lag = time.Hour, 2*time.Second
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(10 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}), "sfn_status=CANCEL_REQUESTED")
		expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING")
		w.sleep(3 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_status=ABORTED sfn_error=Cancelled")
	})
}

// TestCancelOfAnExecutionNotSeenYet cancels right after the start, before the service shows the execution.
func TestCancelOfAnExecutionNotSeenYet(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		w.takes = time.Hour
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.before = func(_ context.Context, op string) error {
				if (op == "Stop" || op == "Describe") && w.clock.Now().Sub(epoch) < 3*time.Second {
					return &ServiceError{Code: "ExecutionDoesNotExist", Status: 400}
				}
				return nil
			}
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				"status=RUNNING sfn_status=CANCEL_REQUESTED")
		})
		if took := w.clock.Now().Sub(epoch); took > 8*time.Second {
			t.Errorf("the cancel took %v", took)
		}
	}
}

// TestShortCancelStillStops leaves time for the stop when the look hangs.
func TestShortCancelStillStops(t *testing.T) {
	for _, p := range []parametersOf{
		{"action": "cancel", "time_limit": "1"}, {"count": "9", "cancel_on_give_up": "true"},
	} {
		w := newWorld()
		w.takes = time.Hour
		f := newFlow(t, w, nil)
		play(t, w, func() {
			p["execution_id"] = f.call(parametersOf{})["execution_id"]
			w.before = func(ctx context.Context, op string) error {
				if op == "Describe" {
					return w.clock.Sleep(ctx, time.Hour)
				}
				return nil
			}
			expect(t, f.call(p), "sfn_status=CANCEL_REQUESTED sfn_degraded=true")
		})
	}
}

// TestCancelWhoseAnswerIsLost stops the execution, and learns that from Step Functions.
func TestCancelWhoseAnswerIsLost(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		w.takes = time.Hour
		w.after = failing("Stop", errLost)
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				"status=RUNNING sfn_status=CANCEL_REQUESTED sfn_error=none sfn_degraded=true")
		})
	}
}

// TestCancelSaysWhetherALookFailed: the stop was accepted in both cases.
func TestCancelSaysWhetherALookFailed(t *testing.T) {
	for want, fault := range map[string]error{"sfn_degraded=false": nil, "sfn_degraded=true": errThrottled} {
		w := newWorld()
		f := newFlow(t, w, nil)
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.before = func(_ context.Context, op string) error {
				if op == "Describe" && w.calls[op] == 1 {
					return fault
				}
				return nil
			}
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}), "sfn_status=CANCEL_REQUESTED "+want)
		})
	}
}

// TestCancelThatFindsAnEndNoticesIt: the end came between the look and the stop, and was waited for.
func TestCancelThatFindsAnEndNoticesIt(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(11 * time.Second)
		w.before = func(_ context.Context, op string) error {
			if op == "Stop" {
				w.sleep(1500 * time.Millisecond)
			}
			return nil
		}
		expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}), "status=FINISHED sfn_result=SUCCESS")
	})
	if line := f.lines()[1]; line["DetectionDelay"] != 0.5 {
		t.Errorf("the line is %v", line)
	}
}
