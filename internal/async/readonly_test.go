package async

import (
	"strings"
	"testing"
	"time"
)

// TestReadOnlyMachine answers contacts that began with the original's wrapper, and starts nothing there.
func TestReadOnlyMachine(t *testing.T) {
	old := strings.Replace(machineARN, "Balance", "AsyncWrap", 1)
	id := strings.Replace(old, ":stateMachine:", ":execution:", 1) + ":11111111-2222-3333-4444-555555555555"
	for _, table := range []string{"", "results"} {
		w := newWorld()
		w.runs[id] = &run{began: epoch, ends: epoch.Add(10 * time.Second), outcome: w.outcome, silent: true}
		f := newFlow(t, w, map[string]string{
			"RESULTS_TABLE": table, "OWN_CONTACT_ONLY": "true",
			"STATE_MACHINES": `{"old": {"arn": "` + old + `", "read_only": true}}`,
		})
		play(t, w, func() {
			expect(t, f.call(parametersOf{"execution_id": id}), "status=RUNNING")
			expect(t, f.call(parametersOf{"execution_id": id, "action": "cancel"}),
				"status=FAILED sfn_error=NotOwnExecution")
			expect(t, f.call(parametersOf{"execution_id": id, "count": "9", "cancel_on_give_up": "true"}),
				"status=LOOP_DONE sfn_error=GaveUp sfn_status=RUNNING")
			expect(t, f.call(parametersOf{"job": "old"}), "status=CREATED") // job is data: there is one to start
			w.sleep(10 * time.Second)
			expect(t, f.call(parametersOf{"execution_id": id, "count": "1"}), "status=FINISHED balance=42.10")
		})
		if w.calls["Stop"] != 0 || w.inputs[0].StateMachineARN != machineARN {
			t.Errorf("%d stops, started %v", w.calls["Stop"], w.inputs)
		}
	}
}

// TestReadOnlyMachinesAlone start nothing, which is said.
func TestReadOnlyMachinesAlone(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "", "STATE_MACHINES": `{"old": {"arn": "` + machineARN + `", "read_only": "true"}}`,
	})
	play(t, w, func() { expect(t, f.call(parametersOf{}), "status=FAILED sfn_error=NotConfigured") })
	_, problems := fromMap(map[string]string{"STATE_MACHINES": `{"a": {"arn": "` + machineARN + `", "read_only": 7}}`})
	if len(problems) != 1 {
		t.Errorf("read_only 7: %v", problems)
	}
}
