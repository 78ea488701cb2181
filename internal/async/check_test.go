package async

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestFailuresSayWhy(t *testing.T) {
	long := strings.Repeat("ä", 600) // 1,200 bytes
	for status, e := range map[string]Execution{
		"FAILED":    {Status: "FAILED", Error: "Lambda.Unknown", Cause: long},
		"TIMED_OUT": {Status: "TIMED_OUT", Error: "States.Timeout"},
		"ABORTED":   {Status: "ABORTED"},
	} {
		w := newWorld()
		w.outcome = e
		f := newFlow(t, w, nil)
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.sleep(time.Minute)
			reply := f.call(parametersOf{"execution_id": id})
			expect(t, reply, "status=FINISHED sfn_result=FAILURE sfn_status="+status+" sfn_error="+orNone(e.Error))
			if cause := reply["sfn_cause"]; len(cause) > 1024 || (e.Cause != "" && cause != strings.Repeat("ä", 512)) {
				t.Errorf("%s: the cause has %d bytes: %.20s…", status, len(cause), cause)
			}
		})
	}
}

func TestGivingUp(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		expect(t, f.call(parametersOf{"execution_id": id, "count": "5"}),
			"status=LOOP_DONE sfn_result=FAILURE sfn_error=GaveUp sfn_status=RUNNING count=DONE comfort=false "+
				"count_max=5 count_comfort=10 execution_id="+id)
		expect(t, f.call(parametersOf{"execution_id": id, "count": "DONE"}), "status=RUNNING count=1")
		w.sleep(12 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "count": "5"}),
			"status=FINISHED sfn_result=SUCCESS count=6 balance=42.10")
		expect(t, f.call(parametersOf{"action": "start", "count": "5"}),
			"status=LOOP_DONE sfn_error=GaveUp sfn_status=none execution_id=")
	})
	if len(w.runs) != 1 || w.calls["Stop"] != 0 {
		t.Errorf("%d executions, %d stops", len(w.runs), w.calls["Stop"])
	}
}

func TestCancelOnGiveUp(t *testing.T) {
	for name, c := range map[string]struct {
		stop error
		want string
	}{
		"stopped": {nil, "sfn_status=CANCEL_REQUESTED sfn_degraded=false"},
		"denied":  {&ServiceError{Code: "AccessDeniedException", Status: 400}, "sfn_status=RUNNING sfn_degraded=true"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.before = func(_ context.Context, op string) error {
				if op == "Stop" {
					return c.stop
				}
				return nil
			}
			f := newFlow(t, w, nil)
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				expect(t, f.call(parametersOf{"execution_id": id, "count": "5", "cancel_on_give_up": "true"}),
					"status=LOOP_DONE sfn_error=GaveUp execution_id="+id+" "+c.want)
			})
		})
	}
}

func TestGarbageNumbersStartNothing(t *testing.T) {
	for _, name := range []string{"count", "count_max", "count_comfort", "hold_seconds", "time_limit"} {
		for _, garbage := range []any{
			"x", " ", "1e1", "5.5", "0x10", true, []any{}, map[string]any{"a": 1}, 1e300,
			"99999999999999999999",
		} {
			w := newWorld()
			f := newFlow(t, w, nil)
			play(t, w, func() {
				reply := f.call(parametersOf{name: garbage})
				expect(t, reply, "status=LOOP_DONE sfn_result=FAILURE sfn_error=InvalidNumber count=DONE execution_id=")
				if !strings.Contains(reply["sfn_cause"], name) {
					t.Errorf("the cause does not name %s: %s", name, reply["sfn_cause"])
				}
			})
			if len(w.calls) != 0 {
				t.Errorf("%s %v: calls %v", name, garbage, w.calls)
			}
		}
	}
}

