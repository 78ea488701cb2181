package async

import (
	"testing"
	"time"
)

// TestResultsAreToldForAWhile checks that an answer stops when RETAIN_SECONDS have passed since the end, and not when
// the table erases the item: that takes days, and Step Functions keeps the result for 90.
func TestResultsAreToldForAWhile(t *testing.T) {
	for _, table := range []string{"", "results"} {
		for retain, seconds := range map[string]time.Duration{"": 24 * time.Hour, "7200": 2 * time.Hour} {
			w := newWorld()
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table, "RETAIN_SECONDS": retain})
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				w.sleep(12*time.Second + seconds - time.Second)
				check := parametersOf{"execution_id": id}
				expect(t, f.call(check), "status=FINISHED sfn_result=SUCCESS sfn_error=none balance=42.10")
				w.sleep(2 * time.Second)
				for _, r := range []map[string]string{
					f.call(check), f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				} {
					expect(t, r, "status=FINISHED sfn_result=FAILURE sfn_status=SUCCEEDED sfn_error=ResultExpired")
					if r["balance"] != "" || r["sfn_output"] != "none" {
						t.Errorf("table %q: the result is told: %v", table, r)
					}
				}
				w.sleep(30 * 24 * time.Hour)
				expect(t, f.call(check), "sfn_error=ResultExpired")
			})
		}
	}
}

// TestExpiredResultsAreNotWrittenAgain: what a check finds out long after the end is that it ended, and no more.
func TestExpiredResultsAreNotWrittenAgain(t *testing.T) {
	w := newWorld()
	w.silent = true // the end comes into the table by a check only
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "RETAIN_SECONDS": "3600"})
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(time.Minute)
		f.call(parametersOf{"execution_id": id, "count": "9"})
		for _, record := range w.table {
			if want := epoch.Add(12*time.Second + time.Hour); !record.Expires.Equal(want) {
				t.Errorf("the record expires at %v, want %v", record.Expires, want)
			}
		}
		w.sleep(2 * time.Hour)
		clear(w.table) // by TTL
		f.call(parametersOf{"execution_id": id})
	})
	for _, record := range w.table {
		if record.Output != "" || record.Status != "SUCCEEDED" {
			t.Errorf("the table has the result again: %+v", record)
		}
	}
}

func TestExpiredResultIsAFault(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(25 * time.Hour)
		f.call(parametersOf{"execution_id": id})
	})
	if line := f.lines()[1]; line["Faults"] != 1.0 || line["sfn_error"] != ResultExpired {
		t.Errorf("the line is %v", line)
	}
}

// TestRepeatedStartLongAfterTheEnd: its own fresh record says PENDING, and must not be believed.
func TestRepeatedStartLongAfterTheEnd(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		w.silent = true
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table, "EXPECTED_CALLERS": "100000"})
		play(t, w, func() {
			id := f.call(parametersOf{"request": "1"})["execution_id"]
			w.sleep(30 * 24 * time.Hour)
			clear(w.table)
			expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED sfn_status=SUCCEEDED execution_id="+id)
			for range 3 {
				expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_error=ResultExpired")
				w.sleep(3 * time.Second)
			}
		})
	}
}

// TestErrorsOfTheWorkMayHaveOurNames: an execution chooses its error, and a name of ours makes no fault of it.
func TestErrorsOfTheWorkMayHaveOurNames(t *testing.T) {
	for _, name := range []string{ResultExpired, ResultNotDeliverable} {
		w := newWorld()
		w.outcome = Execution{Status: "FAILED", Error: name}
		f := newFlow(t, w, nil)
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.sleep(12 * time.Second)
			expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_error="+name)
		})
		if line := f.lines()[1]; line["Faults"] != 0.0 || line["sfn_error"] != "none" {
			t.Errorf("the line is %v", line)
		}
	}
}
