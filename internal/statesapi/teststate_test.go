package statesapi_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/function"
)

const invoke = `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke"`

// stateTests are requests to TestState and their answers, both as JSON, where data that are texts of JSON are written
// as JSON.
var stateTests = []struct{ name, request, answer string }{
	{"pass", `{"definition":{"Type":"Pass","Result":{"a":1},"Next":"B"},"input":{"b":2}}`,
		`{"output":{"a":1},"nextState":"B","status":"SUCCEEDED"}`},
	{"advice about a definition is not an error", `{"definition":{"Type":"Pass","Result":"$.x","End":true}}`,
		`{"output":"$.x","status":"SUCCEEDED"}`},
	{"pass, all stages", `{"inspectionLevel":"DEBUG","input":{"in":{"x":1},"y":2},
		"definition":{"Type":"Pass","InputPath":"$.in","Parameters":{"p.$":"$.x"},"ResultPath":"$.r",
		"OutputPath":"$.r","Assign":{"v.$":"$.p"},"End":true},"variables":{"u":0}}`,
		`{"output":{"p":1},"status":"SUCCEEDED","inspectionData":{"input":{"in":{"x":1},"y":2},"afterInputPath":{"x":1},
		"afterParameters":{"p":1},"result":{"p":1},"afterResultPath":{"in":{"x":1},"y":2,"r":{"p":1}},
		"variables":{"u":0,"v":1}}}`},
	{"choice", `{"inspectionLevel":"DEBUG","input":{"n":3},"definition":{"Type":"Choice","Default":"Low",
		"Choices":[{"Variable":"$.n","NumericGreaterThan":2,"Next":"High"}]}}`,
		`{"output":{"n":3},"nextState":"High","status":"SUCCEEDED","inspectionData":{"input":{"n":3},
		"afterInputPath":{"n":3}}}`},
	{"fail", `{"definition":{"Type":"Fail","Error":"Mine","Cause":"because"}}`,
		`{"error":"Mine","cause":"because","status":"FAILED"}`},
	{"a path that leads nowhere", `{"inspectionLevel":"DEBUG",
		"definition":{"Type":"Pass","OutputPath":"$.a","End":true}}`,
		`{"error":"States.Runtime","cause":"*","status":"FAILED","inspectionData":{"input":{},"afterInputPath":{},
		"afterParameters":{},"result":{},"afterResultPath":{}}}`},
	{"jsonata", `{"inspectionLevel":"TRACE","input":{"n":3},"roleArn":"arn:aws:iam::000000000000:role/r",
		"definition":{"QueryLanguage":"JSONata",` + invoke + `,
		"Arguments":{"FunctionName":"f","Payload":{"n":"{% $states.input.n + $v %}"}},
		"Output":"{% $states.result.Payload.n * 2 %}","Assign":{"w":"{% $states.context.State.RetryCount %}"},
		"End":true},
		"variables":{"v":1},"mock":{"result":{"Payload":{"n":5}}}}`,
		`{"output":10,"status":"SUCCEEDED","inspectionData":{"input":{"n":3},
		"afterArguments":{"FunctionName":"f","Payload":{"n":4}},"result":{"Payload":{"n":5}},
		"variables":{"v":1,"w":0}}}`},
	{"a real function", `{"inspectionLevel":"DEBUG","roleArn":"arn:aws:iam::000000000000:role/r","input":{"n":1},
		"definition":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",
		"ResultSelector":{"s.$":"$.got.n"},"End":true}}`,
		`{"output":{"s":1},"status":"SUCCEEDED","inspectionData":{"input":{"n":1},"afterInputPath":{"n":1},
		"afterParameters":{"n":1},"result":{"got":{"n":1}},"afterResultSelector":{"s":1},"afterResultPath":{"s":1}}}`},
	{"an error that is tried again", `{"inspectionLevel":"DEBUG","definition":{` + retried + `},
		"mock":{"errorOutput":{"error":"E","cause":"c"}},"stateConfiguration":{"retrierRetryCount":1}}`,
		`{"error":"E","cause":"c","status":"RETRIABLE","inspectionData":{"input":{},"afterInputPath":{},
		"afterParameters":{"FunctionName":"f"},"errorDetails":{"retryIndex":1,"retryBackoffIntervalSeconds":6}}}`},
	{"an error that is caught", `{"inspectionLevel":"DEBUG","definition":{` + retried + `},
		"mock":{"errorOutput":{"error":"E","cause":"c"}},"stateConfiguration":{"retrierRetryCount":2}}`,
		`{"error":"E","cause":"c","output":{"e":{"Error":"E","Cause":"c"}},"nextState":"C","status":"CAUGHT_ERROR",
		"inspectionData":{"input":{},"afterInputPath":{},"afterParameters":{"FunctionName":"f"},
		"errorDetails":{"catchIndex":0}}}`},
	{"an error that nothing handles", `{"definition":{` + invoke + `,"Parameters":{"FunctionName":"f"},"End":true},
		"mock":{"errorOutput":{"error":"E","cause":"c"}}}`, `{"error":"E","cause":"c","status":"FAILED"}`},
	{"a state of a machine, inside a Map", `{"stateName":"I","definition":{"StartAt":"M","States":{"M":{"Type":"Map",
		"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task",
		"Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
		"Parameters":{"Token.$":"$$.Task.Token","Index.$":"$$.Map.Item.Index"},"Next":"J"},
		"J":{"Type":"Succeed"}}},"End":true}}},"context":{"Task":{"Token":"t"},"Map":{"Item":{"Index":7}}},
		"inspectionLevel":"DEBUG","mock":{"result":"done"}}`,
		`{"output":"done","nextState":"J","status":"SUCCEEDED","inspectionData":{"input":{},"afterInputPath":{},
		"afterParameters":{"Token":"t","Index":7},"result":"done","afterResultSelector":"done",
		"afterResultPath":"done"}}`},
	{"map", `{"inspectionLevel":"DEBUG","input":{"l":[1,2]},"definition":{"Type":"Map","ItemsPath":"$.l",
		"ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"},"MaxConcurrency":3,
		"ToleratedFailureCount":1,` + processor + `,
		"ResultPath":"$.r","Next":"N"},"mock":{"result":["a","b"]},
		"stateConfiguration":{"mapIterationFailureCount":1}}`,
		`{"output":{"l":[1,2],"r":["a","b"]},"nextState":"N","status":"SUCCEEDED","inspectionData":{"input":{"l":[1,2]},
		"afterInputPath":{"l":[1,2]},"afterItemsPath":[1,2],"afterItemSelector":[{"v":1,"i":0},{"v":2,"i":1}],
		"maxConcurrency":3,"toleratedFailureCount":1,"result":["a","b"],"afterResultSelector":["a","b"],
		"afterResultPath":{"l":[1,2],"r":["a","b"]}}}`},
	{"map, too many failures", `{"input":[1,2],"definition":{"Type":"Map",` + processor + `,
		"ToleratedFailurePercentage":50,"End":true},"mock":{"result":[]},
		"stateConfiguration":{"mapIterationFailureCount":2}}`,
		`{"error":"States.ExceedToleratedFailureThreshold",
		"cause":"The specified tolerated failure threshold was exceeded","status":"FAILED"}`},
	{"map, items of a reader", `{"inspectionLevel":"DEBUG","definition":{"Type":"Map",
		"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV",
		"CSVHeaderLocation":"FIRST_ROW"},"Parameters":{"Bucket":"b","Key":"k"}},
		"ItemBatcher":{"MaxItemsPerBatch":2},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED",
		"ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true},
		"mock":{"result":[]},"stateConfiguration":{"mapItemReaderData":"n\n1\n2\n3\n"}}`,
		`{"output":[],"status":"SUCCEEDED","inspectionData":{"input":{},"afterInputPath":{},"maxConcurrency":0,
		"afterItemSelector":[{"n":"1"},{"n":"2"},{"n":"3"}],
		"afterItemBatcher":[{"Items":[{"n":"1"},{"n":"2"}]},{"Items":[{"n":"3"}]}],
		"result":[],"afterResultSelector":[],"afterResultPath":[]}}`},
	{"parallel, an error of a branch", `{"definition":{"Type":"Parallel","Branches":[{"StartAt":"A",
		"States":{"A":{"Type":"Pass","End":true}}}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},
		"mock":{"errorOutput":{"error":"E","cause":"c"}},"stateConfiguration":{"errorCausedByState":"A"}}`,
		`{"error":"E","cause":"c","output":{"Error":"E","Cause":"c"},"nextState":"C","status":"CAUGHT_ERROR"}`},
}

