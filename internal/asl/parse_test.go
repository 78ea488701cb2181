package asl

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

// TestParseFindings checks what is found in a faulty definition: the one finding, at the place marked with ^.
func TestParseFindings(t *testing.T) {
	const ok = `"Type":"Pass","End":true`
	tests := []struct{ name, definition, want string }{
		{"not an object", `^[]`, `SCHEMA_VALIDATION_FAILED Definition must be a valid JSON object`},
		{"nothing in it", `^{}`, `SCHEMA_VALIDATION_FAILED These fields are required: [States, StartAt]`},
		{"start", `{"StartAt":^"X","States":{}}`, `MISSING_TRANSITION_TARGET Missing 'StartAt' target: X`},
		{"next", machineOf(`"A":{"Type":"Pass","Next":^"X"}`), `MISSING_TRANSITION_TARGET Missing 'Next' target: X`},
		{
			"unreachable",
			machineOf(`"A":{` + ok + `},"B":^{` + ok + `}`),
			`MISSING_TRANSITION_TARGET State "B" is not reachable.`,
		},
		{
			"type",
			machineOf(`"A":{"Type":^"Step","End":true}`),
			`SCHEMA_VALIDATION_FAILED Type must be one of Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait`,
		},
		{"state of another kind", machineOf(`"A":^"Pass"`), `SCHEMA_VALIDATION_FAILED Expected value of type Object`},
		{
			"neither next nor end",
			machineOf(`"A":^{"Type":"Pass"}`),
			`SCHEMA_VALIDATION_FAILED A state must have either Next or "End": true`,
		},
		{
			"unknown field",
			machineOf(`"A":{` + ok + `,^"Retry":[]}`),
			`SCHEMA_VALIDATION_FAILED Field 'Retry' is not supported`,
		},
		{
			"unknown field at the top",
			`{"StartAt":"A","States":{"A":{` + ok + `}},^"Timeout":5}`,
			`SCHEMA_VALIDATION_FAILED Field 'Timeout' is not supported`,
		},
		{
			"wrong kind",
			machineOf(`"A":{` + ok + `,"InputPath":^5}`),
			`SCHEMA_VALIDATION_FAILED The field 'InputPath' must be a string, but is a number`,
		},
		{
			"path",
			machineOf(`"A":{` + ok + `,"InputPath":^"a"}`),
			"SCHEMA_VALIDATION_FAILED The value for the field 'InputPath' must be a valid JSONPath " +
				"(a path begins with $)",
		},
		{
			"reference path",
			machineOf(`"A":{` + ok + `,"ResultPath":^"$.a[*]"}`),
			`SCHEMA_VALIDATION_FAILED The value for the field 'ResultPath' must be a valid Reference Path`,
		},
		{
			"template",
			machineOf(`"A":{` + ok + `,"Parameters":{"x":[{"y.$":^"z"}]}}`),
			"SCHEMA_VALIDATION_FAILED The value for the field 'y.$' must be a valid JSONPath or a valid intrinsic " +
				"function call (it must begin with $ or with the name of an intrinsic function such as States.Format)",
		},
		{
			"variable name",
			machineOf(`"A":{` + ok + `,"Assign":^{"x.y":1}}`),
			`SCHEMA_VALIDATION_FAILED 'x.y' is not a valid variable name`,
		},
		{
			"variable of an outer scope",
			machineOf(`"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{` + ok +
				`,"Assign":{^"x.$":"$"}}}}],"Assign":{"x":1},"End":true}`),
			`SCHEMA_VALIDATION_FAILED The variable 'x' is assigned in an outer scope too`,
		},
		{
			"no resource",
			machineOf(`"A":^{"Type":"Task","End":true}`),
			`SCHEMA_VALIDATION_FAILED These fields are required: [Resource]`,
		},
		{
			"resource",
			machineOf(`"A":{"Type":"Task","Resource":^"<function>","End":true}`),
			`SCHEMA_VALIDATION_FAILED Value is not a valid resource ARN`,
		},
		{
			"parameter of the service",
			machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem",
				"Parameters":^{"TableName.$":"$"},"End":true}`),
			`SCHEMA_VALIDATION_FAILED The field 'Key' is required but was missing`,
		},
		{
			"timeouts",
			machineOf(taskA("f", `"TimeoutSeconds":5,"HeartbeatSeconds":^5`)),
			`SCHEMA_VALIDATION_FAILED HeartbeatSeconds must be smaller than TimeoutSeconds`,
		},
		{
			"timeout",
			machineOf(taskA("f", `"TimeoutSeconds":^0.5`)),
			`SCHEMA_VALIDATION_FAILED The field 'TimeoutSeconds' must be a whole number from 1 to 99999999`,
		},
		{
			"retry",
			machineOf(taskA("f", `"Retry":[^{}]`)),
			`SCHEMA_VALIDATION_FAILED These fields are required: [ErrorEquals]`,
		},
		{
			"jitter",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":["E"],"JitterStrategy":^"HALF"}]`)),
			`SCHEMA_VALIDATION_FAILED JitterStrategy must be FULL or NONE`,
		},
		{
			"all is not last",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":^["States.ALL"]},{"ErrorEquals":["E"]}]`)),
			`SCHEMA_VALIDATION_FAILED States.ALL must be the only error name, and in the last element`,
		},
		{
			"wait for nothing",
			machineOf(`"A":^{"Type":"Wait","End":true}`),
			`SCHEMA_VALIDATION_FAILED Exactly one of Seconds, SecondsPath, Timestamp, TimestampPath is required`,
		},
		{
			"timestamp",
			machineOf(`"A":{"Type":"Wait","Timestamp":^"tomorrow","End":true}`),
			`SCHEMA_VALIDATION_FAILED The field 'Timestamp' must be an ISO 8601 date and time with an offset`,
		},
		{
			"choice without rules",
			machineOf(`"A":{"Type":"Choice","Choices":^[]}`),
			`SCHEMA_VALIDATION_FAILED The field 'Choices' must be an array with at least one element`,
		},
		{
			"rule without operator",
			machineOf(`"A":{"Type":"Choice","Choices":[^{"Variable":"$","Next":"A"}]}`),
			`SCHEMA_VALIDATION_FAILED A rule must have exactly one comparison operator, And, Or or Not`,
		},
		{
			"value of the operator",
			machineOf(`"A":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":^"1","Next":"A"}]}`),
			`SCHEMA_VALIDATION_FAILED The value does not fit the operator 'NumericEquals'`,
		},
		{
			"error twice",
			machineOf(`"A":^{"Type":"Fail","Error":"E","ErrorPath":"$.e"}`),
			`SCHEMA_VALIDATION_FAILED Only one of Error, ErrorPath is allowed`,
		},
		{
			"map without processor",
			machineOf(`"A":{"Type":"Map","ItemProcessor":^{},"End":true}`),
			`SCHEMA_VALIDATION_FAILED These fields are required: [States, StartAt]`,
		},
		{
			"in a branch",
			machineOf(`"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":^{"Type":"Pass"}}}],
				"End":true}`),
			`SCHEMA_VALIDATION_FAILED A state must have either Next or "End": true`,
		},
		{
			"a branch's states are its own",
			machineOf(`"A":{"Type":"Parallel",
				"Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":^"A"}}}],"End":true}`),
			`MISSING_TRANSITION_TARGET Missing 'Next' target: A`,
		},
		{
			"distributed map",
			machineOf(`"A":^{"Type":"Map","ItemReader":{},
				"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{}},"End":true}`),
			`distributed-map-unsupported The state 'A' is a Distributed Map, which this engine does not run`,
		},
		{
			"back from jsonata",
			`{"QueryLanguage":"JSONata","StartAt":"A",
				"States":{"A":^{"Type":"Pass","QueryLanguage":"JSONPath","End":true}}}`,
			"SCHEMA_VALIDATION_FAILED 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' " +
				"for whole state machine",
		},
		{
			"long name",
			`{"StartAt":"` + strings.Repeat("A", 81) + `","States":{"` + strings.Repeat("A", 81) + `":^{` + ok + `}}}`,
			`SCHEMA_VALIDATION_FAILED The name of a state must have 1 to 80 characters`,
		},
		{
			"no errors",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":^[]}]`)),
			`SCHEMA_VALIDATION_FAILED ErrorEquals must have at least one element`,
		},
		{
			"errors that are not texts",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":^[1]}]`)),
			`SCHEMA_VALIDATION_FAILED The field 'ErrorEquals' must be an array of strings`,
		},
		{
			"rate",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":["E"],"BackoffRate":^0.5}]`)),
			`SCHEMA_VALIDATION_FAILED The field 'BackoffRate' must be a number from 1 to 1e+09`,
		},
		{
			"batcher without a limit",
			machineOf(`"A":{"Type":"Map","ItemBatcher":^{},"ItemProcessor":{"StartAt":"B","States":{"B":{` + ok +
				`}}},"End":true}`),
			`SCHEMA_VALIDATION_FAILED One of MaxItemsPerBatch and MaxInputBytesPerBatch is required`,
		},
		{
			"query language",
			`{"QueryLanguage":^"SQL","StartAt":"A","States":{"A":{` + ok + `}}}`,
			`SCHEMA_VALIDATION_FAILED Value should be one of the following: [JSONPath, JSONata]`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before, after, _ := strings.Cut(test.definition, "^")
			m, findings := parseText(t, before+after)
			if m != nil || len(findings) != 1 {
				t.Fatalf("got %v", findings)
			}
			f := findings[0]
			line, column := strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n')
			if got := f.Code + " " + f.Message; got != test.want || f.Line != line || f.Column != column {
				t.Errorf("got  %s at %d:%d\nwant %s at %d:%d", got, f.Line, f.Column, test.want, line, column)
			}
			if f.Remedy == "" {
				t.Error("the finding has no remedy")
			}
		})
	}
}

