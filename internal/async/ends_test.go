package async

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"
)

// TestEndIsWrittenByEvent polls an execution whose state machine, one of the user's own, writes nothing.
func TestEndIsWrittenByEvent(t *testing.T) {
	for _, outcome := range []Execution{
		{Status: "SUCCEEDED", Output: `{"balance":"42.10"}`},
		{Status: "FAILED", Error: "Declined", Cause: "no funds"},
		{Status: "TIMED_OUT"},
		{Status: "ABORTED", Error: "Operator", Cause: "by hand"},
	} {
		w := newWorld()
		w.silent, w.outcome = true, outcome
		f := newFlow(t, w, manyCallers)
		f.withEnds(once(400 * time.Millisecond))
		play(t, w, func() {
			id := f.call(parametersOf{"request": "1"})["execution_id"]
			for w.clock.Now().Sub(epoch) < 15*time.Second {
				w.sleep(2 * time.Second)
			}
			reply := f.call(parametersOf{"execution_id": id, "count": "1"})
			expect(t, reply, "status=FINISHED sfn_status="+outcome.Status)
			if reply["balance"] == "" && outcome.Output != "" ||
				outcome.Error != "" && reply["sfn_error"] != outcome.Error {
				t.Errorf("the reply is %v", reply)
			}
		})
		if w.calls["Describe"] != 0 && outcome.Status != "FAILED" {
			t.Errorf("%s: Step Functions was asked %d times", outcome.Status, w.calls["Describe"])
		}
		for _, r := range w.table {
			if r.Expires.Before(r.Ended.Add(time.Hour)) {
				t.Errorf("the record expires at %v", r.Expires)
			}
		}
	}
}

