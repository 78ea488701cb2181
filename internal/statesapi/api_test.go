package statesapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/statesapi"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 250e6, time.UTC)

const (
	role       = "arn:aws:iam::000000000000:role/test"
	machineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:"
	passes     = `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"a":1},"End":true}}}`
	waits      = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`
	fails      = `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Mine","Cause":"because"}}}`
)

// client speaks to an API whose clock does not run.
type client struct {
	*testing.T
	account *local.Account
	handler http.Handler
}

func newClient(t *testing.T) *client {
	a := local.New(local.Options{Clock: clock.NewVirtual(start), Seed: 1})
	return &client{T: t, account: a, handler: statesapi.New(a)}
}

// send makes a request and returns the status and the body.
func (c *client) send(target, body string, headers ...string) (int, string) {
	c.Helper()
	r := httptest.NewRequest("POST", "http://127.0.0.1:8083/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	if w.Code == http.StatusOK &&
		(w.Header().Get("Content-Type") != "application/x-amz-json-1.0" ||
			len(w.Header().Get("X-Amzn-Requestid")) != 36) {
		c.Errorf("%s: headers %v", target, w.Header())
	}
	return w.Code, w.Body.String()
}

// want makes a request to Step Functions that succeeds and compares the answer; a string of it that is "*" may be
// anything.
func (c *client) want(operation string, request any, answer string) map[string]any {
	c.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		c.Fatal(err)
	}
	status, text := c.send("AWSStepFunctions."+operation, string(body))
	var got, want map[string]any
	if err := decode(text, &got); err != nil || status != 200 {
		c.Fatalf("%s: %d %s %v", operation, status, text, err)
	}
	if answer == "" {
		return got
	}
	if err := decode(answer, &want); err != nil {
		c.Fatal(err)
	}
	anything := cmp.FilterValues(func(a, b any) bool { return a == "*" || b == "*" }, cmp.Ignore())
	if diff := cmp.Diff(want, got, anything); diff != "" {
		c.Errorf("%s: (-want +got)\n%s", operation, diff)
	}
	return got
}

