package async

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The tests of this file are about single replies that were untrue, or that hid what someone had to know.

// manyCallers makes the time between two doubts of an execution longer than any test.
var manyCallers = map[string]string{"RESULTS_TABLE": "results", "TIMEOUT_SECONDS": "900", "EXPECTED_CALLERS": "100000"}

// failing fails the calls of an operation with an error, which may be nil.
func failing(op string, err error) func(context.Context, string) error {
	return func(_ context.Context, called string) error {
		if called == op {
			return err
		}
		return nil
	}
}

var (
	errThrottled = &ServiceError{Code: "ThrottlingException", Status: 400}
	errLost      = &ServiceError{}
)

// TestGivingUpAsksStepFunctions gives up an execution whose end nobody wrote into the table.
func TestGivingUpAsksStepFunctions(t *testing.T) {
	w := newWorld()
	w.silent = true
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(20 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "count": "5"}),
			"status=FINISHED sfn_result=SUCCESS balance=42.10")
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_result=SUCCESS balance=42.10")
	})
	if w.calls["Describe"] != 1 {
		t.Errorf("%d DescribeExecution calls, want 1", w.calls["Describe"])
	}
}

// TestGivingUpWithoutAnAnswer does not claim that the execution still runs.
func TestGivingUpWithoutAnAnswer(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.before = failing("Describe", errThrottled)
		reply := f.call(parametersOf{"execution_id": id, "count": "5"})
		expect(t, reply, "status=LOOP_DONE sfn_error=GaveUp sfn_status=UNKNOWN sfn_degraded=true")
		if strings.Contains(reply["sfn_cause"], "still runs.") {
			t.Errorf("the cause claims what nobody saw: %s", reply["sfn_cause"])
		}
	})
}

// TestTableDownAsksStepFunctions checks executions while the table fails in each passing way.
func TestTableDownAsksStepFunctions(t *testing.T) {
	for name, fail := range map[string]func(*world, context.Context) error{
		"throttled": func(*world, context.Context) error { return errThrottled },
		"fault":     func(*world, context.Context) error { return &ServiceError{Code: "InternalFailure", Status: 500} },
		"lost":      func(*world, context.Context) error { return errLost },
		"hanging":   func(w *world, ctx context.Context) error { return w.clock.Sleep(ctx, time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			f := newFlow(t, w, withTable)
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				w.before = func(ctx context.Context, op string) error {
					if op == "Get" {
						return fail(w, ctx)
					}
					return nil
				}
				expect(t, f.call(parametersOf{"execution_id": id}),
					"status=RUNNING sfn_status=RUNNING sfn_degraded=true")
				w.sleep(12 * time.Second)
				began := w.clock.Now()
				expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_result=SUCCESS balance=42.10")
				if took := w.clock.Now().Sub(began); took > time.Second {
					t.Errorf("the check took %v", took)
				}
			})
		})
	}
}

// TestPendingIsDoubted has as many callers as expected poll executions whose end nobody wrote.
func TestPendingIsDoubted(t *testing.T) {
	const callers, poll = 60, 3 * time.Second
	const slot = 12 * time.Second // 60 callers at 5 calls a second, half of what the Region allows
	w := newWorld()
	w.silent, w.takes = true, 40*time.Second
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": strconv.Itoa(callers)})
	noticed := 0
	play(t, w, func() {
		for i := range callers {
			id := f.call(parametersOf{"request": fmt.Sprint(i)})["execution_id"]
			w.clock.Go(func() {
				for f.call(parametersOf{"execution_id": id, "count_max": "99"})["status"] == "RUNNING" {
					w.sleep(poll)
				}
				noticed++
				if late := w.clock.Now().Sub(w.runs[id].ends); late > slot+poll {
					t.Errorf("noticed after %v", late)
				}
			})
		}
	})
	took := w.clock.Now().Sub(epoch)
	if most := int(took/slot+1) * callers; noticed != callers || w.calls["Describe"] > most {
		t.Errorf("%d of %d noticed, with %d DescribeExecution calls in %v; want at most %d", noticed, callers,
			w.calls["Describe"], took, most)
	}
}

