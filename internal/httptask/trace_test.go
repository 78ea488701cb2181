package httptask_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/httptask"
)

// TestTrace keeps what is sent and received, also when the task fails.
func TestTrace(t *testing.T) {
	url := server(t)
	own := []string{"User-Agent: Amazon|StepFunctions|HttpInvoke|eu-west-1", "Range: bytes=0-262144"}
	get := func(url string) *httptask.Request {
		return &httptask.Request{Protocol: "http", Method: "GET", URL: url, Headers: own}
	}
	text := []string{"content-length: 7", "content-type: text/plain; charset=utf-8", "date: …"}
	for _, c := range []struct {
		name, endpoint, parameters string
		request                    *httptask.Request
		response                   *httptask.Response
	}{
		{"headers, a query and a body", url + "/text?z=1",
			`,"Method":"post","Headers":{"definitionHeader":"h1","list":["1",2],"range":"mine","LIST":"3"},` +
				`"QueryParameters":{"q":"a b"},"RequestBody":{"m":"Hello"}`,
			&httptask.Request{
				Protocol: "http", Method: "POST", URL: url + "/text?z=1&q=a+b", Body: `{"m":"Hello"}`,
				Headers: []string{
					"definitionHeader: h1", "list: 1", "list: 2", "list: 3", "range: bytes=0-262144", own[0],
				},
			},
			&httptask.Response{
				Protocol: "http", StatusCode: 200, StatusMessage: "OK", Headers: text, Body: `{"a":1}`,
			}},
		{"an error", url + "/gone", `,"Method":"GET"`, get(url + "/gone"), &httptask.Response{
			Protocol: "http", StatusCode: 410, StatusMessage: "Gone", Body: "not here\n", Headers: []string{
				"content-length: 9", "content-type: text/plain; charset=utf-8", "date: …",
				"x-content-type-options: nosniff",
			},
		}},
		{"a redirect", url + "/near", `,"Method":"GET"`, get(url + "/near"), &httptask.Response{
			Protocol: "http", StatusCode: 200, StatusMessage: "OK", Headers: text, Body: `{"a":1}`,
		}},
		{"half a response", url + "/half", `,"Method":"GET"`, get(url + "/half"), &httptask.Response{
			Protocol: "http", StatusCode: 200, StatusMessage: "OK", Body: "half",
			Headers: []string{"content-length: 8", "content-type: text/plain; charset=utf-8", "date: …"},
		}},
		{"no response", url + "/cut", `,"Method":"GET"`, get(url + "/cut"), nil},
		{"nobody there", "http://127.0.0.1:1/", `,"Method":"GET"`, get("http://127.0.0.1:1/"), nil},
		{"no request", url, `,"Method":"TRACE"`, nil, nil},
	} {
		var trace httptask.Trace
		httptask.New("eu-west-1").Invoke(httptask.WithTrace(context.Background(), &trace),
			[]byte(`{"ApiEndpoint":"`+c.endpoint+`"`+c.parameters+`}`))
		anyDate := cmp.Comparer(func(a, b string) bool {
			return a == b || strings.HasPrefix(a, "date: ") && strings.HasPrefix(b, "date: ")
		})
		want := httptask.Exchange{Request: c.request, Response: c.response}
		if diff := cmp.Diff(want, trace.Exchange(), anyDate); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}
