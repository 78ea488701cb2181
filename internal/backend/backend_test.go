package backend

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
)

const (
	machineARN   = "arn:aws:states:eu-west-2:111122223333:stateMachine:Balance"
	executionARN = "arn:aws:states:eu-west-2:111122223333:execution:Balance:balance-1"
)

// answer is one reply of a scripted service.
type answer struct {
	status int // 0 closes the connection without an answer
	body   string
}

// request is what a scripted service was sent.
type request struct {
	operation string // of X-Amz-Target
	line      string // method and address
	body      map[string]any
	signed    bool
}

// service answers in order; the last answer repeats.
type service struct {
	mu       sync.Mutex
	answers  []answer
	requests []request
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	q := request{
		operation: operation,
		line:      r.Method + " " + r.URL.String(),
		signed:    strings.Contains(r.Header.Get("Authorization"), "Credential=AKIDEXAMPLE/"),
	}
	_ = json.Unmarshal(body, &q.body)
	s.requests = append(s.requests, q)
	a := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// sent are the requests until now.
func (s *service) sent() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// serve starts a scripted service and returns settings that lead there.
func serve(t testing.TB, answers ...answer) (*service, Settings) {
	t.Helper()
	s := &service{answers: answers}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, settingsFor(t, server.URL)
}

func settingsFor(t testing.TB, url string) Settings {
	t.Helper()
	settings, errs := SettingsFromEnv(environment(map[string]string{"AWS_ENDPOINT_URL": url}))
	if errs != nil {
		t.Fatal(errs)
	}
	return settings
}

func environment(more map[string]string) func(string) string {
	env := map[string]string{
		"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "token",
	}
	for name, value := range more {
		env[name] = value
	}
	return func(name string) string { return env[name] }
}

func fault(status int, code string) answer {
	return answer{status: status, body: `{"__type":"com.amazonaws.swf.service.v2.model#` + code +
		`","message":"said so"}`}
}

func TestStart(t *testing.T) {
	s, settings := serve(t, answer{200, `{"executionArn":"` + executionARN + `","startDate":1700000000.123}`})
	arn, err := NewExecutions(settings).Start(t.Context(), async.StartInput{
		StateMachineARN: machineARN,
		Name:            "balance-1",
		Input:           `{"a":1}`,
	})
	if err != nil || arn != executionARN {
		t.Fatal(arn, err)
	}
	r := s.sent()[0]
	if r.operation != "StartExecution" || !r.signed || r.body["stateMachineArn"] != machineARN ||
		r.body["name"] != "balance-1" || r.body["input"] != `{"a":1}` {
		t.Errorf("the request is %+v", r)
	}
}

func TestDescribe(t *testing.T) {
	s, settings := serve(t,
		answer{200, `{"executionArn":"` + executionARN + `","status":"RUNNING","startDate":1700000000.5,
			"input":"{}","inputDetails":{"included":true}}`},
		answer{200, `{"executionArn":"` + executionARN + `","status":"SUCCEEDED","startDate":1700000000.5,
			"stopDate":1700000012.75,"output":"{\"a\":1}","outputDetails":{"included":true}}`},
		answer{200, `{"executionArn":"` + executionARN + `","status":"FAILED","startDate":1700000000.5,
			"stopDate":1700000001,"error":"E","cause":"C"}`},
		answer{200, `{"status":"SOMETHING_NEW"}`},
	)
	e := NewExecutions(settings)
	began := time.UnixMilli(1700000000500).UTC()
	for i, want := range []async.Execution{
		{Status: "RUNNING", Input: "{}", Started: began},
		{Status: "SUCCEEDED", Output: `{"a":1}`, Started: began, Stopped: began.Add(12250 * time.Millisecond)},
		{Status: "FAILED", Error: "E", Cause: "C", Started: began, Stopped: began.Add(500 * time.Millisecond)},
		{Status: "SOMETHING_NEW"},
	} {
		if got, err := e.Describe(t.Context(), executionARN); err != nil || got != want {
			t.Errorf("%d: %v, %+v; want %+v", i, err, got, want)
		}
	}
	if r := s.sent()[0]; r.operation != "DescribeExecution" || r.body["executionArn"] != executionARN {
		t.Errorf("the request is %+v", r)
	}
}

func TestStop(t *testing.T) {
	s, settings := serve(t, answer{status: 200, body: `{"stopDate":1700000000}`})
	if err := NewExecutions(settings).Stop(t.Context(), executionARN, "Cancelled", "why"); err != nil {
		t.Fatal(err)
	}
	if r := s.sent()[0]; r.operation != "StopExecution" || r.body["executionArn"] != executionARN ||
		r.body["error"] != "Cancelled" || r.body["cause"] != "why" {
		t.Errorf("the request is %+v", r)
	}
}

// TestFaults checks that each fault arrives as one request and one code.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		answer answer
		code   string
		status int
	}{
		"throttled":   {fault(400, "ThrottlingException"), "ThrottlingException", 400},
		"denied":      {fault(400, "AccessDeniedException"), "AccessDeniedException", 400},
		"exists":      {fault(400, "ExecutionAlreadyExists"), "ExecutionAlreadyExists", 400},
		"unknown":     {fault(400, "ExecutionDoesNotExist"), "ExecutionDoesNotExist", 400},
		"KMS":         {fault(400, "KmsThrottlingException"), "KmsThrottlingException", 400},
		"internal":    {fault(500, "InternalFailure"), "InternalFailure", 500},
		"unavailable": {fault(503, "ServiceUnavailable"), "ServiceUnavailable", 503},
		"proxy":       {answer{status: 502, body: "<html>Bad Gateway</html>"}, "", 502},
		"not found":   {answer{status: 404, body: "<html>Not Found</html>"}, "HTTP404", 404},
		"not JSON":    {answer{status: 200, body: "hello"}, "", 200},
		"lost":        {answer{}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, settings := serve(t, c.answer)
			_, err := NewExecutions(settings).Start(t.Context(),
				async.StartInput{StateMachineARN: machineARN, Name: "n", Input: "{}"})
			var e *async.ServiceError
			if !errors.As(err, &e) {
				t.Fatalf("%v is no ServiceError", err)
			}
			if e.Code != c.code || e.Status != c.status {
				t.Errorf("code %q, status %d; want %q, %d (%v)", e.Code, e.Status, c.code, c.status, e.Err)
			}
			if len(s.sent()) != 1 {
				t.Errorf("%d requests, want 1", len(s.sent()))
			}
		})
	}
}