func decode(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// refused makes a request that must be refused with this type and message.
func (c *client) refused(target, request, kind, message string) {
	c.Helper()
	status, text := c.send(target, request)
	var got struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	err := decode(text, &got)
	if err != nil || status != 400 || got.Type != kind || !strings.HasPrefix(got.Message, message) {
		c.Errorf("%s %.200s\ngot  %d %.400s\nwant %s %s", target, request, status, text, kind, message)
	}
}

type object = map[string]any

func (c *client) create(name, definition, kind string) {
	c.Helper()
	c.want("CreateStateMachine", object{"name": name, "definition": definition, "roleArn": role, "type": kind},
		`{"stateMachineArn":"`+machineARN+name+`","creationDate":1767323045.250}`)
}

func TestStateMachines(t *testing.T) {
	c := newClient(t)
	c.create("m", passes, "STANDARD")
	c.create("m", passes, "STANDARD")
	c.create("express", passes, "EXPRESS")
	arn := object{"stateMachineArn": machineARN + "m"}
	c.want("DescribeStateMachine", arn,
		`{"stateMachineArn":"`+machineARN+`m","name":"m","status":"ACTIVE",
		"definition":`+quote(passes)+`,"roleArn":"`+role+`",
		"type":"STANDARD","creationDate":1767323045.250,
		"loggingConfiguration":{"level":"OFF","includeExecutionData":false},"tracingConfiguration":{"enabled":false}}`)
	c.want("UpdateStateMachine", object{"stateMachineArn": machineARN + "m", "definition": waits},
		`{"updateDate":1767323045.250,"revisionId":"*"}`)
	if got := c.want("DescribeStateMachine", arn, ""); got["definition"] != waits || got["revisionId"] == "" {
		t.Errorf("after the update: %v", got)
	}
	c.want("ListStateMachines", object{}, `{"stateMachines":[
		{"stateMachineArn":"`+machineARN+`express","name":"express","type":"EXPRESS","creationDate":1767323045.250},
		{"stateMachineArn":"`+machineARN+`m","name":"m","type":"STANDARD","creationDate":1767323045.250}]}`)
	c.want("DeleteStateMachine", arn, `{}`)
	c.want("DeleteStateMachine", arn, `{}`)
	c.want("ValidateStateMachineDefinition", object{"definition": passes},
		`{"result":"OK","diagnostics":[],"truncated":false}`)
	c.want("ValidateStateMachineDefinition", object{"definition": "{}"},
		`{"result":"FAIL","truncated":false,"diagnostics":[
		{"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED",
		"message":"These fields are required: [States, StartAt]","location":"/"}]}`)
}

func quote(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

func TestExecutions(t *testing.T) {
	c := newClient(t)
	c.create("m", passes, "STANDARD")
	c.create("f", fails, "STANDARD")
	c.create("w", waits, "STANDARD")
	const execution = "arn:aws:states:us-east-1:000000000000:execution:"
	begin := func(machine, input string) {
		c.want("StartExecution", object{"stateMachineArn": machineARN + machine, "name": "one", "input": input},
			`{"executionArn":"`+execution+machine+`:one","startDate":1767323045.250}`)
	}
	begin("m", `{"x": 1}`)
	begin("f", `{}`)
	begin("w", `{}`)
	begin("w", `{}`) // the same input while it runs
	c.want("DescribeExecution", object{"executionArn": execution + "m:one"},
		`{"executionArn":"`+execution+`m:one","stateMachineArn":"`+machineARN+`m","name":"one",
		"status":"SUCCEEDED","startDate":1767323045.250,"stopDate":1767323045.250,"input":"{\"x\": 1}",
		"inputDetails":{"included":true},"output":"{\"a\":1}",
		"outputDetails":{"included":true},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE",
		"redriveStatusReason":"Execution is SUCCEEDED and cannot be redriven"}`)
	c.want("DescribeExecution", object{"executionArn": execution + "m:one", "includedData": "METADATA_ONLY"},
		`{"executionArn":"*","stateMachineArn":"*","name":"one",
		"status":"SUCCEEDED","startDate":1767323045.250,"stopDate":1767323045.250,"inputDetails":{"included":false},
		"outputDetails":{"included":false},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE",
		"redriveStatusReason":"*"}`)
	c.want("DescribeExecution", object{"executionArn": execution + "f:one"},
		`{"executionArn":"*","stateMachineArn":"*","name":"one","status":"FAILED",
		"startDate":1767323045.250,"stopDate":1767323045.250,"input":"{}","inputDetails":{"included":true},
		"error":"Mine","cause":"because","redriveCount":0,"redriveStatus":"REDRIVABLE"}`)
	c.want("DescribeExecution", object{"executionArn": execution + "w:one"},
		`{"executionArn":"*","stateMachineArn":"*","name":"one","status":"RUNNING",
		"startDate":1767323045.250,"input":"{}","inputDetails":{"included":true},"redriveCount":0,
		"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is RUNNING and cannot be redriven"}`)
	c.want("StopExecution", object{"executionArn": execution + "w:one", "error": "E", "cause": "C"},
		`{"stopDate":1767323045.250}`)
	c.want("ListExecutions", object{"stateMachineArn": machineARN + "w", "statusFilter": "ABORTED"},
		`{"executions":[{"executionArn":"`+execution+`w:one","stateMachineArn":"`+machineARN+`w",
		"name":"one","status":"ABORTED",
		"startDate":1767323045.250,"stopDate":1767323045.250,"redriveCount":0}]}`)
	c.want("ListExecutions", object{"stateMachineArn": machineARN + "w", "statusFilter": "RUNNING"},
		`{"executions":[]}`)
	c.want("ListExecutions", object{"stateMachineArn": machineARN + "w", "redriveFilter": "REDRIVEN"},
		`{"executions":[]}`)
	c.want("ListExecutions", object{"stateMachineArn": machineARN + "f", "redriveFilter": "NOT_REDRIVEN"},
		`{"executions":[{"executionArn":"`+execution+`f:one","stateMachineArn":"*","name":"one","status":"FAILED",
		"startDate":1767323045.250,"stopDate":1767323045.250,"redriveCount":0}]}`)
	const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
	c.want("StartExecution", object{"stateMachineArn": machineARN + "w", "name": "traced", "traceHeader": trace},
		`{"executionArn":"*","startDate":1767323045.250}`)
	c.want("DescribeExecution", object{"executionArn": execution + "w:traced"},
		`{"executionArn":"*","stateMachineArn":"*","name":"traced","status":"RUNNING","startDate":1767323045.250,
		"input":"{}","inputDetails":{"included":true},"traceHeader":"`+trace+`","redriveCount":0,
		"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"*"}`)
	c.want("DescribeStateMachineForExecution", object{"executionArn": execution + "w:one"},
		`{"stateMachineArn":"`+machineARN+`w","name":"w","definition":`+quote(waits)+`,
		"roleArn":"`+role+`","updateDate":1767323045.250,
		"loggingConfiguration":{"level":"OFF","includeExecutionData":false},"tracingConfiguration":{"enabled":false}}`)
}

func TestHistory(t *testing.T) {
	c := newClient(t)
	c.create("m", passes, "STANDARD")
	arn := c.want("StartExecution", object{"stateMachineArn": machineARN + "m", "input": `{"x":1}`}, "")["executionArn"]
	const at = `"timestamp":1767323045.25`
	events := []string{
		`{"id":1,"previousEventId":0,` + at + `,"type":"ExecutionStarted","executionStartedEventDetails":
			{"input":"{\"x\":1}","inputDetails":{"truncated":false},"roleArn":"` + role + `"}}`,
		`{"id":2,"previousEventId":0,` + at + `,"type":"PassStateEntered","stateEnteredEventDetails":
			{"name":"P","input":"{\"x\":1}","inputDetails":{"truncated":false}}}`,
		`{"id":3,"previousEventId":2,` + at + `,"type":"PassStateExited","stateExitedEventDetails":
			{"name":"P","output":"{\"a\":1}","outputDetails":{"truncated":false}}}`,
		`{"id":4,"previousEventId":3,` + at + `,"type":"ExecutionSucceeded","executionSucceededEventDetails":
			{"output":"{\"a\":1}","outputDetails":{"truncated":false}}}`,
	}
	c.want("GetExecutionHistory", object{"executionArn": arn}, `{"events":[`+strings.Join(events, ",")+`]}`)
	page := c.want("GetExecutionHistory", object{"executionArn": arn, "reverseOrder": true, "maxResults": 3},
		`{"events":[`+events[3]+","+events[2]+","+events[1]+`],"nextToken":"*"}`)
	c.want("GetExecutionHistory",
		object{"executionArn": arn, "reverseOrder": true, "maxResults": 3, "nextToken": page["nextToken"]},
		`{"events":[`+events[0]+`]}`)
	bare := c.want("GetExecutionHistory", object{"executionArn": arn, "includeExecutionData": false}, "")
	if text, _ := json.Marshal(bare); strings.Contains(string(text), "put") {
		t.Errorf("without data: %s", text)
	}
}

func TestPagesDoNotShiftWhenExecutionsStart(t *testing.T) {
	c := newClient(t)
	c.create("m", passes, "STANDARD")
	seen := map[string]bool{}
	begin := func(n int) {
		c.want("StartExecution", object{"stateMachineArn": machineARN + "m", "name": fmt.Sprint("n", n)}, "")
	}
	for n := range 5 {
		begin(n)
	}
	request := object{"stateMachineArn": machineARN + "m", "maxResults": 2}
	for n := 5; ; n++ {
		page := c.want("ListExecutions", request, "")
		for _, e := range page["executions"].([]any) {
			name := e.(object)["name"].(string)
			if seen[name] {
				t.Errorf("%s is listed twice", name)
			}
			seen[name] = true
		}
		if page["nextToken"] == nil {
			break
		}
		request["nextToken"] = page["nextToken"]
		begin(n)
	}
	if len(seen) != 5 {
		t.Errorf("listed %v", seen)
	}
}

// TestPagesOfRunningExecutions lists running executions by pages, while those that were listed end.
func TestPagesOfRunningExecutions(t *testing.T) {
	c := newClient(t)
	c.create("m", waits, "STANDARD")
	for n := range 5 {
		c.want("StartExecution", object{"stateMachineArn": machineARN + "m", "name": fmt.Sprint("n", n)}, "")
	}
	request := object{"stateMachineArn": machineARN + "m", "statusFilter": "RUNNING", "maxResults": 2}
	seen := 0
	for {
		page := c.want("ListExecutions", request, "")
		for _, e := range page["executions"].([]any) {
			seen++
			c.want("StopExecution", object{"executionArn": e.(object)["executionArn"]}, "")
		}
		if page["nextToken"] == nil {
			break
		}
		request["nextToken"] = page["nextToken"]
	}
	if seen != 5 {
		t.Errorf("%d of 5 executions are listed", seen)
	}
}

func TestTags(t *testing.T) {
	c := newClient(t)
	c.want("CreateStateMachine",
		object{"name": "m", "definition": passes, "roleArn": role, "tags": []object{{"key": "a", "value": "1"}}}, "")
	arn := machineARN + "m"
	c.want("TagResource",
		object{"resourceArn": arn, "tags": []object{{"key": "b", "value": ""}, {"key": "a", "value": "2"}}}, `{}`)
	c.want("ListTagsForResource", object{"resourceArn": arn},
		`{"tags":[{"key":"a","value":"2"},{"key":"b","value":""}]}`)
	c.want("UntagResource", object{"resourceArn": arn, "tagKeys": []string{"a", "none"}}, `{}`)
	c.want("ListTagsForResource", object{"resourceArn": arn}, `{"tags":[{"key":"b","value":""}]}`)
}

func TestSyncExecution(t *testing.T) {
	c := newClient(t)
	c.create("m", passes, "EXPRESS")
	c.want("StartSyncExecution", object{"stateMachineArn": machineARN + "m", "name": "one", "input": "{}"},
		`{"executionArn":"*","stateMachineArn":"`+machineARN+`m","name":"one",
		"status":"SUCCEEDED","startDate":1767323045.250,"stopDate":1767323045.250,"input":"{}",
		"inputDetails":{"included":true},"output":"{\"a\":1}","outputDetails":{"included":true},
		"billingDetails":{"billedDurationInMilliseconds":100,"billedMemoryUsedInMB":64}}`)
}

func TestRefusals(t *testing.T) {
	c := newClient(t)
	c.create("m", passes, "STANDARD")
	c.create("x", passes, "EXPRESS")
	const (
		states     = "com.amazonaws.swf.service.v2.model#"
		tables     = "com.amazonaws.dynamodb.v20120810#"
		validation = "com.amazon.coral.validate#ValidationException"
		express    = "arn:aws:states:us-east-1:000000000000:express:x:a:b"
	)
	for _, test := range []struct{ operation, request, kind, message string }{
		{operation: "ListMapRuns", request: `{}`, kind: "com.amazon.coral.service#UnknownOperationException"},
		{operation: "startExecution", request: `{}`, kind: "com.amazon.coral.service#UnknownOperationException"},
		{operation: "StartExecution", request: `{`, kind: "com.amazon.coral.service#SerializationException"},
		{
			operation: "ListStateMachines",
			request:   `{"maxResults":"2"}`,
			kind:      "com.amazon.coral.service#SerializationException",
			message:   "maxResults cannot be a JSON string",
		},
		{
			operation: "StartExecution",
			request:   `{"stateMachineArn":7}`,
			kind:      "com.amazon.coral.service#SerializationException",
		},
		{
			operation: "StartExecution",
			request:   `{}`,
			kind:      validation,
			message: "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy " +
				"constraint: Member must not be null",
		},
		{
			operation: "StartExecution",
			request:   `{"stateMachineArn":"` + machineARN + `none"}`,
			kind:      states + "StateMachineDoesNotExist",
			message:   "State Machine Does Not Exist: '" + machineARN + "none'",
		},
		{
			operation: "StartExecution",
			request:   `{"stateMachineArn":"` + machineARN + `m","input":""}`,
			kind:      states + "InvalidExecutionInput",
			message:   "Invalid State Machine Execution Input: 'Invalid execution input.'",
		},
		{
			operation: "StartExecution",
			request:   `{"stateMachineArn":"` + machineARN + `m","name":"a b"}`,
			kind:      states + "InvalidName",
			message:   "Invalid Name: 'a b'",
		},
		{
			operation: "StartSyncExecution",
			request:   `{"stateMachineArn":"` + machineARN + `m"}`,
			kind:      states + "StateMachineTypeNotSupported",
			message:   "This operation is not supported by this type of state machine",
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"` + machineARN + `x"}`,
			kind:      states + "StateMachineTypeNotSupported",
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"` + machineARN + `none"}`,
			kind:      states + "StateMachineDoesNotExist",
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"nonsense"}`,
			kind:      states + "InvalidArn",
			message:   "Invalid Arn: 'Invalid ARN prefix: nonsense'",
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"` + machineARN + `m","maxResults":1001}`,
			kind:      validation,
			message: "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: " +
				"Member must have value less than or equal to 1000",
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"` + machineARN + `m","nextToken":"` + strings.Repeat("t", 3097) + `"}`,
			kind:      validation,
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"` + machineARN + `m","nextToken":"t"}`,
			kind:      states + "InvalidToken",
		},
		{
			operation: "ListExecutions",
			request:   `{"stateMachineArn":"` + machineARN + `m","statusFilter":"succeeded"}`,
			kind:      validation,
			message: "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy " +
				"constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, " +
				"ABORTED, FAILED, RUNNING]",
		},
		{
			operation: "DescribeExecution",
			request:   `{"executionArn":"` + express + `"}`,
			kind:      states + "InvalidArn",
			message:   "Invalid Arn: 'Resource type not valid in this context: express'",
		},
		{
			operation: "StopExecution",
			request:   `{"executionArn":"` + express + `"}`,
			kind:      states + "InvalidArn",
			message:   "Invalid Arn: 'Resource type not valid in this context: express'",
		},
		{
			operation: "GetExecutionHistory",
			request:   `{"executionArn":"` + express + `"}`,
			kind:      states + "InvalidArn",
			message:   "Invalid Arn: 'Resource type not valid in this context: express'",
		},
		{
			operation: "DescribeExecution",
			request:   `{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:none"}`,
			kind:      states + "ExecutionDoesNotExist",
			message:   "Execution Does Not Exist: 'arn:",
		},
		{
			operation: "UpdateStateMachine",
			request:   `{"stateMachineArn":"` + machineARN + `m"}`,
			kind:      states + "MissingRequiredParameter",
			message:   "Either the definition",
		},
		{
			operation: "CreateStateMachine",
			request:   `{"name":"m","definition":"{}","roleArn":"` + role + `"}`,
			kind:      states + "InvalidDefinition",
			message: "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: " +
				"[States, StartAt] at /'",
		},
		{
			operation: "CreateStateMachine",
			request:   `{"name":"m","definition":` + quote(waits) + `,"roleArn":"` + role + `"}`,
			kind:      states + "StateMachineAlreadyExists",
			message:   "State Machine Already Exists: '",
		},
		{
			operation: "CreateStateMachine",
			request:   `{"name":"m","definition":` + quote(passes) + `,"roleArn":"` + role + `","type":"FAST"}`,
			kind:      validation,
		},
		{
			operation: "CreateStateMachine",
			request: `{"name":"m","definition":` + quote(passes) + `,"roleArn":"` + role +
				`","versionDescription":"one"}`,
			kind: validation,
		},
		{
			operation: "SendTaskSuccess",
			request:   `{"taskToken":"nonsense","output":"{}"}`,
			kind:      states + "InvalidToken",
		},
		{
			operation: "SendTaskSuccess",
			request:   `{"taskToken":"nonsense","output":"{"}`,
			kind:      states + "InvalidOutput",
		},
		{
			operation: "SendTaskHeartbeat",
			request:   `{"taskToken":"` + strings.Repeat("A", 64) + `"}`,
			kind:      states + "TaskTimedOut",
			message:   "Task Timed Out: 'Provided task does not exist anymore'",
		},
		{
			operation: "TagResource",
			request:   `{"resourceArn":"` + machineARN + `none","tags":[]}`,
			kind:      states + "ResourceNotFound",
			message:   "Resource not found: '",
		},
		{
			operation: "TagResource",
			request:   `{"resourceArn":"` + machineARN + `m","tags":[{"key":"","value":""}]}`,
			kind:      validation,
		},
	} {
		c.refused("AWSStepFunctions."+test.operation, test.request, test.kind, test.message)
	}
	c.refused("DynamoDB_20120810.ExecuteStatement", `{}`, "com.amazon.coral.service#UnknownOperationException", "")
	c.refused("DynamoDB_20120810.GetItem", `{"TableName":"t","Key":{}}`, tables+"ResourceNotFoundException",
		"Requested resource not found")
	c.refused("DynamoDB_20120810.GetItem", `{}`, validation, "")
	c.refused("", `{}`, "com.amazon.coral.service#UnknownOperationException", "")
}

