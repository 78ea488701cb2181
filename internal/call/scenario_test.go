package call_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/style"
)

func readScenario(t *testing.T, text string) (call.Scenario, []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, found := call.ReadScenario(file)
	var places []string
	for _, f := range found {
		places = append(places, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
		if f.Remedy == "" {
			t.Errorf("no remedy: %v", f)
		}
	}
	return s, places
}

func TestReadScenario(t *testing.T) {
	s, found := readScenario(t, `
name: A call
clock: virtual
seed: 7
caller:
  number: "+15550199"
  attributes: {language: en, age: 42}
  does: [{at: 3s, press: "12#"}, {heard: press 1, hang_up: true}]
functions:
  a: {takes: 0.25, returns: {n: 1.50}}
  b: {fails: {error: Boom, message: no}, real: false}
latency: {lambda: 50ms}
speech: {words_per_minute: 150, audio: 4s}
lengths: {"Hello  there": 2s}
assumptions: {connect_retries: 0}
`)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if !s.Virtual || s.Seed != 7 || s.Callers[0].Attributes["age"] != "42" || s.Callers[0].Channel != "VOICE" {
		t.Errorf("%+v", s)
	}
	if got := fmt.Sprint(s.Callers[0].Does); got != `[presses 12# at 3 s hangs up after hearing "press 1"]` {
		t.Errorf("the caller does %s", got)
	}
	if a := s.Functions["a"].Outcomes[0]; a.Takes.Low != 250*time.Millisecond || string(a.Returns) != `{"n":1.50}` {
		t.Errorf("%+v", a)
	}
	if b := s.Functions["b"]; b.Outcomes[0].Error != "Boom" || b.Outcomes[0].Message != "no" || !b.Always {
		t.Errorf("%+v", b)
	}
	if s.Latency.Lambda != 50*time.Millisecond || s.Latency.StepFunctions != 100*time.Millisecond {
		t.Errorf("%+v", s.Latency)
	}
	if s.Lengths["Hello there"] != 2*time.Second || s.AudioLength != 4*time.Second || s.Speech.WordsPerMinute != 150 {
		t.Errorf("%+v", s)
	}
}

func TestScenarioFindings(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"clock: fast", "1:8 bad-value"},
		{"flow: nowhere.json", "1:7 unreadable"},
		{"caller: {does: [{press: 1}]}", "1:17 call-unclear-deed"},
		{"caller: {does: [{at: 1s, heard: x, press: 1}]}", "1:17 call-unclear-deed"},
		{"assumptions: {no_such: 1}", "1:15 call-unknown-assumption"},
		{"assumptions: {connect_retries: many}", "1:15 call-unknown-assumption"},
		{"functions: {a: {take: 3s}}", "1:17 unknown-key"},
		{"functions: {a: {takes: -3s}}", "1:24 bad-value"},
		{"lengths: {hello: soon}", "1:18 bad-value"},
		{"caller: {does: [{at: 1s, press: hello}]}", "1:33 call-unclear-deed"},
		{`expect: {heard: [""]}`, "1:18 bad-value"},
		{"expect: {heard: [{by: 3s}]}", "1:18 bad-value"},
		{"expect: {heard: [[a]]}", "1:18 bad-value"},
		{"expect: {lambda_calls: {min: 3, max: 1}}", "1:24 bad-value"},
		{"expect: {branches: [{action: c}]}", "1:21 bad-value"},
	} {
		if _, found := readScenario(t, test.text); strings.Join(found, ", ") != test.want {
			t.Errorf("%s: got %v, want %s", test.text, found, test.want)
		}
	}
}

// TestCallerHangsUp and presses keys when they hear something.
func TestCallerDoes(t *testing.T) {
	s, events := play(t, func(s *call.Scenario) {
		takes(time.Minute)(s)
		s.Callers[0].Does = []call.Step{{Heard: "press 1", Press: "1"}}
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
	s, _ = play(t, func(s *call.Scenario) { s.Callers[0].Does = []call.Step{{At: 5 * time.Second, HangUp: true}} })
	if s.Ending != "hung up" || s.Duration != 5*time.Second || s.Function != "RUNNING" {
		t.Errorf("%+v", s)
	}
}

// TestNothingLeftToWaitFor ends a call in which nothing can happen any more, on both kinds of time.
func TestNothingLeftToWaitFor(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"flow.json": `{"Version":"2019-10-30","StartAction":"queue","Metadata":{"type":"contactFlow"},"Actions":[
			{"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{},"Transitions":{"NextAction":"end","Errors":[
				{"ErrorType":"QueueAtCapacity","NextAction":"end"},{"ErrorType":"NoMatchingError","NextAction":"end"}]}},
			{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`,
		"machine.json": `{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, virtual := range []bool{true, false} {
		s := call.DefaultScenario()
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
		if ending := summaries[0].Ending; ending != flow.EndingHungUp && ending != flow.EndingTransferred && ending != flow.EndingDisconnected {
			t.Errorf("virtual %v: %+v", virtual, summaries[0])
		}
	}
}

// TestAgentTakesACallerWhoseQueueFlowHasEnded holds that no action need be running then.
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
	c, found := call.New(t.Context(), call.Options{Scenario: call.DefaultScenario(), Virtual: true,
		Flow: filepath.Join(dir, "flow.json"), StateMachine: filepath.Join(dir, "machine.json")})
	if c == nil {
		t.Fatal(found)
	}
	summaries, err := c.Play(t.Context(), 1, func(call.Event) {})
	if err != nil || summaries[0].Ending != "transferred" || summaries[0].Duration != time.Minute {
		t.Errorf("%v, %+v", err, summaries)
	}
}

// TestChat holds that in a chat messages arrive at once, silence is none, and the customer answers what was read.
func TestChat(t *testing.T) {
	scenario := stylish(style.Options{Style: style.Chat})
	takes(time.Minute)(&scenario)
	scenario.Callers[0].Does = []call.Step{{Heard: "Still with you", HangUp: true}}
	o := call.Options{Project: styled(t, style.Options{Style: style.Chat}, "describe"), Scenario: scenario, Virtual: true}
	s := playOnce(t, o)
	if s.Spoken || s.DeadAir != 0 || s.LongestGap != 0 || s.Ending != "hung up" || s.Duration > 21*time.Second {
		t.Errorf("%+v", s)
	}
	for _, e := range eventsOfPlay(t, o) {
		if e.Silent || e.Type == call.TypeSays && e.Took != 0 {
			t.Errorf("%+v", e)
		}
	}
}