func TestRefusedParameters(t *testing.T) {
	for _, p := range []parametersOf{
		{"action": "stop"}, {"action": 5}, {"response_type": "XML"}, {"include_output": "yes please"},
		{"cancel_on_give_up": []any{}},
		{"select": []any{"a"}}, {"request": map[string]any{}}, {"EXECUTION_ID": "x"},
	} {
		w := newWorld()
		f := newFlow(t, w, nil)
		play(t, w, func() {
			expect(t, f.call(p), "status=FAILED sfn_result=FAILURE sfn_error=InvalidParameter sfn_status=none")
		})
		if len(w.calls) != 0 {
			t.Errorf("%v: calls %v", p, w.calls)
		}
	}
}

func TestUnsetParametersAreAbsent(t *testing.T) {
	for _, unset := range []any{"", nil} {
		w := newWorld()
		f := newFlow(t, w, nil)
		p := parametersOf{}
		for _, known := range parameters[1:] {
			p[known.name] = unset
		}
		play(t, w, func() {
			expect(t, f.call(p), "status=CREATED count=1 count_max=5 count_comfort=10")
			p["execution_id"] = unset
			expect(t, f.call(p), "status=FAILED sfn_error=InvalidExecutionId")
		})
		if len(w.runs) != 1 {
			t.Errorf("%v: %d executions", unset, len(w.runs))
		}
	}
}

func TestOnlyItsOwnExecutions(t *testing.T) {
	const name = contactID + "-0123456789abcdef"
	for id, want := range map[string]string{
		"arn:aws:states:eu-west-2:111122223333:execution:Balance:" + name: "", // the one that is
		"arn:aws:states:eu-west-2:111122223333:execution:Balance2:x":      NotOwnExecution,
		"arn:aws:states:eu-west-2:999922223333:execution:Balance:x":       NotOwnExecution,
		"arn:aws:states:eu-west-2:111122223333:express:Balance:x:y":       InvalidExecutionID,
		"arn:aws:states:eu-west-2:111122223333:execution:Balance/Map:x":   NotOwnExecution,
		"arn:aws:states:eu-west-2:111122223333:execution:Balance:":        InvalidExecutionID,
		"arn:aws:states:eu-west-2:111122223333:execution:Balance:x:y":     InvalidExecutionID,
		"arn:aws:states:eu-west-2:111122223333:execution:Balance:x y":     InvalidExecutionID,
		"arn:aws:states:eu-west-2:111122223333:stateMachine:Balance":      InvalidExecutionID,
		"arn:aws:states:eu-west-2:111122223333:execution:Balance:x\n":     InvalidExecutionID,
	} {
		for _, configured := range []string{machineARN, machineARN + ":7", machineARN + ":PROD"} {
			for _, action := range []string{"check", "cancel"} {
				w := newWorld()
				w.runs[id] = &run{began: epoch, ends: epoch.Add(time.Hour)}
				f := newFlow(t, w, map[string]string{"STATE_MACHINE_ARN": configured})
				play(t, w, func() {
					reply := f.call(parametersOf{"execution_id": id, "action": action})
					if want == "" {
						expect(t, reply, "status=RUNNING")
					} else {
						expect(t, reply, "status=FAILED sfn_result=FAILURE sfn_error="+want)
					}
				})
				if want != "" && len(w.calls) != 0 {
					t.Errorf("%s: calls %v", id, w.calls)
				}
			}
		}
	}
}

func TestOwnContactOnly(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{"OWN_CONTACT_ONLY": "true"})
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1"})["execution_id"]
		expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING")
		f.contact["ContactId"] = "4a573372-1f28-4e26-b97b-00000000000f" // transferred: InitialContactId stays
		expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING")
		f.contact["InitialContactId"] = "4a573372-1f28-4e26-b97b-000000000009"
		for _, action := range []string{"check", "cancel"} {
			expect(t, f.call(parametersOf{"execution_id": id, "action": action}), "sfn_error=NotOwnExecution")
		}
		f.contact = map[string]any{}
		expect(t, f.call(parametersOf{"execution_id": id}), "sfn_error=NotOwnExecution")
		f.contact["ContactId"] = contactID
		expect(t, f.call(parametersOf{"execution_id": strings.TrimSuffix(id, id[len(id)-17:])}),
			"sfn_error=NotOwnExecution")
	})
}

