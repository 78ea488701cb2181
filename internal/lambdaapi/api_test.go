package lambdaapi_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/source"
)

// standIn is a function that gives one answer and remembers what it was asked.
type standIn struct {
	result function.Result
	asked  []function.Request
}

func (s *standIn) invoke(_ context.Context, req function.Request) function.Result {
	s.asked = append(s.asked, req)
	return s.result
}

const arnPrefix = "arn:aws:lambda:us-east-1:000000000000:function:"

func serve(t *testing.T, c clock.Clock, functions map[string]*standIn) *lambdaapi.API {
	t.Helper()
	o := lambdaapi.Options{Clock: c}
	for name, f := range functions {
		spec := function.Spec{
			Name:     name,
			ARN:      arnPrefix + name,
			Runtime:  "python3.13",
			Handler:  "app.handler",
			Timeout:  30 * time.Second,
			MemoryMB: 128,
			Env:      []string{"SECRET=value"},
		}
		o.Functions = append(o.Functions, lambdaapi.Function{Spec: spec, Invoke: f.invoke})
	}
	api := lambdaapi.New(o)
	t.Cleanup(api.Close)
	return api
}

func ask(api http.Handler, method, path string, body []byte, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:3001"+path, bytes.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	return w
}

const invokePath = "/2015-03-31/functions/balance/invocations"

