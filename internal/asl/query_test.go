package asl

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

// jsonataMachine wraps states into a definition with JSONata that starts at A.
func jsonataMachine(states string) string {
	return `{"QueryLanguage":"JSONata","StartAt":"A","States":{` + states + `}}`
}

// queryFailed begins the ending of an execution whose first state has an expression that fails.
const queryFailed = "FAILED States.QueryEvaluationError: " + inA

func TestQueryOutcomes(t *testing.T) {
	const fails = `"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:bad",`
	for _, c := range []struct{ name, states, want string }{
		{"output", `"A":{"Type":"Pass","Output":{"z":"{% $states.input.n + 1 %}","a":["{% 'x' %}",1.50]},"End":true}`,
			`SUCCEEDED {"z":6,"a":["x",1.50]}`},
		{"no output", `"A":{"Type":"Pass","End":true}`, `SUCCEEDED {"n":5,"l":[3,1,2]}`},
		{"blanks outside", `"A":{"Type":"Pass","Output":" {% 1 %}","End":true}`, `SUCCEEDED " {% 1 %}"`},
		{"assign is seen from the next state", `"A":{"Type":"Pass","Assign":{"v":"{% $states.input.n %}"},` +
			`"Output":"{% $exists($v) %}","Next":"B"},"B":{"Type":"Succeed","Output":"{% [$states.input, $v] %}"}`,
			`SUCCEEDED [false,5]`},
		{"arguments and result", taskA("f", `"Arguments":{"x":"{% $states.input.n %}"},`+
			`"Output":"{% $states.result.x * 2 %}"`), `SUCCEEDED 10 after 1s`},
		{"arguments as one expression", taskA("f", `"Arguments":"{% $states.input.l %}"`),
			`SUCCEEDED [3,1,2] after 1s`},
		{"timeout", taskA("never", `"TimeoutSeconds":"{% $states.input.n %}"`), `FAILED States.Timeout:  after 5s`},
		{"caught", fails + `"Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput.Error %}",` +
			`"Assign":{"c":"{% $states.errorOutput.Cause %}"},"Next":"B"}],"End":true},` +
			`"B":{"Type":"Succeed","Output":"{% $states.input & $c %}"}`, `SUCCEEDED "Badit broke" after 1s`},
		{"caught without output", fails + `"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"End":true},` +
			`"B":{"Type":"Succeed"}`, `SUCCEEDED {"Error":"Bad","Cause":"it broke"} after 1s`},
		{"an expression's error is caught", taskA("f", `"Arguments":"{% $nothing %}",`+
			`"Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Output":"{% 'caught' %}","Next":"B"}]`) +
			`,"B":{"Type":"Succeed"}`, `SUCCEEDED "caught"`},
		{"choice", `"A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.n > 5 %}","Next":"B"},` +
			`{"Condition":"{% $states.input.n = 5 %}","Output":"{% 'five' %}","Next":"B"}]},"B":{"Type":"Succeed"}`,
			`SUCCEEDED "five"`},
		{"choice by default", `"A":{"Type":"Choice","Choices":[{"Condition":false,"Next":"B"}],"Default":"B",` +
			`"Output":"{% 'other' %}"},"B":{"Type":"Succeed"}`, `SUCCEEDED "other"`},
		{"choice of no boolean", `"A":{"Type":"Choice","Choices":[{"Condition":"{% 1 %}","Next":"B"}]},` +
			`"B":{"Type":"Succeed"}`, queryFailed + `The JSONata expression '1' specified for the field ` +
			`'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for ` +
			`value: 1`},
		{"wait", `"A":{"Type":"Wait","Seconds":"{% $states.input.n %}","End":true}`,
			`SUCCEEDED {"n":5,"l":[3,1,2]} after 5s`},
		{"fail", `"A":{"Type":"Fail","Error":"{% 'E' & $states.input.n %}","Cause":"{% $string([1]) %}"}`,
			`FAILED E5: [1]`},
		{"parallel", `"A":{"Type":"Parallel","Arguments":{"x":1},"Branches":[{"StartAt":"B","States":{"B":` +
			`{"Type":"Pass","Output":"{% $states.input.x %}","End":true}}}],"Output":"{% $states.result[0] + 1 %}",` +
			`"End":true}`, `SUCCEEDED 2`},
		{"map", `"A":{"Type":"Map","Items":"{% $sort($states.input.l) %}","MaxConcurrency":"{% 1 + 1 ` +
			`%}","ItemSelector":` +
			`{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value %}"},"ItemProcessor":` +
			`{"StartAt":"B","States":{"B":{"Type":"Pass","Output":"{% $states.input.v * $states.input.i ` +
			`%}","End":true}}},` +
			`"End":true}`, `SUCCEEDED [0,2,6]`},
		{"a state with JSONPath's neighbour",
			`"A":{"Type":"Pass","Output":"{% $states.context.State.Name %}","End":true}`,
			`SUCCEEDED "A"`},
		{"undefined inside", `"A":{"Type":"Pass","Output":{"a":[1,{"b":"{% $states.input.no %}"}]},"End":true}`,
			queryFailed + `The JSONata expression '$states.input.no' specified for the field 'Output/a[1]/b' ` +
				`returned ` +
				`nothing (undefined).`},
		{"a code", `"A":{"Type":"Pass","Output":"{% 'a' + 1 %}","End":true}`, queryFailed + `The JSONata expression ` +
			`''a' + 1' specified for the field 'Output' threw an error during evaluation. T2001: The left side of ` +
			`the "+" ` +
			`operator must evaluate to a number`},
		{"a limit", `"A":{"Type":"Pass","Output":"{% [1..873783] %}","End":true}`,
			queryFailed + `The JSONata expression ` +
				`'[1..873783]' specified for the field 'Output' threw an error during evaluation: Expression ` +
				`evaluation memory ` +
				`limit exceeded: Check for excessive memory usage`},
		{"a result above 256 KiB", `"A":{"Type":"Pass","Output":"{% $pad('', 300000, 'x') %}","End":true}`,
			`FAILED States.DataLimitExceeded: ` + resultTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := start(t, jsonataMachine(c.states), `{"n":5,"l":[3,1,2]}`)
			d.invoke = functions(map[string][]outcome{function("f"): {{after: 1e9}},
				function("bad"): {{after: 1e9, err: "Bad", cause: "it broke"}}})
			d.run(day)
			if got := d.ending(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestMixedQueryLanguages checks that a state of either language hands its data to one of the other, and that the
// states of a branch have the machine's language, not that of the state around them.
func TestMixedQueryLanguages(t *testing.T) {
	d := start(t, machineOf(`"A":{"Type":"Pass","QueryLanguage":"JSONata","Output":{"b":0.1,"a":"{% 1/4 %}"},`+
		`"Assign":{"v":"{% {'z':1,'y':2} %}"},"Next":"B"},`+
		`"B":{"Type":"Pass","Parameters":{"in.$":"$","v.$":"$v.z"},"Next":"C"},`+
		`"C":{"Type":"Map","QueryLanguage":"JSONata","Items":"{% [$states.input.v] %}","ItemProcessor":{"StartAt":"D",`+
		`"States":{"D":{"Type":"Pass","Parameters":{"x.$":"$"},"End":true}}},"End":true}`), `{}`)
	d.run(day)
	if got, want := d.ending(), `SUCCEEDED [{"x":1}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := d.history[4].Details.Output.String(); got != `{"in":{"b":0.1,"a":0.25},"v":1}` {
		t.Errorf("the second state gave %s", got)
	}
}

// TestEvaluationFailedEvent checks the event's place in the history (recorded).
func TestEvaluationFailedEvent(t *testing.T) {
	d := start(t, jsonataMachine(`"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Map","Items":"{% 1 %}",`+
		`"ItemProcessor":{"StartAt":"C","States":{"C":{"Type":"Succeed"}}},"End":true}`), `{}`)
	d.run(day)
	var got []string
	for _, e := range d.history[3:] {
		got = append(got, fmt.Sprintf("%s after %d", e.Type, e.PreviousEventID))
	}
	const want = "MapStateEntered after 3, EvaluationFailed after 3, MapStateFailed after 5, ExecutionFailed after 6"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	text, err := json.Marshal(d.history[4])
	if err != nil || !strings.Contains(string(text),
		`"evaluationFailedEventDetails":{"state":"B","location":"Items",`) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestUnknownFunction checks that a function which does not exist is a warning of Parse, and nothing that AWS would
// say.
func TestUnknownFunction(t *testing.T) {
	definition := jsonataMachine(`"A":{"Type":"Pass","Output":"{% $eval('1') %}","End":true}`)
	m, findings := parseText(t, definition)
	if m == nil || len(findings) != 1 || findings[0].Severity != source.Warning {
		t.Errorf("got %v", findings)
	}
	if found := Validate([]byte(definition), Standard); len(found) > 0 {
		t.Errorf("Validate says %v", found)
	}
}

// TestQueryWarnings checks what Parse warns of, and that AWS would say nothing.
func TestQueryWarnings(t *testing.T) {
	pass := func(fields string) string { return jsonataMachine(`"A":{"Type":"Pass",` + fields + `,"End":true}`) }
	refused := func(want, given string) string {
		const message = "jsonata-result-kind: The field takes a value of type %s, but the expression gives one of " +
			"type %s"
		return fmt.Sprintf(message, want, given)
	}
	for _, c := range []struct{ definition, want string }{
		{pass(`"Output":{"a":["{% $Sum([1]) %}"]}`),
			"jsonata-unknown-function: The expression calls $Sum, which does not exist"},
		{pass(`"Output":"{% $states.inptu.x %}"`), "jsonata-unknown-reference: $states has no member inptu"},
		{pass(`"Output":"{% $customer.name %}"`),
			"jsonata-unknown-reference: No state assigns the variable $customer"},
		{pass(`"Assign":{"v":1},"Output":"{% $v + $states.input.v %}"`), ""},
		{pass(`"Assign":{"v":"{% $v %}"}`), ""},
		{pass(`"Output":"{% ($f := function($x) { $x }; $f(1)) %}"`), ""},
		{pass(`"Output":"{% $sum %}"`), ""},
		{pass(`"Output":"{% function($x) { $x } %}"`),
			"jsonata-result-kind: The expression gives a function, which no field takes"},
		{jsonataMachine(`"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",` +
			`"TimeoutSeconds":"{% '5' %}","Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e":1},"Next":"B"}],` +
			`"Next":"B"},"B":{"Type":"Fail","Error":"{% $e %}","Cause":"{% [1] %}"}`),
			refused("number", "string") + "\n" +
				refused("string", "array")},
		{jsonataMachine(`"A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.n & '' %}","Next":"B"},` +
			`{"Condition":"{% $states.input.n = 1 %}","Next":"B"}]},` +
			`"B":{"Type":"Wait","Seconds":"{% $now() %}","End":true}`),
			refused("boolean", "string") + "\n" +
				refused("number", "string")},
		{jsonataMachine(`"A":{"Type":"Map","Items":"{% {'a': 1} %}","ItemProcessor":{"StartAt":"B","States":{"B":` +
			`{"Type":"Succeed","Output":{"Seconds":"{% 'x' %}"}}}},"End":true}`),
			refused("array", "object")},
		{machineOf(`"A":{"Type":"Pass","Assign":{"v.$":"$.x"},"Next":"B"},` +
			`"B":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $v %}","End":true}`), ""},
	} {
		m, findings := parseText(t, c.definition)
		var got []string
		for _, f := range findings {
			got = append(got, f.Code+": "+f.Message)
			if f.Severity != source.Warning || f.Remedy == "" || f.Pos.Line == 0 {
				t.Errorf("%s: %+v", c.definition, f)
			}
		}
		if m == nil || strings.Join(got, "\n") != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.definition, strings.Join(got, "\n"), c.want)
		}
		if found := Validate([]byte(c.definition), Standard); len(found) > 0 {
			t.Errorf("Validate says %v", found)
		}
	}
}

