package async

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The tests of this file are about rounds: what one question is, when it is asked again, and what repeats it.

// running are the jobs of a deployment that starts again what ended more than a minute ago.
func running(table string) map[string]string {
	return map[string]string{"RESULTS_TABLE": table, "REUSE": "running", "EXPECTED_CALLERS": "100000"}
}

// inBoth runs a test with and without a results table.
func inBoth(t *testing.T, test func(t *testing.T, table string)) {
	for _, table := range []string{"", "results"} {
		t.Run("table "+table, func(t *testing.T) { test(t, table) })
	}
}

// round calls the block of a flow that loops over one Lambda block until the round ends. The block's references to the
// latest reply are filled in as Connect does: what the reply does not have is left out.
func (f *flow) round(p parametersOf, last map[string]string) map[string]string {
	f.t.Helper()
	for range 50 {
		last = f.call(f.block(p, last))
		if last["sfn_result"] != "" {
			return last
		}
		f.world.sleep(3 * time.Second)
	}
	f.t.Fatalf("the round does not end: %v", last)
	return nil
}

// block are the parameters of the block after a reply.
func (f *flow) block(p parametersOf, last map[string]string) parametersOf {
	sent := maps.Clone(p)
	sent["action"], sent["count_max"] = "run", "40"
	for name, key := range map[string]string{"count": "count", "again": "sfn_again"} {
		if value, ok := last[key]; ok {
			sent[name] = value
		}
	}
	return sent
}

func TestRunIsOneBlock(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			reply := f.call(f.block(parametersOf{"account": "7"}, nil))
			expect(t, reply, "status=RUNNING sfn_result= sfn_status=RUNNING count=1 sfn_again=none")
			w.sleep(5 * time.Second)
			reply = f.call(f.block(parametersOf{"account": "7"}, reply))
			expect(t, reply, "status=RUNNING sfn_result= sfn_status=RUNNING count=2 sfn_again=none")
			w.sleep(10 * time.Second)
			reply = f.call(f.block(parametersOf{"account": "7"}, reply))
			expect(t, reply, "status=FINISHED sfn_result=SUCCESS balance=42.10 count=DONE")
			if reply["sfn_again"] == None || w.runs[reply["execution_id"]] == nil {
				t.Errorf("the reply is %v", reply)
			}
		})
		if len(w.runs) != 1 || w.calls["Start"] != 1 {
			t.Errorf("%d executions, %d starts", len(w.runs), w.calls["Start"])
		}
	})
}

// TestMenu is the menu example: balance, payment, balance again in one call, with any pause between. A repeat by
// Connect of any invocation starts nothing.
func TestMenu(t *testing.T) {
	for _, pause := range []time.Duration{0, 5 * time.Second, time.Minute, time.Hour, 48 * time.Hour} {
		for _, reuse := range []string{"always", "running"} {
			inBoth(t, func(t *testing.T, table string) { playMenu(t, table, reuse, pause) })
		}
	}
}

func playMenu(t *testing.T, table, reuse string, pause time.Duration) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "", "RESULTS_TABLE": table, "REUSE": reuse,
		"STATE_MACHINES": `{"balance": "` + machineARN + `", "payment": "` + machineARN + `"}`,
	})
	ask := func(job, want string, last map[string]string) map[string]string {
		w.outcome.Output = `{"balance":"` + want + `"}`
		before := len(w.runs)
		reply := f.call(f.block(parametersOf{"job": job}, last))
		expect(t, f.call(f.block(parametersOf{"job": job}, last)), "status=RUNNING execution_id="+reply["execution_id"])
		reply = f.round(parametersOf{"job": job}, reply)
		expect(t, reply, "sfn_result=SUCCESS balance="+want)
		if len(w.runs) != before+1 {
			t.Errorf("%s after %v: %d executions were started", job, pause, len(w.runs)-before)
		}
		w.sleep(pause)
		return reply
	}
	play(t, w, func() {
		last := ask("balance", "100", nil)
		last = ask("payment", "paid", last)
		last = ask("balance", "58", last)
		ask("balance", "57", last)
	})
}

