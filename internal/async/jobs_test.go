package async

import (
	"reflect"
	"testing"
	"time"
)

// TestMarshalJobs checks that jobs are read back as they were written, and what the text is.
func TestMarshalJobs(t *testing.T) {
	jobs := []Job{
		{Name: "a", StateMachineARN: machineARN, Timeout: 90 * time.Second, Reuse: ReuseRunning, ReuseFor: time.Hour},
		{Name: "b", Was: "c", StateMachineARN: machineARN + ":7", Timeout: DefaultTimeout, Progress: true,
			Steps: []string{"Find account", `"}`}, StepsVary: true, Reports: []string{"Rate", "Offer"}},
		{Name: "old", StateMachineARN: machineARN, Timeout: time.Minute, ReadOnly: true},
	}
	text := MarshalJobs(jobs)
	c, errs := fromMap(map[string]string{EnvStateMachines: text})
	if len(errs) > 0 || !reflect.DeepEqual(c.Jobs, jobs) {
		t.Errorf("%s is read as %v, %v", text, c.Jobs, errs)
	}
	want := `{"a":{"arn":"` + machineARN + `","timeout_seconds":90,"reuse":"running"},"c":{"arn":"${machine.c.arn}"}}`
	got := MarshalJobs([]Job{
		{Name: "a", StateMachineARN: machineARN, Timeout: 90 * time.Second, Reuse: ReuseRunning},
		{Name: "c", StateMachineARN: "${machine.c.arn}"},
	})
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
