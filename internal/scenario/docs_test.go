package scenario_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/scenario"
)

// TestDocumentedScenarioReads reads the scenario that docs/scenarios.md shows, all parts together. Only its files are
// missing.
func TestDocumentedScenarioReads(t *testing.T) {
	text, err := os.ReadFile("../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, block := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		all.WriteString(block[1])
	}
	dir := t.TempDir()
	t.Chdir(dir)
	for _, file := range []string{"flow.json", "m.json", "payment.asl.json"} {
		if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("scenario.yaml", []byte(all.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := scenario.Read("scenario.yaml"); len(found) > 0 {
		t.Errorf("%v\n%s", found, all.String())
	}
}
