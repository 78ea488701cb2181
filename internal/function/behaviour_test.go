package function_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// failure is what a caller sees of an error: the document's type and message. ID stands for the request id.
type failure struct{ kind, message string }

// behaviours is the table of what handlers do and what the caller gets, the same for every language. A behaviour
// whose errors are named by the language has an entry for each.
var behaviours = []struct {
	name   string
	event  string
	want   string             // JSON, when the call succeeds
	fails  failure            // when it does not
	failIn map[string]failure // by language, where they differ
	only   string             // the one language that can do it
	dies   bool               // the environment is not used again
}{
	{name: "null", event: `{"do":"value","value":null}`, want: `null`},
	{name: "true", event: `{"do":"value","value":true}`, want: `true`},
	{name: "integer", event: `{"do":"value","value":42}`, want: `42`},
	{name: "fraction", event: `{"do":"value","value":-1.5}`, want: `-1.5`},
	{name: "string", event: `{"do":"value","value":"text"}`, want: `"text"`},
	{name: "empty string", event: `{"do":"value","value":""}`, want: `""`},
	{name: "unicode", event: `{"do":"value","value":"é€😀 \u0000\n\" <&>"}`, want: `"é€😀 \u0000\n\" <&>"`},
	{name: "list", event: `{"do":"value","value":[1,"a",null,[]]}`, want: `[1,"a",null,[]]`},
	{name: "object", event: `{"do":"value","value":{"a":{"b":[{}]}}}`, want: `{"a":{"b":[{}]}}`},
	{name: "exception", event: `{"do":"raise","text":"it broke"}`, failIn: map[string]failure{
		"go": {"errorString", "it broke"}, "python": {"Exception", "it broke"}, "node": {"Error", "it broke"}}},
	{name: "exception without a text", event: `{"do":"raise","text":""}`, failIn: map[string]failure{
		"go": {"errorString", ""}, "python": {"Exception", ""}, "node": {"Error", ""}}},
	{
		name:  "custom error class",
		event: `{"do":"raise-custom","text":"it broke"}`,
		fails: failure{"CustomError", "it broke"},
	},
	{
		name:  "custom error without arguments",
		event: `{"do":"raise-empty"}`,
		fails: failure{"CustomError", ""},
		only:  "python",
	},
	{name: "error within an error", event: `{"do":"raise-nested","text":"inner"}`, failIn: map[string]failure{
		"go": {"wrapError", "outer: inner"}, "python": {"ValueError", "outer"}, "node": {"RangeError", "outer"}}},
	{
		name:  "panic",
		event: `{"do":"panic","text":"it broke"}`,
		fails: failure{"string", "it broke"},
		only:  "go",
		dies:  true,
	},
	{name: "asynchronous error", event: `{"do":"raise-async","text":"late"}`, dies: true, failIn: map[string]failure{
		"go": exitError("exit status 2"), "python": exitError("exit status 2"), "node": {"Error", "late"}}},
	{name: "time limit", event: `{"do":"sleep","seconds":60}`, dies: true,
		fails: failure{"Sandbox.Timedout", "RequestId: ID Error: Task timed out after 0.50 seconds"}},
	{name: "exit with a code", event: `{"do":"exit","code":3}`, dies: true, fails: exitError("exit status 3")},
	{name: "exit without a code", event: `{"do":"exit","code":0}`, dies: true,
		fails: failure{"Runtime.ExitError", "RequestId: ID Error: Runtime exited without providing a reason"}},
	{name: "killed", event: `{"do":"kill"}`, dies: true, fails: exitError("signal: killed")},
	{
		name:  "result as large as it may be",
		event: `{"do":"large","bytes":6291554}`,
		want:  `"` + strings.Repeat("a", 6291554) + `"`,
	},
	{
		name:  "result too large",
		event: `{"do":"large","bytes":6291555}`,
		dies:  true,
		fails: failure{
			"Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (6291556 bytes).",
		},
	},
	{name: "result that is not JSON", event: `{"do":"unserialisable"}`, failIn: map[string]failure{
		"go":     {"UnsupportedTypeError", "json: unsupported type: func()"},
		"python": {"Runtime.MarshalError", "Unable to marshal response: Object of type set is not JSON serializable"},
		"node":   {"Error", "Unable to stringify response body"}}},
	{
		name:  "result that breaks off",
		event: `{"do":"break-off","text":"it broke"}`,
		fails: failure{"CustomError", "it broke"},
		only:  "go",
	},
	{name: "bytes go as they are", event: `{"do":"bytes","text":"{\"a\":1}"}`, want: `{"a":1}`, only: "python"},
	{name: "unknown behaviour, as a control", event: `{"do":"nothing"}`, failIn: map[string]failure{
		"go": {"errorString", `no behaviour "nothing"`}, "python": {"KeyError", "'nothing'"},
		"node": {"TypeError", "behaviours[event.do] is not a function"}}},
}

