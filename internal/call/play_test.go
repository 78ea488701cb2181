package call_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/scenario"
)

// playAll plays a call with its own seed, and returns the summaries and the events of all callers.
func playAll(t testing.TB, o call.Options) ([]call.Summary, []call.Event) {
	t.Helper()
	c, found := call.New(t.Context(), o)
	if c == nil {
		t.Fatal(found)
	}
	defer c.Close()
	var events []call.Event
	summaries, err := c.Play(t.Context(), c.Seed(), func(e call.Event) { events = append(events, e) })
	if err != nil {
		t.Fatal(err)
	}
	return summaries, events
}

// playOnce plays a call of one caller.
func playOnce(t testing.TB, o call.Options) call.Summary {
	t.Helper()
	summaries, _ := playAll(t, o)
	return summaries[0]
}

// outcome is that of a function that takes d and returns a JSON text.
func outcome(d time.Duration, text string) scenario.Outcome {
	return scenario.Outcome{Takes: scenario.Takes{Low: d, High: d}, Returns: json.RawMessage(text)}
}

// assume sets assumptions of a scenario by their names.
func assume(t testing.TB, given *scenario.Scenario, values map[string]string) {
	t.Helper()
	for name, value := range values {
		if err := given.Assumptions.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
}
