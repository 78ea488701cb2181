package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/testrun"
)

// recorded is a recorded case of the original, as far as the wire is concerned.
type recorded struct {
	Name      string            `json:"name"`
	Tag       string            `json:"tag"`
	Event     json.RawMessage   `json:"event"`
	EventText string            `json:"event_text"`
	Env       map[string]string `json:"env"`
	Sfn       []struct {
		Status  int             `json:"status_code"`
		Body    json.RawMessage `json:"body"`
		Error   string          `json:"error"`
		Message string          `json:"message"`
		Raw     string          `json:"raw_body"`
	} `json:"sfn"`
	Calls []struct {
		Op   string         `json:"op"`
		Body map[string]any `json:"body"`
	} `json:"calls"`
	Expected struct {
		Return map[string]json.RawMessage `json:"return"`
		Raises *struct {
			ClientError bool `json:"client_error"`
		} `json:"raises"`
	} `json:"expected"`
}

func (c recorded) answers() []answer {
	var answers []answer
	for _, s := range c.Sfn {
		a := answer{status: s.Status, body: s.Raw}
		if s.Body != nil {
			a.body = string(s.Body)
		}
		if s.Error != "" {
			message, _ := json.Marshal(s.Message)
			a.body = `{"__type":"com.amazon.coral#` + s.Error + `","message":` + string(message) + `}`
		}
		answers = append(answers, a)
	}
	return answers
}

func recordedCases(t *testing.T) []recorded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testrun.Recorded(t, "RECORDED_ORIGINAL"), "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []recorded
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var c recorded
		if err := d.Decode(&c); err == io.EOF {
			return cases
		} else if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
}

// differs are the contract cases that deliberately differ where the original replied; internal/async has the reasons.
var differs = map[string]bool{
	"execution_id/other_region_account": true, "execution_id/no_state_machine_env": true,
	"error_describe/throttled_4_then_ok": true,
}

// TestOriginalOnTheWire sends the events of the recorded contract cases through the real client to a service that
// answers as recorded, and compares what both sides get. Pauses pass on virtual time.
func TestOriginalOnTheWire(t *testing.T) {
	compared := 0
	for _, c := range recordedCases(t) {
		status := string(c.Expected.Return["status"])
		if c.Tag != "contract" || differs[c.Name] ||
			(status != `"CREATED"` && status != `"RUNNING"` && status != `"FINISHED"`) {
			continue
		}
		compared++
		t.Run(c.Name, func(t *testing.T) {
			s, settings := serve(t, c.answers()...)
			reply := c.play(t, settings)
			for key, want := range c.Expected.Return {
				if !equalJSON(reply[key], want) {
					t.Errorf("%s is %s, want %s", key, reply[key], want)
				}
			}
			if len(s.sent()) != len(c.Calls) {
				t.Fatalf("%d requests, want %d", len(s.sent()), len(c.Calls))
			}
			for i, r := range s.sent() {
				delete(r.body, "name") // a start has one, which the original's had not
				delete(r.body, "input")
				delete(c.Calls[i].Body, "input") // compared in internal/async
				got, _ := json.Marshal(r.body)
				want, _ := json.Marshal(c.Calls[i].Body)
				if r.operation != c.Calls[i].Op || string(got) != string(want) {
					t.Errorf("the request is %s %s, want %s %s", r.operation, got, c.Calls[i].Op, want)
				}
			}
		})
	}
	if compared != 58 {
		t.Errorf("%d cases compared, want 58", compared)
	}
}

func (c recorded) play(t *testing.T, settings Settings) (reply map[string]json.RawMessage) {
	t.Helper()
	config, _ := async.ConfigFromEnv(func(name string) string { return c.Env[name] })
	v := clock.NewVirtual(time.Unix(1_700_000_000, 0))
	f := async.New(config, NewExecutions(settings), nil, v)
	event := c.Event
	if c.EventText != "" {
		event = json.RawMessage(c.EventText)
	}
	if err := v.Run(func() {
		body, err := f.Handle(context.Background(), "1", event)
		if err = errors.Join(err, json.Unmarshal(body, &reply)); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return reply
}

func equalJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	got, _ := json.Marshal(x)
	want, _ := json.Marshal(y)
	return string(got) == string(want)
}

// TestOriginalFaultsOnTheWire checks that the client reports the code of every recorded fault of the service.
func TestOriginalFaultsOnTheWire(t *testing.T) {
	compared := 0
	for _, c := range recordedCases(t) {
		if c.Expected.Raises == nil || !c.Expected.Raises.ClientError || c.Sfn[0].Error == "" {
			continue
		}
		compared++
		_, settings := serve(t, c.answers()...)
		e := NewExecutions(settings)
		var err error
		if strings.HasPrefix(c.Calls[0].Op, "Start") {
			_, err = e.Start(t.Context(), async.StartInput{StateMachineARN: machineARN, Name: "n", Input: "{}"})
		} else {
			_, err = e.Describe(t.Context(), executionARN)
		}
		var fault *async.ServiceError
		if !errors.As(err, &fault) || fault.Code != c.Sfn[0].Error || fault.Status != c.Sfn[0].Status {
			t.Errorf("%s: %v, want %s", c.Name, err, c.Sfn[0].Error)
		}
	}
	if compared < 25 {
		t.Errorf("only %d cases compared", compared)
	}
}