// TestTryAgain: after a failure the caller's "try again" really tries again.
func TestTryAgain(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.outcome = Execution{Status: "FAILED", Error: "Busy"}
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			last := f.round(parametersOf{"request": "1"}, nil)
			expect(t, last, "status=FINISHED sfn_result=FAILURE sfn_error=Busy count=DONE")
			w.outcome = Execution{Status: "SUCCEEDED", Output: `{"balance":"42.10"}`}
			expect(t, f.round(parametersOf{"request": "1"}, last), "sfn_result=SUCCESS balance=42.10")
			expect(t, f.round(parametersOf{"request": "1"}, last), "sfn_result=SUCCESS balance=42.10")
		})
		if len(w.runs) != 2 {
			t.Errorf("%d executions, want 2", len(w.runs))
		}
	})
}

// TestRepeatsAreAnsweredForAMinute: without again, a failure too is the answer to repeats until reuse_seconds are over.
func TestRepeatsAreAnsweredForAMinute(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.outcome = Execution{Status: "FAILED", Error: "Busy"}
		f := newFlow(t, w, running(table))
		start := parametersOf{"action": "start", "request": "1"}
		play(t, w, func() {
			first := f.call(start)["execution_id"]
			w.sleep(12 * time.Second)
			for range 6 {
				w.sleep(10 * time.Second)
				expect(t, f.call(start), "status=CREATED sfn_status=FAILED execution_id="+first)
				expect(t, f.call(parametersOf{"action": "run", "request": "1"}), "status=FINISHED sfn_error=Busy")
			}
			w.sleep(time.Second)
			reply := f.call(start)
			expect(t, reply, "status=CREATED sfn_status=RUNNING")
			if reply["execution_id"] == first {
				t.Error("the old failure answers a request of a minute later")
			}
			expect(t, f.call(start), "sfn_status=RUNNING execution_id="+reply["execution_id"])
			expect(t, f.call(parametersOf{"action": "run", "request": "1"}), "execution_id="+reply["execution_id"])
			expect(t, f.call(parametersOf{"execution_id": first}), "status=FINISHED sfn_error=Busy")
		})
		if len(w.runs) != 2 {
			t.Errorf("%d executions, want 2", len(w.runs))
		}
	})
}

// TestStartWithACountBeginsARound: every start does, also where the flow counts its calls.
func TestStartWithACountBeginsARound(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, running(table))
		play(t, w, func() {
			start := parametersOf{"action": "start", "request": "1", "count": "1"}
			first := f.call(start)["execution_id"]
			w.sleep(2 * time.Minute)
			reply := f.call(start)
			expect(t, reply, "status=CREATED sfn_status=RUNNING sfn_degraded=false")
			if reply["execution_id"] == first {
				t.Error("the old execution answers")
			}
			w.sleep(2 * time.Minute)
			w.before = failing("Newest", errThrottled)
			expect(t, f.call(start), "status=CREATED sfn_status=RUNNING sfn_degraded="+strconv.FormatBool(table != ""))
		})
	})
}

// TestNewestIsTheFirst: a record may say of a question that there is no further generation.
func TestNewestIsTheFirst(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, running("results"))
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1"})["execution_id"]
		for name, r := range w.table {
			r.Newest = 1
			w.table[name] = r
		}
		w.sleep(time.Second)
		expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED sfn_status=RUNNING execution_id="+id)
		expect(t, f.call(parametersOf{"request": "1", "action": "check"}), "status=RUNNING execution_id="+id)
	})
}

// TestLargeResultKeepsItsToken: a result that leaves no room for our additions leaves room for sfn_again.
func TestLargeResultKeepsItsToken(t *testing.T) {
	w := newWorld()
	w.outcome.Output = `{"text":"` + strings.Repeat("x", 32_350) + `"}`
	f := newFlow(t, w, nil)
	play(t, w, func() {
		reply := f.round(parametersOf{}, nil)
		expect(t, reply, "sfn_result=SUCCESS count=DONE")
		if _, told := reply[KeyExecutionStatus]; told || reply["sfn_again"] == "" || reply["sfn_again"] == None {
			t.Errorf("the keys are %v", reply)
		}
	})
}

