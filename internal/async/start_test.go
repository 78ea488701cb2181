package async

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestStartCheckResult(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		started := f.call(parametersOf{"request": "balance", "account": "77"})
		expect(t, started,
			"status=CREATED sfn_result= count=1 comfort=false sfn_status=RUNNING sfn_error=none sfn_degraded=false")
		id := started["execution_id"]
		w.sleep(11 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "count": "1"}),
			"status=RUNNING sfn_result= count=2 sfn_status=RUNNING execution_id="+id)
		w.sleep(time.Second)
		expect(t, f.call(parametersOf{"execution_id": id, "count": "2"}),
			"status=FINISHED sfn_result=SUCCESS balance=42.10 sfn_status=SUCCEEDED sfn_output=none")
	})
}

func TestStartSameRequestIsSameExecution(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		first := f.call(parametersOf{"request": "a", "account": "1"})
		again := f.call(parametersOf{"request": "a", "account": "1"})
		expect(t, again, "status=CREATED sfn_status=RUNNING execution_id="+first["execution_id"])
		f.contact["Attributes"] = map[string]any{"changed": "yes"}
		expect(t, f.call(parametersOf{"request": "a", "count": "2"}),
			"status=CREATED sfn_status=RUNNING execution_id="+first["execution_id"])
		w.sleep(time.Hour)
		expect(t, f.call(parametersOf{"request": "a", "account": "1"}),
			"status=CREATED sfn_status=SUCCEEDED execution_id="+first["execution_id"])
		f.call(parametersOf{"request": "b"})
		f.contact["InitialContactId"] = "4a573372-1f28-4e26-b97b-000000000002"
		f.call(parametersOf{"request": "a"})
	})
	if len(w.runs) != 3 {
		t.Errorf("%d executions, want 3: request a, request b, request a of another contact", len(w.runs))
	}
}

func TestStartWithoutRequestTakesData(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	ids := map[string]string{}
	play(t, w, func() {
		start := func(label string, p parametersOf) { ids[label] = f.call(p)["execution_id"] }
		start("plain", parametersOf{"account": "1"})
		start("protocol", parametersOf{
			"account":    "1",
			"count":      "2",
			"count_max":  "9",
			"time_limit": "4",
			"select":     "x",
		})
		start("other data", parametersOf{"account": "2"})
		start("job is data", parametersOf{"account": "1", "job": "x"})
		f.contact["Attributes"] = map[string]any{"a": "b"}
		start("attributes", parametersOf{"account": "1"})
	})
	if ids["plain"] != ids["protocol"] {
		t.Error("parameters of the protocol make another request")
	}
	if len(w.runs) != 3 || ids["attributes"] != ids["plain"] {
		t.Errorf("%d executions, want 3, since attributes make no other request: %v", len(w.runs), ids)
	}
}

func TestStartWithoutContactTakesLambdaRequest(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		for range 2 { // the same invocation, repeated
			body, _ := f.f.Handle(context.Background(), "8e7a1a14-0000-4000-8000-00000000000a", []byte(`{}`))
			expect(t, f.read(body), "status=CREATED")
		}
		f.call(parametersOf{})
	})
	if len(w.runs) != 2 {
		t.Errorf("%d executions, want 2", len(w.runs))
	}
}

func TestExecutionNames(t *testing.T) {
	jobs := `{"a-job-with-quite-a-long-name-indeed": "` + machineARN + `", "b": "` + machineARN + `"}`
	for _, contact := range []string{contactID, "+15550100", "", "x/y z"} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"STATE_MACHINE_ARN": "", "STATE_MACHINES": jobs})
		f.contact["InitialContactId"], f.contact["ContactId"] = contact, contact
		play(t, w, func() {
			expect(t, f.call(parametersOf{"job": "a-job-with-quite-a-long-name-indeed", "request": "r 4111-1111"}),
				"status=CREATED")
			expect(t, f.call(parametersOf{"job": "b", "request": "r 4111-1111"}), "status=CREATED")
		})
		if len(w.runs) != 2 {
			t.Errorf("contact %q: %d executions, want one for each job", contact, len(w.runs))
		}
		for _, in := range w.inputs {
			if _, ok := contactInName(in.Name); !ok || len(in.Name) > 80 || strings.Contains(in.Name, "5550100") ||
				strings.Contains(in.Name, "4111") {
				t.Errorf("the name %q", in.Name)
			}
		}
	}
}

// TestExecutionNameIsStable checks the rule itself: a name must not change with a new version while flows wait.
func TestExecutionNameIsStable(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, map[string]string{
		"STATE_MACHINE_ARN": "",
		"STATE_MACHINES":    `{"balance": "` + machineARN + `"}`,
	})
	play(t, w, func() {
		f.call(parametersOf{"request": "1"})
		f.call(parametersOf{"account": "7", "nested": map[string]any{"b": 1, "a": []any{true, nil}}})
	})
	want := []string{
		"balance-4a573372-1f28-4e26-b97b-000000000001-77205e028d5794db",
		"balance-4a573372-1f28-4e26-b97b-000000000001-8af32c10097cf8b3",
	}
	for i, in := range w.inputs {
		if in.Name != want[i] {
			t.Errorf("the name is %s, want %s", in.Name, want[i])
		}
	}
}

