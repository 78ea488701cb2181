package async

import (
	"encoding/json"
	"strings"
	"testing"
)

// delivered is the reply for a result, as Connect gets it.
func delivered(t *testing.T, output string, p map[string]string) (reply map[string]json.RawMessage, body []byte) {
	t.Helper()
	in := &invocation{event: event{parameters: object{}}, executionID: machineARN}
	for name, value := range p {
		in.event.parameters[name] = quote(value)
	}
	if refusal := in.readParameters(false); refusal != nil {
		t.Fatal(refusal.cause)
	}
	body = in.finished(Execution{Status: ExecutionSucceeded, Output: output}).encode()
	if err := json.Unmarshal(body, &reply); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	checkManners(t, reply)
	return reply, body
}

func TestDeliver(t *testing.T) {
	nested := `{"account":{"id":"7","owner":{"name":"Ada"},"tags":["a",1]},"ok":true,"n":1.50,"x":null,"e":{},"s":""}`
	for name, c := range map[string]struct {
		output string
		p      map[string]string
		want   string // the result's keys and sfn_output
	}{
		"object": {`{"a":"1","b":2}`, nil, `{"a":"1","b":2,"sfn_output":"none"}`},
		"include_output": {
			`{"a": "1"}`,
			map[string]string{"include_output": "true"},
			`{"a":"1","sfn_output":"{\"a\":\"1\"}"}`,
		},
		"overruled": {
			`{"count":7,"sfn_anything":1,"a":1}`,
			nil,
			`{"a":1,"sfn_output":"{\"count\":7,\"sfn_anything\":1,\"a\":1}"}`,
		},
		"list": {`[1,"b"]`, nil, `{"sfn_output":"[1,\"b\"]"}`},
		"text": {`"hello"`, nil, `{"sfn_output":"\"hello\""}`},
		"string map": {
			nested,
			map[string]string{"response_type": "STRING_MAP"},
			`{"account_id":"7","account_owner_name":"Ada","account_tags":"[\"a\",1]","ok":"true","n":"1.50",
				"x":"null","e":"{}","s":"","sfn_output":"none"}`,
		},
		"map collision": {
			`{"a_b":"first","a":{"b":"second"}}`,
			map[string]string{"response_type": "STRING_MAP"},
			`{"a_b":"first","sfn_output":"{\"a_b\":\"first\",\"a\":{\"b\":\"second\"}}"}`,
		},
		"map overruled": {
			`{"count":{"max":"9"}}`,
			map[string]string{"response_type": "STRING_MAP"},
			`{"sfn_output":"{\"count\":{\"max\":\"9\"}}"}`,
		},
		"select names": {nested, map[string]string{"select": "ok, n"}, `{"ok":true,"n":1.50,"sfn_output":"none"}`},
		"select paths": {
			nested,
			map[string]string{"select": "account.id,$.account.owner.name,account.tags[1]"},
			`{"account_id":"7","account_owner_name":"Ada","account_tags_1":1,"sfn_output":"none"}`,
		},
		"select missing": {
			nested,
			map[string]string{"select": "account.nothing,ok.deeper,account.tags[9],account.tags.x,"},
			`{"sfn_output":"none"}`,
		},
		"select object": {
			nested,
			map[string]string{"select": "account", "response_type": "STRING_MAP"},
			`{"account_id":"7","account_owner_name":"Ada","account_tags":"[\"a\",1]","sfn_output":"none"}`,
		},
		"select dotted": {
			`{"a.b":"name","a":{"b":"path"}}`,
			map[string]string{"select": "a.b"},
			`{"a.b":"name","sfn_output":"none"}`,
		},
		"select in list": {
			`[{"id":"9"}]`,
			map[string]string{"select": "[0].id"},
			`{"0_id":"9","sfn_output":"[{\"id\":\"9\"}]"}`,
		},
		"duplicate keys":  {`{"a":1,"b":2,"a":3}`, nil, `{"a":3,"b":2,"sfn_output":"none"}`},
		"case of letters": {`{"Count":1,"STATUS":"x"}`, nil, `{"Count":1,"STATUS":"x","sfn_output":"none"}`},
	} {
		t.Run(name, func(t *testing.T) {
			reply, body := delivered(t, c.output, c.p)
			for key := range reply {
				if key != "sfn_output" && (ReservedKey(key)) {
					delete(reply, key)
				}
			}
			if got, _ := json.Marshal(reply); !sameJSON(got, []byte(c.want)) {
				t.Errorf("got  %s\nwant %s\nwhole: %s", got, c.want, body)
			}
		})
	}
}

func TestReplyFitsConnect(t *testing.T) {
	object := func(bytes int) string { return `{"blob":"` + strings.Repeat("x", bytes-len(`{"blob":""}`)) + `"}` }
	for name, c := range map[string]struct {
		output  string
		p       map[string]string
		want    string // sfn_error, or the blob's length
		outputs bool   // whether sfn_output is there
	}{
		"31 KB":        {output: object(31 * 1024), want: "delivered", outputs: true},
		"32,550 bytes": {output: object(32550), want: "delivered"},
		"32 KB":        {output: object(32 * 1024), want: ResultNotDeliverable, outputs: true},
		"250 KB":       {output: object(250 * 1024), want: ResultNotDeliverable, outputs: true},
		"20 KB twice": {
			output:  object(20 * 1024),
			p:       map[string]string{"include_output": "true"},
			want:    "delivered",
			outputs: true,
		},
		"250 KB, selected": {
			output:  `{"a":"1",` + object(250 * 1024)[1:],
			p:       map[string]string{"select": "a"},
			want:    "selected",
			outputs: true,
		},
		"a list of 31 KB": {output: `[` + strings.Repeat("1,", 15*1024) + `1]`, want: "listed", outputs: true},
		"a list of 40 KB": {
			output:  `[` + strings.Repeat("1,", 20*1024) + `1]`,
			want:    ResultNotDeliverable,
			outputs: true,
		},
		"a list full of quotes": {
			output:  `[` + strings.Repeat(`"",`, 7*1024) + `""]`,
			want:    ResultNotDeliverable,
			outputs: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			reply, body := delivered(t, c.output, c.p)
			if len(body) >= 32*1024 {
				t.Fatalf("the reply has %d bytes", len(body))
			}
			if _, ok := reply["sfn_output"]; ok != c.outputs {
				t.Errorf("sfn_output is there: %v", ok)
			}
			got := "delivered"
			switch {
			case reply["sfn_error"] != nil && textOf(reply["sfn_error"]) != None:
				got = textOf(reply["sfn_error"])
				expect(t, map[string]string{"r": textOf(reply["sfn_result"]), "s": textOf(reply["sfn_status"])},
					"r=FAILURE s=SUCCEEDED")
				if cause := textOf(reply["sfn_cause"]); !strings.Contains(cause, "select") ||
					!strings.Contains(cause, "bytes") {
					t.Errorf("the cause is %s", cause)
				}
			case textOf(reply["a"]) == "1":
				got = "selected"
			case textOf(reply["sfn_output"]) == c.output:
				got = "listed"
			case len(reply["blob"]) < 20000:
				got = "lost"
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestStringMapOfDeepObjects(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 9000) + `1` + strings.Repeat(`}`, 9000)
	reply, _ := delivered(t, deep, map[string]string{"response_type": "STRING_MAP"})
	if !flatStrings(reply) {
		t.Error("the reply is not flat")
	}
}
