package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

//go:generate go test . -run ^TestReviewingImage$ -count=1 -update

// TestReviewingImage draws the image of docs/reviewing.md.
func TestReviewingImage(t *testing.T) {
	const folder = "../../docs/reviewing"
	image := filepath.Join(t.TempDir(), "changes.svg")
	var out bytes.Buffer
	args := []string{"diff", filepath.Join(folder, "before.json"), filepath.Join(folder, "after.json"), "--svg", image}
	if code := run(t.Context(), args, plainTerminal(&out, &out)); code != exitFailed {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	text, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	testrun.Generated(t, filepath.Join(folder, "changes.svg"), string(text))
}