// TestDoubtsThatAreThrottled become rarer, and the reply says so after two slots.
func TestDoubtsThatAreThrottled(t *testing.T) {
	const poll = time.Second
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": "20"}) // slots of 4 s
	var asked []time.Duration
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.before = func(_ context.Context, op string) error {
			if op == "Describe" {
				asked = append(asked, w.clock.Now().Sub(epoch))
				return errThrottled
			}
			return nil
		}
		for range 200 {
			w.sleep(poll)
			reply := f.call(parametersOf{"execution_id": id, "count_max": "999"})
			expect(t, reply, "status=RUNNING sfn_result= sfn_error=none")
			latest := w.clock.Now().Sub(epoch) - poll
			if degraded := reply["sfn_degraded"] == "true"; len(asked) == 0 && degraded ||
				len(asked) == 1 && asked[0] > latest && degraded || len(asked) > 1 && !degraded {
				t.Errorf("sfn_degraded is %v after doubts at %v, at %v", degraded, asked, w.clock.Now().Sub(epoch))
			}
		}
		w.before = failing("", nil)
		w.sleep(time.Minute)
		expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING sfn_degraded=false")
	})
	if len(asked) < 6 || len(asked) > 8 {
		t.Errorf("asked %d times in 200 s: %v", len(asked), asked)
	}
	for i := 2; i < len(asked); i++ {
		least := min(time.Minute, 4*time.Second<<(i-2))
		if gap := asked[i] - asked[i-1]; gap < least || gap > time.Minute+poll {
			t.Errorf("doubt %d came %v after the one before", i, gap)
		}
	}
}

// TestStartThatMayHaveStarted loses the first reply and is throttled until the end: the work runs.
func TestStartThatMayHaveStarted(t *testing.T) {
	for name, then := range map[string]error{
		"throttled": errThrottled,
		"denied":    &ServiceError{Code: "AccessDeniedException", Status: 400},
	} {
		w := newWorld()
		w.loseFirstStart(then)
		f := newFlow(t, w, nil)
		play(t, w, func() {
			reply := f.call(parametersOf{"request": "1"})
			expect(t, reply, "status=FAILED sfn_result=FAILURE sfn_status=UNKNOWN")
			if w.runs[reply["execution_id"]] == nil {
				t.Errorf("%s: execution_id is %q, and the work runs", name, reply["execution_id"])
			}
			w.sleep(12 * time.Second)
			expect(t, f.call(parametersOf{"execution_id": reply["execution_id"]}),
				"status=FINISHED sfn_result=SUCCESS balance=42.10")
		})
	}
}

// TestStartThatWasRefused says so: every try was answered with a refusal.
func TestStartThatWasRefused(t *testing.T) {
	w := newWorld()
	w.before = failing("Start", errThrottled)
	f := newFlow(t, w, nil)
	play(t, w, func() {
		reply := f.call(parametersOf{})
		expect(t, reply, "status=FAILED sfn_result=FAILURE sfn_error=StartFailed execution_id=")
		if !strings.Contains(reply["sfn_cause"], "nothing was started") {
			t.Errorf("the cause is %s", reply["sfn_cause"])
		}
	})
}

// TestRepeatedStartAsksHowItStands repeats a start when the record of its execution is gone.
func TestRepeatedStartAsksHowItStands(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{
			"RESULTS_TABLE": table, "EXPECTED_CALLERS": "100000", "RETAIN_SECONDS": "7776000",
		})
		play(t, w, func() {
			id := f.call(parametersOf{"request": "1"})["execution_id"]
			w.sleep(30 * 24 * time.Hour)
			clear(w.table)
			w.runs[id].silent = true // it wrote its result long ago
			expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED sfn_status=SUCCEEDED execution_id="+id)
			expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_result=SUCCESS balance=42.10")
		})
	}
}

