package scaffold_test

import (
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/testrun"
)

//go:generate go test . -run ^TestExamples$ -count=1 -update

// TestExamples writes the flows of the examples from their project files. Nothing that they say is unknown to their
// functions.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/connect-async.yaml")
	if err != nil {
		t.Fatal(err)
	}
	flows := 0
	for _, file := range files {
		p, found := project.ReadToGenerate(file)
		if p == nil {
			t.Fatal(found)
		}
		for _, f := range p.Flows {
			if f.Generate == nil {
				continue
			}
			flows++
			want, err := scaffold.Flow(p, f)
			if err != nil {
				t.Errorf("%s: %v", f.File, err)
				continue
			}
			testrun.Generated(t, f.File, string(want))
			if found := scaffold.NotReturned(p, f); len(found) > 0 {
				t.Error(found)
			}
		}
	}
	if want := 8; flows != want {
		t.Errorf("%d flows, want %d", flows, want)
	}
}
