package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flow"
)

func TestReferences(t *testing.T) {
	for text, want := range map[string][][]string{
		"no reference costs $5":                             nil,
		"$.External.a and $.Attributes.['a b'].":            {{"External", "a"}, {"Attributes", "a b"}},
		"$.Channel":                                         {{"Channel"}},
		"<speak>$['Attributes']['Language']$.Lex.x</speak>": {{"Attributes", "Language"}, {"Lex", "x"}},
	} {
		if diff := cmp.Diff(want, flow.References(text)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for name, want := range map[string]flow.Type{"inbound": flow.ContactFlow, "CUSTOMER_HOLD": flow.CustomerHold, "agentWhisper": flow.AgentWhisper} {
		if got, ok := flow.TypeOf(name); !ok || got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if got, ok := flow.TypeOf("unknown"); ok {
		t.Errorf("unknown is %q", got)
	}
}