// TestUncountedCheckOfNothing checks an execution that does not exist, without count.
func TestUncountedCheckOfNothing(t *testing.T) {
	id := strings.Replace(machineARN, ":stateMachine:", ":execution:", 1) + ":" + contactID + "-0123456789abcdef"
	for _, env := range []map[string]string{nil, withTable} {
		w := newWorld()
		f := newFlow(t, w, env)
		play(t, w, func() {
			expect(t, f.call(parametersOf{"execution_id": id}),
				"status=FAILED sfn_result=FAILURE sfn_error=ExecutionDoesNotExist sfn_status=UNKNOWN execution_id="+id)
			if took := w.clock.Now().Sub(epoch); took < time.Second || took > 2*time.Second {
				t.Errorf("the check took %v", took)
			}
			began := w.clock.Now()
			expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "5"}), "sfn_error=ExecutionDoesNotExist")
			if took := w.clock.Now().Sub(began); took > 5*time.Second {
				t.Errorf("the held check took %v", took)
			}
			expect(t, f.call(parametersOf{"execution_id": id, "time_limit": "1"}), "status=RUNNING sfn_degraded=true")
			expect(t, f.call(parametersOf{"execution_id": id, "count": "3"}), "status=RUNNING sfn_degraded=true")
		})
	}
}

// TestUncountedCheckWaitsForTheStart finds an execution that shows a little late.
func TestUncountedCheckWaitsForTheStart(t *testing.T) {
	w := newWorld()
	w.lag = 500 * time.Millisecond
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING sfn_status=RUNNING sfn_degraded=false")
	})
}

// TestExpiredItemIsAbsent reads an item that the table may have forgotten, and starts over it.
func TestExpiredItemIsAbsent(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"RESULTS_TABLE": "results", "EXPECTED_CALLERS": "100000", "RETAIN_SECONDS": "7776000",
	})
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1"})["execution_id"]
		name := id[strings.LastIndex(id, ":")+1:]
		w.sleep(12 * time.Second)
		w.writeResult(name)
		w.sleep(8 * 24 * time.Hour)
		old := w.table[name]
		old.Output, old.Expires = `{"balance":"old"}`, w.clock.Now().Add(-time.Hour)
		w.table[name] = old
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED balance=42.10")
		if now := w.table[name]; !now.Expires.After(w.clock.Now()) {
			t.Errorf("what the check wrote has expired already: %+v", now)
		}
		w.table[name] = old
		expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED sfn_status=SUCCEEDED")
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED balance=42.10")
	})
}

// TestSentTimeLimitBoundsEverything has every call of a service hang.
func TestSentTimeLimitBoundsEverything(t *testing.T) {
	for _, c := range []struct {
		name   string
		p      parametersOf
		answer time.Duration // of each service; 0 means never
		limit  time.Duration
	}{
		{"cancel", parametersOf{"action": "cancel", "time_limit": "8"}, 0, 8 * time.Second},
		{"cancel, late", parametersOf{"action": "cancel", "time_limit": "3"}, 280 * time.Millisecond, 3 * time.Second},
		{"short cancel", parametersOf{"action": "cancel", "time_limit": "1"}, 0, time.Second},
		{"cancel, absent", parametersOf{"action": "cancel"}, 0, 8 * time.Second},
		{"giving up", parametersOf{"count": "9", "cancel_on_give_up": "true"}, 0, time.Second},
		{"giving up in 3 s", parametersOf{"count": "9", "cancel_on_give_up": "true", "time_limit": "3"}, 0,
			3 * time.Second},
		{"held", parametersOf{"hold_seconds": "20", "time_limit": "8"}, time.Millisecond, 8 * time.Second},
		{"held, hanging", parametersOf{"hold_seconds": "20", "time_limit": "4"}, 0, 4 * time.Second},
		{"start", parametersOf{"action": "start", "time_limit": "1"}, 0, time.Second},
	} {
		for _, table := range []string{"", "results"} {
			w := newWorld()
			w.takes = time.Hour
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
			play(t, w, func() {
				c.p["execution_id"] = f.call(parametersOf{})["execution_id"]
				w.before = func(ctx context.Context, op string) error {
					if op == "Stop" && w.clock.Now().Sub(epoch) > 5*time.Second {
						return w.clock.Sleep(ctx, 1900*time.Millisecond) // it is answered at last
					}
					if c.answer > 0 {
						return w.clock.Sleep(ctx, c.answer)
					}
					return w.clock.Sleep(ctx, time.Hour)
				}
				began := w.clock.Now()
				f.call(c.p)
				if took := w.clock.Now().Sub(began); took > c.limit {
					t.Errorf("%s, table %q: took %v of %v", c.name, table, took, c.limit)
				}
			})
		}
	}
}