func TestLookUpFaults(t *testing.T) {
	const degraded = "status=RUNNING sfn_result= sfn_degraded=true sfn_status=UNKNOWN sfn_error=none"
	for _, c := range []struct {
		name  string
		err   error
		count string
		want  string
		calls int
	}{
		{
			name:  "throttled",
			err:   &ServiceError{Code: "ThrottlingException", Status: 400},
			count: "9",
			want:  degraded,
			calls: 1,
		},
		{name: "HTTP 429", err: &ServiceError{Code: "Odd", Status: 429}, count: "9", want: degraded, calls: 1},
		{
			name:  "KMS throttled",
			err:   &ServiceError{Code: "KmsThrottlingException", Status: 400},
			count: "9",
			want:  degraded,
			calls: 1,
		},
		{name: "service fault", err: &ServiceError{Code: "Strange", Status: 503}, count: "9", want: degraded, calls: 1},
		{name: "lost connection", err: &ServiceError{}, count: "9", want: degraded, calls: 2},
		{
			name:  "young",
			err:   &ServiceError{Code: "ExecutionDoesNotExist", Status: 400},
			count: "4",
			want:  degraded,
			calls: 1,
		},
		{
			name:  "old",
			err:   &ServiceError{Code: "ExecutionDoesNotExist", Status: 400},
			count: "5",
			want:  "status=FAILED sfn_result=FAILURE sfn_error=ExecutionDoesNotExist sfn_status=UNKNOWN",
			calls: 1,
		},
		{
			name:  "denied",
			err:   &ServiceError{Code: "AccessDeniedException", Status: 400},
			count: "0",
			want:  "status=FAILED sfn_result=FAILURE sfn_error=AccessDeniedException sfn_status=UNKNOWN",
			calls: 1,
		},
		{
			name:  "key",
			err:   &ServiceError{Code: "KmsAccessDeniedException", Status: 400},
			count: "0",
			want:  "status=FAILED sfn_error=KmsAccessDeniedException",
			calls: 1,
		},
		{
			name:  "ARN",
			err:   &ServiceError{Code: "InvalidArn", Status: 400},
			count: "0",
			want:  "status=FAILED sfn_error=InvalidArn",
			calls: 1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			f := newFlow(t, w, nil)
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				w.before = func(context.Context, string) error { return c.err }
				expect(t, f.call(parametersOf{"execution_id": id, "count": c.count, "count_max": "20"}),
					c.want+" execution_id="+id)
			})
			if w.calls["Describe"] != c.calls {
				t.Errorf("%d calls, want %d", w.calls["Describe"], c.calls)
			}
		})
	}
}

func TestUnheldCheckRepliesWithinASecond(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.before = func(ctx context.Context, _ string) error { return w.clock.Sleep(ctx, time.Hour) }
			began := w.clock.Now()
			expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING sfn_degraded=true")
			if took := w.clock.Now().Sub(began); took > time.Second {
				t.Errorf("the check took %v", took)
			}
		})
	}
}

func TestHeldCheckNoticesTheEnd(t *testing.T) {
	for _, c := range []struct {
		name, table, callers string
		latest               time.Duration // after the end
		most                 int           // looks
	}{
		{name: "table", table: "results", callers: "1", latest: 320 * time.Millisecond, most: 53},
		{name: "few callers", callers: "1", latest: 1300 * time.Millisecond, most: 13},
		{name: "thirty callers", callers: "30", latest: 3800 * time.Millisecond, most: 5},
		{name: "many callers", callers: "1000", latest: 5 * time.Second, most: 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			f := newFlow(t, w, map[string]string{"RESULTS_TABLE": c.table, "EXPECTED_CALLERS": c.callers})
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "58"}),
					"status=FINISHED sfn_result=SUCCESS")
			})
			if late := w.clock.Now().Sub(epoch.Add(w.takes)); late > c.latest {
				t.Errorf("noticed after %v, want %v", late, c.latest)
			}
			if looks := w.calls["Describe"] + w.calls["Get"]; looks > c.most {
				t.Errorf("%d looks, want at most %d", looks, c.most)
			}
		})
	}
}

