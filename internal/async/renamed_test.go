package async

import (
	"strings"
	"testing"
)

// TestRenamedJob: a job answers to the name that it had, and the same question has the same execution under both, also
// before it was renamed.
func TestRenamedJob(t *testing.T) {
	const other = `, "other": "` + machineARN + `-other"}`
	names := map[string]bool{}
	for _, test := range []struct{ machines, job string }{
		{`{"balance": {"arn": "` + machineARN + `"}` + other, "balance"},
		{`{"account": {"arn": "` + machineARN + `", "was": "balance"}` + other, "balance"},
		{`{"account": {"arn": "` + machineARN + `", "was": "balance"}` + other, "account"},
	} {
		w, id := newWorld(), ""
		f := newFlow(t, w, map[string]string{EnvStateMachineARN: "", EnvStateMachines: test.machines})
		play(t, w, func() { id = f.call(parametersOf{ParamJob: test.job, ParamRequest: "r"})[KeyExecutionID] })
		if !strings.Contains(id, ":balance-") {
			t.Errorf("%s: the execution is %q", test.machines, id)
		}
		names[id] = true
	}
	if len(names) != 1 {
		t.Errorf("the executions are %v", names)
	}
}

// TestFormerNamesThatAreRefused: a name means one job.
func TestFormerNamesThatAreRefused(t *testing.T) {
	machine := func(was string) string { return `{"arn": "` + machineARN + `", "was": "` + was + `"}` }
	for _, machines := range []string{
		`{"a": ` + machine("b") + `, "b": "` + machineARN + `"}`,
		`{"a": ` + machine("c") + `, "b": ` + machine("c") + `}`,
		`{"a": ` + machine("not valid") + `}`,
	} {
		if _, errs := fromMap(map[string]string{EnvStateMachines: machines}); len(errs) != 1 ||
			!strings.Contains(errs[0].Error(), MachineWas) {
			t.Errorf("%s: %v", machines, errs)
		}
	}
}
