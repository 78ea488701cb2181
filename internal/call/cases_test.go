package call_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRecordedCases plays the situations that people reported: what their scenarios expect holds. A caller who presses
// nothing in a menu without a way out runs into the guard, one hears nothing while three functions run in a row; what
// is not settled names its assumption.
func TestRecordedCases(t *testing.T) {
	files := testrun.RecordedFiles(t, "RECORDED_CASES", "flows/*/scenario.yaml")
	assumed := map[string]string{
		"22": "chain_limit_seconds", "23": "no_stored_input", "26": "missing_error_branch",
		"42": "missing_error_branch",
	}
	for _, r := range call.RunScenarios(context.Background(), files, call.Options{}) {
		name := filepath.Base(filepath.Dir(r.File))
		number, _, _ := strings.Cut(name, "-")
		switch {
		case r.Findings.HasErrors():
			t.Errorf("%s: %v", name, r.Findings)
		case number == "43":
			if r.Summaries[0].Ending != flow.EndingGuard {
				t.Errorf("%s ends as %s", name, r.Summaries[0].Ending)
			}
		case number == "22":
			const silent = "dead air of 20 s at 0.0 s (a), more than 8 s (Fröhlich, CHI 2005)"
			if problems := r.Problems(); !slices.Equal(problems, []string{silent}) ||
				r.Failures[0].Level != call.Critical {
				t.Errorf("%s: %v", name, problems)
			}
			fallthrough
		case r.Passed():
			if assumed[number] != "" && !slices.Contains(r.Summaries[0].Assumptions, assumed[number]) {
				t.Errorf("%s rests on %v", name, r.Summaries[0].Assumptions)
			}
		default:
			t.Errorf("%s: %v", name, r.Failures)
		}
	}
}
