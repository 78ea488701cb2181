package async

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The tests of this file are about single replies that were untrue, or that hid what someone had to know.

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
	if line := f.lines()[1]; line["Faults"] != nil {
		t.Errorf("a fault is counted: %v", line)
	}
}

// TestJobOfTheStartIsLogged checks two jobs on aliases of one state machine.
func TestJobOfTheStartIsLogged(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "",
		"STATE_MACHINES": `{"blue": "` + machineARN + `:BLUE", "green": "` + machineARN + `:GREEN",
			"a-job-with-quite-a-long-name-indeed": "` + machineARN + `"}`,
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

