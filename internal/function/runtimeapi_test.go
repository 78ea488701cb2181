package function

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The Runtime API refuses what is out of turn, and nothing that a process sends changes the answer that it has given.
func TestRuntimeAPIOutOfTurn(t *testing.T) {
	api := newRuntimeAPI()
	handler := api.handler()
	ask := func(method, path, body string) int {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/2018-06-01/runtime/"+path, strings.NewReader(body)))
		return w.Code
	}
	next := func() <-chan *httptest.ResponseRecorder {
		done := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/2018-06-01/runtime/invocation/next", nil))
			done <- w
		}()
		return done
	}
	expect := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	expect("an answer before the first event", ask("POST", "invocation/a/response", "1"), 403)
	expect("an unknown path", ask("GET", "invocation/previous", ""), 404)
	event := next()
	<-api.ready
	expect("a second next", ask("GET", "invocation/next", ""), 403)
	expect("an init error after the start", ask("POST", "init/error", "{}"), 403)
	expect("an answer without an event", ask("POST", "invocation/a/response", "1"), 403)
	inv := &invocation{
		Request:  Request{RequestID: "a", Payload: []byte("7"), InvokedARN: "arn", TraceID: "trace"},
		deadline: time.UnixMilli(1234),
	}
	if !api.send(inv, nil) {
		t.Fatal("the event was not taken")
	}
	w := <-event
	for header, want := range map[string]string{
		"Aws-Request-Id":       "a",
		"Deadline-Ms":          "1234",
		"Invoked-Function-Arn": "arn",
		"Trace-Id":             "trace",
	} {
		if got := w.Header().Get("Lambda-Runtime-" + header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if w.Code != 200 || w.Body.String() != "7" {
		t.Errorf("next: %d %s", w.Code, w.Body)
	}
	expect("next while an event is out", ask("GET", "invocation/next", ""), 403)
	expect("the answer to another event", ask("POST", "invocation/b/response", "1"), 400)
	expect("the answer", ask("POST", "invocation/a/response", "8"), 202)
	expect("a second answer", ask("POST", "invocation/a/response", "9"), 403)
	expect("an error after the answer", ask("POST", "invocation/a/error", "{}"), 403)
	if got := api.taken(); got == nil || string(got.payload) != "8" || got.failed {
		t.Errorf("the answer is %+v", got)
	}
}

// An error document may be any bytes; its type is known when it is a string.
func TestErrorAnswer(t *testing.T) {
	for document, want := range map[string]string{
		`{"errorType":"E"}`: "E",
		`{"errorType":7}`:   "",
		`no JSON`:           "",
		`["E"]`:             "",
		``:                  "",
		`{}`:                "",
	} {
		if got := errorAnswer([]byte(document)); got.errType != want || !got.failed || string(got.payload) != document {
			t.Errorf("%s: %+v", document, got)
		}
	}
}

func TestBilled(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{
		0: 0, 1: time.Millisecond, time.Millisecond: time.Millisecond, time.Millisecond + 1: 2 * time.Millisecond,
		2999500 * time.Microsecond: 3 * time.Second,
	} {
		if got := billed(d); got != want {
			t.Errorf("%v is billed as %v, want %v", d, got, want)
		}
	}
}
