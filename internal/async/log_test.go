package async

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOneLogLineAnInvocation(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "",
		"STATE_MACHINES":    `{"balance": "` + machineARN + `"}`,
	})
	var started map[string]string
	play(t, w, func() {
		started = f.call(parametersOf{"request": "1"})
		f.call(parametersOf{"execution_id": started["execution_id"], "hold_seconds": "58"})
	})
	lines := f.lines()
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2", len(lines))
	}
	name := started["execution_id"][strings.LastIndex(started["execution_id"], ":")+1:]
	for i, want := range []map[string]any{
		{
			"level":       "INFO",
			"msg":         "invocation",
			"contact_id":  contactID,
			"job":         "balance",
			"action":      "start",
			"execution":   name,
			"status":      "CREATED",
			"sfn_status":  "RUNNING",
			"duration_ms": 0.0,
			"degraded":    false,
			"aws_calls":   1.0,
			"Starts":      1.0,
			"count":       "1",
		},
		{
			"level":      "INFO",
			"action":     "check",
			"execution":  name,
			"status":     "FINISHED",
			"sfn_result": "SUCCESS",
			"sfn_status": "SUCCEEDED",
			"Checks":     1.0,
			"request_id": "00000000-0000-4000-8000-000000000002",
		},
	} {
		for key, value := range want {
			if lines[i][key] != value {
				t.Errorf("line %d: %s is %v, want %v", i, key, lines[i][key], value)
			}
		}
	}
	held, _ := lines[1]["HeldSeconds"].(float64)
	late, _ := lines[1]["DetectionDelay"].(float64)
	if held < 12 || held > 14 || late < 0 || late > 1.3 {
		t.Errorf("held %v s, noticed after %v s", held, late)
	}
}

// TestEmbeddedMetrics checks the lines against CloudWatch's specification of the embedded metric format.
func TestEmbeddedMetrics(t *testing.T) {
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, map[string]string{"LOG_LEVEL": "debug"})
	var sets []string
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(30 * time.Second)
		f.call(parametersOf{"execution_id": id})
		f.call(parametersOf{"execution_id": id, "count": "9"})
		w.before = func(context.Context, string) error { return &ServiceError{Code: "ThrottlingException"} }
		f.call(parametersOf{"execution_id": id})
		w.before = func(context.Context, string) error {
			return &ServiceError{Code: "AccessDeniedException", Message: "not allowed"}
		}
		f.call(parametersOf{"execution_id": id})
	})
	for _, line := range f.lines() {
		sets = append(sets, metricNames(t, line))
	}
	want := []string{
		"Starts ReplySeconds Degraded=0 Faults=0",
		"Checks ReplySeconds Degraded=0 Faults=0 WaitingAge",
		"Checks ReplySeconds Degraded=0 Faults=0 GiveUps=1",
		"Checks ReplySeconds Degraded=1 Faults=0",
		"Checks ReplySeconds Degraded=0 Faults=1",
	}
	if !slices.Equal(sets, want) {
		t.Errorf("got %q, want %q", sets, want)
	}
	lines := f.lines()
	if age := lines[1]["WaitingAge"]; age != 30.0 {
		t.Errorf("the age of the waiting is %v, want 30", age)
	}
	if lines[3]["level"] != "WARN" || lines[4]["level"] != "ERROR" || lines[4]["reason"] != "not allowed" ||
		lines[4]["operation"] != "states:DescribeExecution" {
		t.Errorf("levels: %v, %v; reason: %v", lines[3]["level"], lines[4]["level"], lines[4]["reason"])
	}
}

func metricNames(t *testing.T, line map[string]any) string {
	t.Helper()
	var e struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	}
	text, _ := json.Marshal(line["_aws"])
	if err := json.Unmarshal(text, &e); err != nil || e.Timestamp < epoch.UnixMilli() || len(e.CloudWatchMetrics) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	m := e.CloudWatchMetrics[0]
	for _, dimension := range m.Dimensions[0] {
		if _, ok := line[dimension].(string); !ok || m.Namespace != "connect-async" {
			t.Errorf("dimension %s of namespace %s", dimension, m.Namespace)
		}
	}
	var names []string
	for _, metric := range m.Metrics {
		if _, ok := line[metric.Name].(float64); !ok || (metric.Unit != "Count" && metric.Unit != "Seconds") {
			t.Errorf("metric %+v has the value %v", metric, line[metric.Name])
		}
		if metric.Name == MetricDegraded || metric.Name == MetricFaults || metric.Name == MetricGiveUps {
			metric.Name = fmt.Sprintf("%s=%v", metric.Name, line[metric.Name])
		}
		names = append(names, metric.Name)
	}
	return strings.Join(names, " ")
}

func TestLogHoldsNoPersonalData(t *testing.T) {
	planted := []string{"5550100", "Ada Lovelace", "4111111111111111", "42.10", "secret cause", "SecretError"}
	for _, logData := range []string{"", "true"} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"LOG_DATA": logData})
		f.contact["CustomerEndpoint"] = map[string]any{"Address": "+15550100"}
		f.contact["Attributes"] = map[string]any{"name": "Ada Lovelace"}
		play(t, w, func() {
			id := f.call(parametersOf{"card": "4111111111111111"})["execution_id"]
			w.sleep(time.Minute)
			f.call(parametersOf{"execution_id": id})
			w.outcome = Execution{Status: "FAILED", Error: "SecretError", Cause: "secret cause"}
			id = f.call(parametersOf{"request": "4111111111111111"})["execution_id"]
			w.sleep(time.Minute)
			f.call(parametersOf{"execution_id": id})
			for _, p := range []parametersOf{
				{"execution_id": "+15550100"}, {"action": "4111111111111111"}, {"count": "4111111111111111x"},
				{"job": "Ada Lovelace"},
				{"execution_id": strings.Replace(id, contactID, "5550100", 1)},
				{"execution_id": "arn:aws:states:eu-west-2:111122223333:execution:Balance:5550100"},
			} {
				f.call(p)
			}
			f.contact["InitialContactId"] = "+15550100"
			f.call(parametersOf{})
			w.before = func(context.Context, string) error {
				return &ServiceError{
					Code:    "ValidationException",
					Message: "Ada Lovelace",
					Err:     fmt.Errorf("4111111111111111"),
				}
			}
			f.call(parametersOf{"request": "Ada Lovelace"})
		})
		for _, secret := range planted {
			if found := strings.Contains(f.log.String(), secret); found != (logData == "true") {
				t.Errorf("LOG_DATA=%q: %q is in the log: %v", logData, secret, found)
			}
		}
	}
}

