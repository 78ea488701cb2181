package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestStateTrace prints the request and the response of an HTTP Task, at the highest level only.
func TestStateTrace(t *testing.T) {
	t.Chdir(t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header()["Date"] = nil
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "{\n \"unknown\": "+string(body)+"}")
	}))
	defer server.Close()
	definition := `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",` +
		`"Parameters":{"ApiEndpoint.$":"$.url","Method":"PUT","Headers":{"x-order":"17"},"RequestBody":{"a":1}},` +
		`"End":true}}}`
	if err := os.WriteFile("order.asl.json", []byte(definition), 0o600); err != nil {
		t.Fatal(err)
	}
	const request = `
  HTTP request          PUT URL
                        x-order: 17
                        User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1
                        Range: bytes=0-262144
  request body          {"a":1}
`
	const answered = request + `  HTTP response         404 Not Found
                        content-length: 22
                        content-type: application/json
  response body         {"unknown":{"a":1}}
  error                 States.Http.StatusCode.404
`
	for _, test := range []struct{ url, flags, want, not string }{
		{server.URL, "--level trace", answered, "HTTP response         none"},
		{"http://127.0.0.1:1", "--level trace", request + "  HTTP response         none\n  error", "response body"},
		{server.URL, "--level debug", "error                 States.Http.StatusCode.404", "HTTP re"},
		{server.URL, "", "error                 States.Http.StatusCode.404", "HTTP re"},
		{server.URL, "--level trace --error E", "error                 E", "HTTP re"},
		{server.URL, "--level trace --format json", `"statusCode": "404"`, "HTTP re"},
		{server.URL, "--level debug --format json", `"afterParameters"`, "statusCode"},
		{server.URL, "--level info --format json", `"error": "States.Http.StatusCode.404"`, "inspectionData"},
	} {
		args := append([]string{"state", "order.asl.json", "Ask", "--input", `{"url":"` + test.url + `"}`},
			strings.Fields(test.flags)...)
		code, out, errs := typed(t, args...)
		out = strings.ReplaceAll(out, test.url, "URL")
		if code != exitFailed || errs != "" || !strings.Contains(out, test.want) || strings.Contains(out, test.not) {
			t.Errorf("%s %s: %d %s%s", test.url, test.flags, code, errs, out)
		}
	}
}
