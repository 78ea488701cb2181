package call_test

import (
	"encoding/json"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestLogNamesTheFlow checks that a flow whose content has no name goes by that of its file.
func TestLogNamesTheFlow(t *testing.T) {
	for _, test := range []struct{ name, file, want, id string }{
		{"Balance enquiry", "flows/a.json", "Balance enquiry", "Balance-enquiry"},
		{"", "flows/main menu.json", "main menu", "main-menu"},
		{"", "flow", "flow", "flow"},
	} {
		entry := call.LogEntry{Entry: flow.Log{Flow: &flow.Flow{Flow: &flowlang.Flow{Name: test.name, File: test.file}},
			Action: &flowlang.Action{}, Parameters: []byte("{}")}}
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ ContactFlowID, ContactFlowName string }
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		want := "arn:aws:connect:us-east-1:111122223333:instance/00000000-0000-4000-8000-000000000001" +
			"/contact-flow/" + test.id
		if got.ContactFlowName != test.want || got.ContactFlowID != want {
			t.Errorf("%s: %+v", test.file, got)
		}
	}
}