const (
	retried = invoke + `,"Parameters":{"FunctionName":"f"},"Retry":[{"ErrorEquals":["Other"]},
		{"ErrorEquals":["E"],"IntervalSeconds":3,"MaxAttempts":2}],
		"Catch":[{"ErrorEquals":["E"],"ResultPath":"$.e","Next":"C"}],"Next":"N"`
	processor = `"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}`
)

// texts are the members of requests and answers that are texts of JSON, at any depth.
var texts = map[string]bool{"definition": true, "input": true, "variables": true, "context": true, "output": true,
	"result": true, "afterInputPath": true, "afterParameters": true, "afterArguments": true, "afterItemsPath": true,
	"afterItemSelector": true, "afterItemBatcher": true, "afterResultSelector": true, "afterResultPath": true}

// asTexts writes the members that are texts of JSON as texts.
func asTexts(t *testing.T, document string) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := decode(document, &decoded); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	var change func(o map[string]any)
	change = func(o map[string]any) {
		for key, v := range o {
			switch inner, isObject := v.(map[string]any); {
			case texts[key]:
				text, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				o[key] = string(text)
			case isObject:
				change(inner)
			}
		}
	}
	change(decoded)
	return decoded
}

// parsed is the opposite of asTexts, so that the order of members does not count.
func parsed(t *testing.T, o map[string]any) map[string]any {
	for key, v := range o {
		if inner, ok := v.(map[string]any); ok {
			parsed(t, inner)
		} else if text, ok := v.(string); ok && texts[key] {
			var data any
			if err := decode(text, &data); err != nil {
				t.Errorf("%s: %v", text, err)
			}
			o[key] = data
		}
	}
	return o
}

