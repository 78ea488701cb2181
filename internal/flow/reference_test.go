package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
)

// TestSpokenReferences speaks texts with references in them.
func TestSpokenReferences(t *testing.T) {
	options := flow.Options{
		ContactID:      "c-1",
		Queue:          "arn:aws:connect:us-east-1:1:instance/i/queue/q-1",
		CustomerNumber: "+15550100",
		SystemNumber:   "+15550199",
		InstanceARN:    "arn:aws:connect:eu-west-2:111122223333:instance/i",
		Attributes:     map[string]string{"name": "Ada", "a name": "Grace", "Language": "en", "empty": ""},
		References: map[string]string{
			"$.External.deep.x":                      "y",
			"$.Views.ViewResultData.Category.0":      "first",
			"$.Lex.Slots.size":                       "big",
			"$.SegmentAttributes['connect:Subtype']": "connect:SMS",
		},
	}
	tests := map[string]string{
		"Hello $.Attributes.name.":                             "Hello Ada.",
		"$.Attributes.name, $.Attributes.['a name']":           "Ada, Grace",
		"$['Attributes']['Language']!":                         "en!",
		`$["Attributes"]["a name"]`:                            "Grace",
		"<$.Attributes.name>":                                  "<Ada>",
		"it costs $5.00 or $ 6":                                "it costs $5.00 or $ 6",
		"[$.Attributes.missing][$.Attributes.empty]":           "[][]",
		"$.External.deep.x $.External.deep.z.":                 "y .",
		"$.Views.ViewResultData.Category.0":                    "first",
		"$.Views.ViewResultData.Category[0]":                   "first",
		"$.Lex.Slots.size":                                     "big",
		"$.CustomerEndpoint.Address ($.CustomerEndpoint.Type)": "+15550100 (TELEPHONE_NUMBER)",
		"$.SystemEndpoint.Address":                             "+15550199",
		"$.ContactId $.InitialContactId $.Channel":             "c-1 c-1 VOICE",
		"$.Queue.Name in $.AwsRegion, $.LanguageCode":          "q-1 in eu-west-2, en-US",
		"$.CustomerCallbackNumber":                             "+15550100",
		"$.SegmentAttributes['connect:Subtype']":               "connect:SMS",
		"$.Attributes.['a name":                                ".['a name",
		"$.Attributes[x]":                                      "[x]",
		"$[]$['$":                                              "$[]$['$",
		"$.Unknown.thing.":                                     ".",
	}
	for text, want := range tests {
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), `"`, `\"`)
		d := scenario{options: options, flow: `hi MessageParticipant {"Text":"=` + text + `="} >bye` + bye}.play(t)
		if got := heard(d); got != "="+want+"=" {
			t.Errorf("%s is spoken as %s, want %s", text, got, want)
		}
	}
}

func TestUnsetReferenceCanBeSpoken(t *testing.T) {
	d := scenario{
		assume: map[string]string{"unset_in_text": "literal"},
		flow:   `hi MessageParticipant {"Text":"Hello $.Attributes.name."} >bye` + bye,
	}.play(t)
	if heard(d) != "Hello $.Attributes.name." {
		t.Error(heard(d))
	}
}

// TestCompareOperators compares one attribute in every way.
func TestCompareOperators(t *testing.T) {
	tests := []struct {
		value, condition string
		holds            bool
	}{
		{"abc", "Equals:abc", true}, {"abc", "Equals:ABC", false}, {"abc", "TextStartsWith:ab", true},
		{"abc", "TextEndsWith:bc", true}, {"abc", "TextContains:b", true},
		{"abc", "TextContains:x", false}, {"10", "NumberGreaterThan:9", true}, {"9", "NumberGreaterThan:9", false},
		{"9", "NumberGreaterOrEqualTo:9", true},
		{"8.5", "NumberLessThan:9", true}, {"9", "NumberLessOrEqualTo:9", true},
		{"nine", "NumberLessThan:9", false}, {"abc", "KeyExists:x", true}, {"5", "NumberGreaterThan:four", false},
		{"abc", "Contains:b", false}, {"abc", "Equals:$.Attributes.other", false},
		{"twin", "Equals:$.Attributes.other", true},
	}
	for _, test := range tests {
		d := scenario{
			options: flow.Options{Attributes: map[string]string{"v": test.value, "other": "twin"}},
			flow: `c Compare {"ComparisonValue":"$.Attributes.v"} >err ` + test.condition +
				`=bye !NoMatchingCondition=err` + bye,
		}.play(t)
		if got := d.finished.Action.Identifier == "bye"; got != test.holds {
			t.Errorf("%s %s: %v, want %v", test.value, test.condition, got, test.holds)
		}
	}
}

