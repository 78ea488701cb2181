package flow_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flow"
)

// invoked plays a flow with one function and returns the event that the function gets.
func invoked(t *testing.T, s scenario) string {
	t.Helper()
	s.replies = []reply{{payload: `{}`}}
	for _, c := range s.play(t).commands {
		if call, ok := c.command.(flow.InvokeFunction); ok {
			if !json.Valid(call.Event) {
				t.Fatalf("the event is not JSON: %s", call.Event)
			}
			return string(call.Event)
		}
	}
	t.Fatal("no function was invoked")
	return ""
}

// compact returns a JSON text without white space between its tokens.
func compact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFunctionEvent(t *testing.T) {
	got := invoked(t, scenario{
		options: flow.Options{
			ContactID:      "c-1",
			InstanceARN:    "arn:aws:connect:eu-west-2:111122223333:instance/i",
			CustomerNumber: "+15550100",
			SystemNumber:   "+15550199",
			Queue:          "arn:queue/q-1",
			Attributes:     map[string]string{"name": "Ada \"<x>\" é", "b": "2"},
			LanguageCode:   "en-GB",
		},
		flow: `
			d UpdateContactData {"Name":"a name","CustomerId":"7","Description":"$.Attributes.name"} >t
			t TagContact {"Tags":{"team":"red"}} >s !NoMatchingError=err
			s UpdateContactMediaStreamingBehavior {"MediaStreamingState":"Enabled","MediaStreamType":"Audio"}
				>f !NoMatchingError=err
			f UpdateFlowAttributes {"FlowAttributes":{"local":{"Value":"L"}}} >fn !NoMatchingError=err
			fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8",
				"LambdaInvocationAttributes":{"order":"$.FlowAttributes.local","mode":"start",
				"nested":{"age":10,"member":true,"who":"$.Attributes.name","items":["a","$.Attributes.b"]},
				"unset":"$.Attributes.unset"}}
				>bye !NoMatchingError=err` + bye,
	})
	want := compact(t, `{"Name":"ContactFlowEvent","Details":{
		"ContactData":{
			"Attributes":{"b":"2","name":"Ada \"<x>\" é"},
			"AwsRegion":"eu-west-2","Channel":"VOICE","ContactId":"c-1",
			"CustomerEndpoint":{"Address":"+15550100","Type":"TELEPHONE_NUMBER"},
			"CustomerId":"7","Description":"Ada \"<x>\" é","InitialContactId":"c-1","InitiationMethod":"INBOUND",
			"InstanceARN":"arn:aws:connect:eu-west-2:111122223333:instance/i","LanguageCode":"en-GB",
			"MediaStreams":{"Customer":{"Audio":
				{"StreamARN":"arn:aws:kinesisvideo:eu-west-2:111122223333:stream/c-1/1"}}},
			"Name":"a name","PreviousContactId":"c-1",
			"Queue":{"ARN":"arn:queue/q-1","Name":"q-1","OutboundCallerId":null},
			"References":{},"RelatedContactId":null,
			"SegmentAttributes":{"connect:Subtype":{"ValueString":"connect:Telephony",
				"ValueInteger":null,"ValueArn":null,"ValueList":null,"ValueMap":null}},
			"SystemEndpoint":{"Address":"+15550199","Type":"TELEPHONE_NUMBER"},
			"Tags":{"team":"red"}},
		"Parameters":{"mode":"start",
			"nested":{"age":10,"items":["a","2"],"member":true,"who":"Ada \"<x>\" é"},
			"order":"L"}}}`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFunctionEventAlone checks that an event without a flow is what a flow's first block sends, with the parameters as
// they are.
func TestFunctionEventAlone(t *testing.T) {
	for name, absent := range map[string]flow.AbsentFields{
		"null": flow.AbsentFieldsNull, "left_out": flow.AbsentFieldsLeftOut,
	} {
		options := flow.Options{ContactID: "c", CustomerNumber: "+15550100", Attributes: map[string]string{"a": "1"}}
		want := invoked(t, scenario{
			assume: map[string]string{"absent_fields": name}, options: options,
			flow: `fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8",
				"LambdaInvocationAttributes":{"action":"run","b":"two \"x\""}} >bye !NoMatchingError=err` + bye,
		})
		assumptions := flow.DefaultAssumptions()
		assumptions.AbsentFields = absent
		options.Assumptions = &assumptions
		got := string(flow.FunctionEvent(options, map[string]string{"b": `two "x"`, "action": "run"}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		literal := flow.FunctionEvent(options, map[string]string{"a": "$.Attributes.a"})
		if !strings.Contains(string(literal), `"Parameters":{"a":"$.Attributes.a"}`) {
			t.Errorf("%s", literal)
		}
	}
}

// TestFunctionEventAssumptions checks what an event says of values that are absent.
func TestFunctionEventAssumptions(t *testing.T) {
	const text = `
		fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8",
			"LambdaInvocationAttributes":{"a":"$.Attributes.unset","b":"$.Attributes.empty","c":"x"}}
			>bye !NoMatchingError=err` + bye
	for _, test := range []struct{ name, value, has, lacks string }{
		{name: "unset_attribute", value: "left_out", has: `"Parameters":{"c":"x"}`},
		{name: "unset_attribute", value: "empty_string", has: `"Parameters":{"a":"","b":"","c":"x"}`},
		{name: "unset_attribute", value: "null", has: `"Parameters":{"a":null,"b":null,"c":"x"}`},
		{name: "absent_fields", value: "null", has: `"CustomerEndpoint":null`},
		{name: "absent_fields", value: "left_out", has: `"Channel":"VOICE"`, lacks: "null"},
	} {
		got := invoked(t, scenario{
			assume:  map[string]string{test.name: test.value},
			options: flow.Options{Attributes: map[string]string{"empty": ""}},
			flow:    text,
		})
		if !strings.Contains(got, test.has) || test.lacks != "" && strings.Contains(got, test.lacks) {
			t.Errorf("%s=%s: %s", test.name, test.value, got)
		}
	}
}

// TestAssumptions checks the table itself: every default and every value can be set and read, nothing else can.
func TestAssumptions(t *testing.T) {
	defaults := flow.DefaultAssumptions()
	seen := map[string]bool{}
	for _, row := range flow.AssumptionTable() {
		if seen[row.Name] || row.Meaning == "" || row.Known == "" {
			t.Errorf("%s is given twice or not described", row.Name)
		}
		seen[row.Name] = true
		if got := defaults.Get(row.Name); got != row.Default() || got == "" {
			t.Errorf("%s is %q by default, not %q", row.Name, got, row.Default())
		}
		changed := flow.DefaultAssumptions()
		for _, value := range row.Values {
			if err := changed.Set(row.Name, value); err != nil || changed.Get(row.Name) != value {
				t.Errorf("%s=%s: %v", row.Name, value, err)
			}
		}
		if err := changed.Set(row.Name, "impossible"); err == nil && row.Name != "timeout_error" {
			t.Errorf("%s can be set to anything", row.Name)
		}
		if err := changed.Set(row.Name, ""); err == nil {
			t.Errorf("%s can be empty", row.Name)
		}
	}
	if err := defaults.Set("no_such_thing", "1"); err == nil || defaults.Get("no_such_thing") != "" {
		t.Error("an assumption that does not exist can be set")
	}
}
