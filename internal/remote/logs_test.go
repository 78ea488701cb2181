package remote_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/source"
)

const aContact = "aaaaaaaa-0000-4000-8000-000000000001"

// logService answers FilterLogEvents in pages, of which one is empty, as CloudWatch Logs does.
type logService struct {
	asked  []map[string]any
	refuse string // a code, "" for none
}

func (s *logService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	_ = json.NewDecoder(r.Body).Decode(&in)
	in["target"] = r.Header.Get("X-Amz-Target")
	s.asked = append(s.asked, in)
	if s.refuse != "" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"`+s.refuse+`","message":"no"}`)
		return
	}
	pages := map[any]string{
		nil: `{"events":[{"message":"one"}],"nextToken":"2"}`,
		"2": `{"events":[],"nextToken":"3"}`,
		"3": `{"events":[{"message":"two"}]}`,
	}
	_, _ = io.WriteString(w, pages[in["nextToken"]])
}

func logsOf(t *testing.T, s *logService) *remote.Cloud {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	isolate(t)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": server.URL, "AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	c, err := remote.NewCloud(t.Context(), "", os.Getenv, clock.Real{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFlowLog reads all pages of the entries of one contact.
func TestFlowLog(t *testing.T) {
	s := &logService{}
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got, err := logsOf(t, s).FlowLog(t.Context(), "/aws/connect/shop", aContact, since)
	if err != nil || string(got) != "one\ntwo\n" {
		t.Fatalf("%q %v", got, err)
	}
	first := s.asked[0]
	if len(s.asked) != 3 || first["target"] != "Logs_20140328.FilterLogEvents" ||
		first["logGroupName"] != "/aws/connect/shop" || first["startTime"] != float64(since.UnixMilli()) ||
		first["filterPattern"] != `{ $.ContactId = "`+aContact+`" }` {
		t.Errorf("%d requests, the first %v", len(s.asked), first)
	}
	if _, err := logsOf(t, s).FlowLog(t.Context(), "g", `x" || $.a = "`, since); err == nil || len(s.asked) != 3 {
		t.Errorf("%v, %d requests", err, len(s.asked))
	}
}

// TestFlowLogRefused says what the user can do.
func TestFlowLogRefused(t *testing.T) {
	for code, want := range map[string]string{
		"AccessDeniedException": remote.LogDenied, "ResourceNotFoundException": remote.LogMissing, "Other": "",
	} {
		_, err := logsOf(t, &logService{refuse: code}).FlowLog(t.Context(), "/aws/connect/shop", aContact, time.Time{})
		f := source.AsFinding("x", err)
		if err == nil || want != "" && f.Code != want || !strings.Contains(f.Error(), "/aws/connect/shop") {
			t.Errorf("%s: %v", code, err)
		}
	}
}
