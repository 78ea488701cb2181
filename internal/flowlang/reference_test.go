package flowlang_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/google/go-cmp/cmp"
)

func TestReferences(t *testing.T) {
	for text, want := range map[string][][]string{
		"no reference costs $5":                             nil,
		"$.External.a and $.Attributes.['a b'].":            {{"External", "a"}, {"Attributes", "a b"}},
		"$.Channel":                                         {{"Channel"}},
		"<speak>$['Attributes']['Language']$.Lex.x</speak>": {{"Attributes", "Language"}, {"Lex", "x"}},
	} {
		if diff := cmp.Diff(want, flowlang.References(text)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for name, want := range map[string]flowlang.Type{
		"inbound":       flowlang.ContactFlow,
		"CUSTOMER_HOLD": flowlang.CustomerHold,
		"agentWhisper":  flowlang.AgentWhisper,
	} {
		if got, ok := flowlang.TypeOf(name); !ok || got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if got, ok := flowlang.TypeOf("unknown"); ok {
		t.Errorf("unknown is %q", got)
	}
}
