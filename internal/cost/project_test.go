package cost_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/cost"
	"github.com/connect-async/connect-async/internal/project"
)

// TestSetBy reads projects: the job that may take longest counts, as its functions or its own timeout allow.
func TestSetBy(t *testing.T) {
	const functions = "functions: {f: {arn: x, timeout: 40s}, g: {arn: y, timeout: 50s}}\n"
	for text, want := range map[string]cost.Set{
		"jobs: {one: {steps: [f], timeout: 30s}, two: {steps: [f, g], timeout: 2m, results: table}}\ncallers: 7\n": {
			Callers: 7, Job: "two", Seconds: 90, Chain: 2, Results: []string{"describe", "table"},
		},
		"jobs: {own: {definition: m.json, timeout: 3m, results: event}, two: {steps: [f], results: event}}\n": {
			Callers: 10, Job: "own", Seconds: 180, Chain: 1, Results: []string{"event"},
		},
		"jobs: {a: {steps: [f, g], results: table, progress: true}, b: {steps: [g], progress: true}}\n": {
			Callers: 10, Job: "a", Seconds: 90, Chain: 2, Results: []string{"describe", "table"},
			Told: cost.Told{Steps: 2, Left: true},
		},
		"jobs: {one: {steps: [f]}}\nflows: [{file: m.json, generate: {job: one, style: wait}}]\n": {
			Callers: 10, Job: "one", Seconds: 40, Chain: 1, Results: []string{"describe"}, Styles: []string{"wait"},
		},
	} {
		dir := t.TempDir()
		for name, content := range map[string]string{
			project.FileName: "name: bank\n" + functions + text, "m.json": "{}",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p, found := project.Read(dir)
		if p == nil {
			t.Fatal(found)
		}
		got := cost.SetBy(p)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		for _, w := range []cost.Way{{Style: "poll", Results: "describe"}, {Style: "wait", Results: "describe"}} {
			uses := want.Results[0] == "describe" && (want.Styles == nil || w.Style == "wait")
			if got.Uses(w) != uses {
				t.Errorf("%s: %v: %t", text, w, !uses)
			}
		}
	}
}
