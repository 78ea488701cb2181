package async

import (
	"os"
	"strings"
	"testing"
)

// TestRunbookNamesEveryCode checks that the one on call finds every error of our own, and those that faultCause knows.
func TestRunbookNamesEveryCode(t *testing.T) {
	text, err := os.ReadFile("../../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	_, codes, _ := strings.Cut(string(text), "## Codes")
	for _, row := range contractTables(t)["sfn_error"] {
		if !strings.Contains(codes, "| "+row[0]+" |") {
			t.Errorf("docs/runbook.md has no row for %s", row[0])
		}
	}
	if !strings.Contains(codes, "`"+codeDoesNotExist+"`") {
		t.Errorf("docs/runbook.md does not name %s", codeDoesNotExist)
	}
}
