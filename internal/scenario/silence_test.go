package scenario_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
)

// TestEveryOperationCanFail: a fault may lie in each operation of its service, and in no other.
func TestEveryOperationCanFail(t *testing.T) {
	for _, served := range local.Operations {
		for _, other := range local.Operations {
			for _, operation := range other.Operations {
				file := filepath.Join(t.TempDir(), "scenario.yaml")
				text := fmt.Sprintf("faults: [{service: %s, operation: %s, takes: 1s}]\n", served.Service, operation)
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				read, found := scenario.Read(file)
				isOwn := served.Service == other.Service
				if isOwn != !found.HasErrors() || isOwn && read.Faults[0].Operation != operation {
					t.Errorf("%s%v", text, found)
				}
			}
		}
	}
}

// TestSourcesOfThresholds: a threshold that a scenario sets is the scenario's, also where it is what another level has
// by default.
func TestSourcesOfThresholds(t *testing.T) {
	usual := scenario.DefaultSilence()
	note, failure, critical := usual.Sources()
	if note == failure || failure != critical || failure == "the scenario" {
		t.Errorf("defaults come from %q, %q and %q", note, failure, critical)
	}
	own := scenario.Silence{Note: time.Second, Failure: usual.Note, Critical: usual.Failure}
	if a, b, c := own.Sources(); a != "the scenario" || b != a || c != a {
		t.Errorf("a scenario's come from %q, %q and %q", a, b, c)
	}
}
