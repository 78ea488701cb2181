package call_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

// menuCall is the call of a scenario of the example menu, with other durations. The caller asks for the balance, which
// is another one each time, then for the payment, which takes a while, and for the balance again.
func menuCall(t *testing.T, payment time.Duration) call.Options {
	t.Helper()
	p, found := project.Read("../../examples/menu")
	if p == nil {
		t.Fatal(found)
	}
	given, found := scenario.Read("../../examples/menu/scenarios/same-again.yaml")
	if found.HasErrors() {
		t.Fatal(found)
	}
	balances, payments := given.Functions["balance"].Outcomes, given.Functions["payments"].Outcomes
	for i := range balances {
		balances[i].Takes = scenario.Takes{Low: 8 * time.Second, High: 8 * time.Second}
	}
	payments[0].Takes = scenario.Takes{Low: payment, High: payment}
	return call.Options{Project: p, Scenario: given, Virtual: true}
}

func checkMenuCall(t *testing.T, what string, s call.Summary) {
	t.Helper()
	first := slices.Index(s.Heard, "Your balance is 42.10 dollars.")
	second := slices.Index(s.Heard, "Your balance is 34.60 dollars.")
	if first < 0 || second < first || s.Executions != 3 || s.Ending != flow.EndingDisconnected {
		t.Errorf("%s: %d executions, %s, heard %q", what, s.Executions, s.Ending, s.Heard)
	}
}

// TestBalanceAgainIsTheNewOne asks for the balance again after a pause of any length: within what Connect repeats, and
// long after.
func TestBalanceAgainIsTheNewOne(t *testing.T) {
	for _, pause := range []time.Duration{5 * time.Second, 59 * time.Second, 61 * time.Second} {
		checkMenuCall(t, pause.String(), playOnce(t, menuCall(t, pause)))
	}
}

// TestBalanceAfterACancel stops waiting for the balance, and asks for it again: that is a question of its own.
func TestBalanceAfterACancel(t *testing.T) {
	o := menuCall(t, 5*time.Second)
	slow := scenario.Takes{Low: 5 * time.Minute, High: 5 * time.Minute}
	o.Scenario.Functions["balance"].Outcomes[0].Takes = slow
	menu := "For your balance"
	o.Scenario.Callers[0].Does = []scenario.Step{{Heard: menu, Press: "1"}, {Heard: "To stop, press 1.", Press: "1"},
		{Heard: menu, Press: "1"}, {Heard: menu, Press: "9"}}
	s := playOnce(t, o)
	if !slices.Contains(s.Heard, "Your balance is 34.60 dollars.") || s.Executions != 2 {
		t.Errorf("%d executions, heard %q", s.Executions, s.Heard)
	}
}

// TestRunsUnderEveryAssumption loses a reply in every round, under what is not known about the values that a run hands
// back: nothing runs twice, and nobody is told an old result.
func TestRunsUnderEveryAssumption(t *testing.T) {
	for _, after := range []string{"cleared", "kept"} {
		for _, unset := range []string{"left_out", "empty_string", "null"} {
			if (after == "cleared") != (unset == "null") && !testrun.IsHeavy() {
				continue
			}
			for _, lost := range [][]int{{1}, {4, 9}, {3, 13}} {
				o := menuCall(t, 5*time.Second)
				assume(t, &o.Scenario, map[string]string{"external_after_error": after, "unset_attribute": unset})
				o.Scenario.Faults = []local.Fault{{Service: local.Lambda, Calls: lost, Takes: 10 * time.Second}}
				checkMenuCall(t, fmt.Sprint(after, " ", unset, " ", lost), playOnce(t, o))
			}
		}
	}
}
