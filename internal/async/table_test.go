package async

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

var withTable = map[string]string{"RESULTS_TABLE": "results", "TIMEOUT_SECONDS": "60"}

func TestTableCarriesAThousandCallers(t *testing.T) {
	callers := testrun.Count(t, 200, 1000)
	w := newWorld()
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": strconv.Itoa(callers)})
	finished := 0
	play(t, w, func() {
		for i := range callers {
			id := f.call(parametersOf{"request": fmt.Sprint(i)})["execution_id"]
			w.clock.Go(func() {
				if f.call(parametersOf{"execution_id": id, "hold_seconds": "50"})["sfn_result"] == "SUCCESS" {
					finished++
				}
			})
		}
	})
	// In 12 s all of them may ask 60 times: half of what DescribeExecution allows.
	if finished != callers || w.calls["Describe"] > 90 {
		t.Errorf("%d results, %d DescribeExecution calls; want %d and about 60", finished, w.calls["Describe"], callers)
	}
}

func TestTableRecordOfStart(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, withTable)
	play(t, w, func() {
		f.call(parametersOf{"request": "1"})
		for name, r := range w.table {
			want := Record{
				Execution: name,
				Status:    "PENDING",
				Started:   epoch,
				Timeout:   time.Minute,
				Expires:   epoch.Add(time.Minute + 24*time.Hour),
				Data:      r.Data,
			}
			if r != want || len(r.Data) != dataLength {
				t.Errorf("the record is %+v, want %+v", r, want)
			}
		}
		w.sleep(time.Minute)
		for name := range w.table {
			w.writeResult(name)
		}
		f.call(parametersOf{"request": "1"})
		for _, r := range w.table {
			if r.Status != "SUCCEEDED" {
				t.Errorf("a repeated start made the record %s", r.Status)
			}
		}
	})
}

// An execution that timed out as a whole cannot write its result.
func TestTableOverdueRecordIsAskedForOnce(t *testing.T) {
	w := newWorld()
	w.takes, w.silent, w.outcome = time.Minute, true, Execution{Status: "TIMED_OUT", Error: "States.Timeout"}
	f := newFlow(t, w, map[string]string{
		"RESULTS_TABLE": "results", "TIMEOUT_SECONDS": "60", "EXPECTED_CALLERS": "100000",
	})
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		for range 5 {
			expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "12"}), "status=RUNNING")
		}
		for range 3 {
			expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "12"}),
				"status=FINISHED sfn_status=TIMED_OUT sfn_error=States.Timeout")
		}
	})
	if w.calls["Describe"] != 1 {
		t.Errorf("%d DescribeExecution calls, want 1", w.calls["Describe"])
	}
}

func TestTableThatLostTheRecord(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, withTable)
	w.before = func(_ context.Context, op string) error {
		if op == "Pending" {
			return &ServiceError{Code: "ProvisionedThroughputExceededException", Status: 400}
		}
		return nil
	}
	play(t, w, func() {
		started := f.call(parametersOf{})
		expect(t, started, "status=CREATED sfn_degraded=true")
		expect(t, f.call(parametersOf{"execution_id": started["execution_id"], "hold_seconds": "58"}),
			"status=FINISHED sfn_result=SUCCESS")
	})
	if n := w.calls["Describe"]; n < 1 || n > 4 {
		t.Errorf("%d DescribeExecution calls while held without a record", n)
	}
}

func TestTableFaults(t *testing.T) {
	for code, c := range map[string]struct {
		want  string
		asked int // times Step Functions was asked instead
	}{
		"ThrottlingException": {"status=RUNNING sfn_degraded=true sfn_status=UNKNOWN", 1},
		"ResourceNotFoundException": {"status=FAILED sfn_result=FAILURE sfn_error=ResourceNotFoundException " +
			"sfn_status=UNKNOWN", 0},
	} {
		w := newWorld()
		f := newFlow(t, w, withTable)
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.before = func(context.Context, string) error { return &ServiceError{Code: code, Status: 400} }
			expect(t, f.call(parametersOf{"execution_id": id}), c.want)
		})
		if w.calls["Describe"] != c.asked {
			t.Errorf("%s: Step Functions was asked %d times, want %d", code, w.calls["Describe"], c.asked)
		}
	}
}

func TestTableDeniedStartsNothing(t *testing.T) {
	w := newWorld()
	w.before = func(context.Context, string) error { return &ServiceError{Code: "AccessDeniedException", Status: 400} }
	f := newFlow(t, w, withTable)
	play(t, w, func() { expect(t, f.call(parametersOf{}), "status=FAILED sfn_error=AccessDeniedException") })
	if len(w.runs) != 0 {
		t.Error("an execution was started whose result nobody can read")
	}
}

