package call_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
)

// TestWatched checks that everything counts that a scenario is played from, also what lies elsewhere, and also while
// the project file cannot be read.
func TestWatched(t *testing.T) {
	t.Chdir(t.TempDir())
	const good = "name: bank\njobs: {a: {definition: ../machines/a.json}}\nflows: [{file: flow.json}]\nprompts: " +
		"{music: ../music.wav}\n"
	for name, text := range map[string]string{
		"bank/connect-async.yaml":      good,
		"bank/flow.json":               "{}",
		"bank/scenarios/a.yaml":        "flow: ../../flows/main.json\nflows: {m: ../../flows/module.json}\n",
		"broken/connect-async.yaml":    "name: [",
		"broken/scenarios/a.yaml":      "flow: ../../flows/main.json\n",
		"machines/a.json":              "{}",
		"alone/b.yaml":                 "state_machine: missing.json\n",
		"elsewhere/connect-async.yaml": good,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string][]string{
		"bank/scenarios/a.yaml": {"bank", "bank/flow.json", "bank/scenarios/a.yaml", "flows/main.json",
			"flows/module.json", "machines/a.json", "music.wav"},
		"broken/scenarios/a.yaml": {"broken", "broken/scenarios/a.yaml", "flows/main.json"},
		"alone/b.yaml":            {"alone/b.yaml", "alone/missing.json"},
	} {
		for i := range want {
			want[i] = filepath.FromSlash(want[i])
		}
		var got []string
		for _, path := range call.Watched(filepath.FromSlash(file)) {
			got = append(got, filepath.Clean(path))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", file, got, want)
		}
	}
}