// TestReuseAlways never starts again: nobody said that the work may run twice.
func TestReuseAlways(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table, "RETAIN_SECONDS": "7776000"})
		play(t, w, func() {
			first := f.round(parametersOf{"request": "1"}, nil)
			w.sleep(30 * 24 * time.Hour)
			expect(t, f.call(parametersOf{"request": "1"}),
				"status=CREATED sfn_status=SUCCEEDED execution_id="+first["execution_id"])
			expect(t, f.call(parametersOf{"action": "run", "request": "1"}), "status=FINISHED balance=42.10")
		})
		if len(w.runs) != 1 {
			t.Errorf("%d executions, want 1", len(w.runs))
		}
	})
}

// TestGenerationsAreCounted asks the same question again and again, an hour after each end.
func TestGenerationsAreCounted(t *testing.T) {
	for table, most := range map[string]int{"": 5, "results": 20} {
		w := newWorld()
		f := newFlow(t, w, running(table))
		play(t, w, func() {
			for i := range most {
				w.outcome.Output = fmt.Sprintf(`{"balance":"%d"}`, i)
				expect(t, f.round(parametersOf{"request": "1"}, nil), fmt.Sprintf("sfn_result=SUCCESS balance=%d", i))
				expect(t, f.call(parametersOf{"action": "check", "request": "1"}), fmt.Sprintf("balance=%d", i))
				w.sleep(time.Hour)
			}
			expect(t, f.call(parametersOf{"action": "run", "request": "1"}),
				"status=FAILED sfn_result=FAILURE sfn_error=TooManyRepeats execution_id= count=DONE")
			expect(t, f.call(parametersOf{"request": "1"}), "status=FAILED sfn_error=TooManyRepeats")
			expect(t, f.call(parametersOf{"action": "run", "request": "2"}), "status=RUNNING")
		})
		if len(w.runs) != most+1 {
			t.Errorf("table %q: %d executions, want %d", table, len(w.runs), most+1)
		}
		if line := f.lines()[len(f.lines())-2]; line["Faults"] != 1.0 {
			t.Errorf("TooManyRepeats is not counted as a fault: %v", line)
		}
	}
}

// TestTableForgetsTheNewest: the generations are then found in order, by their names.
func TestTableForgetsTheNewest(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, running("results"))
	play(t, w, func() {
		for range 8 {
			f.round(parametersOf{"request": "1"}, nil)
			w.sleep(time.Hour)
		}
		clear(w.table)
		for _, r := range w.runs {
			r.silent = true
		}
		w.outcome.Output = `{"balance":"new"}`
		expect(t, f.round(parametersOf{"request": "1"}, nil), "sfn_result=SUCCESS balance=new")
	})
	if len(w.runs) != 9 {
		t.Errorf("%d executions, want 9", len(w.runs))
	}
}

// TestRoundOutlastsItsAnswer: a run with a number says how the newest stands, and never starts a further one.
func TestRoundOutlastsItsAnswer(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, running(table))
		play(t, w, func() {
			reply := f.call(f.block(parametersOf{"request": "1"}, nil))
			w.sleep(time.Hour)
			expect(t, f.round(parametersOf{"request": "1"}, reply), "status=FINISHED balance=42.10")
		})
		if len(w.runs) != 1 {
			t.Errorf("%d executions, want 1", len(w.runs))
		}
	})
}

