package call_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// quickProject is a menu whose first key invokes a function in AWS, and a scenario in which everything is quick.
var quickProject = map[string]string{
	"connect-async.yaml": `name: quick
jobs: {ask: {steps: [ask]}}
functions: {ask: {arn: "arn:aws:lambda:us-east-1:111122223333:function:ask", remote: true}}
flows: [{file: flow.json, type: inbound}]
scenario: scenario.yaml
`,
	"scenario.yaml": "speech: {words_per_minute: 500, end: 0s}\nlatency: {lambda: 1ms}\n",
	"flow.json": `{"Version": "2019-10-30", "StartAction": "menu", "Metadata": {"type": "contactFlow"}, "Actions": [
		{"Identifier": "menu", "Type": "GetParticipantInput",
			"Parameters": {"Text": "Press 1.", "InputTimeLimitSeconds": "5", "StoreInput": "False"},
			"Transitions": {"NextAction": "bye",
				"Conditions": [{"NextAction": "ask", "Condition": {"Operator": "Equals", "Operands": ["1"]}}],
				"Errors": [{"NextAction": "bye", "ErrorType": "InputTimeLimitExceeded"},
					{"NextAction": "bye", "ErrorType": "NoMatchingCondition"},
					{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "ask", "Type": "InvokeLambdaFunction",
			"Parameters": {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:ask",
				"InvocationTimeLimitSeconds": "8", "ResponseValidation": {"ResponseType": "JSON"}},
			"Transitions": {"NextAction": "tell", "Conditions": [],
				"Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "$.External.balance dollars."},
			"Transitions": {"NextAction": "menu", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`,
}

// cloud answers for the function in AWS.
type cloud struct{}

func (cloud) InvokeFunction(context.Context, string, []byte, string) (function.RemoteAnswer, error) {
	return function.RemoteAnswer{Payload: []byte(`{"balance":"42.10"}`)}, nil
}

// TestLiveOnRealTime asks a function that really runs twice, the second time after it was told to fail. The
// recording has what it returned.
func TestLiveOnRealTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range quickProject {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	given, _ := scenario.Read(p.Scenario)
	c, found := call.New(t.Context(), call.Options{Project: p, Scenario: given,
		Remote: func(context.Context) (function.Invoker, error) { return cloud{}, nil }})
	if c == nil {
		t.Fatal(found)
	}
	defer c.Close()
	l := c.Live(t.Context(), 1, call.LiveOptions{})
	if err := setPace(l, call.Pace{Paused: true}); err != call.ErrRealTime {
		t.Errorf("real time is paused: %v", err)
	}
	asked := 0
	for from, version := 0, 0; ; {
		events, state, ok := l.Next(t.Context(), from, version)
		if !ok {
			break
		}
		from, version = from+len(events), state.Version
		for _, e := range events {
			if e.Type == call.TypeAsks {
				asked++
				takeTurn(t, l, asked)
			}
		}
	}
	summaries, err := l.Result()
	if err != nil || asked != 2 || summaries[0].Invocations != 2 {
		t.Errorf("%v, asked %d times: %+v", err, asked, summaries)
	}
	s, err := l.Recording()
	did := s.Functions["ask"].Outcomes
	if err != nil || len(did) != 2 || string(did[0].Returns) != `{"balance":"42.10"}` || s.Virtual {
		t.Errorf("recorded %+v, %v", s, err)
	}
	if takes := s.Changes[0].Functions["ask"].Takes; takes == nil || s.Callers[0].Does[0].Press != "1" {
		t.Errorf("recorded %+v", s)
	}
	saved := filepath.Join(dir, "scenario-saved.yaml")
	if err := os.WriteFile(saved, scenario.Write(saved, s), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, r := range call.RunScenarios(t.Context(), []string{saved}, call.Options{}) {
		if !r.Passed() {
			t.Errorf("%v %v\n%s", r.Findings, r.Failures, scenario.Write(saved, s))
		}
	}
}

// takeTurn is what the caller does when the menu is heard again.
func takeTurn(t *testing.T, l *call.Live, turn int) {
	takes := 50 * time.Millisecond
	change := scenario.Change{Functions: map[string]local.Alteration{"ask": {Takes: &takes}}}
	if turn == 2 {
		change.Functions["ask"] = local.Alteration{Error: "Boom"}
	}
	for _, err := range []error{l.Change(change), l.Do(scenario.Step{Press: "1"})} {
		if err != nil {
			t.Error(err)
		}
	}
}
