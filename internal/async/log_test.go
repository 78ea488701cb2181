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
	f := newFlow(t, w, nil)
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
	want := []string{"Starts", "Checks WaitingAge", "Checks GiveUps", "Checks Degraded", "Checks Faults"}
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
