package asl

import (
	"encoding/json"
	"testing"
	"time"
)

// TestHarness checks what the comparison of recorded executions makes of a record.
func TestHarness(t *testing.T) {
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
		"Parameters": {"at.$": "$$.Execution.StartTime"}}}}`
	r := recording{DefinitionText: definition, Recorded: "04-11-2024, 11:40:50"}
	m, findings := r.machine()
	if m == nil {
		t.Fatal(findings)
	}
	d := r.play(t, m, nil)
	if want := time.Date(2024, 11, 4, 11, 40, 50, 0, time.UTC); !d.history[0].Timestamp.Equal(want) {
		t.Errorf("the execution starts at %v, want the date of the record, %v", d.history[0].Timestamp, want)
	}
	started, _ := wire(t, d.history)[0]["executionStartedEventDetails"].(map[string]any)
	if started["input"] != "{}" {
		t.Errorf("without an input it is %v, want {}", started["input"])
	}
}

// TestHeadersHaveNoCase checks that the names of headers are compared without case, and other names with it.
func TestHeadersHaveNoCase(t *testing.T) {
	for name, c := range map[string]struct {
		want, got string
		same      bool
	}{
		"headers": {
			want: `{"HttpHeaders": {"x-amz-log": "a"}}`, got: `{"HttpHeaders": {"X-Amz-Log": "a"}}`, same: true,
		},
		"other headers": {
			want: `{"HttpHeaders": {"x-amz-log": "a"}}`, got: `{"HttpHeaders": {"X-Amz-Log": "b"}}`,
		},
		"replaced": {
			want: `{"HttpHeaders": {"x-amzn-requestid": "a"}}`, got: `{"HttpHeaders": {"x-amzn-RequestId": "b"}}`,
			same: true,
		},
		"data": {want: `{"Data": {"x-amz-log": "a"}}`, got: `{"Data": {"X-Amz-Log": "a"}}`},
	} {
		difference := (&comparer{}).value("", decode([]byte(c.want)), decode([]byte(c.got)))
		if (difference == "") != c.same {
			t.Errorf("%s: %q", name, difference)
		}
	}
}

// TestParallelInside checks that the end of a Parallel state may be among events that have lost their ids, and need not
// be, and that nothing else may be missing.
func TestParallelInside(t *testing.T) {
	event := func(id any, kind string) map[string]any {
		return map[string]any{"id": id, "previousEventId": json.Number("0"), "type": kind}
	}
	lost := func(kind string) map[string]any { return event([]any{json.Number("0")}, kind) }
	played := []map[string]any{
		event(json.Number("1"), "ExecutionStarted"), event(json.Number("2"), "PassStateEntered"),
		event(json.Number("3"), "ParallelStateSucceeded"), event(json.Number("4"), "ParallelStateSucceeded"),
	}
	start := event(json.Number("1"), "ExecutionStarted")
	for name, c := range map[string]struct {
		recorded []map[string]any
		same     bool
	}{
		"end inside": {
			recorded: []map[string]any{start, lost("ParallelStateSucceeded"), lost("PassStateEntered")}, same: true,
		},
		"no end": {recorded: []map[string]any{start, lost("PassStateEntered")}, same: true},
		"another end": {
			recorded: []map[string]any{start, lost("ParallelStateFailed"), lost("PassStateEntered")},
		},
		"event missing": {recorded: []map[string]any{start, lost("ParallelStateSucceeded")}},
	} {
		difference := (&comparer{}).unordered(c.recorded, played)
		if (difference == "") != c.same {
			t.Errorf("%s: %q", name, difference)
		}
	}
}
