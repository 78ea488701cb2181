package flowlang_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// action reads one action, a, whose branches lead to end.
func action(t *testing.T, actionType, parameters, branches string) *flowlang.Action {
	t.Helper()
	var conditions, errors []string
	next := ""
	for _, name := range strings.Fields(branches) {
		switch {
		case name == "next":
			next = `"NextAction": "end",`
		case strings.HasPrefix(name, "!"):
			errors = append(errors, `{"ErrorType": "`+name[1:]+`", "NextAction": "end"}`)
		default:
			conditions = append(conditions,
				`{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["`+name+`"]}}`)
		}
	}
	return readActions(t, `[{"Identifier": "a", "Type": "`+actionType+`", "Parameters": `+parameters+`,
		"Transitions": {`+next+`
		"Conditions": [`+strings.Join(conditions, ",")+`], "Errors": [`+strings.Join(errors, ",")+`]}}]`).Action("a")
}

func names(branches []*flowlang.Branch) string {
	var list []string
	for _, b := range branches {
		list = append(list, b.Name)
	}
	return strings.Join(list, " ")
}

// TestWays: which branches a contact can take. Branches are written as "next", a result, or an error with !.
func TestWays(t *testing.T) {
	for _, test := range []struct{ name, actionType, parameters, branches, ways, usual string }{
		{
			name: "goes on or fails", actionType: flowlang.UpdateContactAttributes, branches: "next !NoMatchingError",
			ways: "NoMatchingError NextAction", usual: "NextAction",
		},
		{
			name: "NextAction copies NoMatchingCondition", actionType: flowlang.Compare,
			branches: "next x !NoMatchingCondition",
			ways:     "x NoMatchingCondition", usual: "x NoMatchingCondition",
		},
		{
			name: "no branch for what does not match", actionType: flowlang.Compare, branches: "next x",
			ways: "x NextAction", usual: "x NextAction",
		},
		{
			name: "every result has a branch", actionType: flowlang.Loop, branches: "next ContinueLooping DoneLooping",
			ways: "ContinueLooping DoneLooping", usual: "ContinueLooping DoneLooping",
		},
		{
			name: "a result has no branch", actionType: flowlang.Loop,
			branches: "next ContinueLooping !NoMatchingError",
			ways:     "ContinueLooping NoMatchingError NextAction", usual: "ContinueLooping NextAction",
		},
		{
			name: "conditions without a result", actionType: flowlang.MessageParticipant,
			branches: "next x !NoMatchingCondition", ways: "NextAction", usual: "NextAction",
		},
		{
			name: "leaves", actionType: flowlang.TransferContactToQueue, branches: "next !QueueAtCapacity",
			ways: "QueueAtCapacity",
		},
		{
			name: "messages that nothing interrupts", actionType: flowlang.MessageParticipantIteratively,
			branches: "next MessagesInterrupted !NoMatchingError", ways: "NoMatchingError",
		},
		{
			name: "messages with an interrupt", actionType: flowlang.MessageParticipantIteratively,
			parameters: `{"InterruptFrequencySeconds": "30"}`, branches: "next MessagesInterrupted !NoMatchingError",
			ways: "MessagesInterrupted NoMatchingError", usual: "MessagesInterrupted",
		},
		{name: "ends", actionType: flowlang.DisconnectParticipant, branches: "next"},
		{
			name: "NextAction beside NoMatchingCondition", actionType: flowlang.ConnectParticipantWithAgentic,
			branches: "next Escalation !NoMatchingCondition", ways: "Escalation NoMatchingCondition NextAction",
			usual: "Escalation NoMatchingCondition NextAction",
		},
		{
			name: "unknown type", actionType: "AskOracle", branches: "next x !Silence !NoMatchingCondition",
			ways: "x Silence NoMatchingCondition NextAction", usual: "x NoMatchingCondition NextAction",
		},
		{
			name: "comes back", actionType: flowlang.TransferParticipantToThirdParty,
			parameters: `{"ContinueFlowExecution": "True"}`, branches: "next !CallFailed",
			ways:  "CallFailed NextAction",
			usual: "NextAction",
		},
	} {
		if test.parameters == "" {
			test.parameters = "{}"
		}
		a := action(t, test.actionType, test.parameters, test.branches)
		if got := names(a.Ways()); got != test.ways {
			t.Errorf("%s: can take %q, want %q", test.name, got, test.ways)
		}
		if got := names(a.Out()); got != test.ways {
			t.Errorf("%s: leads out by %q, want %q", test.name, got, test.ways)
		}
		if got := names(a.Usual()); got != test.usual {
			t.Errorf("%s: usually takes %q, want %q", test.name, got, test.usual)
		}
		if got := len(a.After()); got != len(a.Out()) {
			t.Errorf("%s: leads to %d actions", test.name, got)
		}
	}
}

// TestEnds: the path through a flow can end where an action ends it, leaves it, or leads nowhere.
func TestEnds(t *testing.T) {
	for _, test := range []struct {
		actionType, branches string
		want                 bool
	}{
		{actionType: flowlang.DisconnectParticipant, want: true},
		{actionType: flowlang.TransferToFlow, branches: "next !NoMatchingError", want: true},
		{actionType: flowlang.MessageParticipantIteratively, branches: "MessagesInterrupted", want: true},
		{actionType: flowlang.MessageParticipant, branches: "next"},
		{actionType: flowlang.MessageParticipant, want: true},
		{actionType: "AskOracle", branches: "next"},
		{actionType: "AskOracle", want: true},
	} {
		if got := action(t, test.actionType, "{}", test.branches).Ends(); got != test.want {
			t.Errorf("%s with %q ends: %v", test.actionType, test.branches, got)
		}
	}
}

// TestBranches finds branches by what they are for.
func TestBranches(t *testing.T) {
	a := readActions(t, `[{"Identifier": "a", "Type": "Compare", "Parameters": {},
		"Transitions": {"NextAction": "nowhere",
		"Conditions": [
			{"NextAction": "end", "Condition": {"Operator": "NumberLessThan", "Operands": ["5"]}},
			{"NextAction": "end", "Condition": {"Operator": "KeyExists", "Operands": []}}],
		"Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]}}]`).Action("a")
	if got := names(a.Branches); got != "NumberLessThan 5 KeyExists NoMatchingError NextAction" {
		t.Errorf("branches are named %q", got)
	}
	if b := a.Result("5"); b == nil || b.Operator != flowlang.NumberLessThan || b.To.Identifier != "end" {
		t.Errorf("the result 5 has %+v", b)
	}
	if b := a.Success(); b == nil || b.To != nil || len(a.Out()) != len(a.Ways())-1 {
		t.Errorf("success leads to %+v", b)
	}
	if a.Result("6") != nil || a.Error(flowlang.InProgress) != nil ||
		a.Failed(flowlang.InProgress) != a.Error(flowlang.NoMatchingError) {
		t.Error("an error without a branch takes that of NoMatchingError, and nothing else")
	}
	if (&flowlang.Branch{}).Operand() != "" {
		t.Error("a condition without operands has one")
	}
}