func TestStartWithoutARNIsNoAnswer(t *testing.T) {
	for _, body := range []string{`{}`, ``} {
		_, settings := serve(t, answer{200, body})
		_, err := NewExecutions(settings).Start(t.Context(),
			async.StartInput{StateMachineARN: machineARN, Name: "n", Input: "{}"})
		var e *async.ServiceError
		if !errors.As(err, &e) || e.Code != "" {
			t.Errorf("body %q: %v", body, err)
		}
	}
}

func TestCallEndsWithItsContext(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	var c clock.Real
	ctx, cancel := c.WithDeadline(t.Context(), c.Now().Add(20*time.Millisecond))
	defer cancel()
	_, err := NewExecutions(settingsFor(t, server.URL)).Describe(ctx, executionARN)
	var e *async.ServiceError
	if !errors.As(err, &e) || e.Code != "" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestMissingCredentialsArePermanent(t *testing.T) {
	s, _ := serve(t, answer{status: 200, body: `{}`})
	settings, errs := SettingsFromEnv(environment(map[string]string{"AWS_SECRET_ACCESS_KEY": ""}))
	if errs != nil {
		t.Fatal(errs)
	}
	_, err := NewExecutions(settings).Describe(t.Context(), executionARN)
	var e *async.ServiceError
	if !errors.As(err, &e) || e.Code != "NoCredentials" || len(s.sent()) != 0 {
		t.Errorf("%v", err)
	}
}

func TestSettingsErrorsNameTheVariable(t *testing.T) {
	for variable, value := range map[string]string{
		"AWS_REGION": "", "AWS_ENDPOINT_URL": "localhost", "AWS_ENDPOINT_URL_SFN": "::",
		"AWS_ENDPOINT_URL_DYNAMODB": "/x",
	} {
		_, errs := SettingsFromEnv(environment(map[string]string{variable: value}))
		if len(errs) == 0 || !strings.HasPrefix(errs[0].Error(), variable+": ") {
			t.Errorf("%s=%q: %v", variable, value, errs)
		}
	}
}

func TestEndpointsByService(t *testing.T) {
	settings, errs := SettingsFromEnv(environment(map[string]string{
		"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_SFN": "http://sfn",
	}))
	if errs != nil || *settings.endpoint("states") != "http://sfn" || *settings.endpoint("dynamodb") != "http://all" {
		t.Errorf("%v %v", errs, settings.endpoints)
	}
	settings, _ = SettingsFromEnv(environment(nil))
	if settings.endpoint("states") != nil || settings.endpoint("dynamodb") != nil {
		t.Error("there is an endpoint without a variable")
	}
}

// TestHistory reads the newest events of an execution, without their data.
func TestHistory(t *testing.T) {
	const page = `{"events":[
		{"id":8,"previousEventId":7,"timestamp":1700000000.25,"type":"TaskStateEntered",
			"stateEnteredEventDetails":{"name":"Rate","inputDetails":{"truncated":false}}},
		{"id":7,"timestamp":1700000000,"type":"TaskStateExited","stateExitedEventDetails":{"name":"Find"}},
		{"id":6,"timestamp":1699999999,"type":"TaskSucceeded","taskSucceededEventDetails":{"resource":"invoke"}}],
		"nextToken":"more"}`
	s, settings := serve(t, answer{200, page}, fault(400, "ThrottlingException"))
	e := NewExecutions(settings)
	events, err := e.History(t.Context(), "arn")
	at := time.UnixMilli(1700000000250).UTC()
	want := []async.HistoryEvent{{Type: "TaskStateEntered", Name: "Rate", At: at},
		{Type: "TaskStateExited", Name: "Find", At: at.Add(-250 * time.Millisecond)},
		{Type: "TaskSucceeded", At: at.Add(-1250 * time.Millisecond)}}
	if err != nil || !slices.Equal(events, want) {
		t.Errorf("%v, %v", events, err)
	}
	r := s.sent()[0]
	if r.operation != "GetExecutionHistory" || !r.signed || r.body["executionArn"] != "arn" ||
		r.body["reverseOrder"] != true || r.body["includeExecutionData"] != false {
		t.Errorf("the request is %+v", r)
	}
	_, err = e.History(t.Context(), "arn")
	if refused, ok := errors.AsType[*async.ServiceError](err); !ok || refused.Code != "ThrottlingException" {
		t.Errorf("got %v", err)
	}
	if got := settings.host("states", "eu-west-2"); !strings.HasPrefix(got, "http://127.0.0.1") {
		t.Errorf("Step Functions is asked at %s", got)
	}
}
