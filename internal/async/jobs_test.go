package async

import (
	"slices"
	"testing"
	"time"
)

// TestMarshalJobs checks that jobs are read back as they were written, and what the text is.
func TestMarshalJobs(t *testing.T) {
	jobs := []Job{
		{Name: "a", StateMachineARN: machineARN, Timeout: 90 * time.Second, Reuse: ReuseRunning, ReuseFor: time.Hour},
		{Name: "b", Was: "c", StateMachineARN: machineARN + ":7", Timeout: DefaultTimeout},
		{Name: "old", StateMachineARN: machineARN, Timeout: time.Minute, ReadOnly: true},
	}
	text := MarshalJobs(jobs)
	if c, errs := fromMap(map[string]string{EnvStateMachines: text}); len(errs) > 0 || !slices.Equal(c.Jobs, jobs) {
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