// TestLaterEndWins redrives an execution that failed: the failure is the answer until it ends, and then the later end.
func TestLaterEndWins(t *testing.T) {
	w := newWorld()
	w.outcome = Execution{Status: "FAILED", Error: "Declined"}
	f := newFlow(t, w, manyCallers)
	f.withEnds(once(400 * time.Millisecond))
	play(t, w, func() {
		id := f.call(parametersOf{"request": "1"})["execution_id"]
		w.sleep(15 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_status=FAILED")
		w.redrive(w.runs[id], 10*time.Second, Execution{Status: "SUCCEEDED", Output: `{"balance":"42.10"}`})
		w.sleep(5 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_status=FAILED")
		w.sleep(6 * time.Second)
		expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED sfn_status=SUCCEEDED balance=42.10")
	})
}

// endsOf makes a world with one execution that ended at 12 s, and the function for ends with nothing between them.
func endsOf(t *testing.T, env map[string]string) (w *world, e *Ends, log *bytes.Buffer, arn string) {
	t.Helper()
	w = newWorld()
	w.silent = true
	f := newFlow(t, w, env)
	log = &bytes.Buffer{}
	e = NewEnds(f.f.config, w, w, w.clock, WithLogger(slog.New(slog.NewJSONHandler(log, nil))))
	play(t, w, func() {
		arn = f.call(parametersOf{"request": "1"})["execution_id"]
		w.sleep(20 * time.Second)
	})
	return w, e, log, arn
}

// handle gives the function for ends an event, with Lambda's time limit.
func handle(t *testing.T, w *world, e *Ends, event []byte) (err error) {
	t.Helper()
	play(t, w, func() {
		ctx, cancel := w.clock.WithDeadline(context.Background(), w.clock.Now().Add(EndsTimeout))
		defer cancel()
		err = e.Handle(ctx, "event", event)
	})
	return err
}

// TestOrderOfEventsDoesNotMatter gives the three ends of one execution in every order, some twice.
func TestOrderOfEventsDoesNotMatter(t *testing.T) {
	at := func(ms int) time.Time { return epoch.Add(time.Duration(ms) * time.Millisecond) }
	told := []Execution{
		{Status: "FAILED", Error: "Declined", Cause: "no funds", Started: epoch, Stopped: at(12_000)},
		{Status: "ABORTED", Error: "Operator", Started: epoch, Stopped: at(12_001)},
		{Status: "SUCCEEDED", Output: `{"balance":"42.10"}`, Started: epoch, Stopped: at(13_000)},
	}
	for _, order := range [][]int{
		{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}, {2, 2, 0, 0, 1, 1, 2}, {0, 0, 2, 1, 2},
	} {
		w, e, _, arn := endsOf(t, manyCallers)
		for _, i := range order {
			if err := handle(t, w, e, statusEvent(arn, told[i])); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.table {
			if r.Status != "SUCCEEDED" || r.Output != told[2].Output || r.Error != "" ||
				!r.Ended.Equal(told[2].Stopped) {
				t.Errorf("%v: the record is %+v", order, r)
			}
		}
	}
}

// TestOutputThatTheEventLeavesOutIsFetched also checks that it is asked for until DescribeExecution, which lags, says
// it, and not at all when the state machine has written it.
func TestOutputThatTheEventLeavesOutIsFetched(t *testing.T) {
	w, e, _, arn := endsOf(t, manyCallers)
	w.lag = 10 * time.Second // knows of the end at 22 s
	bare := Execution{Status: "SUCCEEDED", Started: epoch, Stopped: w.runs[arn].ends}
	before := w.calls["Describe"]
	if err := handle(t, w, e, statusEvent(arn, bare)); err != nil {
		t.Fatal(err)
	}
	for _, r := range w.table {
		if r.Status != "SUCCEEDED" || r.Output != w.outcome.Output {
			t.Errorf("the record is %+v", r)
		}
	}
	asked := w.calls["Describe"]
	if asked < before+3 {
		t.Errorf("asked %d times", asked-before)
	}
	if err := handle(t, w, e, statusEvent(arn, bare)); err != nil || w.calls["Describe"] != asked {
		t.Errorf("%v; asked %d times about what is in the table", err, w.calls["Describe"]-asked)
	}
}

// TestSuccessIsNotWrittenWithoutItsResult keeps Step Functions from answering.
func TestSuccessIsNotWrittenWithoutItsResult(t *testing.T) {
	w, e, _, arn := endsOf(t, manyCallers)
	w.before = failing("Describe", &ServiceError{Code: "ThrottlingException", Status: 400})
	bare := Execution{Status: "SUCCEEDED", Started: epoch, Stopped: w.runs[arn].ends}
	if err := handle(t, w, e, statusEvent(arn, bare)); err == nil {
		t.Error("it did not fail")
	}
	for _, r := range w.table {
		if r.Status != "PENDING" {
			t.Errorf("the record is %+v", r)
		}
	}
}

// TestFailureIsCompletedLater writes a failure whose error nobody knows yet, fails, and adds the error at the next try.
func TestFailureIsCompletedLater(t *testing.T) {
	w, e, _, arn := endsOf(t, manyCallers)
	w.runs[arn].outcome = Execution{Status: "FAILED", Error: "Declined", Cause: "no funds"}
	w.before = failing("Describe", &ServiceError{})
	event := statusEvent(arn, Execution{Status: "FAILED", Started: epoch, Stopped: w.runs[arn].ends})
	if err := handle(t, w, e, event); err == nil {
		t.Error("it did not fail")
	}
	for _, r := range w.table {
		if r.Status != "FAILED" || r.Error != "" {
			t.Errorf("the record is %+v", r)
		}
	}
	w.before = failing("", nil)
	if err := handle(t, w, e, event); err != nil {
		t.Error(err)
	}
	for _, r := range w.table {
		if r.Status != "FAILED" || r.Error != "Declined" || r.Cause != "no funds" {
			t.Errorf("the record is %+v", r)
		}
	}
}

// TestEndsIgnoresWhatIsNotOurs changes nothing, and does not fail.
func TestEndsIgnoresWhatIsNotOurs(t *testing.T) {
	w, e, log, arn := endsOf(t, manyCallers)
	end := Execution{Status: "SUCCEEDED", Output: "1", Started: epoch, Stopped: epoch.Add(time.Second)}
	before := maps.Clone(w.table)
	for _, event := range [][]byte{
		statusEvent(strings.Replace(arn, ":Balance:", ":Other:", 1), end),
		statusEvent(arn[:strings.LastIndex(arn, ":")+1]+"by-hand", end),
		statusEvent(arn[:strings.LastIndex(arn, ":")+1]+"8e7a1a14-0000-4000-8000-00000000000a", end),
		statusEvent(arn, Execution{Status: "RUNNING", Started: epoch, Stopped: epoch.Add(time.Second)}),
		statusEvent(arn, Execution{Status: "PENDING_REDRIVE", Started: epoch, Stopped: epoch.Add(time.Second)}),
		statusEvent("none", end),
	} {
		if err := handle(t, w, e, event); err != nil {
			t.Errorf("%s: %v", event, err)
		}
	}
	if !maps.Equal(before, w.table) {
		t.Errorf("the table is %+v", w.table)
	}
	if log.Len() > 0 {
		t.Errorf("the log is %s", log)
	}
}

// TestEndsFailsOutLoud checks what makes the function fail, so that Lambda tries again and keeps the event.
func TestEndsFailsOutLoud(t *testing.T) {
	w, e, log, arn := endsOf(t, manyCallers)
	end := Execution{Status: "SUCCEEDED", Output: `"SECRET"`, Started: epoch, Stopped: epoch.Add(12 * time.Second)}
	good := statusEvent(arn, end)
	noTable := *e
	misconfigured := Config{Jobs: e.f.config.Jobs, Ends: true}
	misconfigured.Reject(errors.New("RESULTS_TABLE: is not set"))
	noTable.f = New(misconfigured, w, nil, w.clock)
	for _, test := range []struct {
		what  string
		e     *Ends
		event []byte
		err   error
		want  string
	}{
		{"the table is down", e, good, &ServiceError{Status: 500}, "dynamodb:UpdateItem"},
		{"the table is throttled", e, good, errThrottled, "ThrottlingException"},
		{"not allowed", e, good, &ServiceError{Code: "AccessDeniedException", Message: "no", Status: 400},
			"allow dynamodb:UpdateItem"},
		{"not configured", &noTable, good, nil, "RESULTS_TABLE"},
		{"not JSON", e, []byte("SECRET"), nil, "not an Execution Status Change"},
		{"an event of Connect", e, []byte(`{"Details":{}}`), nil, "not an Execution Status Change"},
		{"another source", e, bytes.Replace(good, []byte("aws.states"), []byte("mine"), 1), nil, "not an Execution"},
		{"no stopDate", e, bytes.Replace(good, []byte("stopDate"), []byte("stop"), 1), nil, "stopDate"},
		{"a stopDate beyond time", e, bytes.Replace(good, []byte(`"stopDate":`), []byte(`"stopDate":9e9`), 1), nil,
			"stopDate"},
	} {
		w.before = failing("Finish", test.err)
		log.Reset()
		err := handle(t, w, test.e, test.event)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: the error is %v", test.what, err)
		}
		loud := test.e != e || strings.Contains(log.String(), `"level":"ERROR"`)
		if !loud || strings.Contains(log.String(), "SECRET") {
			t.Errorf("%s: the log is %s", test.what, log)
		}
	}
}

// TestLogOfAnEnd checks the line and its metric.
func TestLogOfAnEnd(t *testing.T) {
	w, e, log, arn := endsOf(t, manyCallers)
	end := Execution{Status: "FAILED", Error: "SECRET", Cause: "SECRET", Started: epoch,
		Stopped: epoch.Add(12 * time.Second)}
	if err := handle(t, w, e, statusEvent(arn, end)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"msg":"end"`, `"sfn_status":"FAILED"`, `"outcome":"written"`, `"EndDelay":8`,
		`"execution":"` + contactID} {
		if !strings.Contains(log.String(), want) || strings.Contains(log.String(), "SECRET") {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
}

// TestEndsFoundByDoubt counts the ends that Step Functions told when it was asked about a record that said PENDING.
func TestEndsFoundByDoubt(t *testing.T) {
	for _, silent := range []bool{true, false} {
		w := newWorld()
		w.silent = silent
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results"})
		play(t, w, func() {
			id := f.call(parametersOf{"request": "1"})["execution_id"]
			w.sleep(20 * time.Second)
			expect(t, f.call(parametersOf{"execution_id": id}), "status=FINISHED")
		})
		if counted := f.lines()[1]["EndsFoundByDoubt"] != nil; counted != silent {
			t.Errorf("silent %v: counted %v", silent, counted)
		}
	}
}
