package flowlang_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// read reads a flow that is written as JSON.
func read(t testing.TB, text string) *flowlang.Flow {
	t.Helper()
	f, err := flowlang.Parse("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestModuleSettings(t *testing.T) {
	for _, test := range []struct{ actions, want string }{
		{actions: `{"Type": "EndFlowModuleExecution"}`, want: `{}`},
		{
			actions: `
				{"Type": "MessageParticipant", "Parameters": {"Text": "Hello $.Modules.Input.name, $.Attributes.x"}},
				{"Type": "UpdateContactAttributes", "Parameters": {"Attributes": {"a": "$.Modules.Input.account.id"}}},
				{"Type": "EndFlowModuleExecution",
				 "Parameters": {"Result": "ok", "ResultData": {"id": "$.Attributes.a", "day": "1"}}},
				{"Type": "EndFlowModuleExecution",
				 "Parameters": {"Result": "failed", "ResultData": {"error": "x"}}}`,
			want: `{"input":{"schema":{"properties":{"account":{"type":"string"},"name":{"type":"string"}},` +
				`"type":"object"}},` +
				`"resultData":{"schema":{"properties":{"day":{"type":"string"},"error":{"type":"string"},` +
				`"id":{"type":"string"}},"type":"object"}},` +
				`"transitions":{"results":[{"description":"","name":"failed"},{"description":"","name":"ok"}]}}`,
		},
	} {
		got, err := read(t, `{"Settings": {}, "Actions": [`+test.actions+`]}`).ModuleSettings()
		if err != nil || string(got) != test.want {
			t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
		}
	}
}
