package async

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/testrun"
)

// recordedCase is one line of cases.jsonl: what the original did.
type recordedCase struct {
	Name      string            `json:"name"`
	Tag       string            `json:"tag"`
	Event     json.RawMessage   `json:"event"`
	EventText string            `json:"event_text"`
	Env       map[string]string `json:"env"`
	Sfn       []recordedReply   `json:"sfn"`
	Calls     []recordedCall    `json:"calls"`
	Retries   bool              `json:"sdk_retries"`
	Expected  struct {
		Return map[string]json.RawMessage `json:"return"`
	} `json:"expected"`
}

type recordedReply struct {
	Op     string          `json:"op"`
	Status int             `json:"status_code"`
	Body   json.RawMessage `json:"body"`
	Error  string          `json:"error"`
	Raw    *string         `json:"raw_body"`
	Closed bool            `json:"connection_closed"`
}

type recordedCall struct {
	Op   string `json:"op"`
	Body struct {
		StateMachineARN string `json:"stateMachineArn"`
		Input           string `json:"input"`
		ExecutionARN    string `json:"executionArn"`
		Name            string `json:"name"`
	} `json:"body"`
}

func (c recordedCase) event() []byte {
	if c.EventText != "" {
		return []byte(c.EventText)
	}
	return c.Event
}

// originalCases reads the recorded cases from the folder that RECORDED_ORIGINAL names.
func originalCases(t *testing.T) []recordedCase {
	t.Helper()
	file, err := os.Open(filepath.Join(testrun.Recorded(t, "RECORDED_ORIGINAL"), "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var cases []recordedCase
	for d := json.NewDecoder(file); ; {
		var c recordedCase
		if err := d.Decode(&c); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	if len(cases) != 283 {
		t.Fatalf("%d cases, want 283", len(cases))
	}
	return cases
}

// recordedService answers as the recording does and notes what it was asked.
type recordedService struct {
	replies []recordedReply
	calls   []recordedCall
}

func (s *recordedService) next(op string) (recordedReply, error) {
	if len(s.replies) == 0 || s.replies[0].Op != op {
		if op == "DescribeExecution" { // a look before giving up, which the original did not make
			return recordedReply{Body: json.RawMessage(`{"status": "RUNNING"}`)}, nil
		}
		return recordedReply{}, &ServiceError{Code: "UnexpectedRequest", Status: 400}
	}
	r := s.replies[0]
	if len(s.replies) > 1 {
		s.replies = s.replies[1:]
	}
	switch {
	case r.Closed:
		return r, &ServiceError{Err: io.EOF}
	case r.Error != "":
		return r, &ServiceError{Code: r.Error, Status: r.Status}
	case r.Raw != nil && r.Status == 200:
		return r, &ServiceError{Status: r.Status, Err: fmt.Errorf("not a reply")}
	case r.Raw != nil:
		return r, &ServiceError{Code: fmt.Sprintf("HTTP%d", r.Status), Status: r.Status}
	}
	return r, nil
}

func (s *recordedService) Start(_ context.Context, in StartInput) (string, error) {
	var call recordedCall
	call.Op = "StartExecution"
	call.Body.StateMachineARN, call.Body.Input, call.Body.Name = in.StateMachineARN, in.Input, in.Name
	s.calls = append(s.calls, call)
	r, err := s.next(call.Op)
	var body struct {
		ExecutionARN string `json:"executionArn"`
	}
	if err == nil {
		err = json.Unmarshal(r.Body, &body)
	}
	return body.ExecutionARN, err
}

func (s *recordedService) Describe(_ context.Context, arn string) (Execution, error) {
	var call recordedCall
	call.Op, call.Body.ExecutionARN = "DescribeExecution", arn
	s.calls = append(s.calls, call)
	r, err := s.next(call.Op)
	var body struct{ Status, Output, Error, Cause string }
	if err == nil && json.Unmarshal(r.Body, &body) != nil {
		err = &ServiceError{Status: 200, Err: fmt.Errorf("not a reply")}
	}
	return Execution{Status: body.Status, Output: body.Output, Error: body.Error, Cause: body.Cause}, err
}

func (s *recordedService) Stop(context.Context, string, string, string) error {
	return &ServiceError{Code: "UnexpectedRequest", Status: 400}
}

// play runs a case and returns the reply and the requests that went out.
func (c recordedCase) play(t *testing.T) (reply map[string]json.RawMessage, calls []recordedCall) {
	t.Helper()
	service := &recordedService{replies: c.Sfn}
	config, _ := ConfigFromEnv(func(name string) string { return c.Env[name] })
	v := clock.NewVirtual(time.Unix(1_700_000_000, 0))
	f := New(config, service, nil, v)
	var body []byte
	err := v.Run(func() {
		ctx, cancel := v.WithDeadline(context.Background(), v.Now().Add(30*time.Second))
		defer cancel()
		body, _ = f.Handle(ctx, "lambda-request", c.event())
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		t.Fatalf("the reply is not JSON: %v\n%s", err, body)
	}
	return reply, service.calls
}

// difference says where the reply or the requests differ from the recording, or is empty. Further keys of ours are
// allowed.
func (c recordedCase) difference(reply map[string]json.RawMessage, calls []recordedCall) string {
	for key, want := range c.Expected.Return {
		if got, ok := reply[key]; !ok || !sameJSON(got, want) {
			return fmt.Sprintf("%s is %s, the original's is %.200s", key, got, want)
		}
	}
	if len(c.Expected.Return) == 0 {
		return "the original raised an error"
	}
	if len(calls) != len(c.Calls) {
		return fmt.Sprintf("%d requests, the original made %d", len(calls), len(c.Calls))
	}
	for i := range calls {
		if d := callDifference(calls[i], c.Calls[i]); d != "" {
			return d
		}
	}
	return ""
}

func callDifference(got, want recordedCall) string {
	switch {
	case got.Op != want.Op:
		return "the request is " + got.Op + ", the original's is " + want.Op
	case got.Body.StateMachineARN != want.Body.StateMachineARN, got.Body.ExecutionARN != want.Body.ExecutionARN:
		return "the request is about something else"
	case want.Op == "StartExecution" && !sameJSON([]byte(got.Body.Input), []byte(want.Body.Input)):
		return "the input is " + got.Body.Input
	case want.Op == "StartExecution" && got.Body.Name == "":
		return "the start has no name"
	}
	return ""
}

// sameJSON compares by value, numbers exactly.
func sameJSON(a, b []byte) bool {
	var values [2]any
	for i, text := range [][]byte{a, b} {
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.UseNumber()
		if d.Decode(&values[i]) != nil {
			return false
		}
		values[i] = exactNumbers(values[i])
	}
	x, _ := json.Marshal(values[0])
	y, _ := json.Marshal(values[1])
	return string(x) == string(y)
}

func exactNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := new(big.Rat).SetString(v.String()); ok {
			return r.RatString()
		}
	case map[string]any:
		for k := range v {
			v[k] = exactNumbers(v[k])
		}
	case []any:
		for i := range v {
			v[i] = exactNumbers(v[i])
		}
	}
	return v
}

func ops(calls []recordedCall) string {
	var names []string
	for _, c := range calls {
		names = append(names, strings.TrimSuffix(c.Op, "Execution"))
	}
	return strings.Join(slices.Compact(names), " ")
}
