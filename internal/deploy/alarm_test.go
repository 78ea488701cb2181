package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
)

const (
	ownExecution = "arn:aws:states:us-east-1:111122223333:execution:bank-balance:" +
		"balance-4a573372-1f28-4e26-b97b-000000000001-0123456789abcdef"
	checkOf = `{"Details":{"Parameters":{"execution_id":"`
)

// misconfigurations are the seven kinds of fault after which no caller is served, and what each needs: an event, and
// what is changed in the function's environment.
var misconfigurations = map[string]struct {
	event  string
	change map[string]string
}{
	async.NotConfigured:        {event: `{}`, change: map[string]string{async.EnvInput: "all"}},
	async.UnknownJob:           {event: `{"Details":{"Parameters":{"job":"balances"}}}`},
	async.InvalidParameter:     {event: `{"Details":{"Parameters":{"job":"balance","action":"stop"}}}`},
	async.InvalidEvent:         {event: `[]`},
	async.InvalidExecutionID:   {event: checkOf + `x"}}}`},
	async.NotOwnExecution:      {event: checkOf + strings.Replace(ownExecution, "bank-", "other-", 1) + `"}}}`},
	async.ResultNotDeliverable: {event: checkOf + ownExecution + `"}}}`},
}

// TestTotalMisconfigurationRaisesAnAlarm runs the async function with the environment that is exported, and compares
// its metrics with the exported alarms on their own namespaces, metrics and dimensions.
func TestTotalMisconfigurationRaisesAnAlarm(t *testing.T) {
	resources := readCloudFormationExport(t, stacks(t)["table"], environments["table"])
	for want, m := range misconfigurations {
		env := exportedEnvironment(t, resources)
		maps.Copy(env, m.change)
		line := invoke(t, env, m.event)
		if line["sfn_error"] != want {
			t.Fatalf("the function replies %v, want %s", line["sfn_error"], want)
		}
		if raised := raisedAlarms(t, resources, line); len(raised) == 0 {
			t.Errorf("%s raises no alarm: %v", want, line)
		}
	}
}

// TestGoodCallsRaiseNoAlarm is the other side of the test above.
func TestGoodCallsRaiseNoAlarm(t *testing.T) {
	resources := readCloudFormationExport(t, stacks(t)["table"], environments["table"])
	for _, event := range []string{
		`{"Details":{"Parameters":{"job":"balance"}}}`,
		checkOf + ownExecution + `","select":"balance"}}}`,
	} {
		line := invoke(t, exportedEnvironment(t, resources), event)
		if raised := raisedAlarms(t, resources, line); len(raised) > 0 {
			t.Errorf("%s raises %v: %v", event, raised, line)
		}
	}
}

// TestAlarmsNeedMoreThanOneCaller checks that no alarm sounds after one bad minute, that each says when it is over, and
// that the runbook has each.
func TestAlarmsNeedMoreThanOneCaller(t *testing.T) {
	runbook := string(readFile(t, "../../docs/runbook.md"))
	for _, r := range alarmsOf(readCloudFormationExport(t, stacks(t)["table"], environments["table"])) {
		if r.value("DatapointsToAlarm").(float64) < 3 {
			t.Errorf("%s sounds after %v bad periods", r.text("AlarmName"), r.value("DatapointsToAlarm"))
		}
		if r.text("OKActions") != r.text("AlarmActions") || r.value("OKActions") == nil {
			t.Errorf("%s does not say when it is over", r.text("AlarmName"))
		}
		if metric := r.text("MetricName"); !strings.Contains(runbook, "`"+metric+"`") {
			t.Errorf("docs/runbook.md does not name the alarm on %s", metric)
		}
	}
}

func alarmsOf(resources []readResource) []readResource {
	return slices.DeleteFunc(slices.Clone(resources), func(r readResource) bool {
		return r.kind != "AWS::CloudWatch::Alarm"
	})
}

func exportedEnvironment(t *testing.T, resources []readResource) map[string]string {
	t.Helper()
	env := map[string]string{"AWS_REGION": "us-east-1"}
	for _, r := range resources {
		if r.kind == "AWS::Lambda::Function" && strings.HasSuffix(r.text("FunctionName"), "-async") {
			for name, value := range r.value("Environment.Variables").(map[string]any) {
				env[name] = value.(string)
			}
			return env
		}
	}
	t.Fatal("the export has no async function")
	return nil
}

// invoke runs the async function once and returns its line of the log.
func invoke(t *testing.T, env map[string]string, event string) map[string]any {
	t.Helper()
	config, _ := async.ConfigFromEnv(func(name string) string { return env[name] })
	var log bytes.Buffer
	logger := async.WithLogger(slog.New(slog.NewJSONHandler(&log, nil)))
	f := async.New(config, ended{}, nil, clock.NewVirtual(time.Unix(1_800_000_000, 0)), logger)
	if _, err := f.Handle(t.Context(), "1", []byte(event)); err != nil {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("%v: %s", err, log.String())
	}
	return line
}

// ended is Step Functions with executions that all succeeded, with more than Connect takes.
type ended struct{}

func (ended) Start(_ context.Context, in async.StartInput) (string, error) {
	return strings.Replace(in.StateMachineARN, ":stateMachine:", ":execution:", 1) + ":" + in.Name, nil
}

func (ended) Describe(context.Context, string) (async.Execution, error) {
	large := strings.Repeat("x", 40_000)
	return async.Execution{Status: async.ExecutionSucceeded, Output: `{"balance":1,"large":"` + large + `"}`}, nil
}

func (ended) Stop(context.Context, string, string, string) error { return nil }

// raisedAlarms are the alarms for which a minute with nothing but this line is bad.
func raisedAlarms(t *testing.T, resources []readResource, line map[string]any) []string {
	t.Helper()
	directive := line["_aws"].(map[string]any)["CloudWatchMetrics"].([]any)[0].(map[string]any)
	of := map[string]any{}
	for _, name := range directive["Dimensions"].([]any)[0].([]any) {
		of[name.(string)] = line[name.(string)]
	}
	var raised []string
	for _, r := range alarmsOf(resources) {
		same := r.text("Namespace") == directive["Namespace"] &&
			maps.Equal(of, dimensions(r.value("Dimensions").([]any)))
		value, measured := line[r.text("MetricName")].(float64)
		if same && measured && value > r.value("Threshold").(float64) {
			raised = append(raised, r.text("AlarmName"))
		}
	}
	return raised
}
