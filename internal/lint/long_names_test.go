package lint_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestLongNamesAreTheSameProtocol rewrites every example of the rules about the protocol to the long names of
// parameters and keys: the rules find the same.
func TestLongNamesAreTheSameProtocol(t *testing.T) {
	compared, plain := 0, testrun.Count(t, 1, 100) // of the rule that plays flows
	for _, r := range lint.Rules() {
		if r.Group != lint.GroupProtocol {
			continue
		}
		settings := onlyRule(t, r.ID)
		for n, e := range cases(t, r) {
			if plays := r.ID == "longest-function"; e.Flow == "" || plays && n >= plain {
				continue
			}
			short, long := e, e
			short.Flow, _ = unmark("flow.json", e.Flow)
			long.Flow = withLongNames(t, short.Flow)
			want, got := subjectsFound(t, settings, short), subjectsFound(t, settings, long)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %q with long names, %q with short ones", r.ID, e.Name, got, want)
			}
			compared += len(want)
		}
	}
	if compared < 20 {
		t.Errorf("only %d findings were compared", compared)
	}
}

// subjectsFound are the subjects of what is found in an example.
func subjectsFound(t *testing.T, settings lint.Settings, e lint.Example) (subjects []string) {
	t.Helper()
	setups, _ := makeSetup(t, e)
	for _, s := range setups {
		s.Settings = settings
		for _, f := range lint.Run(s) {
			subjects = append(subjects, f.Subject)
		}
	}
	return subjects
}

// onlyRule are settings that switch off all rules but one.
func onlyRule(t *testing.T, id string) lint.Settings {
	t.Helper()
	var yaml strings.Builder
	for _, r := range lint.Rules() {
		if r.ID != id {
			yaml.WriteString(r.ID + ": {severity: off, reason: not asked}\n")
		}
	}
	text := "rules:\n  " + strings.ReplaceAll(yaml.String(), "\n", "\n  ")
	node, err := source.ParseYAML("connect-async.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	settings, found := lint.ReadSettings("connect-async.yaml", node)
	if len(found) > 0 {
		t.Fatal(found)
	}
	return settings
}

var replyKey = regexp.MustCompile(`\$\.(External|LambdaInvocation\.ResultData)\.(\w+)`)

// withLongNames is a flow that sends the long names of the protocol's parameters and reads the long keys of replies.
func withLongNames(t *testing.T, flow string) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(flow), &doc); err != nil {
		t.Fatal(err)
	}
	for _, item := range doc["Actions"].([]any) {
		action, _ := item.(map[string]any)
		parameters, _ := action["Parameters"].(map[string]any)
		inputs, _ := parameters["LambdaInvocationAttributes"].(map[string]any)
		for name, value := range maps.Clone(inputs) {
			if async.IsParameter(name) {
				delete(inputs, name)
				inputs[async.LongName(name)], inputs[async.ParamKeys] = value, async.NamesPrefixed
			}
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return replyKey.ReplaceAllStringFunc(string(text), func(reference string) string {
		at := strings.LastIndexByte(reference, '.') + 1
		if key := reference[at:]; async.ReservedKey(key) {
			return reference[:at] + async.LongKey(key)
		}
		return reference
	})
}
