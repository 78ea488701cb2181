package flowlang_test

import (
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
)

func TestPlaceholders(t *testing.T) {
	const instance = "arn:aws:connect:us-east-1:111122223333:instance/i"
	for _, test := range []struct{ text, kind, name, inInstance string }{
		{text: "${async}", kind: "async", inInstance: "${async}"},
		{text: "${function:look-up}", kind: "function", name: "look-up", inInstance: "${function:look-up}"},
		{text: "${prompt:hold-music}", kind: "prompt", name: "hold-music", inInstance: instance + "/prompt/hold-music"},
		{text: "${hours:Week_1}", kind: "hours", name: "Week_1", inInstance: instance + "/operating-hours/Week_1"},
		{text: "${flow:a}", kind: "flow", name: "a", inInstance: instance + "/contact-flow/a"},
		{text: "${module:a}", kind: "module", name: "a", inInstance: instance + "/flow-module/a"},
	} {
		p, ok := flowlang.ReadPlaceholder(test.text)
		if !ok || p.Kind != test.kind || p.Name != test.name || p.String() != test.text ||
			p.InInstance(instance) != test.inInstance || flowlang.FilledIn(test.text) {
			t.Errorf("%s: %+v, %v, %s", test.text, p, ok, p.InInstance(instance))
		}
	}
	for _, text := range []string{"", "$", "${}", "${async:a}", "${prompt}", "${prompt:}", "${promt:a}", "${queue:a b}",
		"x${async}", "${async}x", "${Async}", "${AWS::Region}", "${var.x}", "${prompt:a.b}", "${prompt:a}${prompt:b}"} {
		if p, ok := flowlang.ReadPlaceholder(text); ok {
			t.Errorf("%q is read as %+v", text, p)
		}
	}
}

// TestPlaceholdersOfAFlow: each is listed once, wherever it is, and each place takes placeholders of its kind only.
func TestPlaceholdersOfAFlow(t *testing.T) {
	f := readActions(t, `[
{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"PromptId": "${prompt:music}"}, "Transitions": {}},
{"Identifier": "b", "Type": "UpdateContactEventHooks",
 "Parameters": {"EventHooks": {"CustomerQueue": "${flow:queue}"}}, "Transitions": {}},
{"Identifier": "c", "Type": "MessageParticipantIteratively",
 "Parameters": {"Messages": [{"PromptId": "${prompt:music}"}, {"Text": "${async} is said"}]}, "Transitions": {}},
{"Identifier": "d", "Type": "CreateCase", "Parameters": {"CaseTemplateId": "${template:t}"}, "Transitions": {}}]`)
	want := []flowlang.Placeholder{{Kind: "prompt", Name: "music"}, {Kind: "flow", Name: "queue"},
		{Kind: "template", Name: "t"}}
	if got := f.Placeholders(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	var names []string
	for _, a := range f.Actions {
		for _, id := range a.Identities() {
			p, _ := flowlang.ReadPlaceholder(id.Node.Text)
			names = append(names, id.Name)
			if !id.Takes(p) || id.Takes(flowlang.Async) || id.Name != "CaseTemplateId" &&
				id.Takes(flowlang.Placeholder{Kind: "queue", Name: "x"}) {
				t.Errorf("%s: %v", id.Name, p)
			}
		}
	}
	if want := []string{"PromptId", "CustomerQueue", "PromptId", "CaseTemplateId"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}
