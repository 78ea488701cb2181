package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// eventOf is what `event` prints.
func eventOf(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := typed(t, append([]string{"event"}, args...)...)
	if code != exitGood {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	return out
}

// invokeAsync invokes the async function with an event, and returns the status and the result of each reply.
func invokeAsync(t *testing.T, ctx context.Context, event string, errs *interrupter, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	terminal := plainTerminal(&out, errs)
	terminal.in = strings.NewReader(event)
	code := run(ctx, append([]string{"invoke", "async", "--event", "-"}, args...), terminal)
	var replies []string
	for line := range strings.Lines(out.String()) {
		var reply struct {
			Status string `json:"status"`
			Result string `json:"sfn_result"`
			Real   string `json:"sfn_status"`
		}
		if err := json.Unmarshal([]byte(line), &reply); err != nil {
			t.Fatalf("%v: %s%s", err, out.String(), errs.out.String())
		}
		replies = append(replies, strings.TrimSpace(reply.Status+" "+reply.Real+" "+reply.Result))
	}
	return code, strings.Join(replies, ", ")
}

// TestInvokeAsync starts work and follows it to its end.
func TestInvokeAsync(t *testing.T) {
	t.Parallel()
	dir := quickProject(t)
	for do, want := range map[string]string{
		"": "RUNNING RUNNING, FINISHED SUCCEEDED SUCCESS", "fail": "RUNNING RUNNING, FINISHED FAILED FAILURE",
	} {
		t.Run(do, func(t *testing.T) {
			t.Parallel()
			errs := &interrupter{text: "never", cancel: func() {}}
			code, got := invokeAsync(t, t.Context(), eventOf(t, dir, "--set", "do="+do), errs, dir)
			if got != want || (code == exitFailed) != (do == "fail") {
				t.Errorf("%s, exit code %d\n%s", got, code, errs.out.String())
			}
			if !strings.Contains(errs.out.String(), "function quick") {
				t.Errorf("the invocation of the function is not shown\n%s", errs.out.String())
			}
		})
	}
}

// TestInvokeAsyncInterrupted cancels the work with Ctrl-C.
func TestInvokeAsyncInterrupted(t *testing.T) {
	t.Parallel()
	dir := quickProject(t)
	ctx, cancel := context.WithCancel(t.Context())
	errs := &interrupter{text: "Ctrl-C cancels it", cancel: cancel}
	event := eventOf(t, dir, "--set", "do=hang", "--set", "action=")
	code, got := invokeAsync(t, ctx, event, errs, dir)
	if got != "CREATED RUNNING, RUNNING CANCEL_REQUESTED" || code != exitInterrupted {
		t.Errorf("%s, exit code %d\n%s", got, code, errs.out.String())
	}
}

// TestInvokeAsyncOfServer starts, checks and cancels by hand what runs in a server.
func TestInvokeAsyncOfServer(t *testing.T) {
	t.Parallel()
	dir := quickProject(t)
	server := startServe(t, dir)
	for _, step := range []struct{ action, want string }{
		{"run", "RUNNING RUNNING"}, {"run", "RUNNING RUNNING"}, {"cancel", "RUNNING CANCEL_REQUESTED"},
	} {
		errs := &interrupter{text: "never", cancel: func() {}}
		event := eventOf(t, dir, "--set", "do=hang", "--set", "action="+step.action)
		code, got := invokeAsync(t, t.Context(), event, errs, dir, "--server", server.endpoint(t, "LAMBDA"))
		if got != step.want || code != exitGood {
			t.Errorf("%s: %s, exit code %d %s", step.action, got, code, errs.out.String())
		}
	}
	server.find(t, `ABORTED .*  test-quick`)
}
