package flowlang_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
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

// TestReadReference: the reference at the beginning of a text, and how long it is.
func TestReadReference(t *testing.T) {
	for _, test := range []struct {
		text   string
		path   []string
		length int
	}{
		{text: "$.Attributes.name", path: []string{"Attributes", "name"}, length: 17},
		{text: "$.Attributes.name, hello", path: []string{"Attributes", "name"}, length: 17},
		{text: "$.Attributes.['a name'].", path: []string{"Attributes", "a name"}, length: 23},
		{text: `$["Attributes"]["a]b"]`, path: []string{"Attributes", "a]b"}, length: 22},
		{text: "$.Views.Category[0].x", path: []string{"Views", "Category", "0", "x"}, length: 21},
		{text: "$.DeliveryReceipts['`$.OutboundCommunication.Latest.Id`'].Bounce", path: []string{"DeliveryReceipts",
			"`$.OutboundCommunication.Latest.Id`", "Bounce"}, length: 64},
		{text: "$.Attributes[x]", path: []string{"Attributes"}, length: 12},
		{text: "$.Attributes['x", path: []string{"Attributes"}, length: 12},
		{text: "$.Attributes['x'y]", path: []string{"Attributes"}, length: 12},
		{text: "$.Attributes[]", path: []string{"Attributes"}, length: 12},
		{text: "$.5"},
		{text: "$."},
		{text: "$"},
		{text: "$5"},
		{text: ""},
		{text: " $.Attributes.name"},
	} {
		path, length := flowlang.ReadReference(test.text)
		if diff := cmp.Diff(test.path, path); diff != "" || length != test.length {
			t.Errorf("%q has %d bytes of reference, want %d; steps (-want +got):\n%s", test.text, length, test.length,
				diff)
		}
		if whole := test.length > 0 && test.length == len(test.text); flowlang.IsReference(test.text) != whole {
			t.Errorf("%q is one reference: %v", test.text, !whole)
		}
	}
}

func TestIsNamespace(t *testing.T) {
	for step, want := range map[string]bool{"Attributes": true, "Channel": true, "Capabilities": true,
		"DeliveryReceipts": true, "OutboundCommunication": true, "attributes": false, "": false} {
		if flowlang.IsNamespace(step) != want {
			t.Errorf("references can begin with %q: %v", step, !want)
		}
	}
}

func TestWithoutReferences(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		"$5 for $.Attributes.name":            "$5 for x",
		"<speak>$['Attributes']['a']</speak>": "<speak>x</speak>",
	} {
		if got := flowlang.WithoutReferences(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