// TestRunningChecksWriteNoLine checks that the line of a check of running work is left out, and its metrics are not.
func TestRunningChecksWriteNoLine(t *testing.T) {
	const checks = 25 // one every 3 s, so that a minute passes between two lines
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		for range checks {
			w.sleep(3 * time.Second)
			f.call(parametersOf{"execution_id": id})
		}
		f.call(parametersOf{"execution_id": id, "count": "9"})
	})
	lines := f.lines()
	if len(lines) != 3 || lines[1]["level"] != "INFO" || lines[1]["status"] != "RUNNING" {
		t.Fatalf("want the lines of the start, of one check after a minute, and of giving up: %v", lines)
	}
	counted := 0
	for _, line := range lines {
		for _, metric := range []string{"Faults", "Degraded", "ReplySeconds"} {
			if valuesOf(line["Checks"]) != valuesOf(line[metric]) && line["Starts"] == nil {
				t.Errorf("%d checks, %d values of %s", valuesOf(line["Checks"]), valuesOf(line[metric]), metric)
			}
		}
		counted += valuesOf(line["Checks"])
	}
	if counted != checks+1 {
		t.Errorf("%d checks are counted, want %d", counted, checks+1)
	}
}

// valuesOf is how many values a line has for a metric.
func valuesOf(metric any) int {
	switch values := metric.(type) {
	case float64:
		return 1
	case []any:
		return len(values)
	}
	return 0
}

// TestMetricsHaveAtMost100Values is a limit of the embedded metric format.
func TestMetricsHaveAtMost100Values(t *testing.T) {
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		for range 250 {
			w.sleep(100 * time.Millisecond)
			f.call(parametersOf{"execution_id": id})
		}
	})
	lines := f.lines()
	if len(lines) != 3 || valuesOf(lines[1]["Checks"]) != 100 || valuesOf(lines[2]["Checks"]) != 100 {
		t.Errorf("%d lines", len(lines))
	}
}

// TestLateWorkIsAWarning checks that the wait which the alarm on WaitingAge is for is written at once.
func TestLateWorkIsAWarning(t *testing.T) {
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, map[string]string{"TIMEOUT_SECONDS": "20"})
	play(t, w, func() {
		id := f.call(parametersOf{})["execution_id"]
		w.sleep(23 * time.Second)
		f.call(parametersOf{"execution_id": id})
	})
	if lines := f.lines(); len(lines) != 2 || lines[1]["level"] != "WARN" || lines[1]["WaitingAge"] != 23.0 {
		t.Errorf("the lines are %v", lines)
	}
}

// TestMetricsNameTheDeployment checks row 14: two deployments of one account share no series.
func TestMetricsNameTheDeployment(t *testing.T) {
	for _, c := range []struct{ deployment, function, want string }{
		{deployment: "bank-staging", function: "bank-staging-async", want: "bank-staging"},
		{function: "bank-staging-async", want: "bank-staging-async"},
		{deployment: "bank staging", function: "bank-staging-async", want: "bank-staging-async"}, // and NotConfigured
		{want: "none"},
	} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"DEPLOYMENT": c.deployment, "AWS_LAMBDA_FUNCTION_NAME": c.function})
		play(t, w, func() { f.call(parametersOf{}) })
		line := f.lines()[0]
		directive, _ := json.Marshal(line["_aws"])
		if line["deployment"] != c.want || !strings.Contains(string(directive), `[["deployment","job"]]`) {
			t.Errorf("%+v: the deployment is %v, the directive %s", c, line["deployment"], directive)
		}
	}
}

// TestLogShowsNoForeignName plants names that have the form of ours, and refusals that quote them.
func TestLogShowsNoForeignName(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "",
		"STATE_MACHINES":    `{"balance": "` + machineARN + `"}`,
	})
	prefix := Job{StateMachineARN: machineARN}.executionPrefix()
	digits := "4111111111111111"
	names := []string{
		digits + "-" + contactID + "-0123456789abcdef",  // as a job
		"balance-" + contactID + "-" + digits,           // as a hash
		"balance-" + digits + digits + "4111-" + digits, // as a contact
		"balance-" + strings.Repeat("4111", 9) + "-" + digits,
	}
	play(t, w, func() {
		for _, name := range names {
			w.before = func(context.Context, string) error { return nil }
			f.call(parametersOf{"execution_id": prefix + name, "count": "9"})
			w.before = func(context.Context, string) error {
				return &ServiceError{Code: "AccessDeniedException", Message: "not allowed on " + prefix + name}
			}
			f.call(parametersOf{"execution_id": prefix + name})
		}
	})
	if strings.Contains(f.log.String(), "4111") {
		t.Errorf("the log shows a part of a name that is not ours: %s", f.log)
	}
	if !strings.Contains(f.log.String(), `"reason":"not allowed on `+prefix+`other"`) {
		t.Errorf("the reason of a refusal is gone: %s", f.log)
	}
}
