package async

import (
	"strings"
	"testing"
	"time"
)

// TestDataIsNotProtocol: a flow that was written for the original sends data under names that became the protocol's.
func TestDataIsNotProtocol(t *testing.T) {
	for _, data := range []parametersOf{
		{"request": "42"}, {"select": "all"}, {"job": "plumber"}, {"action": "buy"}, {"again": "yes"},
		{"hold_seconds": "many"}, {"time_limit": "soon"}, {"response_type": "xml"}, {"include_output": "maybe"},
		{"cancel_on_give_up": "perhaps"},
	} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"PARAMETERS": "prefixed", "STATE_MACHINE_ARN": "",
			"STATE_MACHINES": `{"work": "` + machineARN + `"}`})
		play(t, w, func() {
			first := f.call(data)
			expect(t, first, "status=CREATED")
			other := parametersOf{}
			for name := range data {
				other[name] = "something else"
			}
			if second := f.call(other); second["execution_id"] == first["execution_id"] {
				t.Errorf("%v and %v are one execution", data, other)
			}
			w.sleep(12 * time.Second)
			check := parametersOf{"execution_id": first["execution_id"], "count": "1", "count_max": "9", "select": "x"}
			expect(t, f.call(check), "status=FINISHED sfn_result=SUCCESS balance=42.10 count=2 count_max=9")
		})
	}
}

// TestLongNames sends every parameter of the protocol under its long name.
func TestLongNames(t *testing.T) {
	for _, env := range []map[string]string{nil, {"PARAMETERS": "prefixed"}} {
		w := newWorld()
		f := newFlow(t, w, env)
		play(t, w, func() {
			p := parametersOf{"sfn_action": "run", "sfn_request": "1", "sfn_count_max": "7", "request": ""}
			id := f.call(p)["execution_id"]
			p["account"] = "7"
			expect(t, f.call(p), "status=RUNNING count_max=7 execution_id="+id)
			w.sleep(12 * time.Second)
			p = parametersOf{"sfn_execution_id": id, "sfn_count": "2", "sfn_select": "balance,x"}
			expect(t, f.call(p), "status=FINISHED count=3 sfn_missing=x")
			expect(t, f.call(parametersOf{"Sfn_Execution_Id": id}), "sfn_error=InvalidParameter")
		})
		if len(w.runs) != 1 {
			t.Errorf("%v: %d executions, want 1", env, len(w.runs))
		}
	}
	for _, p := range parameters {
		if !isParameter(LongName(p.name), true) || strings.HasPrefix(LongName(p.name), "sfn_sfn") {
			t.Errorf("%s has the long name %s", p.name, LongName(p.name))
		}
	}
}

// TestNamesThatContradict: which of two values counts nobody can tell.
func TestNamesThatContradict(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		expect(t, f.call(parametersOf{"request": "1", "sfn_request": "2"}), "status=FAILED sfn_error=InvalidParameter")
		expect(t, f.call(parametersOf{"request": "1", "sfn_request": "1"}), "status=CREATED")
		expect(t, f.call(parametersOf{"request": "1", "sfn_request": nil}), "status=CREATED")
		expect(t, f.call(parametersOf{"request": nil, "sfn_request": "1"}), "status=CREATED")
		expect(t, f.call(parametersOf{"count": "1", "sfn_count": "2"}), "sfn_error=InvalidParameter")
		expect(t, f.call(parametersOf{"sfn_keys": "long"}), "sfn_error=InvalidParameter")
		body, _ := f.f.Handle(t.Context(), "", []byte(`{"sfn_execution_id": "x"}`))
		expect(t, f.read(body), "sfn_error=InvalidEvent")
	})
	if len(w.runs) != 1 {
		t.Errorf("%d executions, want 1", len(w.runs))
	}
}

// TestPrefixedKeys: the function's own keys arrive as they are, whatever they are called.
func TestPrefixedKeys(t *testing.T) {
	w := newWorld()
	w.outcome.Output = `{"status":"shipped","count":3,"execution_id":"mine","sfn_result":"no","sfn_x":"no"}`
	for _, stringMap := range []string{"JSON", "STRING_MAP"} {
		f := newFlow(t, w, nil)
		play(t, w, func() {
			p := parametersOf{"sfn_action": "run", "sfn_keys": "prefixed", "response_type": stringMap}
			body, _ := f.f.Handle(t.Context(), "1", f.event(p))
			started := readAny(t, body)
			w.sleep(12 * time.Second)
			p["sfn_count"] = "1"
			body, _ = f.f.Handle(t.Context(), "1", f.event(p))
			reply := readAny(t, body)
			for key, want := range map[string]string{
				"status": "shipped", "count": "3", "execution_id": "mine", "sfn_call": "FINISHED",
				"sfn_result": "SUCCESS", "sfn_count": "DONE", "sfn_execution_id": started["sfn_execution_id"],
				"sfn_comfort": "false", "sfn_count_max": "5", "sfn_count_comfort": "10", "sfn_status": "SUCCEEDED",
			} {
				if reply[key] != want || want == "" {
					t.Errorf("%s is %q, want %q", key, reply[key], want)
				}
			}
			if reply["sfn_output"] != w.outcome.Output || reply["sfn_x"] != "" {
				t.Errorf("what was overruled is %q", reply["sfn_output"])
			}
			if _, short := started["status"]; short || started["sfn_call"] != "RUNNING" {
				t.Errorf("the reply of the start is %v", started)
			}
		})
		w = newWorld()
		w.outcome.Output = `{"status":"shipped","count":3,"execution_id":"mine","sfn_result":"no","sfn_x":"no"}`
	}
}

// readAny is a reply with every value as text.
func readAny(t *testing.T, body []byte) map[string]string {
	t.Helper()
	reply := map[string]string{}
	found, isObject := members(body)
	if !isObject {
		t.Fatalf("not an object: %s", body)
	}
	for _, m := range found {
		if reply[m.key] = textOf(m.value); reply[m.key] == "" {
			reply[m.key] = strings.Trim(string(m.value), `"`)
		}
	}
	return reply
}
