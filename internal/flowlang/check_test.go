package flowlang_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// readActions reads a whole flow, or a list of actions: the first is the start, and end disconnects.
func readActions(t testing.TB, text string) *flowlang.Flow {
	t.Helper()
	if strings.HasPrefix(text, "[") {
		const end = `{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}`
		_, start, _ := strings.Cut(text, `"Identifier": "`)
		start, _, _ = strings.Cut(start, `"`)
		text = fmt.Sprintf(`{"Version": "2019-10-30", "StartAction": %q, "Actions": %s,`+"\n%s]}",
			start, strings.TrimSuffix(strings.TrimSpace(text), "]"), end)
	}
	return read(t, text)
}

// TestChecks compares what publishing refuses of the flows in testdata/checks.txtar with what is written beside them.
// Each check finds something in them.
func TestChecks(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/checks.txtar")
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string]string{}
	for _, file := range archive.Files {
		wants[file.Name] = string(file.Data)
	}
	seen := map[string]bool{"size": true} // TestSize
	for _, file := range archive.Files {
		name, isFlow := strings.CutSuffix(file.Name, ".json")
		if !isFlow {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			for _, f := range readActions(t, string(file.Data)).Check() {
				seen[f.Code] = true
				fmt.Fprintf(&got, "%d:%d %s: %s [%s]\n", f.Line, f.Column, f.Severity, f.Message, f.Code)
			}
			if diff := cmp.Diff(wants[name+".txt"], got.String()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
	for _, c := range flowlang.Checks() {
		if !seen[c.Code] {
			t.Errorf("no flow has a finding of %s", c.Code)
		}
	}
}

// TestCheckTable: every row says everything, and has its own code.
func TestCheckTable(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range flowlang.Checks() {
		if seen[c.Code] {
			t.Errorf("%s: two rows have this code", c.Code)
		}
		seen[c.Code] = true
		for _, text := range []string{c.Summary, c.Why, c.Remedy, c.Evidence} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is not a sentence", c.Code, text)
			}
		}
		if c.Severity != source.Error && c.Severity != source.Warning {
			t.Errorf("%s has the severity %q", c.Code, c.Severity)
		}
	}
}

// TestSize: a flow and a prompt of exactly the limit are accepted, one more is refused.
func TestSize(t *testing.T) {
	say := func(identifier, text string) string {
		return fmt.Sprintf(`{"Identifier": %q, "Type": "MessageParticipant", "Parameters": {"Text": %q},
			"Transitions": {"NextAction": "end"}}`, identifier, text)
	}
	many := func(n int) string {
		actions := make([]string, n-1) // and end
		for i := range actions {
			actions[i] = say(fmt.Sprint(i), "Hello")
		}
		return "[" + strings.Join(actions, ",\n") + "]"
	}
	long := func(n int) string { return "[" + say("a", strings.Repeat("ä", n)) + "]" }
	large := func(n int) string {
		return fmt.Sprintf(`{"Version": "2019-10-30", "StartAction": "end", "Metadata": {"x": %q}, "Actions": [
			{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`,
			strings.Repeat("a", n))
	}
	for name, test := range map[string]struct {
		text string
		want int
	}{
		"250 actions":                 {text: many(flowlang.MaxActions)},
		"251 actions":                 {text: many(flowlang.MaxActions + 1), want: 1},
		"a prompt of 6,000":           {text: long(flowlang.MaxPrompt)},
		"a prompt of 6,001":           {text: long(flowlang.MaxPrompt + 1), want: 1},
		"fewer than 256,000 in total": {text: large(flowlang.MaxCharacters - 200)},
		"more than 256,000 in total":  {text: large(flowlang.MaxCharacters), want: 1},
	} {
		var found []string
		for _, f := range readActions(t, test.text).Check() {
			if f.Code == "size" {
				found = append(found, f.Message)
			}
		}
		if len(found) != test.want {
			t.Errorf("%s: %q", name, found)
		}
	}
}

// TestUnplayable: what cannot be played is an error of a check that says so, never a warning.
func TestUnplayable(t *testing.T) {
	found := readActions(t, `[{"Identifier": "a", "Type": "AskOracle", "Transitions": {"NextAction": "nowhere"}},
		{"Identifier": "b", "Type": "PlayPrompt", "Parameters": {}, "Transitions": {}}]`).Check()
	var codes []string
	for _, f := range flowlang.Unplayable(found) {
		codes = append(codes, f.Code)
	}
	if len(found) < 3 || !slices.Equal(codes, []string{"dangling-branch"}) {
		t.Errorf("%v of %v", codes, found)
	}
	if other := flowlang.Unplayable(source.Findings{{Code: "syntax", Severity: source.Error}}); other != nil {
		t.Errorf("%v is not a finding of Check", other)
	}
}
