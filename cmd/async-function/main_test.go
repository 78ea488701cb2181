package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

const machineARN = "arn:aws:states:eu-west-2:111122223333:stateMachine:Balance"

var _, _ lambda.Handler = (*callers)(nil), (*ends)(nil)

// invoke makes the handler as main does and sends it an event.
func invoke(t *testing.T, env map[string]string, event string) (reply map[string]string, log string) {
	t.Helper()
	var lines bytes.Buffer
	h := newHandler(func(name string) string { return env[name] }, &lines)
	traced := context.WithValue(t.Context(), traceKey, "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0")
	ctx := lambdacontext.NewContext(traced,
		&lambdacontext.LambdaContext{AwsRequestID: "8e7a1a14-0000-4000-8000-00000000000a"})
	body, err := h.Invoke(ctx, []byte(event))
	if err != nil || json.Unmarshal(body, &reply) != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return reply, lines.String()
}

func TestHandlerStarts(t *testing.T) {
	var sent map[string]string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &sent)
		_, _ = io.WriteString(w,
			`{"executionArn":"arn:aws:states:eu-west-2:111122223333:execution:Balance:x","startDate":1}`)
	}))
	defer server.Close()
	env := map[string]string{
		"STATE_MACHINE_ARN": machineARN, "AWS_REGION": "eu-west-2", "AWS_ENDPOINT_URL_SFN": server.URL,
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
	}
	reply, log := invoke(t, env, `{"Details":{"Parameters":{"a":"1"}}}`)
	if reply["status"] != "CREATED" || sent["stateMachineArn"] != machineARN ||
		!strings.HasPrefix(sent["name"], "8e7a1a14-0000-4000-8000-00000000000a-") {
		t.Errorf("the reply is %v, the request %v", reply, sent)
	}
	if strings.Count(log, "\n") != 1 || !strings.Contains(log, `"request_id":"8e7a1a14-0000-4000-8000-00000000000a"`) {
		t.Errorf("the log is %s", log)
	}
}

// TestHandlerReadsTexts makes the handler with texts in its package, and without the file.
func TestHandlerReadsTexts(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"STATE_MACHINE_ARN": machineARN, "AWS_REGION": "eu-west-2", "LAMBDA_TASK_ROOT": dir,
		"TEXTS_FILE": "texts.json", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
	const refused = `{"Details":{"Parameters":{"count":"x"}}}`
	reply, _ := invoke(t, env, refused)
	if reply["sfn_error"] != "NotConfigured" || !strings.Contains(reply["sfn_cause"], "TEXTS_FILE: ") {
		t.Errorf("without the file: %v", reply)
	}
	text := `{"*": {"en": {"no_service": "Not now."}}}`
	if err := os.WriteFile(filepath.Join(dir, "texts.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if reply, _ := invoke(t, env, refused); reply["sfn_say"] != "Not now." {
		t.Errorf("with the file: %v", reply)
	}
}

// TestHandlerForEndsWritesThem sends the event of an end to the same program with SERVES=ends, and once more while the
// table is gone.
func TestHandlerForEndsWritesThem(t *testing.T) {
	var sent struct {
		Key struct{ Execution struct{ S string } }
	}
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &sent)
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{}`)
	}))
	defer server.Close()
	env := map[string]string{
		"STATE_MACHINE_ARN": machineARN, "AWS_REGION": "eu-west-2", "AWS_ENDPOINT_URL_DYNAMODB": server.URL,
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "RESULTS_TABLE": "results",
		"SERVES": "ends",
	}
	h := newHandler(func(name string) string { return env[name] }, io.Discard)
	const name = "4a573372-1f28-4e26-b97b-000000000001-0123456789abcdef"
	event := []byte(`{"source":"aws.states","detail":{"executionArn":"` +
		strings.Replace(machineARN, ":stateMachine:", ":execution:", 1) + ":" + name +
		`","status":"SUCCEEDED","startDate":1795338000000,"stopDate":1795338012000,"output":"{}"}}`)
	reply, err := h.Invoke(t.Context(), event)
	if err != nil || string(reply) != "null" || sent.Key.Execution.S != name {
		t.Errorf("%v, %s; sent %+v", err, reply, sent)
	}
	status = http.StatusBadRequest
	if _, err := h.Invoke(t.Context(), event); err == nil || !strings.Contains(err.Error(), "RESULTS_TABLE") {
		t.Errorf("without a table: %v", err)
	}
}

func TestHandlerSaysWhatIsNotConfigured(t *testing.T) {
	reply, log := invoke(t, map[string]string{"INPUT": "all"}, `{}`)
	if reply["sfn_error"] != "NotConfigured" || reply["sfn_result"] != "FAILURE" {
		t.Errorf("the reply is %v", reply)
	}
	for _, variable := range []string{"STATE_MACHINE_ARN", "AWS_REGION", "INPUT"} {
		if !strings.Contains(reply["sfn_cause"], variable) ||
			!strings.Contains(log, `"msg":"not configured","reason":"`+variable+":") {
			t.Errorf("%s is not named: %v\n%s", variable, reply["sfn_cause"], log)
		}
	}
}

// TestLogLineHasPowertoolsNames checks the members that only the Lambda service knows, in two invocations of a process.
func TestLogLineHasPowertoolsNames(t *testing.T) {
	env := map[string]string{"AWS_LAMBDA_FUNCTION_VERSION": "7", "AWS_LAMBDA_FUNCTION_NAME": "bank-async"}
	var log bytes.Buffer
	h := newHandler(func(name string) string { return env[name] }, &log)
	ctx := context.WithValue(t.Context(), traceKey, "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0")
	log.Reset()
	for range 2 {
		if _, err := h.Invoke(ctx, []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
	}
	var cold []any
	for d := json.NewDecoder(&log); d.More(); {
		var line map[string]any
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		cold = append(cold, line["cold_start"])
		if line["xray_trace_id"] != "1-5759e988-bd862e3fe1be46a994272793" || line["function_version"] != "7" ||
			line["deployment"] != "bank-async" {
			t.Errorf("the line is %v", line)
		}
	}
	if len(cold) != 2 || cold[0] != true || cold[1] != false {
		t.Errorf("cold_start is %v, want true and false", cold)
	}
}

// TestUseOneProcessor checks that one processor is used unless the environment says how many.
func TestUseOneProcessor(t *testing.T) {
	before := runtime.GOMAXPROCS(2)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	for given, want := range map[string]int{"2": 2, "": 1} {
		runtime.GOMAXPROCS(2)
		t.Setenv("GOMAXPROCS", given)
		useOneProcessor()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("GOMAXPROCS=%q: %d processors, want %d", given, got, want)
		}
	}
}