func TestInvoke(t *testing.T) {
	log := strings.Repeat("x", 5000) + "END"
	f := &standIn{result: function.Result{Payload: []byte(`{"balance":42}`), RequestID: "id-1", Log: []byte(log)}}
	api := serve(t, clock.Real{}, map[string]*standIn{"balance": f})
	w := ask(api, "POST", invokePath, []byte(`{"a":1}`), "X-Amz-Log-Type", "Tail", "X-Amz-Client-Context",
		base64.StdEncoding.EncodeToString([]byte(`{"custom":{}}`)))
	want := map[string]string{
		"Content-Type":           "application/json",
		"X-Amz-Executed-Version": "$LATEST",
		"X-Amzn-Requestid":       "id-1",
		"X-Amz-Function-Error":   "",
		"X-Amz-Log-Result":       base64.StdEncoding.EncodeToString([]byte(log[len(log)-4096:])),
	}
	for key, value := range want {
		if w.Header().Get(key) != value {
			t.Errorf("%s is %.80q, want %.80q", key, w.Header().Get(key), value)
		}
	}
	if w.Code != 200 || w.Body.String() != `{"balance":42}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	asked := function.Request{
		Payload:       []byte(`{"a":1}`),
		InvokedARN:    arnPrefix + "balance",
		ClientContext: `{"custom":{}}`,
	}
	if diff := cmp.Diff(asked, f.asked[0]); diff != "" {
		t.Error(diff)
	}
}

func TestFunctionErrorIsHTTP200(t *testing.T) {
	f := &standIn{result: function.Result{Payload: []byte(`{"errorType":"E"}`), FunctionError: "Unhandled"}}
	w := ask(serve(t, clock.Real{}, map[string]*standIn{"balance": f}), "POST", invokePath, nil)
	if w.Code != 200 || w.Header().Get("X-Amz-Function-Error") != "Unhandled" ||
		w.Body.String() != `{"errorType":"E"}` {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if string(f.asked[0].Payload) != "{}" {
		t.Errorf("no payload became %q", f.asked[0].Payload)
	}
}

func TestNames(t *testing.T) {
	tests := []struct{ name, arn string }{
		{"balance", arnPrefix + "balance"},
		{"balance?Qualifier=live", arnPrefix + "balance:live"},
		{"balance:live", arnPrefix + "balance:live"},
		{"balance:live?Qualifier=live", arnPrefix + "balance:live"},
		{"balance:$LATEST", arnPrefix + "balance:$LATEST"},
		{"balance:7", arnPrefix + "balance:7"},
		{"function:balance", arnPrefix + "balance"},
		{"123456789012:function:balance:7", arnPrefix + "balance:7"},
		{"arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Abalance", arnPrefix + "balance"},
		{"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:balance:live", arnPrefix + "balance:live"},
	}
	for _, test := range tests {
		f := &standIn{}
		path, query, _ := strings.Cut(test.name, "?")
		w := ask(serve(t, clock.Real{}, map[string]*standIn{"balance": f}), "POST",
			"/2015-03-31/functions/"+path+"/invocations?"+query, nil)
		if w.Code != 200 || len(f.asked) != 1 || f.asked[0].InvokedARN != test.arn {
			t.Errorf("%s: %d %s %v", test.name, w.Code, w.Body, f.asked)
		}
	}
}

func TestErrors(t *testing.T) {
	finding := source.Finding{
		Code:     function.BuildFailed,
		Severity: source.Error,
		File:     "main.go",
		Message:  "does not build",
		Remedy:   "correct it",
	}
	functions := map[string]*standIn{
		"balance":   {},
		"throttled": {result: function.Result{Err: function.ErrTooManyRequests}},
		"broken":    {result: function.Result{Err: finding}},
		"odd":       {result: function.Result{Err: errors.New("odd")}},
	}
	large := bytes.Repeat([]byte("1"), function.MaxPayload+1)
	tests := []struct {
		what, method, path string
		body               []byte
		headers            []string
		status             int
		name, text         string
	}{
		{
			what:   "unknown function",
			method: "POST",
			path:   "/2015-03-31/functions/nobody/invocations",
			status: 404,
			name:   "ResourceNotFoundException",
			text:   "Function not found: " + arnPrefix + "nobody",
		},
		{
			what:   "unknown, with qualifier",
			method: "POST",
			path:   "/2015-03-31/functions/nobody:live/invocations",
			status: 404,
			name:   "ResourceNotFoundException",
			text:   "Function not found: " + arnPrefix + "nobody:live",
		},
		{
			what:    "unknown, asynchronously",
			method:  "POST",
			path:    "/2015-03-31/functions/nobody/invocations",
			headers: []string{"X-Amz-Invocation-Type", "Event"},
			status:  404,
			name:    "ResourceNotFoundException",
		},
		{
			what:   "not a function name",
			method: "POST",
			path:   "/2015-03-31/functions/a%20b/invocations",
			status: 400,
			name:   "InvalidParameterValueException",
		},
		{
			what:   "two qualifiers",
			method: "POST",
			path:   "/2015-03-31/functions/balance:a/invocations?Qualifier=b",
			status: 400,
			name:   "InvalidParameterValueException",
			text:   "The derived qualifier from the function name does not match the specified qualifier.",
		},
		{
			what:   "throttled",
			method: "POST",
			path:   "/2015-03-31/functions/throttled/invocations",
			status: 429,
			name:   "TooManyRequestsException",
			text:   "Rate Exceeded.",
		},
		{
			what:   "set-up",
			method: "POST",
			path:   "/2015-03-31/functions/broken/invocations",
			status: 400,
			name:   "LocalFunctionException",
			text:   "main.go: error: does not build [function.build-failed]; correct it",
		},
		{
			what:   "other",
			method: "POST",
			path:   "/2015-03-31/functions/odd/invocations",
			status: 500,
			name:   "ServiceException",
			text:   "odd",
		},
		{
			what:   "not JSON",
			method: "POST",
			path:   invokePath,
			body:   []byte(`{"a"`),
			status: 400,
			name:   "InvalidRequestContentException",
			text:   "Could not parse request body into json: unexpected end of JSON input",
		},
		{
			what:   "two values",
			method: "POST",
			path:   invokePath,
			body:   []byte(`1 2`),
			status: 400,
			name:   "InvalidRequestContentException",
		},
		{
			what:    "client context",
			method:  "POST",
			path:    invokePath,
			headers: []string{"X-Amz-Client-Context", "???"},
			status:  400,
			name:    "InvalidRequestContentException",
		},
		{
			what:   "too large",
			method: "POST",
			path:   invokePath,
			body:   large,
			status: 413,
			name:   "RequestTooLargeException",
			text:   "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
		},
		{
			what:    "too large for an event",
			method:  "POST",
			path:    invokePath,
			body:    large[:function.MaxAsyncPayload+1],
			headers: []string{"X-Amz-Invocation-Type", "Event"},
			status:  413,
			name:    "RequestTooLargeException",
		},
		{
			what:    "invocation type",
			method:  "POST",
			path:    invokePath,
			headers: []string{"X-Amz-Invocation-Type", "Later"},
			status:  400,
			name:    "InvalidParameterValueException",
		},
		{
			what:   "unknown operation",
			method: "DELETE",
			path:   "/2015-03-31/functions/balance",
			status: 404,
			name:   "UnknownOperationException",
		},
		{
			what:   "description of nobody",
			method: "GET",
			path:   "/2015-03-31/functions/nobody",
			status: 404,
			name:   "ResourceNotFoundException",
		},
		{
			what:   "page size",
			method: "GET",
			path:   "/2015-03-31/functions?MaxItems=0",
			status: 400,
			name:   "InvalidParameterValueException",
		},
	}
	for _, test := range tests {
		w := ask(serve(t, clock.Real{}, functions), test.method, test.path, test.body, test.headers...)
		var got struct{ Type, Message string }
		decode(t, w.Body, &got)
		if w.Code != test.status || w.Header().Get("X-Amzn-ErrorType") != test.name ||
			test.text != "" && got.Message != test.text || got.Message == "" {
			t.Errorf("%s: %d %s %+v", test.what, w.Code, w.Header().Get("X-Amzn-ErrorType"), got)
		}
	}
	if len(functions["balance"].asked) > 0 {
		t.Error("a refused request reached the function")
	}
}

func TestForeignRequestsAreRefused(t *testing.T) {
	f := &standIn{}
	api := serve(t, clock.Real{}, map[string]*standIn{"balance": f})
	if w := ask(api, "POST", invokePath, nil, "Origin", "http://localhost:3001"); w.Code != 403 {
		t.Errorf("a web page got %d", w.Code)
	}
	r := httptest.NewRequest("POST", "http://rebound.example.com:3001"+invokePath, nil)
	w := httptest.NewRecorder()
	if api.ServeHTTP(w, r); w.Code != 403 || len(f.asked) > 0 {
		t.Errorf("a foreign host got %d", w.Code)
	}
}

func TestDryRun(t *testing.T) {
	f := &standIn{}
	w := ask(serve(t, clock.Real{}, map[string]*standIn{"balance": f}), "POST", invokePath, nil,
		"X-Amz-Invocation-Type", "DryRun")
	if w.Code != 204 || w.Body.Len() > 0 || len(f.asked) > 0 {
		t.Errorf("%d %s, asked %d times", w.Code, w.Body, len(f.asked))
	}
}

func TestDescriptions(t *testing.T) {
	api := serve(t, clock.Real{}, map[string]*standIn{"balance": {}, "address": {}, "zone": {}})
	w := ask(api, "GET", "/2015-03-31/functions/balance?Qualifier=live", nil)
	var one struct{ Configuration map[string]any }
	text := w.Body.String()
	decode(t, w.Body, &one)
	want := map[string]any{
		"FunctionName":     "balance",
		"FunctionArn":      arnPrefix + "balance:live",
		"Runtime":          "python3.13",
		"Handler":          "app.handler",
		"Timeout":          30.0,
		"MemorySize":       128.0,
		"Version":          "$LATEST",
		"State":            "Active",
		"LastUpdateStatus": "Successful",
		"PackageType":      "Zip",
	}
	if diff := cmp.Diff(want, one.Configuration); diff != "" || strings.Contains(text, "SECRET") {
		t.Error(diff, text)
	}
	var names []string
	marker := ""
	for range 3 {
		var page struct {
			Functions  []struct{ FunctionName string }
			NextMarker string
		}
		decode(t, ask(api, "GET", "/2015-03-31/functions/?MaxItems=1&Marker="+marker, nil).Body, &page)
		names, marker = append(names, page.Functions[0].FunctionName), page.NextMarker
	}
	if diff := cmp.Diff([]string{"address", "balance", "zone"}, names); diff != "" || marker != "" {
		t.Error(diff, marker)
	}
}

// An event is answered at once; a function that fails is tried twice more, after one minute and two.
func TestEvent(t *testing.T) {
	tests := []struct {
		name    string
		results []function.Result // the last one again and again
		seconds []float64         // when the function is called
	}{
		{"success", []function.Result{{}}, []float64{0}},
		{"function error", []function.Result{{FunctionError: "Unhandled"}}, []float64{0, 60, 180}},
		{"success at last", []function.Result{{FunctionError: "Unhandled"}, {}}, []float64{0, 60}},
		{
			"throttled",
			[]function.Result{{Err: function.ErrTooManyRequests}, {Err: function.ErrTooManyRequests}, {}},
			[]float64{0, 1, 3},
		},
		{"set-up", []function.Result{{Err: errors.New("no")}}, []float64{0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			c := clock.NewVirtual(began)
			var seconds []float64
			invoke := func(context.Context, function.Request) function.Result {
				seconds = append(seconds, c.Now().Sub(began).Seconds())
				return test.results[min(len(seconds), len(test.results))-1]
			}
			api := lambdaapi.New(lambdaapi.Options{
				Clock:     c,
				Functions: []lambdaapi.Function{{Spec: function.Spec{Name: "balance"}, Invoke: invoke}},
			})
			defer api.Close()
			err := c.Run(func() {
				w := ask(api, "POST", invokePath, nil, "X-Amz-Invocation-Type", "Event")
				if w.Code != 202 || w.Body.Len() > 0 || len(seconds) > 0 {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			})
			if diff := cmp.Diff(test.seconds, seconds); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

// TestReplace serves other functions while one of those before works: its caller gets its answer.
func TestReplace(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	slow := lambdaapi.Function{
		Spec: function.Spec{Name: "balance", ARN: arnPrefix + "balance"},
		Invoke: func(context.Context, function.Request) function.Result {
			close(began)
			<-end
			return function.Result{Payload: []byte(`"as before"`)}
		},
	}
	api := lambdaapi.New(lambdaapi.Options{Clock: clock.Real{}, Functions: []lambdaapi.Function{slow}})
	defer api.Close()
	answered := make(chan string)
	go func() { answered <- ask(api, "POST", invokePath, nil).Body.String() }()
	<-began
	other := &standIn{result: function.Result{Payload: []byte(`"now"`)}}
	api.Replace([]lambdaapi.Function{{Spec: function.Spec{Name: "other"}, Invoke: other.invoke}})
	if w := ask(api, "POST", invokePath, nil); w.Code != http.StatusNotFound {
		t.Errorf("balance: %d %s", w.Code, w.Body)
	}
	if w := ask(api, "POST", strings.Replace(invokePath, "balance", "other", 1), nil); w.Body.String() != `"now"` {
		t.Errorf("other: %d %s", w.Code, w.Body)
	}
	close(end)
	if got := <-answered; got != `"as before"` {
		t.Errorf("the invocation in flight: %s", got)
	}
}

func TestCloseEndsEvents(t *testing.T) {
	started := make(chan struct{})
	api := lambdaapi.New(lambdaapi.Options{
		Clock: clock.Real{},
		Functions: []lambdaapi.Function{{
			Spec: function.Spec{Name: "balance"},
			Invoke: func(ctx context.Context, _ function.Request) function.Result {
				close(started)
				<-ctx.Done()
				return function.Result{FunctionError: "Unhandled"}
			},
		}},
	})
	ask(api, "POST", invokePath, nil, "X-Amz-Invocation-Type", "Event")
	<-started
	api.Close()
}

func decode(t *testing.T, from io.Reader, into any) {
	t.Helper()
	if err := decodeJSON(from, into); err != nil {
		t.Fatal(err)
	}
}