// TestNewGenerationThatIsNotSeenYet: DescribeExecution lags, and the result of the one before is no answer.
func TestNewGenerationThatIsNotSeenYet(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.lag = 2 * time.Second
		f := newFlow(t, w, running(table))
		play(t, w, func() {
			f.round(parametersOf{"request": "1"}, nil)
			w.sleep(time.Hour)
			w.before = failing("Newest", errThrottled)
			reply := f.call(f.block(parametersOf{"request": "1"}, nil))
			expect(t, reply, "status=RUNNING sfn_status=RUNNING")
			id := reply["execution_id"]
			for range 3 {
				w.sleep(time.Second)
				reply = f.call(f.block(parametersOf{"request": "1"}, reply))
				expect(t, reply, "status=RUNNING execution_id="+id)
				expect(t, f.call(parametersOf{"action": "check", "request": "1"}), "status=RUNNING execution_id="+id)
			}
		})
	})
}

// TestRunStartsTheFirst: the start that began the round failed, and nothing runs.
func TestRunStartsTheFirst(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			w.before = failing("Start", errLost)
			reply := f.call(f.block(parametersOf{"request": "1"}, nil))
			expect(t, reply, "status=RUNNING sfn_result= sfn_status=UNKNOWN sfn_degraded=true sfn_error=none count=1")
			w.before = failing("", nil)
			reply = f.call(f.block(parametersOf{"request": "1"}, reply))
			expect(t, reply, "status=RUNNING sfn_status=RUNNING count=2")
			expect(t, f.round(parametersOf{"request": "1"}, reply), "sfn_result=SUCCESS")
		})
		if len(w.runs) != 1 {
			t.Errorf("%d executions, want 1", len(w.runs))
		}
	})
}

// TestRunWhoseStartIsNotConfirmed: the work runs, and the round says so.
func TestRunWhoseStartIsNotConfirmed(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.loseFirstStart(errThrottled)
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			reply := f.call(f.block(parametersOf{"request": "1"}, nil))
			expect(t, reply, "status=RUNNING sfn_result= sfn_status=UNKNOWN sfn_error=none")
			if w.runs[reply["execution_id"]] == nil {
				t.Errorf("execution_id is %q, and the work runs", reply["execution_id"])
			}
			expect(t, f.round(parametersOf{"request": "1"}, reply), "sfn_result=SUCCESS balance=42.10")
		})
		if len(w.runs) != 1 || f.lines()[0]["Faults"] != 1.0 {
			t.Errorf("%d executions, the line is %v", len(w.runs), f.lines()[0])
		}
	})
}

// TestRunThatWasRefused begins its round again with the next call.
func TestRunThatWasRefused(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			w.before = failing("Start", errThrottled)
			reply := f.call(f.block(parametersOf{"request": "1", "account": "7"}, nil))
			expect(t, reply,
				"status=FAILED sfn_result=FAILURE sfn_error=StartFailed execution_id= count=DONE sfn_again=none")
			w.before = failing("", nil)
			expect(t, f.round(parametersOf{"request": "1", "account": "8"}, reply), "sfn_result=SUCCESS")
		})
		if !strings.Contains(w.inputs[len(w.inputs)-1].Input, `"account":"8"`) || len(w.runs) != 1 {
			t.Errorf("%d executions, the input is %s", len(w.runs), w.inputs[len(w.inputs)-1].Input)
		}
	})
}

// TestGivingUpGoesOn: the next round joins the execution that was given up, unless it was stopped.
func TestGivingUpGoesOn(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		w.takes = time.Hour
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			reply := f.call(parametersOf{"action": "run"})
			id := reply["execution_id"]
			reply = f.call(parametersOf{"action": "run", "count": "5"})
			expect(t, reply, "status=LOOP_DONE sfn_error=GaveUp count=DONE sfn_again=none execution_id="+id)
			expect(t, f.call(parametersOf{"action": "run", "count": "DONE", "again": "none"}), "execution_id="+id)
			reply = f.call(parametersOf{"action": "run", "count": "5", "cancel_on_give_up": "true"})
			expect(t, reply, "status=LOOP_DONE sfn_error=GaveUp sfn_status=CANCEL_REQUESTED count=DONE")
			reply = f.call(parametersOf{"action": "run", "count": "DONE", "again": reply["sfn_again"]})
			expect(t, reply, "status=RUNNING sfn_status=RUNNING")
			if reply["execution_id"] == id {
				t.Error("the next round has the execution that was stopped")
			}
		})
	})
}

