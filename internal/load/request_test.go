package load_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/project"
)

// TestRemediesHold: what is said to help is not there already, and quotas that are throttled only since another one is
// too small are not said to be so.
func TestRemediesHold(t *testing.T) {
	const table = "With results: table"
	setups := map[string]*load.Setup{}
	for _, test := range []struct {
		results, quotas string
		short           string // the quotas, and in brackets those with a request
		says, never     string
	}{
		{project.ResultsDescribed, "describe_execution=0.5/5", "[describe_execution]", table, "from 0 to"},
		{project.ResultsInTable, "describe_execution=0.5/5 lambda_concurrency=4",
			"[lambda_concurrency] [describe_execution]", "Concurrent executions", table},
		{project.ResultsByEvent, "describe_execution=1/1 dynamodb_reads=2 dynamodb_writes=2",
			"[describe_execution] dynamodb_reads dynamodb_writes", "warm throughput", table},
		{project.ResultsInTable, "dynamodb_reads=2 dynamodb_writes=2", "dynamodb_reads dynamodb_writes",
			"warm throughput", "describe_execution"},
		{project.ResultsInTable, "lambda_environments=2/4", "lambda_environments",
			"adds 2 environments a second", table},
		{project.ResultsInTable, "connect_calls=5", "[connect_calls]", `"Concurrent calls" of Amazon Connect from 5`,
			"new instance"},
		{project.ResultsInTable, "start_execution=1/2", "[start_execution]", "A new instance of Amazon Connect", table},
	} {
		s, o := setups[test.results], usual(t, "burst 15 3s")
		if s == nil {
			s = prepared(t, "balance", test.results, 9*time.Second)
			setups[test.results] = s
		}
		for quota := range strings.FieldsSeq(test.quotas) {
			if err := o.Limits.Set(quota); err != nil {
				t.Fatal(err)
			}
		}
		r := runOf(t, s, o)
		short, err := s.Shortages(t.Context(), o, r)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, q := range short {
			if names = append(names, string(q.Quota)); q.Request != "" {
				names[len(names)-1] = "[" + string(q.Quota) + "]"
			}
		}
		var text strings.Builder
		_ = r.WriteText(&text, short)
		if got := strings.Join(names, " "); got != test.short || !strings.Contains(text.String(), test.says) ||
			strings.Contains(text.String(), test.never) {
			t.Errorf("%s with %s: %s, want %s\n%s", test.results, test.quotas, got, test.short, &text)
		}
	}
}

// TestRequestOfNobodyWhoWaits: where no quota stops callers, and yet nobody is told anything, the text of the request
// says how long they call.
func TestRequestOfNobodyWhoWaits(t *testing.T) {
	s, o := prepared(t, "balance", project.ResultsDescribed, 9*time.Second), usual(t, "burst 9 3s")
	f, err := load.ParseFault("lambda/bank-async 00:00-10:00")
	if err != nil {
		t.Fatal(err)
	}
	o.Faults, o.Limits.Calls = []load.Fault{f}, 2
	short, err := s.Shortages(t.Context(), o, runOf(t, s, o))
	if err != nil || len(short) != 1 || strings.Contains(short[0].Request, "0 callers") ||
		strings.Contains(short[0].Request, "about 0 s") {
		t.Error(fmt.Sprintf("%+v", short), err)
	}
}