// TestQueryValidation checks what is wrong with definitions that use JSONata (recorded, or seen at AWS by
// floci-io/floci#2670, #2745, #2968).
func TestQueryValidation(t *testing.T) {
	pass := func(fields string) string { return jsonataMachine(`"A":{"Type":"Pass",` + fields + `,"End":true}`) }
	const foreign = "SCHEMA_VALIDATION_FAILED The QueryLanguage is set to '%s', but field '%s' is only supported " +
		"for the " +
		"'%s' QueryLanguage at /States/A"
	for _, c := range []struct{ definition, want string }{
		{pass(`"Parameters":{}`), fmt.Sprintf(foreign, "JSONata", "Parameters", "JSONPath")},
		{pass(`"Result":1`), fmt.Sprintf(foreign, "JSONata", "Result", "JSONPath")},
		{machineOf(`"A":{"Type":"Pass","Output":1,"End":true}`), fmt.Sprintf(foreign, "JSONPath", "Output", "JSONata")},
		{jsonataMachine(`"A":{"Type":"Wait","SecondsPath":"$.x","Seconds":1,"End":true}`),
			fmt.Sprintf(foreign, "JSONata", "SecondsPath", "JSONPath")},
		{jsonataMachine(`"A":{"Type":"Choice","Choices":[{"Variable":"$.x","Condition":true,"Next":"B"}]},` +
			`"B":{"Type":"Succeed"}`), fmt.Sprintf(foreign, "JSONata", "Variable", "JSONPath")},
		{pass(`"Arguments":1`), "SCHEMA_VALIDATION_FAILED Field 'Arguments' is not supported at /States/A"},
		{pass(`"Output":{"v":"{% 1 + %}"}`),
			"INVALID_JSONATA_EXPRESSION Unexpected end of expression at /States/A/Output/v"},
		{pass(`"Output":"{% $contains('a', /(?=a)/) %}"`),
			"jsonata-regex-unsupported The regular expression is not supported: " +
				"invalid or unsupported Perl syntax: `(?=` at /States/A/Output"},
		{pass(`"Output":"{% phone %}"`),
			"UNSUPPORTED_JSONATA_EXPRESSION Reference to 'phone' at the top level is not supported. at " +
				"/States/A/Output"},
		{pass(`"Output":"{% $$.x %}"`),
			"UNSUPPORTED_JSONATA_EXPRESSION Reference to '$$' is not supported. at /States/A/Output"},
		{pass(`"Output":"{% $states.result %}"`),
			"UNSUPPORTED_JSONATA_EXPRESSION Reference to '$states.result' is not supported. at /States/A/Output"},
		{pass(`"Output":"{% 1"`),
			"INVALID_JSONATA_EXPRESSION The JSONata expression must begin with '{%' and end with '%}' " +
				"at /States/A/Output"},
		{pass(`"Assign":{"states":1}`),
			"RESERVED_VARIABLE_NAME Cannot assign to reserved variable '$states'. at /States/A/Assign"},
		{machineOf(`"A":{"Type":"Map","ItemProcessor":{"QueryLanguage":"JSONata","StartAt":"B","States":{"B":` +
			`{"Type":"Succeed"}}},"End":true}`),
			"SCHEMA_VALIDATION_FAILED Field 'QueryLanguage' is not supported at /States/A/ItemProcessor"},
		{jsonataMachine(`"A":{"Type":"Pass","QueryLanguage":"JSONPath","End":true}`),
			"SCHEMA_VALIDATION_FAILED 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state " +
				"machine " +
				"at /States/A"},
		{pass(`"Output":"{% $states.context.Execution.Id & $x[total > 10] %}"`), ""},
	} {
		got := ""
		for i, d := range Validate([]byte(c.definition), Standard) {
			if i > 0 {
				got += "; "
			}
			got += d.Code + " " + d.Message + " at " + d.Location
		}
		if got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.definition, got, c.want)
		}
	}
}