func TestTableCancelLeavesAFinishedRecord(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, withTable)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.after = func(_ context.Context, op string) error {
			if op == "Get" { // it ends between the look and the stop
				w.sleep(12 * time.Second)
			}
			return nil
		}
		f.limit = 15 * time.Minute
		expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel", "time_limit": "60"}),
			"status=FINISHED sfn_result=SUCCESS balance=42.10")
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_result=SUCCESS balance=42.10")
	})
}

// TestTableCancelThatCrossesTheEnd ends the execution between the look and the stop, without its own record, as when
// the result does not fit the table. The work succeeded, and nothing may say that it was aborted.
func TestTableCancelThatCrossesTheEnd(t *testing.T) {
	w := newWorld()
	w.silent = true
	f := newFlow(t, w, withTable)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.after = func(_ context.Context, op string) error {
			if op == "Get" {
				w.sleep(12 * time.Second)
			}
			return nil
		}
		f.limit = 15 * time.Minute
		expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel", "time_limit": "60"}),
			"status=FINISHED sfn_result=SUCCESS balance=42.10")
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_result=SUCCESS balance=42.10")
	})
}

// TestTableForgetsAStartThatFailed: until a start is confirmed its record counts for nothing, also when it was found
// written by a first try that was not answered.
func TestTableForgetsAStartThatFailed(t *testing.T) {
	for _, fault := range []error{errThrottled, &ServiceError{Code: "AccessDeniedException", Status: 400}} {
		for _, lost := range []bool{false, true} {
			w := newWorld()
			w.before = failing("Start", fault)
			w.after = func(_ context.Context, op string) error {
				if lost && op == "Pending" && w.calls[op] == 1 {
					return errLost
				}
				return nil
			}
			f := newFlow(t, w, withTable)
			play(t, w, func() { expect(t, f.call(parametersOf{"request": "1"}), "status=FAILED sfn_result=FAILURE") })
			for _, r := range w.table {
				if !r.expired(w.clock.Now()) {
					t.Errorf("%v, lost %v: the record counts until %v", fault, lost, r.Expires)
				}
			}
			if len(w.table) != 1 || len(w.runs) != 0 {
				t.Errorf("%v, lost %v: %d records, %d executions", fault, lost, len(w.table), len(w.runs))
			}
		}
	}
}

// TestTableThatKnewTheData: it said what the data is when the start wrote its record, so that the execution may be
// handed out, though nobody says how it stands.
func TestTableThatKnewTheData(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1", "account": "7"})["execution_id"]
		w.sleep(time.Second)
		w.before = func(_ context.Context, op string) error {
			if op == "Get" || op == "Describe" {
				return errThrottled
			}
			return nil
		}
		again := parametersOf{"request": "1", "account": "7", "count": "1"} // another input than that of the first
		expect(t, f.call(again), "status=CREATED sfn_status=UNKNOWN sfn_degraded=true execution_id="+id)
	})
}

// TestTableThatDoesNotTakeAnEnd: what a check found out is told all the same, and the log says so.
func TestTableThatDoesNotTakeAnEnd(t *testing.T) {
	for want, fault := range map[float64]error{0: nil, 1: errThrottled} {
		w := newWorld()
		w.silent = true
		f := newFlow(t, w, withTable)
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.sleep(20 * time.Second)
			w.before = failing("Finish", fault)
			expect(t, f.call(parametersOf{"execution_id": id, "count": "9"}), "status=FINISHED sfn_result=SUCCESS")
		})
		if line := f.lines()[1]; w.calls["Finish"] != 1 || line["Degraded"] != want {
			t.Errorf("%v: the line is %v", fault, line)
		}
	}
}

// TestUpdatesOfAnEnd: a later end leaves nothing of the earlier one, and the same end only adds what was missing.
func TestUpdatesOfAnEnd(t *testing.T) {
	const set = "SET #status = :status, #ended = :ended, #expires = :expires"
	for _, c := range []struct {
		record     Record
		later, add string
	}{
		{Record{Output: "1"}, set + ", #output = :output REMOVE #error, #cause",
			"SET #output = if_not_exists(#output, :output)"},
		{Record{Error: "E", Cause: "C"}, set + ", #error = :error, #cause = :cause REMOVE #output",
			"SET #error = if_not_exists(#error, :error), #cause = if_not_exists(#cause, :cause)"},
		{Record{}, set + " REMOVE #output, #error, #cause", ""},
	} {
		if later := c.record.SetEnd(epoch).Update; later != c.later {
			t.Errorf("got  %s\nwant %s", later, c.later)
		}
		if add := c.record.FillEnd().Update; add != c.add {
			t.Errorf("got  %s\nwant %s", add, c.add)
		}
	}
}