func exitError(how string) failure {
	return failure{"Runtime.ExitError", "RequestId: ID Error: Runtime exited with error: " + how}
}

// TestBehaviours has a function of each language do what is in the table; when not heavy, Go does all of it and the
// others a third.
func TestBehaviours(t *testing.T) {
	each(t, func(t *testing.T, l language) {
		spec := l.spec
		spec.Timeout = 500 * time.Millisecond
		patient := spec
		patient.Timeout = ample
		hasty, f := open(t, spec), open(t, patient)
		for i, b := range behaviours {
			if i%3 > 0 && l.name != "go" && !testrun.IsHeavy() {
				continue
			}
			if b.only != "" && b.only != l.name {
				continue
			}
			t.Run(b.name, func(t *testing.T) {
				f := f
				if strings.Contains(b.fails.kind, "Timedout") {
					f = hasty
				}
				want := b.fails
				if b.failIn != nil {
					want = b.failIn[l.name]
				}
				r := f.Invoke(testrun.Deadline(t), []byte(b.event))
				if b.want != "" {
					expectValue(t, r, b.want)
				} else {
					expectFailure(t, r, want)
				}
				again := f.Invoke(testrun.Deadline(t), []byte(`{"do":"value","value":1}`))
				for f == hasty && again.ErrorType == "Sandbox.Timedout" { // on a busy machine
					again = f.Invoke(testrun.Deadline(t), []byte(`{"do":"value","value":1}`))
				}
				if again.FunctionError != "" || again.Err != nil {
					t.Errorf("the next invocation fails: %s %v", again.Payload, again.Err)
				} else if cold := again.InitDuration > 0; b.dies && !cold {
					t.Error("a broken environment was used again")
				}
			})
		}
	})
}

func expectValue(t *testing.T, r function.Result, want string) {
	t.Helper()
	if r.Err != nil || r.FunctionError != "" {
		t.Fatalf("%s %v\n%s", r.Payload, r.Err, r.Log)
	}
	if diff := cmp.Diff(decode(t, []byte(want)), decode(t, r.Payload)); diff != "" {
		t.Error(diff)
	}
}

func expectFailure(t *testing.T, r function.Result, want failure) {
	t.Helper()
	if r.Err != nil || r.FunctionError != "Unhandled" {
		t.Fatalf("FunctionError %q, error %v, payload %.200s", r.FunctionError, r.Err, r.Payload)
	}
	var got struct{ ErrorType, ErrorMessage string }
	if err := json.Unmarshal(r.Payload, &got); err != nil {
		t.Fatalf("%v: %s", err, r.Payload)
	}
	want.message = strings.ReplaceAll(want.message, "ID", r.RequestID)
	if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(failure{got.ErrorType, got.ErrorMessage})); diff != "" {
		t.Errorf("%s\n%s", diff, r.Log)
	}
	if r.ErrorType != want.kind {
		t.Errorf("ErrorType is %q, want %q", r.ErrorType, want.kind)
	}
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return v
}
