package flowlang_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// TestDeclared: the type that a flow is deployed with counts more than what the document says, its name less.
func TestDeclared(t *testing.T) {
	for _, c := range []struct {
		metadata, name, flowType string
		wantName                 string
		wantType                 flowlang.Type
		wantGiven                bool
	}{
		{``, "", "", "", flowlang.ContactFlow, false},
		{``, "n", "QUEUE_TRANSFER", "n", flowlang.QueueTransfer, true},
		{``, "n", "${Type}", "n", flowlang.ContactFlow, false},
		{``, "", "MODULE", "", flowlang.Module, true},
		{`, "Metadata": {"name": "own", "type": "agentHold"}`, "n", "", "own", flowlang.AgentHold, true},
		{`, "Metadata": {"name": "own", "type": "agentHold"}`, "n", "CAMPAIGN", "own", flowlang.Campaign, true},
	} {
		doc, err := source.ParseJSON("f.json", []byte(`{"StartAction": "a", "Actions": []`+c.metadata+`}`))
		if err != nil {
			t.Fatal(err)
		}
		read, err := flowlang.Read("f.json", doc)
		if err != nil {
			t.Fatal(err)
		}
		f := read.Declared(c.name, c.flowType)
		if f.Name != c.wantName || f.Type != c.wantType || f.TypeGiven != c.wantGiven {
			t.Errorf("%+v: %q of type %s, given: %v", c, f.Name, f.Type, f.TypeGiven)
		}
	}
}
