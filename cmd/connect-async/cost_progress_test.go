package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// TestCostOfProgress prices the steps that a state machine writes, and says where histories have gaps.
func TestCostOfProgress(t *testing.T) {
	const example = "../../examples/chain/progress/connect-async.yaml"
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	described := filepath.Join(t.TempDir(), "connect-async.yaml")
	yaml := strings.Replace(string(text), "results: table", "results: describe", 1)
	yaml, _, _ = strings.Cut(yaml, "\nflows:")
	if err := os.WriteFile(described, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	const priced, gaps = "progress costs about 81.88 a month on top: a write", "With more than 20 callers at once some"
	for _, c := range []struct {
		args         []string
		priced, gaps bool
	}{
		{[]string{"cost", example, "--requests", "1000000"}, true, false},
		{[]string{"cost", described, "--callers", "20"}, false, false},
		{[]string{"cost", described, "--callers", "21"}, false, true},
	} {
		code, out, errs := typed(t, c.args...)
		if code != exitGood || strings.Contains(out, priced) != c.priced || strings.Contains(out, gaps) != c.gaps {
			t.Errorf("%v: exit code %d\n%s%s", c.args, code, out, errs)
		}
	}
	page := string(readBytes(t, "../../docs/progress.md"))
	transition := fmt.Sprintf("%.0f dollars a million", 1e6*awsfacts.PricesIn("us-east-1").StateTransition)
	for _, figure := range []string{"the example cost 81.88 dollars more", "with more than 20 callers at once some",
		transition} {
		if !strings.Contains(strings.ReplaceAll(page, "\n", " "), figure) {
			t.Errorf("docs/progress.md does not say %q", figure)
		}
	}
}