func TestStates(t *testing.T) {
	c := serve(t).client(t)
	c.account.AddFunction("f", answering(func(payload []byte) function.Result {
		return function.Result{Payload: []byte(`{"got":` + string(payload) + `}`)}
	}))
	for _, test := range stateTests {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.T = t
			got := parsed(t, c.want("TestState", asTexts(t, test.request), ""))
			want := parsed(t, asTexts(t, test.answer))
			anything := cmp.FilterValues(func(a, b any) bool { return a == "*" || b == "*" }, cmp.Ignore())
			if diff := cmp.Diff(want, got, anything); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if n := c.account.Running(); n != 0 {
		t.Errorf("%d executions run", n)
	}
}

type answering func(payload []byte) function.Result

func (f answering) Invoke(_ context.Context, payload []byte) function.Result { return f(payload) }

func TestStateRefusals(t *testing.T) {
	const (
		pass     = `{"Type":"Pass","End":true}`
		task     = `{` + invoke + `,"Parameters":{"FunctionName":"f"},"End":true}`
		token    = `{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true}`
		parallel = `{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":` + pass + `}}],"End":true}`
		each     = `{"Type":"Map",` + processor + `,"End":true}`
		failed   = `"mock":{"errorOutput":{"error":"E"}}`
	)
	c := newClient(t)
	for _, test := range []struct{ request, message string }{
		{`{}`, "1 validation error detected: Value null at 'definition'"},
		{`{"definition":` + pass + `,"inspectionLevel":"ALL"}`,
			"1 validation error detected: Value 'ALL' at 'inspectionLevel' " +
				"failed to satisfy constraint: Member must satisfy enum value set: [INFO, DEBUG, TRACE]"},
		{`{"definition":` + task + `,"mock":{"result":{},"fieldValidationMode":"LAX"}}`,
			"1 validation error detected: Value 'LAX' at 'mock.fieldValidationMode'"},
		{`{"definition":` + task + `,` + failed + `,"stateConfiguration":{"retrierRetryCount":-1}}`,
			"1 validation error detected: Value '-1' at 'stateConfiguration.retrierRetryCount'"},
		{`{"definition":` + pass + `,"mock":{"result":{}}}`,
			"State type 'Pass' is not supported when a mock is specified"},
		{`{"definition":` + task + `}`, "RoleArn must be specified when testing a Task state"},
		{`{"definition":` + task + `,"mock":{"result":{}},"revealSecrets":true}`,
			"TestState does not support RevealSecrets when a mock is specified."},
		{`{"definition":` + task + `,"mock":{"result":{},"errorOutput":{"error":"E"}}}`,
			"A test mock should have only one of the following fields: [result, errorOutput]."},
		{`{"definition":` + task + `,"mock":{}}`, "A test mock should have only one of the following fields"},
		{`{"definition":` + task + `,"mock":{"result":{"StatusCode":"200"}}}`,
			"Mock result schema validation error: Field 'StatusCode' must be of type number"},
		{`{"definition":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
			"Parameters":{"StateMachineArn":"m"},"End":true},"mock":{"result":{}}}`,
			"Mock result schema validation error: Required field 'ExecutionArn' is missing"},
		{`{"definition":` + task + `,"context":{}}`, "A context can only be specified when a mock is specified"},
		{`{"definition":` + task + `,"context":1,"mock":{"result":{}}}`, "the context must be a JSON object"},
		{`{"definition":` + pass + `,"variables":[]}`, "the variables must be a JSON object"},
		{`{"definition":` + token + `}`, "The '.waitForTaskToken' service integration pattern is not supported"},
		{`{"definition":` + parallel + `}`, "State type 'Parallel' is not supported when a mock is not specified"},
		{`{"definition":` + parallel + `,"mock":{"result":{}}}`, "Mocked result must be an array."},
		{`{"definition":` + each + `,"mock":{"result":{}}}`, "Mocked result must be an array."},
		{`{"definition":` + each + `,"mock":{"result":[]},"stateConfiguration":{"mapItemReaderData":"[]"}}`,
			"mapItemReaderData can only be specified for Map states with an ItemReader"},
		{`{"definition":` + parallel + `,` + failed + `,"stateConfiguration":{"errorCausedByState":"B"}}`,
			"errorCausedByState 'B' is not a state within 'StateName'"},
		{`{"definition":` + task + `,"mock":{"result":{}},"stateConfiguration":{"retrierRetryCount":1}}`,
			"retrierRetryCount can only be specified when mock.errorOutput is specified"},
		{`{"definition":` + task + `,` + failed + `,"stateConfiguration":{"mapIterationFailureCount":1}}`,
			"mapIterationFailureCount can only be specified for Map states"},
		{`{"definition":{"StartAt":"A","States":{"A":` + pass + `}},"stateName":"B"}`,
			"State not found in definition: 'B'"},
	} {
		body, err := json.Marshal(asTexts(t, test.request))
		if err != nil {
			t.Fatal(err)
		}
		c.refused("AWSStepFunctions.TestState", string(body), "com.amazon.coral.validate#ValidationException",
			test.message)
	}
	c.refused("AWSStepFunctions.TestState",
		`{"definition":"{\"Type\":\"Parallel\",\"Branches\":[],\"End\":true}"}`,
		"com.amazonaws.swf.service.v2.model#InvalidDefinition", "Invalid State Machine Definition: "+
			"'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches'")
	c.refused("AWSStepFunctions.TestState",
		`{"definition":"{\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"A\",\"States\":`+
			`{\"A\":{\"Type\":\"Succeed\"}}}],\"End\":true}","mock":{"result":"done"}}`,
		"com.amazon.coral.validate#ValidationException", "Mocked result must be valid JSON")
	c.refused("AWSStepFunctions.TestState", `{"definition":"{\"Type\":\"Succeed\"}","input":"nothing"}`,
		"com.amazonaws.swf.service.v2.model#InvalidExecutionInput", "")
	c.refused("AWSStepFunctions.TestState", `{"definition":"{\"Type\""}`,
		"com.amazonaws.swf.service.v2.model#InvalidDefinition", "Invalid State Machine Definition: 'INVALID_JSON")
}
