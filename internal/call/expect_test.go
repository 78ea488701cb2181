package call_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
)

// TestExpectations checks each expectation with a call that meets it and one that does not.
func TestExpectations(t *testing.T) {
	const s = time.Second
	some := func(d time.Duration) *time.Duration { return &d }
	summary := call.Summary{Ending: flow.EndingDisconnected, Duration: 20 * s, Function: "SUCCEEDED", Detected: true,
		DetectedAt:     12 * s,
		DetectionDelay: 2 * s, DeadAir: 3 * s, LongestGap: s, LongestGapAt: 5 * s, Invocations: 4, Executions: 1,
		Attributes: map[string]string{"language": "en", "empty": ""},
		Branches:   map[call.Taken]int{{Flow: "f.json", Action: "Check", Branch: "NextAction"}: 4}}
	events := []call.Event{
		{Type: call.TypeSays, At: s, Text: "Thanks. One moment."},
		{Type: call.TypePlays, At: 4 * s, Text: "hold-music"},
		{Type: call.TypeSays, At: 13 * s, Text: "Your balance is 42."},
	}
	for _, test := range []struct {
		name   string
		expect scenario.Expectations
		want   string // the failure, "" when it holds
	}{
		{"heard", scenario.Expectations{Heard: []scenario.HeardBy{{Text: "Thanks"}, {Text: "balance", By: 13 * s}}},
			""},
		{"heard late", scenario.Expectations{Heard: []scenario.HeardBy{{Text: "balance", By: 12 * s}}},
			`13s "balance" was heard at 13 s, later than 12 s`},
		{"heard in another order",
			scenario.Expectations{Heard: []scenario.HeardBy{{Text: "balance"}, {Text: "Thanks"}}},
			`20s "Thanks" was not heard after what is expected before it, but at 1 s; nothing was heard there`},
		{"not heard", scenario.Expectations{Heard: []scenario.HeardBy{{Text: "Thanks"}, {Text: "sorry"}}},
			`20s "sorry" was not heard; heard instead: "hold-music", "Your balance is 42."`},
		{"never heard", scenario.Expectations{NeverHeard: []string{"sorry"}}, ""},
		{"never heard, but it was", scenario.Expectations{NeverHeard: []string{"music"}},
			`4s "music" was heard, which it never must`},
		{"silence", scenario.Expectations{LongestSilence: some(s)}, ""},
		{"too much silence", scenario.Expectations{LongestSilence: some(s - 1)},
			"5s the longest silence is 1 s, more than 1 s"},
		{"dead air", scenario.Expectations{DeadAir: some(2 * s)}, "20s dead air is 3 s, more than 2 s"},
		{"within", scenario.Expectations{Within: some(19 * s)}, "20s the length of the call is 20 s, more than 19 s"},
		{"delay", scenario.Expectations{DetectionDelay: some(1500 * time.Millisecond)},
			"12s the detection delay is 2 s, more than 1.5 s"},
		{"calls", scenario.Expectations{LambdaCalls: &scenario.Range{Low: 4, High: 4},
			Executions: &scenario.Range{Low: 0, High: 1}}, ""},
		{"other calls", scenario.Expectations{LambdaCalls: &scenario.Range{Low: 1, High: 3}},
			"20s there were 4 Lambda calls, expected 1 to 3"},
		{"function", scenario.Expectations{Function: "FAILED"},
			`20s the function's end is "SUCCEEDED", expected "FAILED"`},
		{"ending", scenario.Expectations{Ending: flow.EndingHungUp},
			`20s the ending is "disconnected", expected "hung up"`},
		{"attributes", scenario.Expectations{Attributes: map[string]string{"language": "en", "empty": ""}}, ""},
		{"another attribute", scenario.Expectations{Attributes: map[string]string{"language": ""}},
			`20s the attribute language is "en", expected ""`},
		{"no attribute", scenario.Expectations{Attributes: map[string]string{"none": ""}},
			`20s the attribute none is not set, expected ""`},
		{"branch", scenario.Expectations{Branches: []scenario.Branch{{Action: "Check", Branch: "NextAction"}}}, ""},
		{"another branch", scenario.Expectations{Branches: []scenario.Branch{{Action: "Check",
			Branch: "NoMatchingError"}}},
			`20s the action "Check" did not take the branch "NoMatchingError"; it took NextAction`},
		{"no such action", scenario.Expectations{Branches: []scenario.Branch{{Action: "Chek", Branch: "NextAction"}}},
			`20s the action "Chek" did not take the branch "NextAction"; it was never reached`},
	} {
		var got []string
		for _, f := range call.Check(test.expect, summary, events) {
			got = append(got, fmt.Sprint(f.At, " ", f.Message))
		}
		if joined := strings.Join(got, "; "); joined != test.want {
			t.Errorf("%s: got %q, want %q", test.name, joined, test.want)
		}
	}
	undetected := summary
	undetected.Detected = false
	if failures := call.Check(scenario.Expectations{DetectionDelay: some(s)}, undetected, events); len(failures) != 1 {
		t.Errorf("a result that was not noticed: %v", failures)
	}
}

// TestOneCauseIsOneFailure: what follows from a failure is not told again.
func TestOneCauseIsOneFailure(t *testing.T) {
	all := scenario.Expectations{Function: "SUCCEEDED", Executions: &scenario.Range{Low: 1, High: 9}}
	broken := []call.Broken{{What: "the function failed: KeyError", Kind: call.BrokenExecution}}
	note := call.Event{Type: call.TypeNote, Action: "Queue", Text: "takes the branch NoMatchingError",
		Error: "the queue has no value"}
	for name, test := range map[string]struct {
		summary call.Summary
		events  []call.Event
		want    string
	}{
		"nothing started": {events: []call.Event{note}, want: "there were 0 executions, expected 1 to 9; the call " +
			"did not come to a block that starts one " +
			`("Queue" takes the branch NoMatchingError: the queue has no value); say`},
		"nothing started, though it was asked for": {events: []call.Event{{Request: "run"}, note},
			want: "there were 0 executions, expected 1 to 9"},
		"the function failed": {summary: call.Summary{Function: "FAILED", Executions: 1, Broken: broken},
			want: "the function failed: KeyError; if it should, write expect: {function: FAILED}"},
		"a stand-in failed": {summary: call.Summary{Function: "FAILED", Executions: 1},
			want: `the function's end is "FAILED", expected "SUCCEEDED"`},
	} {
		got := call.Check(all, test.summary, test.events)
		if len(got) != 1 || !strings.HasPrefix(got[0].Message, test.want) {
			t.Errorf("%s: %v; want %s", name, got, test.want)
		}
	}
}
