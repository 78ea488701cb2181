package lint_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lintText runs all rules over a flow's text.
func lintText(t *testing.T, file string, text []byte) []lint.Finding {
	t.Helper()
	doc, err := lint.Read(file, text)
	if err != nil {
		t.Fatal(err)
	}
	var found []lint.Finding
	for _, f := range doc.Flows {
		found = append(found, lint.Run(lint.Setup{Flow: f})...)
	}
	return found
}

// knownErrors are the errors that the flows which were at hand really have: empty ids in an unfinished flow. Other
// flows may have others.
var knownErrors = map[string]map[string]int{
	"amazon-connect-experience-builder-contact-flow-journey-content-b80dda": {"empty-value": 11},
}

// TestRecordedFlows: public flows were published, so that they have no errors but those that are known. In flows that
// nobody has judged yet, errors are listed only.
func TestRecordedFlows(t *testing.T) {
	judged := strings.Fields(string(readFile(t, "testdata/recorded-flows.txt")))
	severities := map[source.Severity]int{}
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		name, errors := strings.TrimSuffix(filepath.Base(file), ".json"), map[string]int{}
		for _, f := range lintText(t, file, readFile(t, file)) {
			severities[f.Severity]++
			if f.Severity == source.Error {
				errors[f.Rule]++
				t.Log(f.Error())
			}
		}
		if want := knownErrors[name]; slices.Contains(judged, name) && !maps.Equal(errors, want) {
			t.Errorf("%s: errors %v, known are %v", name, errors, want)
		}
	}
	t.Logf("%d errors, %d warnings, %d pieces of information", severities[source.Error], severities[source.Warning],
		severities[source.Info])
}

// TestRecordedLegacyFlows: the console's old export format is named and not linted.
func TestRecordedLegacyFlows(t *testing.T) {
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "legacy/*.json") {
		_, err := lint.Read(file, readFile(t, file))
		if f, ok := err.(source.Finding); !ok || f.Code != lint.CodeLegacy {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
}

// TestRecordedOriginalSample: the original's sample flow has the faults that are written down about it, each with a
// remedy.
func TestRecordedOriginalSample(t *testing.T) {
	file := testrun.RecordedFiles(t, "RECORDED_ORIGINAL", "sample-flow.json")[0]
	found := lintText(t, file, readFile(t, file))
	for fault, rules := range map[string][]string{
		"F1 count_max is never reached":             {"loop-count-max"},
		"F2 the longest function":                   {"longest-function"},
		"F3 errors join success":                    {"error-like-success", "start-failure-ignored"},
		"F5 checking is dead air":                   {"pause-as-comfort"},
		"F6 the start's count is thrown away":       {"count-restarted"},
		"F8 status is never looked at":              {"outcomes-not-told-apart", "start-reply-unchecked"},
		"F9 limits, placeholder, attribute not set": {"function-timeout", "placeholder-account", "attribute-never-set"},
	} {
		for _, rule := range rules {
			i := slices.IndexFunc(found, func(f lint.Finding) bool { return f.Rule == rule })
			if i < 0 || found[i].Remedy == "" || found[i].Line < 1 {
				t.Errorf("%s: %s is not found, or without a remedy", fault, rule)
			}
		}
	}
	if slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Severity == source.Error }) {
		t.Error("publishing accepts this flow, but there are errors")
	}
}

// TestRecordedExecutionsDefinitions: state machines that ran on AWS have no errors.
func TestRecordedExecutionsDefinitions(t *testing.T) {
	machines := 0
	for _, file := range testrun.RecordedFiles(t, "RECORDED_EXECUTIONS", "executions-*.jsonl") {
		for line := range bytes.Lines(readFile(t, file)) {
			var record struct {
				ID         string
				Definition json.RawMessage
			}
			if err := json.Unmarshal(line, &record); err != nil {
				t.Fatal(err)
			}
			doc, err := lint.Read("machine.json", record.Definition)
			if err != nil {
				continue // no definition, or one that is text and not JSON
			}
			machines++
			for _, f := range lint.Run(lint.Setup{Machine: doc.Machines[0]}) {
				if f.Severity == source.Error {
					t.Errorf("%s: %s", record.ID, f.Error())
				}
			}
		}
	}
	t.Logf("%d state machines", machines)
}
