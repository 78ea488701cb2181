package call_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// TestStepsAreReported plays the example with every step, and checks where the contact went and what the execution did.
func TestStepsAreReported(t *testing.T) {
	p, found := project.Read("../../examples/balance")
	if p == nil {
		t.Fatal(found)
	}
	given := scenario.Default()
	takes(12 * time.Second)(&given)
	_, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true, Steps: true})
	at := ""
	var begun []string
	heard := false
	steps := map[string]time.Duration{}
	for _, e := range events {
		switch e.Type {
		case call.TypeEnters:
			at = e.Action
		case call.TypeTakes:
			if e.Action != at || !strings.HasSuffix(e.Flow, "flow.json") || e.Text == "" {
				t.Errorf("at %q the contact takes %+v", at, e)
			}
		case call.TypeSays:
			heard = true
		case call.TypeStep, call.TypeRuns:
			if e.Runs() {
				if heard {
					t.Errorf("%+v is told of after the caller has heard something", e)
				}
				begun = append(begun, fmt.Sprint(e.Type, " ", e.Text, e.Function, " ", e.At.Round(time.Second)))
				continue
			}
			steps[fmt.Sprint(e.Type, " ", e.Text, e.Function)] = e.Took.Round(time.Second)
		}
	}
	if at == "" || steps["step balance"] != 12*time.Second || steps["runs balance"] != 12*time.Second {
		t.Errorf("the contact came to %q; the steps were %v", at, steps)
	}
	if want := []string{"step balance 0s", "runs balance 0s"}; !slices.Equal(begun, want) {
		t.Errorf("begun have %q, want %q", begun, want)
	}
}

// TestStepsOfACallThatIsOver hangs up while the function works: its step lasts until then.
func TestStepsOfACallThatIsOver(t *testing.T) {
	p, _ := project.Read("../../examples/balance")
	given := scenario.Default()
	takes(12 * time.Second)(&given)
	given.Callers[0].Does = []scenario.Step{{At: 5 * time.Second, HangUp: true}}
	_, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true, Steps: true})
	for _, e := range events {
		if e.Type == call.TypeStep && e.At+e.Took == 5*time.Second {
			return
		}
	}
	t.Errorf("no step lasts until the caller hangs up: %+v", events)
}
