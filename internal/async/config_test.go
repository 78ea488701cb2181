package async

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func fromMap(env map[string]string) (Config, []error) {
	return ConfigFromEnv(func(name string) string { return env[name] })
}

func TestConfigFromEnv(t *testing.T) {
	c, errs := fromMap(map[string]string{
		"STATE_MACHINE_ARN": machineARN,
		"STATE_MACHINES": `{"b": "` + machineARN + `:7", "a": {"arn": "` + machineARN + `", "timeout_seconds": 30},
			"c": {"arn": "` + machineARN + `", "reuse": "running", "reuse_seconds": "90"}}`,
		"TIMEOUT_SECONDS": "120", "RESULTS_TABLE": "results", "INPUT": "minimal",
		"OWN_CONTACT_ONLY": "TRUE", "LOG_DATA": "false", "EXPECTED_CALLERS": "300",
	})
	if errs != nil {
		t.Fatal(errs)
	}
	want := []Job{
		{StateMachineARN: machineARN, Timeout: 2 * time.Minute},
		{Name: "a", StateMachineARN: machineARN, Timeout: 30 * time.Second},
		{Name: "b", StateMachineARN: machineARN + ":7", Timeout: 2 * time.Minute},
		{
			Name: "c", StateMachineARN: machineARN, Timeout: 2 * time.Minute,
			Reuse: "running", ReuseFor: 90 * time.Second,
		},
	}
	if !reflect.DeepEqual(c.Jobs, want) {
		t.Errorf("the jobs are %+v", c.Jobs)
	}
	if c.ResultsTable != "results" || c.Input != InputMinimal || !c.OwnContactOnly || c.LogData ||
		c.ExpectedCallers != 300 {
		t.Errorf("the config is %+v", c)
	}
	for name, wantJob := range map[string]string{"": "", "a": "a", "b": "b"} {
		if job, refusal := c.job(name); refusal != nil || job.Name != wantJob {
			t.Errorf("job %q is %+v", name, job)
		}
	}
}

func TestConfigDefaults(t *testing.T) {
	c, errs := fromMap(map[string]string{"STATE_MACHINE_ARN": machineARN})
	if job := c.Jobs[0]; job.Reuse != "" || job.reuseFor() != time.Minute {
		t.Errorf("the job is %+v", job)
	}
	if errs != nil || c.Input != InputEvent || c.ExpectedCallers != 10 || c.Jobs[0].Timeout != 15*time.Minute ||
		c.LogData || c.OwnContactOnly {
		t.Errorf("%v, %+v", errs, c)
	}
}

func TestConfigErrorsNameTheVariable(t *testing.T) {
	for _, c := range []struct{ variable, value string }{
		{"STATE_MACHINE_ARN", " "}, {"STATE_MACHINE_ARN", "arn:aws:lambda:eu-west-2:1:function:x"},
		{"STATE_MACHINE_ARN", machineARN + ":1:2"}, {"STATE_MACHINE_ARN", "arn:aws:states:eu-west-2:1:express:x"},
		{"STATE_MACHINES", "{}"}, {"STATE_MACHINES", "[]"}, {"STATE_MACHINES", "{"},
		{"STATE_MACHINES", `{"a b": "` + machineARN + `"}`},
		{"STATE_MACHINES", `{"a": 7}`}, {"STATE_MACHINES", `{"a": {}}`},
		{"STATE_MACHINES", `{"a": {"arn": "` + machineARN + `", "timeout_seconds": -1}}`},
		{"TIMEOUT_SECONDS", "soon"}, {"INPUT", "all"}, {"OWN_CONTACT_ONLY", "yes"}, {"LOG_DATA", "1"},
		{"EXPECTED_CALLERS", "0"}, {"REUSE", "never"}, {"REUSE_SECONDS", "59"}, {"REUSE_SECONDS", "86401"},
		{"STATE_MACHINES", `{"a": {"arn": "` + machineARN + `", "reuse": 7}}`},
		{"STATE_MACHINES", `{"a": {"arn": "` + machineARN + `", "reuse_seconds": "x"}}`},
		{"SERVES", "both"},
	} {
		env := map[string]string{"STATE_MACHINE_ARN": machineARN}
		env[c.variable] = c.value
		_, errs := fromMap(env)
		if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), c.variable+": ") {
			t.Errorf("%s=%s: %v", c.variable, c.value, errs)
		}
	}
}

// TestEveryValueThatIsAllowed of the variables that take one of a few, and one that is not.
func TestEveryValueThatIsAllowed(t *testing.T) {
	for variable, values := range map[string][]string{
		EnvParameters: {"short", "prefixed"}, EnvExecutionName: {"name", "uuid"}, EnvLogLevel: {"debug", "INFO"},
		EnvInput: {"event", "minimal"}, EnvServes: {"callers", "ends"}, EnvReuse: {"always", "running"},
		EnvLogData: {"true", "False"}, EnvOwnContactOnly: {"TRUE", "false"},
	} {
		for _, value := range append(values, "other") {
			_, errs := fromMap(map[string]string{
				EnvStateMachineARN: machineARN, EnvResultsTable: "results", variable: value,
			})
			if (errs == nil) != (value != "other") {
				t.Errorf("%s=%s: %v", variable, value, errs)
			}
		}
	}
}

// TestEndsNeedATable: there is nowhere else to write them.
func TestEndsNeedATable(t *testing.T) {
	for table, want := range map[string]int{"": 1, "results": 0} {
		_, errs := fromMap(map[string]string{
			EnvStateMachineARN: machineARN, EnvServes: ServesEnds, EnvResultsTable: table,
		})
		if len(errs) != want || want > 0 && !strings.HasPrefix(errs[0].Error(), EnvResultsTable+": ") {
			t.Errorf("table %q: %v", table, errs)
		}
	}
}

func TestNotConfigured(t *testing.T) {
	for _, env := range []map[string]string{
		{"STATE_MACHINE_ARN": ""}, {"INPUT": "all"}, {"STATE_MACHINE_ARN": "x"}, {"STATE_MACHINES": "x"},
	} {
		w := newWorld()
		f := newFlow(t, w, env)
		play(t, w, func() {
			for _, p := range []parametersOf{{}, {"execution_id": "x"}, {"count": "abc"}, {"action": "cancel"}} {
				reply := f.call(p)
				expect(t, reply, "status=FAILED sfn_result=FAILURE sfn_error=NotConfigured sfn_status=none")
				for name := range env {
					if !strings.Contains(reply["sfn_cause"], name) {
						t.Errorf("the cause does not name %s: %s", name, reply["sfn_cause"])
					}
				}
			}
		})
		if len(w.calls) != 0 {
			t.Errorf("calls %v", w.calls)
		}
	}
	r := string(New(Config{}, nil, nil, newWorld().clock).answer(t.Context(), &invocation{}, []byte(`{}`)).encode())
	if !strings.Contains(r, NotConfigured) {
		t.Errorf("without any configuration: %s", r)
	}
}