// TestGivingUpStartsNothing: a run that gives up says so, though there is no execution.
func TestGivingUpStartsNothing(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		expect(t, f.call(parametersOf{"action": "run", "count": "5"}), "sfn_result=FAILURE count=DONE")
	})
	if len(w.runs) != 0 {
		t.Error("an execution was started")
	}
}

// TestOtherDataIsAConflict: one request, other data.
func TestOtherDataIsAConflict(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, running("results"))
	play(t, w, func() {
		first := f.call(parametersOf{"request": "1", "account": "7"})["execution_id"]
		for _, ended := range []bool{false, true} {
			if ended {
				w.sleep(12 * time.Second)
			}
			for _, p := range []parametersOf{
				{"action": "start"}, {"action": "run"}, {"action": "run", "count": "1"}, {"other": "x"},
			} {
				p["request"], p["account"] = "1", "8"
				expect(t, f.call(p),
					"status=FAILED sfn_result=FAILURE sfn_error=RequestConflict execution_id= sfn_status=none")
			}
			expect(t, f.call(parametersOf{"request": "1", "account": "7", "count": "2"}), "execution_id="+first)
		}
		expect(t, f.call(parametersOf{"request": "1", "account": "7", "action": "run", "count": "1"}), "balance=42.10")
		w.sleep(2 * time.Minute)
		expect(t, f.call(parametersOf{"request": "1", "account": "8"}), "status=CREATED sfn_status=RUNNING")
		expect(t, f.call(parametersOf{"request": "1", "account": "7"}), "sfn_error=RequestConflict")
	})
	for _, r := range w.table {
		if len(r.Data) != dataLength || !allHex(r.Data) {
			t.Errorf("the record has no hash of the data: %+v", r)
		}
	}
}

// TestCheckOfOtherData: a check or a cancel that sends data means the execution of that data; otherwise the request's.
func TestCheckOfOtherData(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, withTable)
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1", "account": "7"})["execution_id"]
		for _, want := range []string{"status=RUNNING", "status=FINISHED balance=42.10"} {
			for _, action := range []string{"check", "cancel"} {
				expect(t, f.call(parametersOf{"action": action, "request": "1", "account": "8"}),
					"status=FAILED sfn_error=RequestConflict execution_id=")
			}
			check := parametersOf{"action": "check", "request": "1"}
			expect(t, f.call(check), want)
			check["account"] = "7"
			expect(t, f.call(check), want)
			expect(t, f.call(parametersOf{"execution_id": id, "request": "1", "account": "8"}), want)
			w.sleep(12 * time.Second)
		}
	})
	if w.calls["Stop"] != 0 {
		t.Error("the work of other data was stopped")
	}
}

// TestOtherDataWithoutARecord: the table was down when the execution started, or did not take what its data is.
func TestOtherDataWithoutARecord(t *testing.T) {
	for _, op := range []string{"Pending", "NoteData"} {
		w := newWorld()
		f := newFlow(t, w, manyCallers)
		play(t, w, func() {
			w.before = failing(op, errThrottled)
			id := f.call(parametersOf{"request": "1", "account": "7"})["execution_id"]
			for range 2 {
				w.before = failing("", nil)
				expect(t, f.call(parametersOf{"request": "1", "account": "8"}), "sfn_error=RequestConflict")
				expect(t, f.call(parametersOf{"request": "1", "account": "7"}), "status=CREATED execution_id="+id)
				w.sleep(12 * time.Second)
			}
			w.before = failing("", nil)
			run := parametersOf{"action": "run", "request": "1", "account": "8", "count": "1"}
			expect(t, f.call(run), "sfn_error=RequestConflict")
			run["account"] = "7"
			expect(t, f.call(run), "sfn_result=SUCCESS")
		})
	}
}

