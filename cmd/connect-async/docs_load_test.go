package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

const loadPage = "docs/load.md"

// loadShown runs `load` and returns the command and its output as a block of a document.
func loadShown(t *testing.T, want int, arguments ...string) string {
	t.Helper()
	command := "connect-async load"
	for _, a := range arguments {
		if strings.Contains(a, " ") {
			a = `"` + a + `"`
		}
		command += " " + a
	}
	code, out, errs := typed(t, append([]string{"load"}, arguments...)...)
	if code != want {
		t.Fatalf("%s: exit code %d\n%s", command, code, errs)
	}
	return "```text\n$ " + command + "\n" + strings.TrimRight(out, "\n") + "\n```\n"
}

// TestDocumentedRush is the first example of docs/load.md.
func TestDocumentedRush(t *testing.T) {
	testrun.Heavy(t)
	t.Chdir("../..")
	testrun.GeneratedPart(t, loadPage, "rush",
		loadShown(t, exitGood, "examples/balance", "--arrivals", "burst 400 1m", "--takes", "20s..60s"))
}

// TestDocumentedPlot draws the plot of docs/load.md, by the command below it.
func TestDocumentedPlot(t *testing.T) {
	testrun.Heavy(t)
	t.Chdir("../..")
	page := string(readBytes(t, loadPage))
	_, command, _ := strings.Cut(page, "The plot is of `")
	command, _, _ = strings.Cut(command, "`")
	var words []string
	for _, m := range documentedWord.FindAllStringSubmatch(command, -1) {
		words = append(words, m[1]+m[2]+m[3])
	}
	drawn := filepath.Join(t.TempDir(), "load.svg")
	if code, _, errs := typed(t, append(words[1:], "--plot", drawn)...); code != exitFailed {
		t.Fatalf("exit code %d\n%s", code, errs)
	}
	testrun.Generated(t, "docs/load.svg", string(readBytes(t, drawn)))
}

// TestDocumentedWays is the table of docs/load.md. It takes minutes, so that only a soak computes it.
func TestDocumentedWays(t *testing.T) {
	if os.Getenv("SOAK") == "" {
		t.Skip("set SOAK to compute the table")
	}
	t.Chdir("../..")
	testrun.GeneratedPart(t, loadPage, "ways",
		loadShown(t, exitGood, "examples/balance", "--takes", "20s..60s", "--ways"))
}
