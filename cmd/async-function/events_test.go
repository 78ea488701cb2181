package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// fakeRuntime is Lambda's Runtime API. It hands out its events in turn, and answers 410 when there are no more.
type fakeRuntime struct {
	mu       sync.Mutex
	events   []string
	deadline string
	closes   bool     // the connection after each answer
	got      []string // what was posted: the path, the type of an error, the body
}

// ServeHTTP implements http.Handler.
func (r *fakeRuntime) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closes {
		w.Header().Set("Connection", "close")
	}
	if request.Method == http.MethodPost {
		r.got = append(r.got, strings.TrimPrefix(request.URL.Path, "/2018-06-01/runtime/invocation/")+" "+
			request.Header.Get("Lambda-Runtime-Function-Error-Type")+" "+string(body))
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"OK"}`)
		return
	}
	if len(r.events) == 0 {
		w.WriteHeader(http.StatusGone)
		return
	}
	w.Header().Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprintf("id-%d", len(r.got)))
	w.Header().Set("Lambda-Runtime-Deadline-Ms", r.deadline)
	w.Header().Set("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")
	event := r.events[0]
	r.events = r.events[1:]
	for _, part := range []string{event[:1], event[1:]} { // in chunks
		_, _ = io.WriteString(w, part)
		_ = http.NewResponseController(w).Flush()
	}
}

// handler answers with what it was told about the event.
type handler struct{}

var errRefused = errors.New("refused \"so\"")

// Invoke implements lambda.Handler.
func (handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	switch string(event) {
	case "refuse":
		return nil, errRefused
	case "panic":
		panic("a fault")
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return fmt.Appendf(nil, "%s %s %d %s %s", event, lc.AwsRequestID, deadline.UnixMilli(), traceID(ctx),
		os.Getenv(traceVariable)), nil
}

// TestEventsAreServed takes events that are answered, refused and cause a panic from a Runtime API.
func TestEventsAreServed(t *testing.T) {
	const root = "1-5759e988-bd862e3fe1be46a994272793"
	good := func(n int) string {
		return fmt.Sprintf("id-%d/response  {} id-%d 4102444800000 %s Root=%s", n, n, root, root)
	}
	const refused = `id-1/error errorString {"errorMessage":"refused \"so\"","errorType":"errorString"}`
	for name, test := range map[string]struct {
		runtime *fakeRuntime
		want    []string
		ends    string
	}{
		"one after the other": {&fakeRuntime{events: []string{"{}", "refuse", "{}"}},
			[]string{good(0), refused, good(2)}, "410 Gone"},
		"connections that end": {&fakeRuntime{events: []string{"{}", "refuse"}, closes: true},
			[]string{good(0), refused}, "410 Gone"},
		"a panic": {&fakeRuntime{events: []string{"{}", "panic", "{}"}}, []string{good(0),
			`id-1/error errorString {"errorMessage":"panic: a fault","errorType":"errorString"}`}, "panic: a fault"},
		"no deadline": {&fakeRuntime{events: []string{"{}"}, deadline: "soon"}, nil, `parsing "soon"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(traceVariable, "")
			api := test.runtime
			if api.deadline == "" {
				api.deadline = "4102444800000"
			}
			server := httptest.NewServer(api)
			defer server.Close()
			err := serveEvents(server.Listener.Addr().String(), 1, handler{})
			if !strings.Contains(fmt.Sprint(err), test.ends) {
				t.Errorf("it ends with %v", err)
			}
			if fmt.Sprint(api.got) != fmt.Sprint(test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(api.got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestSeveralEventsAtATime serves events in an environment that takes several: the trace is not in the environment.
func TestSeveralEventsAtATime(t *testing.T) {
	t.Setenv(traceVariable, "")
	api := &fakeRuntime{events: []string{"{}", "{}"}, deadline: "4102444800000"}
	server := httptest.NewServer(api)
	defer server.Close()
	if err := serveEvents(server.Listener.Addr().String(), 2, handler{}); err == nil || os.Getenv(traceVariable) != "" {
		t.Errorf("it ends with %v; the trace is %q", err, os.Getenv(traceVariable))
	}
}

// TestNoRuntimeAPI starts the program where there is none.
func TestNoRuntimeAPI(t *testing.T) {
	if err := serveEvents("", 1, handler{}); err == nil {
		t.Error("it goes on")
	}
}

// TestConnectionsThatEnd asks over a connection that the Runtime API has closed without a word.
func TestConnectionsThatEnd(t *testing.T) {
	server := httptest.NewServer(&fakeRuntime{events: []string{"{}", "{}"}, deadline: "4102444800000"})
	defer server.Close()
	e := &events{host: server.Listener.Addr().String()}
	for range 2 {
		if _, event, err := e.ask("GET", "next", "", nil, http.StatusOK); err != nil || string(event) != "{}" {
			t.Fatalf("got %q, %v", event, err)
		}
		server.CloseClientConnections()
	}
}
