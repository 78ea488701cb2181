package async

import (
	"context"
	"encoding/json"
	"testing"
)

// FuzzEvent sends any event. The reply is one that Connect takes, and an event that is refused causes no call.
func FuzzEvent(f *testing.F) {
	const id = "arn:aws:states:eu-west-2:111122223333:execution:Balance:x"
	for _, event := range []string{
		``, `null`, `[]`, `"Details"`, `{}`, `{"Details":null}`, `{"Details":{"Parameters":[]}}`,
		`{"execution_id":"x"}`,
		`{"Details":{"ContactData":{"ContactId":7,"Attributes":{"a":"b"}},"Parameters":{"request":"1","job":"x"}}}`,
		`{"Details":{"Parameters":{"execution_id":"` + id + `","count":"DONE","hold_seconds":"58","select":"a,b[0]"}}}`,
		`{"Details":{"Parameters":{"execution_id":"` + id +
			`","action":"cancel","count":-1e3,"cancel_on_give_up":true}}}`,
		`{"Details":{"Parameters":{"execution_id":"` + id +
			`","count":99,"count_comfort":0,"response_type":"STRING_MAP"}}}`,
		"{\"Details\":{\"Parameters\":{\"a\":\"\xff\xed\xa0\x80\"}}}",
	} {
		f.Add([]byte(event))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		w := newWorld()
		w.runs[id] = &run{began: epoch, ends: epoch.Add(w.takes), outcome: w.outcome}
		fl := newFlow(t, w, map[string]string{"INPUT": "minimal"})
		var reply map[string]string
		play(t, w, func() {
			body, err := fl.f.Handle(context.Background(), "1", event)
			if err != nil || len(body) >= 32*1024 {
				t.Fatalf("%v, %d bytes", err, len(body))
			}
			reply = fl.read(body)
		})
		if reply["status"] == "FAILED" && reply["sfn_status"] == None && len(w.calls) != 0 {
			t.Errorf("refused, after the calls %v: %v", w.calls, reply)
		}
		for _, in := range w.inputs {
			if _, ok := contactInName(in.Name); !ok || !json.Valid([]byte(in.Input)) {
				t.Errorf("started %q with %s", in.Name, in.Input)
			}
		}
	})
}

// FuzzResult delivers any result. The protocol's keys stay, and STRING_MAP is always a flat map of strings.
func FuzzResult(f *testing.F) {
	for _, output := range []string{
		``, `{`, `5`, `"x"`, `[[["a"]]]`, `{"status":"ok","sfn_x":1,"a":{"b":{"c":[1,{"d":null}]}},"a":2}`,
		`{"":""," ":1e999}`, "\"\xff\"",
		`{"count":{"max":1},"a_b":1,"a":{"b":2,"":{}}}`,
	} {
		f.Add(output, "a.b,[0].x,$", true, true)
		f.Add(output, "", true, false)
		f.Add(output, "", false, false)
	}
	f.Fuzz(func(t *testing.T, output, selected string, stringMap, include bool) {
		p := map[string]string{"select": selected}
		if stringMap {
			p["response_type"] = "STRING_MAP"
		}
		if include {
			p["include_output"] = "true"
		}
		reply, body := delivered(t, output, p)
		if len(body) >= 32*1024 {
			t.Errorf("the reply has %d bytes", len(body))
		}
		if textOf(reply["status"]) != "FINISHED" || textOf(reply["execution_id"]) != machineARN ||
			textOf(reply["count"]) != "1" {
			t.Errorf("the result changed the protocol: %s", body)
		}
		if stringMap && !flatStrings(reply) {
			t.Errorf("not a flat map of strings: %s", body)
		}
	})
}