// TestShortCallsReadTheTable: a look with little time must leave some of it for the table.
func TestShortCallsReadTheTable(t *testing.T) {
	for _, p := range []parametersOf{
		{"action": "cancel", "time_limit": "1"}, {"time_limit": "1"}, {"count": "9", "cancel_on_give_up": "true"},
	} {
		w := newWorld()
		f := newFlow(t, w, manyCallers)
		play(t, w, func() {
			p["execution_id"] = f.call(parametersOf{})["execution_id"]
			w.sleep(12 * time.Second)
			w.before = func(ctx context.Context, _ string) error { return w.clock.Sleep(ctx, 50*time.Millisecond) }
			expect(t, f.call(p), "status=FINISHED sfn_result=SUCCESS")
		})
		if w.calls["Describe"] != 0 {
			t.Errorf("%v: Step Functions was asked, though the table answers within 50 ms", p)
		}
	}
}

// TestHangingLookIsTriedAgain hangs the first connection, as one that was frozen between two events.
func TestHangingLookIsTriedAgain(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			hung := false
			w.before = func(ctx context.Context, _ string) error {
				if !hung {
					hung = true
					return w.clock.Sleep(ctx, time.Hour)
				}
				return nil
			}
			began := w.clock.Now()
			expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING sfn_status=RUNNING sfn_degraded=false")
			if took := w.clock.Now().Sub(began); took > 400*time.Millisecond {
				t.Errorf("the check took %v", took)
			}
		})
	}
}

// TestEveryFaultIsCounted replies each FAILURE that is not the work's own.
func TestEveryFaultIsCounted(t *testing.T) {
	const ours = "arn:aws:states:eu-west-2:111122223333:execution:Balance:" + contactID + "-0123456789abcdef"
	for want, p := range map[string]parametersOf{
		NotConfigured:        {},
		UnknownJob:           {"job": "other"},
		InvalidParameter:     {"action": "stop"},
		InvalidNumber:        {"count": "x"},
		InvalidExecutionID:   {"execution_id": "x"},
		NotOwnExecution:      {"execution_id": strings.Replace(ours, "Balance", "Other", 1)},
		InvalidEvent:         nil,
		ResultNotDeliverable: {"execution_id": ours},
	} {
		w := newWorld()
		w.runs[ours] = &run{began: epoch, ends: epoch, outcome: Execution{
			Status: "SUCCEEDED", Output: `"` + strings.Repeat("x", 40_000) + `"`}}
		env := map[string]string{
			"STATE_MACHINE_ARN": "",
			"STATE_MACHINES":    `{"a": "` + machineARN + `", "b": "` + machineARN + `"}`,
		}
		if want == NotConfigured {
			env["STATE_MACHINES"] = ""
		}
		f := newFlow(t, w, env)
		play(t, w, func() {
			if p == nil {
				body, _ := f.f.Handle(context.Background(), "", []byte("[]"))
				expect(t, f.read(body), "sfn_error="+want)
				return
			}
			expect(t, f.call(p), "sfn_result=FAILURE sfn_error="+want)
		})
		if line := f.lines()[0]; line["Faults"] != 1.0 {
			t.Errorf("%s: the line has no fault: %v", want, line)
		}
	}
}

