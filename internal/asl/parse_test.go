package asl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

// TestParseFindings checks what is found in a faulty definition, the first at the place marked with ^.
func TestParseFindings(t *testing.T) {
	const ok = `"Type":"Pass","End":true`
	tests := []struct{ name, definition, want string }{
		{"not an object", `^[]`, `SCHEMA_VALIDATION_FAILED Definition must be a valid JSON object`},
		{"nothing in it", `^{}`, `SCHEMA_VALIDATION_FAILED These fields are required: [States, StartAt]`},
		{
			"start", `{"StartAt":^"X","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}`,
			`MISSING_TRANSITION_TARGET Missing 'Next' target: X; MISSING_END_STATE Workflow has no terminal state`,
		},
		{
			"next", machineOf(`"A":{"Type":"Choice","Choices":[{"Variable":"$","IsNull":true,"Next":^"X"}],
				"Default":"B"},"B":{` + ok + `}`),
			`MISSING_TRANSITION_TARGET Missing 'Next' target: X`,
		},
		{"no end", `{"StartAt":"A","States":^{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}`,
			`MISSING_END_STATE Workflow has no terminal state`},
		{
			"same name", machineOf(`"A":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{^"A":{` + ok + `}}}],
				"End":true}`),
			`DUPLICATE_STATE_NAME Duplicate State name: A`,
		},
		{"same key", machineOf(`"A":{` + ok + `},^"A":{` + ok + `}`), `DUPLICATE_STATE_NAME Duplicate State name: A`},
		{
			"unreachable",
			machineOf(`"A":{` + ok + `},"B":^{` + ok + `}`),
			`MISSING_TRANSITION_TARGET State "B" is not reachable.`,
		},
		{
			"type",
			machineOf(`"A":{"Type":^"Step","End":true}`),
			"SCHEMA_VALIDATION_FAILED The field 'Type' should have one of these values: " +
				"[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
		},
		{"state of another kind", machineOf(`"A":^"Pass"`), `SCHEMA_VALIDATION_FAILED Expected value of type Object`},
		{
			"neither next nor end",
			machineOf(`"A":^{"Type":"Pass"}`),
			`SCHEMA_VALIDATION_FAILED This object should have only one of the following fields: [Next, End]`,
		},
		{
			"both next and end",
			machineOf(`"A":^{` + ok + `,"Next":"B"},"B":{` + ok + `}`),
			`SCHEMA_VALIDATION_FAILED There should only be one of the following fields: [Next, End]`,
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
			`SCHEMA_VALIDATION_FAILED Expected value of type String`,
		},
		{
			"path",
			machineOf(`"A":{` + ok + `,"InputPath":^"a"}`),
			`SCHEMA_VALIDATION_FAILED Value must be a valid JSONPath.`,
		},
		{
			"reference path",
			machineOf(`"A":{` + ok + `,"ResultPath":^"$.a[*]"}`),
			`SCHEMA_VALIDATION_FAILED Value is not a Reference Path`,
		},
		{
			"template",
			machineOf(`"A":{` + ok + `,"Parameters":{"x":[{"y.$":^"z"}]}}`),
			"SCHEMA_VALIDATION_FAILED The value for the field 'y.$' must be a valid JSONPath or a valid intrinsic " +
				"function call",
		},
		{
			"variable name",
			machineOf(`"A":{` + ok + `,"Assign":^{"x.y":1}}`),
			`INVALID_VARIABLE_NAME Invalid variable name 'x.y': the variable name contains invalid characters.`,
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
			`SCHEMA_VALIDATION_FAILED Expected value of type Integer`,
		},
		{
			"no timeout",
			machineOf(taskA("f", `"TimeoutSeconds":^0`)),
			`SCHEMA_VALIDATION_FAILED Minimum value is 1`,
		},
		{
			"retry",
			machineOf(taskA("f", `"Retry":[^{}]`)),
			`SCHEMA_VALIDATION_FAILED These fields are required: [ErrorEquals]`,
		},
		{
			"jitter",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":["E"],"JitterStrategy":^"HALF"}]`)),
			`SCHEMA_VALIDATION_FAILED Value should be one of the following: [NONE, FULL]`,
		},
		{
			"all is not last",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":^["States.ALL"]},{"ErrorEquals":["E"]}]`)),
			`SCHEMA_VALIDATION_FAILED States.ALL must appear alone and at end of list`,
		},
		{
			"wait for nothing",
			machineOf(`"A":^{"Type":"Wait","End":true}`),
			"SCHEMA_VALIDATION_FAILED This object should have only one of the following fields: " +
				"[SecondsPath, Seconds, TimestampPath, Timestamp]",
		},
		{
			"timestamp",
			machineOf(`"A":{"Type":"Wait","Timestamp":^"tomorrow","End":true}`),
			`SCHEMA_VALIDATION_FAILED String does not match RFC3339 timestamp`,
		},
		{
			"choice without rules",
			machineOf(`"A":{"Type":"Choice","Choices":^[]}`),
			`SCHEMA_VALIDATION_FAILED Value cannot be empty`,
		},
		{
			"rule without operator",
			machineOf(`"A":{"Type":"Choice","Choices":[^{"Variable":"$","Next":"A"}]}`),
			`SCHEMA_VALIDATION_FAILED A rule must have a comparison operator`,
		},
		{
			"rule with two operators",
			machineOf(`"A":{"Type":"Choice","Choices":[^{"Variable":"$","IsNull":true,"IsString":true,"Next":"A"}]}`),
			`SCHEMA_VALIDATION_FAILED There should only be one of the following fields: [IsNull, IsString]`,
		},
		{
			"rule without anything",
			machineOf(`"A":{"Type":"Choice","Choices":[^{"Next":"A"}]}`),
			"SCHEMA_VALIDATION_FAILED The object must have only one of the following fields, " +
				"[And, Or, Not, Variable, Condition]",
		},
		{
			"variable that is not a path",
			machineOf(`"A":{"Type":"Choice","Choices":[{"Variable":^"a","IsNull":true,"Next":"A"}]}`),
			"SCHEMA_VALIDATION_FAILED Value is not a Reference Path: Reference path didn't start with '$'",
		},
		{
			"variable that is several places",
			machineOf(`"A":{"Type":"Choice","Choices":[{"Variable":^"$.a[*]","IsNull":true,"Next":"A"}]}`),
			"SCHEMA_VALIDATION_FAILED Value is not a Reference Path",
		},
		{
			"count in the context object",
			machineOf(`"A":{"Type":"Map","ToleratedFailureCountPath":^"$$.Execution.Input.n",
				"ItemProcessor":{"StartAt":"B","States":{"B":{` + ok + `}}},"End":true}`),
			`SCHEMA_VALIDATION_FAILED Value is not a Reference Path`,
		},
		{
			"credentials",
			machineOf(taskA("f", `"Credentials":^{}`)),
			`SCHEMA_VALIDATION_FAILED The field 'RoleArn' is required but was missing`,
		},
		{
			"value of the operator",
			machineOf(`"A":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":^"1","Next":"A"}]}`),
			`SCHEMA_VALIDATION_FAILED The value does not fit the operator 'NumericEquals'`,
		},
		{
			"error twice",
			machineOf(`"A":^{"Type":"Fail","Error":"E","ErrorPath":"$.e"}`),
			`SCHEMA_VALIDATION_FAILED There should only be one of the following fields: [Error, ErrorPath]`,
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
			`SCHEMA_VALIDATION_FAILED This object should have only one of the following fields: [Next, End]`,
		},
		{
			"a branch's states are its own",
			machineOf(`"A":{"Type":"Parallel",
				"Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":^"A"}}}],"End":true}`),
			`MISSING_TRANSITION_TARGET Missing 'Next' target: A`,
		},
		{
			"distributed map without the type of its executions",
			machineOf(`"A":{"Type":"Map","ItemProcessor":{"ProcessorConfig":^{"Mode":"DISTRIBUTED"},"StartAt":"B",
				"States":{"B":{` + ok + `}}},"End":true}`),
			`SCHEMA_VALIDATION_FAILED These fields are required: [ExecutionType]`,
		},
		{
			"inline map with the type of its executions",
			machineOf(`"A":{"Type":"Map","ItemProcessor":{"ProcessorConfig":^{"Mode":"INLINE",
				"ExecutionType":"EXPRESS"},"StartAt":"B","States":{"B":{` + ok + `}}},"End":true}`),
			`SCHEMA_VALIDATION_FAILED Field 'ExecutionType' is not supported`,
		},
		{
			"distributed map of another store",
			machineOf(`"A":{"Type":"Map","ItemReader":{"Resource":^"arn:aws:states:::ftp:get"},"ItemProcessor":{
				"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"B",
				"States":{"B":{` + ok + `}}},"End":true}`),
			`SCHEMA_VALIDATION_FAILED The field 'Resource' does not match any of the allowed values`,
		},
		{
			"table without a header",
			machineOf(`"A":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
				"ReaderConfig":^{"InputType":"CSV"}},"ItemProcessor":{
				"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"B",
				"States":{"B":{` + ok + `}}},"End":true}`),
			`SCHEMA_VALIDATION_FAILED The field 'CSVHeaderLocation' is required`,
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
			`SCHEMA_VALIDATION_FAILED Value cannot be empty`,
		},
		{
			"errors that are not texts",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":^[1]}]`)),
			`SCHEMA_VALIDATION_FAILED Expected value of type String`,
		},
		{
			"rate",
			machineOf(taskA("f", `"Retry":[{"ErrorEquals":["E"],"BackoffRate":^0.5}]`)),
			`SCHEMA_VALIDATION_FAILED Minimum value is 1.0`,
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
			if m != nil || len(findings) == 0 {
				t.Fatalf("got %v", findings)
			}
			f := findings[0]
			line, column := strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n')
			var got []string
			for _, f := range findings {
				got = append(got, f.Code+" "+f.Message)
				if f.Remedy == "" {
					t.Error("the finding has no remedy")
				}
			}
			if got := strings.Join(got, "; "); got != test.want || f.Line != line || f.Column != column {
				t.Errorf("got  %s at %d:%d\nwant %s at %d:%d", got, f.Line, f.Column, test.want, line, column)
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
			"Branches":[{"Comment":"c","StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}],"End":true}`),
		machineOf(`"A":{"Type":"Map","Iterator":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"B",
			"States":{"B":{"Type":"Pass","End":true}}},"End":true}`),
		machineOf(`"A":{"Type":"Map","Label":"l","ItemsPath":"$$.Execution.Input.l","ItemProcessor":{"StartAt":"B",
			"States":{"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","Next":"B"}}},"End":true}`),
		machineOf(`"A":{"Type":"Map","Label":"l","ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
			"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"],"MaxItems":5},
			"Parameters":{"Bucket":"b","Key.$":"$.k"}},
			"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"},
			"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}},"ItemProcessor":{
			"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"B",
			"States":{"B":{"Type":"Pass","End":true}}},"End":true}`),
		`{"TimeoutSeconds":0,"StartAt":"A","States":{` +
			taskA("f", `"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":0}]`) + `}}`,
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
	for i := range maxDepth + 5 {
		definition = fmt.Sprintf(`{"StartAt":"A%[1]d","States":{"A%[1]d":{"Type":"Map","ItemProcessor":%[2]s,`+
			`"End":true}}}`, i, definition)
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
