package flow_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
)

func TestModuleSettings(t *testing.T) {
	for _, test := range []struct{ flow, want string }{
		{`bye EndFlowModuleExecution {}`, `{}`},
		{`say MessageParticipant {"Text":"Hello $.Modules.Input.name, $.Attributes.x"} >set !NoMatchingError=no
			set UpdateContactAttributes {"Attributes":{"a":"$.Modules.Input.account.id"}} >yes !NoMatchingError=no
			yes EndFlowModuleExecution {"Result":"ok","ResultData":{"id":"$.Attributes.a","day":"1"}}
			no EndFlowModuleExecution {"Result":"failed","ResultData":{"error":"x"}}`,
			`{"input":{"schema":{"properties":{"account":{"type":"string"},"name":{"type":"string"}},"type":"object"}},` +
				`"resultData":{"schema":{"properties":{"day":{"type":"string"},"error":{"type":"string"},"id":{"type":"string"}},"type":"object"}},` +
				`"transitions":{"results":[{"description":"","name":"failed"},{"description":"","name":"ok"}]}}`},
	} {
		got, err := build(t, flow.Module, test.flow).ModuleSettings()
		if err != nil || string(got) != test.want {
			t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
		}
	}
}