// TestWorkThatFailedIsNoFault: the alarm is for who runs the function.
func TestWorkThatFailedIsNoFault(t *testing.T) {
	w := newWorld()
	w.outcome = Execution{Status: "FAILED", Error: "Declined"}
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(12 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id}), "sfn_result=FAILURE sfn_error=Declined")
	})
	if line := f.lines()[1]; line["Faults"] != 0.0 {
		t.Errorf("a fault is counted: %v", line)
	}
}

// TestExpressMachineIsRefused: its executions cannot be checked.
func TestExpressMachineIsRefused(t *testing.T) {
	w := newWorld()
	w.express = true
	f := newFlow(t, w, nil)
	play(t, w, func() {
		for range 2 {
			reply := f.call(parametersOf{})
			expect(t, reply, "status=FAILED sfn_result=FAILURE sfn_error=NotConfigured execution_id=")
			if !strings.Contains(reply["sfn_cause"], "STANDARD") || !strings.Contains(reply["sfn_cause"], machineARN) {
				t.Errorf("the cause is %s", reply["sfn_cause"])
			}
		}
	})
	if w.calls["Start"] != 1 {
		t.Errorf("%d starts of work that nobody can follow, want 1", w.calls["Start"])
	}
	if reason, _ := f.lines()[1]["reason"].(string); !strings.Contains(reason, "STANDARD") {
		t.Errorf("the log gives the reason %q", reason)
	}
}

// TestARNsThatAreRefused at start-up.
func TestARNsThatAreRefused(t *testing.T) {
	for arn, ok := range map[string]bool{
		machineARN: true, machineARN + ":7": true, machineARN + ":PROD": true,
		"arn:aws-cn:states:eu-west-2:111122223333:stateMachine:a.b+c": true,
		"arn:aws:states:eu-west-2::stateMachine:Balance":              false,
		"arn:aws:states:eu-west-2:11112222333:stateMachine:Balance":   false,
		"arn:aws:states:eu-west-2:11112222333x:stateMachine:Balance":  false,
		"arn:aws:states::111122223333:stateMachine:Balance":           false,
		"arn::states:eu-west-2:111122223333:stateMachine:Balance":     false,
		"arn:aws:states:us-east-1:111122223333:stateMachine:Balance":  false, // another Region than the function's
		machineARN + " ":                     false,
		machineARN + "\n":                    false,
		machineARN + ",":                     false,
		machineARN + ":":                     false,
		machineARN + ":7 ":                   false,
		machineARN + ":a/b":                  false,
		machineARN + "/Label":                false,
		machineARN + "*":                     false,
		" " + machineARN:                     false,
		machineARN + strings.Repeat("x", 80): false,
	} {
		for _, variable := range []string{"STATE_MACHINE_ARN", "STATE_MACHINES"} {
			value := arn
			if variable == "STATE_MACHINES" {
				value = fmt.Sprintf(`{"balance": %q}`, arn)
			}
			env := map[string]string{variable: value, "AWS_REGION": "eu-west-2"}
			_, problems := ConfigFromEnv(func(name string) string { return env[name] })
			if (len(problems) == 0) != ok {
				t.Errorf("%s=%q: %v, want accepted %v", variable, arn, problems, ok)
			}
			for _, err := range problems {
				if !strings.HasPrefix(err.Error(), variable+": ") {
					t.Errorf("the error does not name %s: %v", variable, err)
				}
			}
		}
	}
}

