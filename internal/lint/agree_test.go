package lint_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// agree holds that whatever a call says of a flow, lint says too: the same code, severity, place and text.
func agree(t *testing.T, file string, text []byte) (findings int) {
	t.Helper()
	doc, err := source.ParseJSON(file, text)
	if err != nil {
		t.Fatal(err)
	}
	_, played := flow.Parse(file, doc)
	linted, err := lint.Read(file, text)
	var refused source.Finding
	if errors.As(err, &refused) {
		if !slices.ContainsFunc(played, func(f source.Finding) bool { return f.Severity == source.Error }) {
			t.Errorf("%s: lint refuses it (%v), a call does not", file, err)
		}
		return 1
	}
	var found source.Findings
	for _, f := range linted.Flows {
		for _, one := range lint.Run(lint.Setup{Flow: f}) {
			found = append(found, one.Finding)
		}
	}
	for _, f := range played {
		if !slices.Contains(found, f) {
			t.Errorf("a call says %v, lint does not", f)
		}
	}
	return len(played)
}

// TestVerdictsAgreeOnFixtures compares the two on the flow of every example and fixture of every rule.
func TestVerdictsAgreeOnFixtures(t *testing.T) {
	findings := 0
	for _, r := range lint.Rules() {
		for _, e := range r.Examples() {
			if e.Flow != "" {
				text, _ := unmark("flow.json", wrap(e.Flow))
				findings += agree(t, r.ID+"/"+e.Name+".json", []byte(text))
			}
		}
	}
	if findings < 100 {
		t.Errorf("only %d findings were compared", findings)
	}
}

// TestRecordedFlowsVerdictsAgree compares the two on every recorded flow, as it is and with every kind of fault.
func TestRecordedFlowsVerdictsAgree(t *testing.T) {
	findings := 0
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "*/*.json") {
		name, text := filepath.Base(file), readFile(t, file)
		findings += agree(t, name, text)
		if filepath.Base(filepath.Dir(file)) != "current" {
			continue
		}
		for _, p := range plants {
			doc := decode(t, text)
			if !p.into(doc) {
				continue
			}
			spoiled, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			findings += agree(t, name, spoiled)
		}
	}
	t.Logf("%d findings agree", findings)
}
