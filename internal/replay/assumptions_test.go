package replay_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
)

// TestAssumptionsAreAScenario: what logs settle is read by scenarios, and by the next log.
func TestAssumptionsAreAScenario(t *testing.T) {
	settled := []replay.Settled{
		{Name: "unset_attribute", Values: []string{"null"}},
		{Name: "chain_limit_seconds", Values: []string{"30"}},
		{Name: "early_event", Values: []string{"at_once", "missed"}},
	}
	a := replay.Assumptions{}
	if contradicted := a.Add(settled); contradicted != nil {
		t.Error(contradicted)
	}
	text := a.Write()
	s, found := scenario.Parse("assumptions.yaml", text, func(string) bool { return true })
	if len(found) > 0 || s.Assumptions.Get("unset_attribute") != "null" || s.Assumptions.ChainLimitSeconds != 30 {
		t.Errorf("%s\n%v", text, found)
	}
	again, err := replay.ReadAssumptions("assumptions.yaml", text)
	if err != nil || !cmp.Equal(again, a) {
		t.Errorf("%v %v", again, err)
	}
	got := again.Add([]replay.Settled{{Name: "unset_attribute", Values: []string{"left_out"}}})
	if !cmp.Equal(got, []string{"unset_attribute"}) || again["unset_attribute"] != "left_out" {
		t.Errorf("%v %v", got, again)
	}
}

// TestAssumptionsAreQuoted: the name of an error that a flow has may be anything.
func TestAssumptionsAreQuoted(t *testing.T) {
	for _, name := range []string{"a: [b", "yes", "1.5", "Timeout", "- x", `"`} {
		a := replay.Assumptions{"timeout_error": name}
		again, err := replay.ReadAssumptions("a.yaml", a.Write())
		if err != nil || !cmp.Equal(again, a) {
			t.Errorf("%q: %v %v", name, again, err)
		}
	}
}

// TestAssumptionsKeepOtherFiles refuses a file that has something else.
func TestAssumptionsKeepOtherFiles(t *testing.T) {
	for _, text := range []string{
		"name: my scenario\nassumptions: {early_event: missed}\n", "assumptions: 1\n", "[1]\n", "a: [\n",
		"assumptions: {nonsense: 1}\n", "# mine\nassumptions: {early_event: missed}\n",
		"assumptions:\n  early_event: missed # since May\n",
	} {
		if _, err := replay.ReadAssumptions("scenario.yaml", []byte(text)); err == nil ||
			!strings.HasPrefix(err.Error(), "scenario.yaml") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if a, err := replay.ReadAssumptions("a.yaml", nil); err != nil || len(a) > 0 {
		t.Error(a, err)
	}
}

// TestSettledIsWritten goes from the log of a probe to a file.
func TestSettledIsWritten(t *testing.T) {
	file := filepath.Join(probeFiles(t), "5-continue.json")
	r, found, err := replay.Play(t.Context(), probed(t, file, "continue_end", "repeated"), replay.Options{
		Flows: []string{file}, Scenario: scenario.Default()})
	if r == nil || err != nil {
		t.Fatal(found, err)
	}
	a := replay.Assumptions{}
	a.Add(r.Settled)
	if !strings.Contains(string(a.Write()), "  continue_end: repeated\n") {
		t.Errorf("%s", a.Write())
	}
}