func TestTableOnTheSamePort(t *testing.T) {
	c := newClient(t)
	c.account.AddTable("t", "id")
	for _, x := range []struct{ operation, request, want string }{
		{"PutItem", `{"TableName":"t","Item":{"id":{"S":"<a>"}}}`, `{}`},
		{"GetItem", `{"TableName":"t","Key":{"id":{"S":"<a>"}}}`, `{"Item":{"id":{"S":"<a>"}}}`},
	} {
		if status, got := c.send("DynamoDB_20120810."+x.operation, x.request); status != 200 || got != x.want {
			t.Errorf("%s: %d %s", x.operation, status, got)
		}
	}
	c.refused("DynamoDB_20120810.PutItem",
		`{"TableName":"t","Item":{"id":{"S":"<a>"}},"ConditionExpression":"attribute_not_exists(id)"}`,
		"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "The conditional request failed")
}

func TestWhoMayAsk(t *testing.T) {
	c := newClient(t)
	for _, test := range []struct {
		host, origin string
		body         []byte
		want         int
	}{
		{host: "127.0.0.1:8083", want: 400}, {host: "localhost:1", want: 400}, {host: "[::1]:8083", want: 400},
		{host: "evil.example:8083", want: 403}, {host: "192.168.1.1:8083", want: 403},
		{host: "127.0.0.1:8083", origin: "https://evil.example", want: 403},
		{host: "127.0.0.1:8083", origin: "null", want: 403},
		{host: "127.0.0.1:8083", body: bytes.Repeat([]byte("x"), 1<<20+1), want: 413},
	} {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(test.body))
		r.Host = test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("Host %s, Origin %q: %d, want %d", test.host, test.origin, w.Code, test.want)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("CreateStateMachine", `{"name":"m","definition":`+quote(passes)+`,"roleArn":"`+role+`"}`)
	f.Add("StartExecution", `{"stateMachineArn":"`+machineARN+`w","input":"{}"}`)
	f.Add("ListExecutions", `{"stateMachineArn":"`+machineARN+`w","maxResults":1,"nextToken":"eA=="}`)
	f.Fuzz(func(t *testing.T, operation, body string) {
		c := newClient(t)
		c.create("w", waits, "STANDARD")
		if operation == "StartSyncExecution" { // waits for the clock, which does not run
			t.Skip()
		}
		status, text := c.send("AWSStepFunctions."+operation, body)
		if !json.Valid([]byte(text)) || status != 200 && status != 400 && status != 413 {
			t.Errorf("%d %s", status, text)
		}
	})
}