// TestCompareAssumptions checks what is assumed of values that cannot be compared.
func TestCompareAssumptions(t *testing.T) {
	for _, test := range []struct {
		name, value string
		condition   string
		holds       bool
	}{
		{name: "unset_in_compare", value: "no_match", condition: "TextStartsWith:"},
		{name: "unset_in_compare", value: "empty", condition: "TextStartsWith:", holds: true},
		{name: "number_on_text", value: "zero", condition: "NumberLessThan:1", holds: true},
		{name: "dynamic_operand", value: "literal", condition: "Equals:$.Attributes.x"},
		{name: "key_exists", value: "present", condition: "KeyExists:x"},
	} {
		value := "$.Attributes.unset"
		if test.name == "number_on_text" {
			value = "$.Channel"
		}
		d := scenario{
			assume: map[string]string{test.name: test.value},
			flow: `c Compare {"ComparisonValue":"` + value + `"} >err ` + test.condition +
				`=bye !NoMatchingCondition=err` + bye,
		}.play(t)
		if got := d.finished.Action.Identifier == "bye"; got != test.holds {
			t.Errorf("%s=%s: %v, want %v", test.name, test.value, got, test.holds)
		}
	}
}

// TestReplies checks what becomes of a function's reply in $.External.
func TestReplies(t *testing.T) {
	const text = `
		fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8",
			"ResponseValidation":{"ResponseType":"FORM"}}
			>say !NoMatchingError=no
		say MessageParticipant
			{"Text":"=$.External.a=$.External.b.c=$.External.list.0=$.LambdaInvocation.ResultData.a="}
			>bye
		no MessageParticipant {"Text":"error =$.External.a="} >bye` + bye
	for _, test := range []struct{ form, assumption, payload, want string }{
		{form: "STRING_MAP", payload: `{"a":"x"}`, want: "=x===x="},
		{form: "STRING_MAP", payload: `{"a":5}`, want: "error =="},
		{form: "STRING_MAP", assumption: "non_string_values=coerced", payload: `{"a":5}`, want: "=5===5="},
		{form: "STRING_MAP", assumption: "non_string_values=coerced", payload: `{"a":null}`, want: "====="},
		{form: "STRING_MAP", payload: `{"a":null}`, want: "error =="},
		{form: "STRING_MAP", payload: `{"b":{"c":"d"}}`, want: "error =="},
		{form: "STRING_MAP", payload: `["a"]`, want: "error =="},
		{form: "STRING_MAP", payload: `null`, want: "error =="},
		{form: "JSON", payload: `{"a":true,"b":{"c":1.50}}`, want: "=true=1.50==true="},
		{form: "JSON", payload: `{"a":"x","list":["y"]}`, want: "=x===x="},
		{form: "JSON", assumption: "external_arrays=index", payload: `{"a":"x","list":["y"]}`, want: "=x==y=x="},
		{form: "JSON", payload: `{"a":{"b":1}}`, want: "====="}, {form: "JSON", payload: `"text"`, want: "====="},
	} {
		s := scenario{flow: strings.Replace(text, "FORM", test.form, 1), replies: []reply{{payload: test.payload}}}
		if name, value, ok := strings.Cut(test.assumption, "="); ok {
			s.assume = map[string]string{name: value}
		}
		if got := heard(s.play(t)); got != test.want {
			t.Errorf("%s %s %s: %s, want %s", test.form, test.assumption, test.payload, got, test.want)
		}
	}
}

// TestRepliesReadTheSameEveryTime checks that of several faults the same one is told, and of a path that is there
// twice the same value counts.
func TestRepliesReadTheSameEveryTime(t *testing.T) {
	for _, test := range []struct{ form, payload, want string }{
		{
			"STRING_MAP",
			`{"a":5,"b":{"c":"d"},"e":[1],"f":true}`,
			"fn: the reply has a value that is not a string, but the block expects STRING_MAP",
		},
		{"JSON", `{"a.b":"1","a":{"b":"2"},"c":["x"]}`, "1"},
	} {
		for range 50 {
			d := scenario{
				flow: `
					fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8",
						"ResponseValidation":{"ResponseType":"` + test.form + `"}} >say !NoMatchingError=no
					say MessageParticipant {"Text":"$.External.a.b"} >bye
					no MessageParticipant {"Text":"no"} >bye` + bye,
				replies: []reply{{payload: test.payload}},
			}.play(t)
			got := heard(d)
			for _, c := range d.commands {
				if take, ok := c.command.(flow.Take); ok && take.Cause != "" {
					got = take.Action.Identifier + ": " + take.Cause
				}
			}
			if got != test.want {
				t.Fatalf("%s: %q, want %q", test.payload, got, test.want)
			}
		}
	}
}

// TestExternalAfterError checks that a failing function empties $.External, unless it is assumed to stay.
func TestExternalAfterError(t *testing.T) {
	const text = `
		a InvokeLambdaFunction {"LambdaFunctionARN":"a","InvocationTimeLimitSeconds":"8"} >b
		b InvokeLambdaFunction {"LambdaFunctionARN":"b","InvocationTimeLimitSeconds":"8",
			"LambdaInvocationAttributes":{"a":"$.External.a"}}
			>say !NoMatchingError=say
		say MessageParticipant {"Text":"=$.External.a="} >bye` + bye
	for value, want := range map[string]string{"cleared": "==", "kept": "=x="} {
		d := scenario{
			flow:    text,
			assume:  map[string]string{"external_after_error": value},
			replies: []reply{{payload: `{"a":"x"}`}, {error: "ValueError", takes: time.Second}},
		}.play(t)
		if heard(d) != want {
			t.Errorf("%s: %s", value, heard(d))
		}
		if rested := strings.Join(d.contact.Rested(), " "); !strings.Contains(rested, "external_after_error") {
			t.Errorf("rested on %s", rested)
		}
	}
}
