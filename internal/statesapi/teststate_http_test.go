package statesapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/httptask"
	"github.com/connect-async/connect-async/internal/local"
)

// tracing calls a server through an account that makes HTTP requests.
type tracing struct {
	*client
	url string
}

func newTracing(t *testing.T) tracing {
	served := serve(t)
	served.account.ServeHTTP(local.Outside{Clock: served.clock, Function: httptask.New("us-east-1")})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header()["Date"] = nil
		w.Header().Set("X-Asked", r.Method+" "+r.Header.Get("Mine"))
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return tracing{client: served.client(t), url: server.URL}
}

// inspected is what TestState shows of a POST to a URL at a level, with more members of the request.
func (c tracing) inspected(url, level, more string) (data map[string]any) {
	c.Helper()
	definition, err := json.Marshal(`{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true,` +
		`"Parameters":{"ApiEndpoint":"` + url + `","Method":"POST","Headers":{"mine":"1"},"RequestBody":{"a":"b"},` +
		`"Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/c/1"}}}`)
	if err != nil {
		c.Fatal(err)
	}
	request := json.RawMessage(`{"definition":` + string(definition) + `,"inspectionLevel":"` + level +
		`","roleArn":"arn:aws:iam::000000000000:role/r"` + more + `}`)
	data, _ = c.want("TestState", request, "")["inspectionData"].(map[string]any)
	return data
}

// TestStateTrace shows the request and the response of an HTTP Task at the highest level only.
func TestStateTrace(t *testing.T) {
	c := newTracing(t)
	request := func(url string) object {
		return object{
			"protocol": "http", "method": "POST", "url": url, "body": `{"a":"b"}`,
			"headers": "[mine: 1, User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144]",
		}
	}
	response := func(code, message string) object {
		return object{
			"protocol": "http", "statusCode": code, "statusMessage": message, "body": `{"a":"b"}`,
			"headers": "[content-length: 9, content-type: text/plain; charset=utf-8, x-asked: POST 1]",
		}
	}
	const nowhere = "http://127.0.0.1:1/"
	for _, test := range []struct {
		name, url, level, more string
		want                   object
	}{
		{"a response", c.url, "TRACE", "", object{"request": request(c.url), "response": response("200", "OK")}},
		{"secrets", c.url, "TRACE", `,"revealSecrets":true`,
			object{"request": request(c.url), "response": response("200", "OK")}},
		{"an error status", c.url + "/gone", "TRACE", "",
			object{"request": request(c.url + "/gone"), "response": response("410", "Gone")}},
		{"no response", nowhere, "TRACE", "", object{"request": request(nowhere)}},
		{"a mock", c.url, "TRACE", `,"mock":{"result":"{\"StatusCode\":200}"}`, object{}},
		{"debug", c.url, "DEBUG", "", object{}},
	} {
		data := c.inspected(test.url, test.level, test.more)
		if data["afterParameters"] == nil {
			t.Errorf("%s: %v lacks the stages", test.name, data)
		}
		got := object{}
		for _, name := range []string{"request", "response"} {
			if v, ok := data[name]; ok {
				got[name] = v
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.name, diff)
		}
	}
	if data := c.inspected(c.url, "INFO", ""); data != nil {
		t.Errorf("INFO shows %v", data)
	}
}
