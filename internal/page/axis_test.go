package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
)

// TestStepsGrow: a state and a function are on the axis from their start on, and once, whoever tells of their end.
func TestStepsGrow(t *testing.T) {
	list := barList{heard: -1, open: true}
	const running = "RUNNING"
	told := []int{
		list.add(call.Event{Type: call.TypeStep, At: second, Text: "ask", Status: running}),
		list.add(call.Event{Type: call.TypeRuns, At: second, Function: "ask", Status: running}),
		list.add(call.Event{Type: call.TypeLog, At: 3 * second, Took: second, Function: "ask"}),
		list.add(call.Event{Type: call.TypeRuns, At: second, Took: 2 * second, Function: "ask"}),
		list.add(call.Event{Type: call.TypeStep, At: second, Took: 2 * second, Text: "ask"}),
		list.add(call.Event{Type: call.TypeLog, At: 9 * second, Took: second, Function: "ask"}),
	}
	if want := []int{0, 1, 1, -1, 0, 2}; !slices.Equal(told, want) {
		t.Fatalf("the bars are %v, want %v", told, want)
	}
	for i, want := range []bar{
		{lane: laneSteps, at: second, took: 2 * second, class: "step", text: "ask",
			long: "1.0 s: the state ask took 2.0 s"},
		{lane: laneFunction, at: 2 * second, took: second, class: "runs", text: "ask",
			long: "2.0 s: ask ran for 1.0 s"},
		{lane: laneFunction, at: 8 * second, took: second, class: "runs", text: "ask",
			long: "8.0 s: ask ran for 1.0 s"},
	} {
		if list.bars[i] != want {
			t.Errorf("bar %d is %+v, want %+v", i, list.bars[i], want)
		}
	}
}

// TestTextsOfMomentsDoNotOverlap: what is close to the next in its lane has less room for its text, or none.
func TestTextsOfMomentsDoNotOverlap(t *testing.T) {
	drawn := string(axis(Caller{
		Events: []call.Event{
			{Type: call.TypeCaller, At: second, Text: "presses 1"},
			{Type: call.TypeCaller, At: second, Text: "presses 2"},
			{Type: call.TypeCaller, At: 2 * second, Text: "presses 3"},
			{Type: call.TypeCaller, At: 20 * second, Text: "presses 4"},
		},
		Summary: call.Summary{Duration: 30 * second},
	}, call.Mask{}))
	for text, want := range map[string]int{">presses 1</text>": 0, ">presses 2</text>": 0, ">presses 3</text>": 1,
		">presses 4</text>": 1, "<title>1.0 s: caller presses 1</title>": 1} {
		if got := strings.Count(drawn, text); got != want {
			t.Errorf("%s is there %d times, want %d, in %s", text, got, want, drawn)
		}
	}
}
