package function_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

func goSpec() function.Spec {
	return function.Spec{Code: goHandler, Runtime: "provided.al2023", Timeout: ample}
}

// start invokes the function in the background.
func start(t testing.TB, ctx context.Context, f *function.Function, event string) <-chan function.Result {
	t.Helper()
	results := make(chan function.Result, 1)
	go func() { results <- f.Invoke(ctx, []byte(event)) }()
	return results
}

func TestEnvironmentIsReused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l language) {
		f := open(t, l.spec)
		for want := range 3 {
			r := f.Invoke(testrun.Deadline(t), []byte(`{"do":"count"}`))
			expectValue(t, r, []string{"1", "2", "3"}[want])
			if cold := r.InitDuration > 0; cold != (want == 0) {
				t.Errorf("invocation %d: init duration %v", want, r.InitDuration)
			}
		}
	})
}

func TestConcurrentInvocationsHaveTheirOwnEnvironments(t *testing.T) {
	t.Parallel()
	f, dir := open(t, goSpec()), t.TempDir()
	ctx, cancel := context.WithCancel(testrun.Deadline(t))
	var results []<-chan function.Result
	for n := range 3 { // each is busy until all have begun
		begun := filepath.Join(dir, strconv.Itoa(n))
		results = append(results, start(t, ctx, f, `{"do":"sleep","seconds":3600,"text":`+strconv.Quote(begun)+`}`))
	}
	eventually(t, func() bool { begun, _ := os.ReadDir(dir); return len(begun) == 3 },
		"three invocations do not run at once")
	cancel()
	for _, result := range results {
		<-result
	}
}

func TestConcurrencyIsCapped(t *testing.T) {
	t.Parallel()
	spec := goSpec()
	spec.Concurrency = 1
	f := open(t, spec)
	if err := f.Prepare(testrun.Deadline(t)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(testrun.Deadline(t))
	var results []<-chan function.Result
	for range 3 {
		results = append(results, start(t, ctx, f, `{"do":"sleep","seconds":3600}`))
	}
	refused := 0
	for refused < 2 {
		select {
		case r := <-results[0]:
			refused += expectRefused(t, r)
		case r := <-results[1]:
			refused += expectRefused(t, r)
		case r := <-results[2]:
			refused += expectRefused(t, r)
		}
	}
	cancel()
}

func expectRefused(t *testing.T, r function.Result) int {
	t.Helper()
	if !errors.Is(r.Err, function.ErrTooManyRequests) || r.RequestID == "" {
		t.Errorf("got %v %s, want too many requests", r.Err, r.Payload)
	}
	return 1
}

func TestRequestTooLarge(t *testing.T) {
	t.Parallel()
	f := open(t, goSpec())
	r := f.Invoke(testrun.Deadline(t), make([]byte, function.MaxPayload+1))
	if !errors.Is(r.Err, function.ErrRequestTooLarge) {
		t.Errorf("got %v", r.Err)
	}
	payload := `{"do":"count","text":"` + strings.Repeat("a", function.MaxPayload-100) + `"}`
	expectValue(t, f.Invoke(testrun.Deadline(t), []byte(payload)), "1")
}

func TestCancelEndsTheEnvironment(t *testing.T) {
	t.Parallel()
	f := open(t, goSpec())
	pid := string(f.Invoke(testrun.Deadline(t), []byte(`{"do":"pid"}`)).Payload)
	ctx, cancel := context.WithCancel(testrun.Deadline(t))
	result := start(t, ctx, f, `{"do":"sleep","seconds":60}`)
	cancel()
	if r := <-result; !errors.Is(r.Err, context.Canceled) {
		t.Errorf("got %v, want canceled", r.Err)
	}
	if now := string(f.Invoke(testrun.Deadline(t), []byte(`{"do":"pid"}`)).Payload); now == pid {
		t.Error("the environment of a cancelled invocation was used again")
	}
}

func TestCloseEndsInvocations(t *testing.T) {
	t.Parallel()
	f := open(t, goSpec())
	expectValue(t, f.Invoke(testrun.Deadline(t), []byte(`{"do":"count"}`)), "1")
	begun := filepath.Join(t.TempDir(), "begun")
	result := start(t, testrun.Deadline(t), f, `{"do":"sleep","seconds":60,"text":`+strconv.Quote(begun)+`}`)
	eventually(t, func() bool { _, err := os.Stat(begun); return err == nil }, "the invocation does not begin")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if r := <-result; !errors.Is(r.Err, function.ErrClosed) {
		t.Errorf("got %v, want closed", r.Err)
	}
	if r := f.Invoke(testrun.Deadline(t), nil); !errors.Is(r.Err, function.ErrClosed) {
		t.Errorf("got %v, want closed", r.Err)
	}
}

func TestInitFailures(t *testing.T) {
	t.Parallel()
	t.Run("exit", func(t *testing.T) {
		spec := goSpec()
		spec.Env = []string{"FAIL_AT_START=no configuration"}
		r := open(t, spec).Invoke(testrun.Deadline(t), []byte(`{}`))
		expectFailure(t, r, exitError("exit status 3"))
		if !strings.Contains(string(r.Log), "no configuration\n") {
			t.Errorf("the log lacks what was printed: %s", r.Log)
		}
	})
	t.Run("too slow, twice", func(t *testing.T) {
		spec := goSpec()
		spec.InitTimeout, spec.Timeout, spec.Env = 200*time.Millisecond, 300*time.Millisecond, []string{"SLOW_START=1"}
		r := open(t, spec).Invoke(testrun.Deadline(t), []byte(`{}`))
		expectFailure(t, r, failure{"Sandbox.Timedout", "RequestId: ID Error: Task timed out after 0.30 seconds"})
		if n := strings.Count(string(r.Log), "INIT_REPORT "); n != 2 {
			t.Errorf("%d starts are reported: %s", n, r.Log)
		}
	})
}
