package lint_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// agree checks that whatever a call says of a flow that it plays, lint says too: the same code, severity, place and
// text.
func agree(t *testing.T, text []byte) (findings int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "flow.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	played, said := call.New(t.Context(), call.Options{Scenario: scenario.Default(), Flow: file, Virtual: true})
	if played != nil {
		defer played.Close()
	}
	said = slices.DeleteFunc(said, func(f source.Finding) bool { return strings.HasPrefix(f.Code, "call-") })
	linted, err := lint.Read(file, text)
	if err != nil {
		if want := source.AsFinding(file, err); !slices.Contains(said, want) {
			t.Errorf("lint refuses it (%v), a call says %v", want, said)
		}
		return 1
	}
	var found source.Findings
	for _, f := range linted.Flows {
		for _, one := range lint.Run(lint.Setup{Flow: f}) {
			found = append(found, one.Finding)
		}
	}
	for _, f := range said {
		if !slices.Contains(found, f) {
			t.Errorf("a call says %v, lint does not", f)
		}
	}
	return len(said)
}

// exampleFlows are the flows of the examples and fixtures of all rules.
func exampleFlows() [][]byte {
	var flows [][]byte
	for _, r := range lint.Rules() {
		for _, e := range r.Examples() {
			if e.Flow != "" {
				text, _ := unmark("flow.json", wrap(e.Flow))
				flows = append(flows, []byte(text))
			}
		}
	}
	return flows
}

// TestVerdictsAgreeOnFixtures compares the two on the flow of every example and fixture of every rule.
func TestVerdictsAgreeOnFixtures(t *testing.T) {
	findings := 0
	every := testrun.Count(t, 3, 1)
	for i, text := range exampleFlows() {
		if i%every == 0 {
			findings += agree(t, text)
		}
	}
	if findings < 100/every {
		t.Errorf("only %d findings were compared", findings)
	}
}

// TestRecordedFlowsVerdictsAgree compares the two on every recorded flow, as it is and with every kind of fault;
// quick runs plant one kind of eight in each flow.
func TestRecordedFlowsVerdictsAgree(t *testing.T) {
	findings := 0
	for number, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "*/*.json") {
		text := readFile(t, file)
		findings += agree(t, text)
		if filepath.Base(filepath.Dir(file)) != "current" {
			continue
		}
		for i, p := range plants {
			doc := decode(t, text)
			if (i+number)%testrun.Count(t, 8, 1) != 0 || !p.into(doc) {
				continue
			}
			spoiled, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			findings += agree(t, spoiled)
		}
	}
	t.Logf("%d findings agree", findings)
}