func TestStartChoosesJob(t *testing.T) {
	other := strings.Replace(machineARN, "Balance", "Payment", 1)
	env := map[string]string{
		"STATE_MACHINE_ARN": "",
		"STATE_MACHINES": `{"balance": "` + machineARN + `", "payment": {"arn": "` + other +
			`:PROD", "timeout_seconds": 30}}`,
	}
	w := newWorld()
	f := newFlow(t, w, env)
	play(t, w, func() {
		paid := f.call(parametersOf{"job": "payment"})
		expect(t, paid, "status=CREATED")
		if !strings.HasPrefix(paid["execution_id"],
			"arn:aws:states:eu-west-2:111122223333:execution:Payment:payment-") {
			t.Errorf("the execution is %s", paid["execution_id"])
		}
		expect(t, f.call(parametersOf{"execution_id": paid["execution_id"]}), "status=RUNNING")
		unknown := f.call(parametersOf{})
		expect(t, unknown, "status=FAILED sfn_result=FAILURE sfn_error=UnknownJob execution_id=")
		if !strings.HasSuffix(unknown["sfn_cause"], "jobs are: balance, payment.") {
			t.Errorf("the cause is %s", unknown["sfn_cause"])
		}
		expect(t, f.call(parametersOf{"job": "Payment"}), "sfn_error=UnknownJob")
		expect(t, f.call(parametersOf{"job": 7}), "sfn_error=UnknownJob")
	})
	if w.inputs[0].StateMachineARN != other+":PROD" || len(w.runs) != 1 {
		t.Errorf("started %v", w.inputs)
	}
}

func TestStartRetriesWithinTimeLimit(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		failed int // attempts
		want   string
	}{
		{
			name:   "throttled twice",
			err:    &ServiceError{Code: "ThrottlingException", Status: 400},
			failed: 2,
			want:   "status=CREATED sfn_degraded=true",
		},
		{
			name:   "service down",
			err:    &ServiceError{Code: "InternalFailure", Status: 500},
			failed: 99,
			want:   "status=FAILED sfn_result=FAILURE sfn_error=StartFailed sfn_status=UNKNOWN",
		},
		{name: "lost always", err: context.DeadlineExceeded, failed: 99, want: "sfn_error=StartFailed"},
		{
			name:   "denied",
			err:    &ServiceError{Code: "AccessDeniedException", Status: 400},
			failed: 99,
			want:   "sfn_result=FAILURE sfn_error=AccessDeniedException sfn_status=none",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.before = func(_ context.Context, op string) error {
				if w.calls[op] <= c.failed {
					return c.err
				}
				return nil
			}
			f := newFlow(t, w, nil)
			play(t, w, func() {
				expect(t, f.call(parametersOf{"request": "1", "time_limit": "6"}), c.want)
				if took := w.clock.Now().Sub(epoch); took > 6*time.Second {
					t.Errorf("the start took %v", took)
				}
			})
			if c.name == "denied" && w.calls["Start"] != 1 {
				t.Errorf("a permanent fault was tried %d times", w.calls["Start"])
			}
		})
	}
}

func TestStartThatHangsIsTriedAgain(t *testing.T) {
	w := newWorld()
	w.after = func(ctx context.Context, op string) error {
		if w.calls[op] == 1 {
			return w.clock.Sleep(ctx, time.Hour) // it started, and the answer never came
		}
		return nil
	}
	f := newFlow(t, w, nil)
	play(t, w, func() { expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED") })
	if len(w.runs) != 1 || w.calls["Start"] != 2 {
		t.Errorf("%d executions after %d calls", len(w.runs), w.calls["Start"])
	}
}

func TestStartStaysWithinLambdaDeadline(t *testing.T) {
	w := newWorld()
	w.before = func(ctx context.Context, _ string) error { return w.clock.Sleep(ctx, time.Hour) }
	f := newFlow(t, w, nil)
	f.limit = 3 * time.Second
	play(t, w, func() { expect(t, f.call(parametersOf{}), "sfn_error=StartFailed") })
	if took := w.clock.Now().Sub(epoch); took >= f.limit {
		t.Errorf("it took %v of %v", took, f.limit)
	}
}

func TestInputModes(t *testing.T) {
	for mode, want := range map[string]string{
		"event": `{"Details":{"ContactData":{"Attributes":{},"ContactId":"` + contactID +
			`","CustomerEndpoint":{"Address":"+15550100"},"InitialContactId":"` + contactID +
			`"},"Parameters":{"account":"7"}},"Name":"ContactFlowEvent"}`,
		"minimal": `{"Details":{"ContactData":{"ContactId":"` + contactID + `","InitialContactId":"` + contactID +
			`"},"Parameters":{"account":"7"}},"Name":"ContactFlowEvent"}`,
	} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"INPUT": mode})
		f.contact["CustomerEndpoint"] = map[string]any{"Address": "+15550100"}
		play(t, w, func() { f.call(parametersOf{"account": "7"}) })
		if got := w.inputs[0].Input; got != want {
			t.Errorf("%s: the input is\n%s\nwant\n%s", mode, got, want)
		}
	}
}

func TestMinimalInputWithoutContact(t *testing.T) {
	e, refusal := readEvent([]byte(`{"Details":{"ContactData":7}}`))
	if refusal != nil {
		t.Fatal(refusal.cause)
	}
	if got := e.input(InputMinimal); !json.Valid([]byte(got)) ||
		got != `{"Details":{"ContactData":{},"Parameters":{}},"Name":"ContactFlowEvent"}` {
		t.Errorf("the input is %s", got)
	}
}