// TestFlatteningIsBounded flattens a result of 223 KB whose flat keys take gigabytes.
func TestFlatteningIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"` + strings.Repeat("k", 100_000) + `":{`)
	for i := range 10_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":"%d"`, i, i)
	}
	b.WriteString(`}}`)
	w := newWorld()
	w.outcome.Output = b.String()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(12 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "response_type": "STRING_MAP"}),
			"status=FINISHED sfn_result=FAILURE sfn_error=ResultNotDeliverable sfn_status=SUCCEEDED")
	})
	large := []member{{key: strings.Repeat("k", 100_000), value: []byte(b.String()[100_004 : b.Len()-1])}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	flatten(large, ReservedKey)
	runtime.ReadMemStats(&after)
	allocated := after.TotalAlloc - before.TotalAlloc
	if allocated > 8<<20 {
		t.Errorf("flattening takes %d MB", allocated>>20)
	}
}

// TestFlatteningCountsWhatIsKept: keys that are overruled take no room in the reply.
func TestFlatteningCountsWhatIsKept(t *testing.T) {
	w := newWorld()
	large := strings.Repeat("x", 20_000)
	w.outcome.Output = `{"a":{"b":"1"},"sfn_x":"` + large + `","a_b":"` + large + `","c":2}`
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(12 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "response_type": "STRING_MAP"}),
			"status=FINISHED sfn_result=SUCCESS a_b=1 c=2 sfn_output=none")
	})
}

// TestJobOfTheStartIsLogged checks two jobs on aliases of one state machine.
func TestJobOfTheStartIsLogged(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "",
		"STATE_MACHINES": `{"blue": "` + machineARN + `:BLUE", "green": "` + machineARN + `:GREEN",
			"a-job-with-quite-a-long-name-indeed": "` + machineARN + `"}`,
		"LOG_LEVEL": "debug",
	})
	jobs := []string{"blue", "green", "a-job-with-quite-a-long-name-indeed"}
	play(t, w, func() {
		for _, job := range jobs {
			f.call(parametersOf{"execution_id": f.call(parametersOf{"job": job})["execution_id"]})
		}
	})
	for i, line := range f.lines() {
		if line["job"] != jobs[i/2] {
			t.Errorf("the %v of %s is logged as %v", line["action"], jobs[i/2], line["job"])
		}
	}
}

// TestDetectionDelayIsOfWaiting: a repeated request finds an end of long ago.
func TestDetectionDelayIsOfWaiting(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1"})["execution_id"]
		w.sleep(14 * time.Second)
		f.call(parametersOf{"execution_id": id, "count": "1"}) // the first check, 2 s after the end
		w.sleep(time.Hour)
		f.call(parametersOf{"request": "1"})
		f.call(parametersOf{"execution_id": id, "count": "1"})
		f.call(parametersOf{"execution_id": id})

		id = f.call(parametersOf{"request": "2"})["execution_id"]
		w.sleep(11 * time.Second)
		f.call(parametersOf{"execution_id": id, "count": "1"})
		w.sleep(2 * time.Minute)
		f.call(parametersOf{"execution_id": id, "count": "2"}) // noticed late, though it waited
	})
	var delays []any
	for _, line := range f.lines() {
		if line["status"] == "FINISHED" {
			delays = append(delays, line["DetectionDelay"])
		}
	}
	if want := fmt.Sprint([]any{2.0, nil, nil, 119.0}); fmt.Sprint(delays) != want {
		t.Errorf("the delays are %v, want %v", delays, want)
	}
}

// TestMissingPartsAreNamed selects what the result does not have.
func TestMissingPartsAreNamed(t *testing.T) {
	for selected, want := range map[string]string{
		"balance": "none", "balance,name, account.id": "name,account.id", "": "none", strings.Repeat("x", 2000): "",
	} {
		w := newWorld()
		f := newFlow(t, w, nil)
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.sleep(12 * time.Second)
			reply := f.call(parametersOf{"execution_id": id, "select": selected})
			expect(t, reply, "status=FINISHED sfn_result=SUCCESS")
			if got := reply["sfn_missing"]; (want != "" && got != want) || len(got) > maxCause || got == "" {
				t.Errorf("select %.30s: sfn_missing is %.60q, want %q", selected, got, want)
			}
		})
	}
}

