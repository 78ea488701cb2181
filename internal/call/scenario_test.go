package call_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/style"
)

// TestCallerDoes: the caller hangs up, and presses keys when they hear something.
func TestCallerDoes(t *testing.T) {
	s, events := play(t, func(s *scenario.Scenario) {
		takes(time.Minute)(s)
		s.Callers[0].Does = []scenario.Step{{Heard: "press 1", Press: "1"}}
	})
	if last := s.Heard[len(s.Heard)-1]; last != "All right. Goodbye." || s.Function != "ABORTED" {
		t.Errorf("heard %q last, the function is %s", last, s.Function)
	}
	if s.Duration < 40*time.Second || s.Duration > time.Minute {
		t.Errorf("the way out was taken after %v", s.Duration)
	}
	for _, e := range events {
		if e.Type == call.TypeCaller && e.Text != "presses 1" {
			t.Errorf("the caller %s", e.Text)
		}
	}
	s, _ = play(t, func(s *scenario.Scenario) {
		s.Callers[0].Does = []scenario.Step{{At: 5 * time.Second, HangUp: true}}
	})
	if s.Ending != "hung up" || s.Duration != 5*time.Second || s.Function != "RUNNING" {
		t.Errorf("%+v", s)
	}
}

// TestNothingLeftToWaitFor ends a call in which nothing can happen any more, on both kinds of time.
func TestNothingLeftToWaitFor(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"flow.json": `{"Version":"2019-10-30","StartAction":"queue","Metadata":{"type":"contactFlow"},"Actions":[
			{"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{},
				"Transitions":{"NextAction":"end","Errors":[
					{"ErrorType":"QueueAtCapacity","NextAction":"end"},
					{"ErrorType":"NoMatchingError","NextAction":"end"}]}},
			{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`,
		"machine.json": `{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, virtual := range []bool{true, false} {
		s := scenario.Default()
		s.World.AgentAfter = -1
		c, found := call.New(t.Context(), call.Options{Scenario: s, Virtual: virtual,
			Flow: filepath.Join(dir, "flow.json"), StateMachine: filepath.Join(dir, "machine.json")})
		if c == nil {
			t.Fatal(found)
		}
		summaries, err := c.Play(t.Context(), 1, func(call.Event) {})
		if err != nil || len(summaries) != 1 {
			t.Fatalf("virtual %v: %v %v", virtual, summaries, err)
		}
		if ending := summaries[0].Ending; ending != flow.EndingHungUp && ending != flow.EndingTransferred &&
			ending != flow.EndingDisconnected {
			t.Errorf("virtual %v: %+v", virtual, summaries[0])
		}
	}
}

// TestAgentTakesACallerWhoseQueueFlowHasEnded checks that no action need be running then.
func TestAgentTakesACallerWhoseQueueFlowHasEnded(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"flow.json": `{"Version": "2019-10-30", "StartAction": "end", "Metadata": {"type": "customerQueue"},
			"Actions": [{"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}]}`,
		"machine.json": `{"StartAt": "a", "States": {"a": {"Type": "Pass", "End": true}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, found := call.New(t.Context(), call.Options{Scenario: scenario.Default(), Virtual: true,
		Flow: filepath.Join(dir, "flow.json"), StateMachine: filepath.Join(dir, "machine.json")})
	if c == nil {
		t.Fatal(found)
	}
	summaries, err := c.Play(t.Context(), 1, func(call.Event) {})
	if err != nil || summaries[0].Ending != "transferred" || summaries[0].Duration != time.Minute {
		t.Errorf("%v, %+v", err, summaries)
	}
}

// TestChat checks that in a chat messages arrive at once, silence is not measured, and the customer answers what was
// read.
func TestChat(t *testing.T) {
	given := stylish(style.Options{Style: style.Chat})
	takes(time.Minute)(&given)
	given.Callers[0].Does = []scenario.Step{{Heard: "Still with you", HangUp: true}}
	p := styled(t, style.Options{Style: style.Chat}, "describe")
	summaries, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true})
	s := summaries[0]
	if s.Spoken || s.DeadAir != 0 || s.LongestGap != 0 || s.Ending != "hung up" || s.Duration > 21*time.Second {
		t.Errorf("%+v", s)
	}
	for _, e := range events {
		if e.Silent || e.Type == call.TypeSays && e.Took != 0 {
			t.Errorf("%+v", e)
		}
	}
}
