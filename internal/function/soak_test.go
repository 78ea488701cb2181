package function_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// abuses are events and what their answers must be: an error type, or "" for a value.
var abuses = []struct{ event, kind string }{
	{`{"do":"value","value":"%d"}`, ""}, {`{"do":"value","value":"%d"}`, ""}, {`{"do":"value","value":"%d"}`, ""},
	{`{"do":"exit","code":3,"text":"%d"}`, "Runtime.ExitError"},
	{`{"do":"kill","text":"%d"}`, "Runtime.ExitError"},
	{`{"do":"sleep","seconds":60,"id":"%d"}`, "Sandbox.Timedout"},
	{`{"do":"raise-custom","text":"%d"}`, "CustomError"},
	{`{"do":"child","text":"%d"}`, ""},
	{`{"do":"print","text":"%d"}`, ""},
}

// unclosed makes a function that the test closes itself.
func unclosed(t *testing.T, spec function.Spec) *function.Function {
	t.Helper()
	f, err := function.New(clock.Real{}, spec)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestSoak invokes functions of every language, in random ways that end well or badly, many at a time. Every caller
// gets the one answer that belongs to its event, and afterwards no process, temporary file or goroutine is left.
func TestSoak(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // so that nobody else's temporary files are counted
	before := runtime.NumGoroutine()
	n, random := testrun.Count(t, 4, 40), rand.New(rand.NewPCG(1, 2))
	var patient, hasty []*function.Function // hasty ones are asked only for what exceeds the time limit
	for _, l := range languages() {
		l.needed(t)
		spec := l.spec
		patient = append(patient, unclosed(t, spec))
		spec.Timeout = 500 * time.Millisecond
		hasty = append(hasty, unclosed(t, spec))
	}
	places := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i := range n {
		language, abuse := random.IntN(len(patient)), abuses[random.IntN(len(abuses))]
		f := patient[language]
		if abuse.kind == "Sandbox.Timedout" {
			f = hasty[language]
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			expectOneAnswer(t, f, fmt.Sprintf(abuse.event, i), abuse.kind, i)
		})
	}
	all.Wait()
	for _, f := range append(patient, hasty...) {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	expectNothingLeft(t, before)
}

// expectOneAnswer checks that an answer belongs to its event: an error of that kind, or a value with that number in it.
func expectOneAnswer(t *testing.T, f *function.Function, event, kind string, i int) {
	t.Helper()
	r := f.Invoke(testrun.Deadline(t), []byte(event))
	if r.Err != nil || r.ErrorType != kind {
		t.Errorf("%s: %s %v", event, r.Payload, r.Err)
	}
	if strings.HasPrefix(event, `{"do":"value"`) && string(r.Payload) != fmt.Sprintf(`"%d"`, i) {
		t.Errorf("%s got the answer %s", event, r.Payload)
	}
	if strings.HasPrefix(event, `{"do":"print"`) && !strings.Contains(string(r.Log), fmt.Sprintf("out %d\n", i)) {
		t.Errorf("%s has the log %s", event, r.Log)
	}
	if kind != "" && kind != "CustomError" && !strings.Contains(string(r.Payload), r.RequestID) {
		t.Errorf("%s got the answer of another invocation: %s", event, r.Payload)
	}
}

func expectNothingLeft(t *testing.T, goroutines int) {
	t.Helper()
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("temporary files are left: %q", left)
	}
	eventually(t, func() bool { return len(children(t)) == 0 }, "processes are left: %v", children(t))
	eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines }, "there were %d goroutines", goroutines)
}