func parseText(t testing.TB, definition string) (*Machine, source.Findings) {
	t.Helper()
	doc, err := source.ParseJSON("d", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	return Parse("d", doc)
}

func TestParseAccepts(t *testing.T) {
	definitions := []string{
		`{"Comment":"c","Version":"1.0","TimeoutSeconds":5,"QueryLanguage":"JSONPath","StartAt":"A",
			"States":{"A":{"Type":"Succeed","Comment":"c","QueryLanguage":"JSONPath"}}}`,
		machineOf(taskA("f",
			`"Credentials":{"RoleArn":"r"},"Retry":[{"Comment":"c","ErrorEquals":["States.ALL"]}],
				"Catch":[{"Comment":"c","ErrorEquals":["E"],"Next":"A"}]`)),
		machineOf(`"A":{"Type":"Parallel",
			"Branches":[{"Comment":"c","StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}`),
		machineOf(`"A":{"Type":"Map","Iterator":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"A",
			"States":{"A":{"Type":"Pass","End":true}}},"End":true}`),
	}
	for _, definition := range definitions {
		if m, findings := parseText(t, definition); m == nil {
			t.Errorf("%s: %v", definition, findings)
		}
	}
}

func TestValidate(t *testing.T) {
	token := machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
		"Parameters":{"FunctionName":"f"},"End":true}`)
	tests := []struct {
		definition string
		kind       Kind
		want       Diagnostic
	}{
		{
			`{"StartAt":nope}`,
			Standard,
			Diagnostic{
				Location: `[Source: (String)"{"StartAt":nope}"; line: 1, column: 16]`,
				Finding: source.Finding{Code: codeJSON,
					Message: "Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or " +
						"token 'null', 'true' or 'false')\n at [Source: (String)\"{\"StartAt\":nope}\"; line: 1, " +
						"column: 16]"},
			},
		},
		{token, Express, Diagnostic{Location: "/States/A/Resource", Finding: source.Finding{Code: codeSchema,
			Message: "Express state machine does not support '.waitForTaskToken' service integration "}}},
		{
			`{}`,
			Standard,
			Diagnostic{
				Location: "/",
				Finding:  source.Finding{Code: codeSchema, Message: "These fields are required: [States, StartAt]"},
			},
		},
	}
	for _, test := range tests {
		got := Validate([]byte(test.definition), test.kind)
		if len(got) != 1 || got[0].Location != test.want.Location || got[0].Message != test.want.Message ||
			got[0].Code != test.want.Code {
			t.Errorf("%s: got %+v", test.definition, got)
		}
	}
	long := Validate([]byte(strings.Repeat("x", 600)), Standard)
	if len(long) != 1 ||
		long[0].Location != `[Source: (String)"`+strings.Repeat("x", 500)+
			`"[truncated 100 chars]; line: 1, column: 601]` {
		t.Errorf("got %+v", long)
	}
	if got := Validate([]byte(token), Standard); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestDeepNesting(t *testing.T) {
	definition := `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
	for range maxDepth + 5 {
		definition = `{"StartAt":"A","States":{"A":{"Type":"Map","ItemProcessor":` + definition + `,"End":true}}}`
	}
	m, findings := parseText(t, definition)
	if m != nil || !strings.Contains(findings[0].Message, "more than 50 deep") {
		t.Errorf("got %v", findings)
	}
	rule := `{"Variable":"$","IsNull":true}`
	for range maxDepth + 5 {
		rule = `{"Not":` + rule + `}`
	}
	rule = strings.TrimSuffix(rule, "}") + `,"Next":"A"}`
	m, findings = parseText(t, machineOf(`"A":{"Type":"Choice","Choices":[`+rule+`]}`))
	if m != nil || !strings.Contains(findings[0].Message, "more than 50 deep") {
		t.Errorf("got %v", findings)
	}
}