func TestHeldCheckEndsInTime(t *testing.T) {
	for _, c := range []struct {
		hold   string
		lambda time.Duration
		latest time.Duration
	}{
		{"5", time.Minute, 5 * time.Second},
		{"58", time.Minute, 58 * time.Second},
		{"600", 15 * time.Minute, 58 * time.Second},
		{"58", 10 * time.Second, 10 * time.Second},
		{"1", time.Minute, time.Second},
		{"-3", time.Minute, time.Second},
	} {
		for _, slow := range []bool{false, true} {
			w := newWorld()
			w.takes = time.Hour
			f := newFlow(t, w, nil)
			f.limit = c.lambda
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				w.before = func(ctx context.Context, _ string) error {
					if slow {
						return w.clock.Sleep(ctx, 700*time.Millisecond)
					}
					return nil
				}
				began := w.clock.Now()
				expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": c.hold}), "status=RUNNING")
				took := w.clock.Now().Sub(began)
				if took > c.latest || took < min(c.latest, 59*time.Second)-1200*time.Millisecond {
					t.Errorf("hold %s, Lambda %v, slow %v: took %v", c.hold, c.lambda, slow, took)
				}
			})
		}
	}
}

func TestHeldCheckSlowsDownWhenThrottled(t *testing.T) {
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, map[string]string{"EXPECTED_CALLERS": "1"})
	var looks []time.Duration
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.before = func(context.Context, string) error {
			looks = append(looks, w.clock.Now().Sub(epoch))
			return &ServiceError{Code: "ThrottlingException", Status: 400}
		}
		expect(t, f.call(parametersOf{"execution_id": id, "hold_seconds": "30"}), "status=RUNNING sfn_degraded=true")
	})
	for i, least := range []time.Duration{2 * time.Second, 4 * time.Second, 4 * time.Second} {
		if gap := looks[i+1] - looks[i]; gap < least || gap > 5*time.Second {
			t.Errorf("look %d came after %v", i+1, gap)
		}
	}
}

func TestCancel(t *testing.T) {
	for _, table := range []string{"", "results"} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table})
		play(t, w, func() {
			id := f.call(parametersOf{"request": "1"})["execution_id"]
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				"status=RUNNING sfn_result= sfn_status=CANCEL_REQUESTED execution_id="+id)
			expect(t, f.call(parametersOf{"execution_id": id}),
				"status=FINISHED sfn_result=FAILURE sfn_status=ABORTED sfn_error=Cancelled")
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				"status=FINISHED sfn_status=ABORTED")

			id = f.call(parametersOf{"request": "2"})["execution_id"]
			w.sleep(time.Minute)
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				"status=FINISHED sfn_result=SUCCESS balance=42.10")
			expect(t, f.call(parametersOf{"action": "cancel", "execution_id": nil}), "sfn_error=InvalidExecutionId")
		})
		if w.calls["Stop"] != 1 {
			t.Errorf("%d stops, want 1", w.calls["Stop"])
		}
	}
}

func TestCancelFaults(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{
			"passing",
			&ServiceError{Code: "ThrottlingException", Status: 400},
			"status=RUNNING sfn_result= sfn_error=CancelFailed sfn_status=UNKNOWN sfn_degraded=true",
		},
		{
			"permanent",
			&ServiceError{Code: "AccessDeniedException", Status: 400},
			"status=FAILED sfn_result=FAILURE sfn_error=AccessDeniedException sfn_status=UNKNOWN",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.before = func(_ context.Context, op string) error {
				if op == "Stop" {
					return c.err
				}
				return nil
			}
			f := newFlow(t, w, nil)
			play(t, w, func() {
				id := f.call(parametersOf{})["execution_id"]
				expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}), c.want+" execution_id="+id)
			})
			if took := w.clock.Now().Sub(epoch); took > 8*time.Second {
				t.Errorf("the cancel took %v", took)
			}
		})
	}
}
