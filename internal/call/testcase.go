package call

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/scenario"
)

// TestCase is a scenario as a test case of Amazon Connect (Testing and Simulation).
type TestCase struct {
	Content    []byte   // the test case's content, in the form that the service was seen to accept (live, 2026-09)
	EntryPoint []byte   // for CreateTestCase, with FLOW_ID instead of the flow's id
	Data       []byte   // InitializationData for CreateTestCase
	Lost       []string // what of the scenario a test case cannot express
	Warnings   []string // what to mind
}

// ErrNothingToObserve is the error of a scenario that expects no text to be heard: Amazon Connect has nothing to wait
// for.
var ErrNothingToObserve = errors.New("the scenario expects no text to be heard and the caller waits for none, so a " +
	"test case has nothing to observe; add heard: [TEXT] under expect")

// TestCase writes the first caller's call as a test case. The call, which must be one on virtual time, is played for
// it, to find out after which text the caller does something. Each queue that a flow sets is replaced by queue, an
// ARN, unless that is "".
func (c *Call) TestCase(ctx context.Context, queue string) (TestCase, error) {
	var events []Event
	if _, err := c.Play(ctx, c.Seed(), func(e Event) { events = append(events, e) }); err != nil {
		return TestCase{}, err
	}
	w := &testCaseWriter{call: c, queue: queue, caller: c.scenario.Callers[0]}
	w.observe(EventsOf(events, 0))
	if len(w.observations) == 0 {
		return TestCase{}, ErrNothingToObserve
	}
	w.assert()
	content, err := w.content()
	if err != nil {
		return TestCase{}, err
	}
	entry, data := w.entryPoint()
	return TestCase{Content: content, EntryPoint: entry, Data: data, Lost: w.lost(), Warnings: w.warnings()}, nil
}

// testCaseWriter collects the observations of a test case, in the order in which their texts are heard.
type testCaseWriter struct {
	call         *Call
	queue        string
	caller       scenario.Caller
	observations []observation
	unheard      []string // expected texts that are recordings
	lastWords    bool     // the call ends right after the last observed text
}

// observation is a text that the test case waits for, and what it does then.
type observation struct {
	text    string
	whole   bool // the text is all that is said
	actions []testAction
}

// The form of a test case's content.
type (
	testObservation struct {
		Identifier  string
		Event       testEvent
		Actions     []testAction
		Transitions struct{ NextObservations []string }
	}
	testEvent struct {
		Identifier string
		Type       string
		Actor      string
		Properties any
	}
	testAction struct {
		Identifier  string
		Type        string
		Parameters  any
		Transitions struct {
			NextAction string `json:",omitempty"`
		}
	}
	received struct {
		Text             string
		MatchingCriteria typed
	}
	instruction struct {
		ActionType  string
		Actor       string
		Instruction instructionOf
	}
	instructionOf struct {
		Type       string
		Properties any `json:",omitempty"`
	}
	valueOf   struct{ Value string }
	typed     struct{ Type string }
	assertion struct{ Namespace, Operator, Operand string }
	control   struct {
		ActionType string
		Command    typed
	}
	override struct {
		ActionType string
		Behavior   behavior
	}
	behavior struct {
		Type       string
		Properties struct {
			ActionType       string
			ActionParameters struct{ QueueId string }
			Strategy         substitute
		}
	}
	substitute struct{ Type, SubstituteArn string }
)

// observe walks through what the caller heard: a text that is expected becomes an observation, and so does one after
// which the caller does something.
func (w *testCaseWriter) observe(events []Event) {
	expected := w.call.scenario.Expect.Heard
	steps := slices.Clone(w.caller.Does)
	for _, e := range events {
		switch e.Type {
		case TypeSays, TypePlays:
			w.lastWords = false
			if len(expected) > 0 && strings.Contains(e.Text, expected[0].Text) {
				w.hear(e, expected[0].Text)
				expected = expected[1:]
			}
			if e.Type == TypeSays {
				steps = w.react(e, steps)
			}
		case TypeFunction, TypeAsks, TypeCaller, TypeTransfer:
			w.lastWords = false
		}
	}
}

// hear adds an observation for a part of a text. The test service hears no recordings.
func (w *testCaseWriter) hear(e Event, part string) {
	if e.Type == TypePlays {
		w.unheard = append(w.unheard, part)
		return
	}
	w.lastWords = true
	w.observations = append(w.observations, observation{text: part, whole: part == e.Text})
}

// react lets the caller do what waits for a text, once, and returns the steps that are left.
func (w *testCaseWriter) react(e Event, steps []scenario.Step) []scenario.Step {
	for i, step := range steps {
		if step.Heard == "" || !strings.Contains(e.Text, step.Heard) {
			continue
		}
		if !w.lastWords {
			w.hear(e, step.Heard)
		}
		last := &w.observations[len(w.observations)-1]
		last.actions = append(last.actions, instructions(step)...)
		return append(steps[:i:i], steps[i+1:]...)
	}
	return steps
}