// TestTableDownKeepsTheRate: without records, callers must not all ask Step Functions at once.
func TestTableDownKeepsTheRate(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": "1000"})
	play(t, w, func() {
		var ids []string
		for i := range 1000 {
			ids = append(ids, f.call(parametersOf{"request": fmt.Sprint(i)})["execution_id"])
		}
		w.before = failing("Get", errThrottled)
		for _, id := range ids {
			expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING sfn_degraded=true")
		}
	})
	if asked := w.calls["Describe"]; asked < 5 || asked > 40 { // 4 s of a slot of 200 s
		t.Errorf("%d of 1000 checks asked Step Functions", asked)
	}
	if last := f.lines()[1999]; last["Degraded"] != 1.0 {
		t.Errorf("the line is %v", last)
	}
}

// TestTableDownIsNoReasonToGiveUp asks whatever the rate, where much depends on the answer.
func TestTableDownIsNoReasonToGiveUp(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, manyCallers)
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1"})["execution_id"]
		w.sleep(12 * time.Second)
		w.before = failing("Get", errThrottled)
		expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED sfn_status=SUCCEEDED")
		expect(t, f.call(parametersOf{"execution_id": id, "count": "5"}), "status=FINISHED sfn_result=SUCCESS")
	})
}

// TestGivingUpRetriesTheStop within the time_limit that the flow sends.
func TestGivingUpRetriesTheStop(t *testing.T) {
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.before = func(_ context.Context, op string) error {
			if op == "Stop" && w.clock.Now().Sub(epoch) < 2*time.Second {
				return errThrottled
			}
			return nil
		}
		p := parametersOf{"execution_id": id, "count": "5", "cancel_on_give_up": "true", "time_limit": "6"}
		expect(t, f.call(p),
			"status=LOOP_DONE sfn_error=GaveUp sfn_status=CANCEL_REQUESTED sfn_degraded=true")
	})
}

// TestHeldCheckForgetsADoubtThatWasAnswered: only the last look of a held check counts.
func TestHeldCheckForgetsADoubtThatWasAnswered(t *testing.T) {
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": "1"})
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.before = func(_ context.Context, op string) error {
			if op == "Describe" && w.clock.Now().Sub(epoch) < 20*time.Second {
				return errThrottled
			}
			return nil
		}
		expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "15"}), "status=RUNNING sfn_degraded=true")
		expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "40"}), "status=RUNNING sfn_degraded=false")
	})
}

// TestStartThatMetAFault: HTTP 5xx does not say that nothing was started.
func TestStartThatMetAFault(t *testing.T) {
	w := newWorld()
	w.after = failing("Start", &ServiceError{Code: "InternalFailure", Status: 500})
	f := newFlow(t, w, nil)
	play(t, w, func() {
		w.takes = time.Hour
		w.before = func(_ context.Context, op string) error {
			if op == "Start" && w.calls[op] > 1 {
				return errThrottled
			}
			return nil
		}
		reply := f.call(parametersOf{})
		expect(t, reply, "status=FAILED sfn_error=StartFailed sfn_status=UNKNOWN")
		if w.runs[reply["execution_id"]] == nil {
			t.Errorf("execution_id is %q, and the work runs", reply["execution_id"])
		}
	})
}

// TestDoubtOfAnExecutionNotSeenYet believes the record of a start that Step Functions does not show yet.
func TestDoubtOfAnExecutionNotSeenYet(t *testing.T) {
	w := newWorld()
	w.lag = 3 * time.Second
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results", "EXPECTED_CALLERS": "1"})
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(2500 * time.Millisecond)
		expect(t, f.call(parametersOf{"execution_id": id, "count": "1"}),
			"status=RUNNING sfn_status=RUNNING sfn_degraded=false")
	})
	if w.calls["Describe"] != 1 {
		t.Errorf("%d doubts, want 1", w.calls["Describe"])
	}
}
