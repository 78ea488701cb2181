package httptask

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/connect-async/connect-async/internal/value"
)

// Exchange is the request of a task and the response to it, as TestState shows them.
type Exchange struct {
	Request  *Request  // nil when none was made
	Response *Response // nil when none came
}

// Request is the request of a task. A connection, which is not resolved here, would add headers, query parameters and
// members of the body.
type Request struct {
	Protocol string // http or https
	Method   string
	URL      string
	// Headers are those that the task's parameters set, in their order, and those that Step Functions sets, each as
	// "name: value". The developer guide's example of TestState shows no others.
	Headers []string
	Body    string
}

// Response is the response that the task gets, after redirects.
type Response struct {
	Protocol      string // http or https
	StatusCode    int
	StatusMessage string
	Headers       []string // each as "name: value", the names sorted and in lower case
	Body          string   // up to where the connection broke, or where it is too large for a task
}

// Trace keeps the exchange of a task. It may be read while the request is on its way.
type Trace struct {
	mu       sync.Mutex
	exchange Exchange
}

// traceKey is the key under which a context has a *Trace.
type traceKey struct{}

// WithTrace returns a context with which Invoke keeps its exchange.
func WithTrace(ctx context.Context, t *Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

// Exchange returns what was sent and received until now.
func (t *Trace) Exchange() Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.exchange
}

// keep changes the exchange of the trace that a context has, if it has one.
func keep(ctx context.Context, change func(*Exchange)) {
	if t, ok := ctx.Value(traceKey{}).(*Trace); ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		change(&t.exchange)
	}
}

// shownRequest is a request as a trace has it.
func shownRequest(r *http.Request, given *value.Object, body string) *Request {
	return &Request{
		Protocol: r.URL.Scheme, Method: r.Method, URL: r.URL.String(), Body: body,
		Headers: headersSent(r.Header, given),
	}
}

// headersSent are the headers that parameters give, with the values that are sent, and those of Step Functions.
func headersSent(sent http.Header, given *value.Object) (lines []string) {
	var names []string
	for name := range given.All() {
		names = append(names, name)
	}
	seen := map[string]bool{}
	for _, name := range append(names, userAgent, byteRange) {
		key := http.CanonicalHeaderKey(name)
		if seen[key] {
			continue
		}
		seen[key] = true
		for _, v := range sent[key] {
			lines = append(lines, name+": "+v)
		}
	}
	return lines
}

// shownResponse is a response as a trace has it.
func shownResponse(r *http.Response, body string) *Response {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, v := range r.Header[name] {
			lines = append(lines, strings.ToLower(name)+": "+valid(v))
		}
	}
	return &Response{
		Protocol: r.Request.URL.Scheme, StatusCode: r.StatusCode, StatusMessage: statusText(r), Body: body,
		Headers: lines,
	}
}
