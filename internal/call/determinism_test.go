package call_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/testrun"
)

// exampleScenarios are the scenario files of all examples.
func exampleScenarios(t *testing.T) []string {
	t.Helper()
	files, err := call.FindScenarios([]string{"../../examples"})
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	return files
}

// TestExamples plays every scenario of every example: none fails, none has a finding. Played again, all events and
// summaries are the same to the byte, in whatever order the scenarios are played, and with several suites at once.
// Quick runs play every third one again.
func TestExamples(t *testing.T) {
	files := exampleScenarios(t)
	results := call.RunScenarios(t.Context(), files, call.Options{FlowLog: true})
	for _, r := range results {
		if !r.Passed() || len(r.Findings) > 0 {
			t.Errorf("%s: %v %v", r.File, r.Findings, r.Failures)
		}
	}
	every := testrun.Count(t, 3, 1)
	var again []call.Result
	files = nil
	for i := 0; i < len(results); i += every {
		again, files = append(again, results[i]), append(files, results[i].File)
	}
	want := asBytes(t, again)
	backwards := slices.Clone(files)
	slices.Reverse(backwards)
	got := make([]map[string]string, testrun.Count(t, 1, 4))
	var suites sync.WaitGroup
	for i := range got {
		order := backwards
		if i%2 == 1 {
			order = files
		}
		suites.Go(func() { got[i] = asBytes(t, call.RunScenarios(t.Context(), order, call.Options{FlowLog: true})) })
	}
	suites.Wait()
	for i := range got {
		if diff := cmp.Diff(want, got[i]); diff != "" {
			t.Fatalf("suite %d differs (-first +this):\n%s", i, diff)
		}
	}
}

// asBytes writes the events and summaries of each scenario.
func asBytes(t *testing.T, results []call.Result) map[string]string {
	t.Helper()
	written := map[string]string{}
	for _, r := range results {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		for _, event := range r.Events {
			if err := e.Encode(event); err != nil {
				t.Error(err)
			}
		}
		if err := e.Encode(r.Summaries); err != nil {
			t.Error(err)
		}
		written[r.File] = b.String()
	}
	return written
}