// instructions are what the caller does: one instruction for each key.
func instructions(s scenario.Step) []testAction {
	var list []testAction
	send := func(kind string, properties any) {
		list = append(list, testAction{Type: "SendInstruction", Parameters: instruction{
			ActionType: "SendInstruction", Actor: "Customer",
			Instruction: instructionOf{Type: kind, Properties: properties},
		}})
	}
	for _, key := range s.Press {
		send("DtmfInput", valueOf{Value: string(key)})
	}
	if s.Say != "" {
		send("Utterance", valueOf{Value: s.Say})
	}
	if s.HangUp {
		send("Disconnect", nil)
	}
	return list
}

// assert checks the expected attributes after the last text, and ends the test there: left alone it would run for 5
// minutes.
func (w *testCaseWriter) assert() {
	last := &w.observations[len(w.observations)-1]
	for _, name := range slices.Sorted(maps.Keys(w.call.scenario.Expect.Attributes)) {
		last.actions = append(last.actions, testAction{Type: "Assert", Parameters: assertion{
			Namespace: "$.Attributes." + name, Operator: flowlang.Equals,
			Operand: w.call.scenario.Expect.Attributes[name],
		}})
	}
	last.actions = append(last.actions, testAction{Type: "TestControl",
		Parameters: control{ActionType: "TestControl", Command: typed{Type: "EndTest"}}})
}

// content writes the test case: the test begins, then one text after the other is waited for.
func (w *testCaseWriter) content() ([]byte, error) {
	list := []testObservation{number(1, testEvent{Type: "TestInitiated", Actor: "System", Properties: struct{}{}},
		w.overrides())}
	for i, o := range w.observations {
		criteria := "Inclusion"
		if o.whole {
			criteria = "Similarity" // speech is split at pauses, so that a whole text is never received as it is
		}
		event := testEvent{Type: "MessageReceived", Actor: "System",
			Properties: received{Text: o.text, MatchingCriteria: typed{Type: criteria}}}
		list = append(list, number(i+2, event, o.actions))
	}
	for i := range list {
		list[i].Transitions.NextObservations = []string{}
		if i+1 < len(list) {
			list[i].Transitions.NextObservations = []string{list[i+1].Identifier}
		}
	}
	return plainJSON(struct {
		Version      string
		Metadata     struct{}
		Observations []testObservation
	}{Version: "2019-10-30", Observations: list}, "  ")
}

// number names an observation, its event and its actions, and chains the actions.
func number(n int, e testEvent, actions []testAction) testObservation {
	o := testObservation{Identifier: fmt.Sprintf("o%d", n), Event: e, Actions: append([]testAction{}, actions...)}
	o.Event.Identifier = o.Identifier + "-event"
	for i := range o.Actions {
		o.Actions[i].Identifier = fmt.Sprintf("%s-a%d", o.Identifier, i+1)
		if i+1 < len(o.Actions) {
			o.Actions[i].Transitions.NextAction = fmt.Sprintf("%s-a%d", o.Identifier, i+2)
		}
	}
	return o
}

// overrides replace the queues of the flows with the given one, so that no test reaches an agent.
func (w *testCaseWriter) overrides() []testAction {
	var list []testAction
	if w.queue == "" {
		return nil
	}
	queues, _ := w.queues()
	for _, arn := range queues {
		o := override{ActionType: "OverrideSystemBehavior", Behavior: behavior{Type: "FlowAction"}}
		o.Behavior.Properties.ActionType = flowlang.TransferContactToQueue
		o.Behavior.Properties.ActionParameters.QueueId = arn
		o.Behavior.Properties.Strategy = substitute{Type: "SubstituteResource", SubstituteArn: w.queue}
		list = append(list, testAction{Type: "OverrideSystemBehavior", Parameters: o})
	}
	return list
}

// queues are the queues that the flows name by id or ARN, in their order, and those that they name by placeholders.
func (w *testCaseWriter) queues() (known, placeholders []string) {
	flows := w.call.Flows()
	for _, file := range slices.Sorted(maps.Keys(flows)) {
		for _, a := range flows[file].Actions {
			id := a.Parameters.Get("QueueId").Str()
			switch _, isPlaceholder := flowlang.ReadPlaceholder(id); {
			case isPlaceholder:
				placeholders = append(placeholders, id)
			case id != "" && !strings.HasPrefix(id, "$."):
				known = append(known, id)
			}
		}
	}
	return known, placeholders
}

func (w *testCaseWriter) entryPoint() (entry, data []byte) {
	point := struct {
		Type  string
		Voice any `json:"VoiceCallEntryPointParameters,omitempty"`
		Chat  any `json:"ChatEntryPointParameters,omitempty"`
	}{Type: "VOICE_CALL", Voice: struct{ FlowId, SourcePhoneNumber string }{
		FlowId: "FLOW_ID", SourcePhoneNumber: w.caller.Number,
	}}
	if w.caller.Channel == flow.Chat {
		point.Type, point.Voice, point.Chat = "CHAT", nil, struct{ FlowId string }{FlowId: "FLOW_ID"}
	}
	attributes := w.caller.Attributes
	if attributes == nil {
		attributes = map[string]string{}
	}
	entry, _ = plainJSON(point, "") // texts always marshal
	data, _ = plainJSON(struct {
		Attributes        map[string]string
		SegmentAttributes struct{}
	}{Attributes: attributes}, "")
	return entry, data
}

// plainJSON writes JSON with < and > as they are.
func plainJSON(value any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	err := e.Encode(value)
	return b.Bytes(), err
}