// TestOtherDataThatNobodyCanTell hands out no execution of which the data is not known.
func TestOtherDataThatNobodyCanTell(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		w.before = failing("NoteData", errThrottled)
		id := f.call(parametersOf{"request": "1", "account": "7"})["execution_id"]
		w.sleep(time.Second)
		w.before = failing("Describe", errThrottled)
		other := parametersOf{"request": "1", "account": "8", "time_limit": "3"}
		for range 2 { // while it runs, and after it has ended
			reply := f.call(other)
			expect(t, reply, "status=FAILED sfn_error=StartFailed execution_id=")
			if cause := reply["sfn_cause"]; !strings.Contains(cause, "An execution of the same question exists") {
				t.Errorf("the cause is %q, though there is an execution", cause)
			}
			w.sleep(12 * time.Second)
			expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED") // the table has its end now
		}
		other["action"], other["count"] = "run", "1"
		expect(t, f.call(other), "status=RUNNING sfn_status=UNKNOWN sfn_result=")
	})
}

// TestOtherDataOfAStartThatFailed: nothing was started, so that nothing conflicts.
func TestOtherDataOfAStartThatFailed(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		w.before = func(_ context.Context, op string) error {
			if op == "Start" || op == "Forget" {
				return errThrottled
			}
			return nil
		}
		expect(t, f.call(parametersOf{"request": "1", "account": "7"}), "sfn_error=StartFailed")
		w.before = failing("", nil)
		expect(t, f.call(parametersOf{"request": "1", "account": "8"}), "status=CREATED sfn_status=RUNNING")
		expect(t, f.call(parametersOf{"request": "1", "account": "8"}), "status=CREATED sfn_status=RUNNING")
		expect(t, f.call(parametersOf{"request": "1", "account": "7"}), "sfn_error=RequestConflict")
	})
}

// TestQuestionFindsItsExecution: check and cancel without execution_id.
func TestQuestionFindsItsExecution(t *testing.T) {
	inBoth(t, func(t *testing.T, table string) {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			id := f.call(parametersOf{"action": "run", "account": "7"})["execution_id"]
			expect(t, f.call(parametersOf{"action": "check", "account": "7"}),
				"status=RUNNING sfn_status=RUNNING execution_id="+id)
			expect(t, f.call(parametersOf{"action": "check", "account": "7", "again": "x"}),
				"status=FAILED sfn_error=ExecutionDoesNotExist")
			expect(t, f.call(parametersOf{"action": "check", "account": "7", "hold_seconds": "20", "count": "2"}),
				"status=FINISHED sfn_result=SUCCESS count=3 execution_id="+id)
			id = f.call(parametersOf{"action": "run", "account": "8"})["execution_id"]
			expect(t, f.call(parametersOf{"action": "cancel", "account": "8"}),
				"sfn_status=CANCEL_REQUESTED execution_id="+id)
			f.contact["InitialContactId"], f.contact["ContactId"] = nil, nil
			expect(t, f.call(parametersOf{"action": "check", "account": "8"}), "sfn_error=InvalidExecutionId")
		})
	})
}

// TestRunHasNoExecutionID: a block that sends one all the same means its question.
func TestRunHasNoExecutionID(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{"action": "run", "execution_id": nil})["execution_id"]
		expect(t, f.call(parametersOf{"action": "run", "execution_id": "x", "count": "1"}), "execution_id="+id)
	})
}

// TestAgainThatCannotBeRead is refused, as a request is.
func TestAgainThatCannotBeRead(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		expect(t, f.call(parametersOf{"action": "run", "again": []string{"x"}}),
			"sfn_error=InvalidParameter count=DONE")
		for _, size := range []int{1025, 40_000} { // what Connect does not take in a reply, either
			expect(t, f.call(parametersOf{"action": "run", "again": strings.Repeat("x", size)}),
				"sfn_error=InvalidParameter sfn_again=none sfn_next=no_service count=DONE")
		}
		expect(t, f.call(parametersOf{"action": "run", "again": strings.Repeat("x", 1024)}),
			"status=RUNNING sfn_again="+strings.Repeat("x", 1024))
	})
}
