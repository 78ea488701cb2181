package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

const machineARN = "arn:aws:states:eu-west-2:111122223333:stateMachine:Balance"

var _ lambda.Handler = (*handler)(nil)

// invoke makes the handler as main does and sends it an event.
func invoke(t *testing.T, env map[string]string, event string) (reply map[string]string, log string) {
	t.Helper()
	var lines bytes.Buffer
	h := newHandler(func(name string) string { return env[name] }, slog.New(slog.NewJSONHandler(&lines, nil)))
	ctx := lambdacontext.NewContext(t.Context(),
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
