package call_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// queueOfMenu is the queue that the flow of the example menu names.
const queueOfMenu = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-4333-8444-555555555555" +
	"/queue/33333333-2222-4333-8444-000000000001"

// testCase writes the test case of a scenario of an example, with the ARN of a queue instead of its placeholder.
func testCase(t *testing.T, example, file, queue string) (call.TestCase, error) {
	t.Helper()
	dir := copyOf(t, example)
	main := filepath.Join(dir, "flow.json")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("${queue:agents}"), []byte(queueOfMenu))
	if err := os.WriteFile(main, text, 0o600); err != nil {
		t.Fatal(err)
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	given, found := scenario.Read(filepath.Join(dir, file))
	if found.HasErrors() {
		t.Fatal(found)
	}
	c, found := call.New(t.Context(), call.Options{Project: p, Scenario: given, Virtual: true})
	if c == nil {
		t.Fatal(found)
	}
	defer c.Close()
	return c.TestCase(t.Context(), queue)
}

// TestTestCase checks the content in the form that the service accepted: Version without Usage, criteria inside of
// Properties, no ActionType in an Assert, one in every other action.
func TestTestCase(t *testing.T) {
	const queue = "arn:aws:connect:us-east-1:111122223333:instance/1/queue/test"
	got, err := testCase(t, "menu", "scenarios/callback.yaml", queue)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"Version": "2019-10-30", "Metadata": {}, "Observations": [
 {"Identifier": "o1", "Event": {"Identifier": "o1-event", "Type": "TestInitiated", "Actor": "System", "Properties": {}},
  "Actions": [{"Identifier": "o1-a1", "Type": "OverrideSystemBehavior", "Parameters": {
   "ActionType": "OverrideSystemBehavior",
   "Behavior": {"Type": "FlowAction", "Properties": {"ActionType": "TransferContactToQueue",
    "ActionParameters": {"QueueId": "` + queueOfMenu + `"},
    "Strategy": {"Type": "SubstituteResource", "SubstituteArn": "` + queue + `"}}}}, "Transitions": {}}],
  "Transitions": {"NextObservations": ["o2"]}},
 {"Identifier": "o2", "Event": {"Identifier": "o2-event", "Type": "MessageReceived", "Actor": "System",
   "Properties": {"Text": "For your balance", "MatchingCriteria": {"Type": "Inclusion"}}},
  "Actions": [{"Identifier": "o2-a1", "Type": "SendInstruction", "Parameters": {
   "ActionType": "SendInstruction", "Actor": "Customer",
   "Instruction": {"Type": "DtmfInput", "Properties": {"Value": "0"}}}, "Transitions": {}}],
  "Transitions": {"NextObservations": ["o3"]}},
 {"Identifier": "o3", "Event": {"Identifier": "o3-event", "Type": "MessageReceived", "Actor": "System",
   "Properties": {"Text": "To be called back, press 1.", "MatchingCriteria": {"Type": "Inclusion"}}},
  "Actions": [{"Identifier": "o3-a1", "Type": "SendInstruction", "Parameters": {
   "ActionType": "SendInstruction", "Actor": "Customer",
   "Instruction": {"Type": "DtmfInput", "Properties": {"Value": "1"}}}, "Transitions": {}}],
  "Transitions": {"NextObservations": ["o4"]}},
 {"Identifier": "o4", "Event": {"Identifier": "o4-event", "Type": "MessageReceived", "Actor": "System",
   "Properties": {"Text": "We will call you back.", "MatchingCriteria": {"Type": "Inclusion"}}},
  "Actions": [{"Identifier": "o4-a1", "Type": "TestControl", "Parameters": {"ActionType": "TestControl",
   "Command": {"Type": "EndTest"}}, "Transitions": {}}],
  "Transitions": {"NextObservations": []}}]}`
	if diff := cmp.Diff(decode(t, want), decode(t, string(got.Content))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	entry := `{"Type":"VOICE_CALL","VoiceCallEntryPointParameters":` +
		`{"FlowId":"FLOW_ID","SourcePhoneNumber":"+15550100"}}`
	if string(got.EntryPoint) != entry+"\n" {
		t.Errorf("the entry point is %s", got.EntryPoint)
	}
}

func decode(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTestCaseOfAChat(t *testing.T) {
	got, err := testCase(t, "chat", "scenario.yaml", "")
	if err != nil {
		t.Fatal(err)
	}
	if string(got.EntryPoint) != `{"Type":"CHAT","ChatEntryPointParameters":{"FlowId":"FLOW_ID"}}`+"\n" ||
		string(got.Data) != `{"Attributes":{"train":"ICE 513"},"SegmentAttributes":{}}`+"\n" {
		t.Errorf("%s%s", got.EntryPoint, got.Data)
	}
	if !strings.Contains(string(got.Content), `"Type": "Similarity"`) {
		t.Error("whole texts must not be matched to the letter")
	}
}

// TestTestCaseSaysWhatIsLost checks that every part of a scenario that a test case cannot express is named.
func TestTestCaseSaysWhatIsLost(t *testing.T) {
	for _, test := range []struct {
		dir, file string
		want      []string
	}{
		{"menu", "scenarios/agent.yaml", []string{"function balance", "world", "ending", "branches", "--queue"}},
		{"balance", "scenarios/way-out.yaml", []string{"function balance", "function", "within",
			"in a third of the runs"}},
		{"balance", "scenarios/lambda-down.yaml", []string{"faults", "by (a time", "longest_silence", "executions"}},
		{"queue", "scenario.yaml", []string{"recordings that are expected to be heard: hold-music"}},
		{"wait", "scenarios/clip-finishes.yaml", []string{"assumptions", "detection_delay"}},
	} {
		got, err := testCase(t, test.dir, test.file, "")
		if err != nil {
			t.Fatalf("%s/%s: %v", test.dir, test.file, err)
		}
		for _, want := range test.want {
			if !strings.Contains(strings.Join(append(got.Lost, got.Warnings...), "\n"), want) {
				t.Errorf("%s/%s: %q is missing in\n%s", test.dir, test.file, want, strings.Join(got.Lost, "\n"))
			}
		}
	}
	if _, err := testCase(t, "balance", "scenarios/together.yaml", ""); !errors.Is(err, call.ErrNothingToObserve) {
		t.Errorf("nothing to observe gives %v", err)
	}
}
