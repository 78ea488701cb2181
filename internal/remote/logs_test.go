package remote_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsrequest"
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

// TestFlowLog reads all pages of the entries of one contact.
func TestFlowLog(t *testing.T) {
	s := &logService{}
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got, err := cloudOf(t, s).FlowLog(t.Context(), "/aws/connect/shop", aContact, since)
	if err != nil || string(got) != "one\ntwo\n" {
		t.Fatalf("%q %v", got, err)
	}
	first := s.asked[0]
	if len(s.asked) != 3 || first["target"] != "Logs_20140328.FilterLogEvents" ||
		first["logGroupName"] != "/aws/connect/shop" || first["startTime"] != float64(since.UnixMilli()) ||
		first["filterPattern"] != `{ $.ContactId = "`+aContact+`" }` {
		t.Errorf("%d requests, the first %v", len(s.asked), first)
	}
	if _, err := cloudOf(t, s).FlowLog(t.Context(), "g", `x" || $.a = "`, since); err == nil || len(s.asked) != 3 {
		t.Errorf("%v, %d requests", err, len(s.asked))
	}
}

// TestFlowLogRefused says what the user can do.
func TestFlowLogRefused(t *testing.T) {
	for code, want := range map[string]string{
		"AccessDeniedException": remote.LogDenied, "ResourceNotFoundException": remote.LogMissing, "Other": "",
	} {
		_, err := cloudOf(t, &logService{refuse: code}).FlowLog(t.Context(), "/aws/connect/shop", aContact, time.Time{})
		f := source.AsFinding("x", err)
		if err == nil || want != "" && f.Code != want || !strings.Contains(f.Error(), "/aws/connect/shop") {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestEndpointsHaveTheNamesOfTheSDKs reads the variables that the reference guide of the SDKs names.
func TestEndpointsHaveTheNamesOfTheSDKs(t *testing.T) {
	for service, want := range map[string]string{"events": "EVENTBRIDGE", "logs": "CLOUDWATCH_LOGS",
		"monitoring": "CLOUDWATCH", "servicequotas": "SERVICE_QUOTAS", "states": "SFN", "connect": "CONNECT",
		"tagging": "RESOURCE_GROUPS_TAGGING_API", "iam": "IAM"} {
		if got := awsrequest.EndpointVariable(service); got != "AWS_ENDPOINT_URL_"+want {
			t.Errorf("%s: %s", service, got)
		}
	}
}
