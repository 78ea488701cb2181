package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// recordedAccount stands for the AWS account of a record: the functions that it names, an empty DynamoDB table, and no
// state machine.
type recordedAccount struct {
	record recording
	items  map[string]map[string]any
}

func newRecordedAccount(r recording) *recordedAccount {
	return &recordedAccount{record: r, items: map[string]map[string]any{}}
}

type answer = func(at time.Time) Event

func (a *recordedAccount) invoke(c InvokeTask, _ time.Time) (answer, time.Duration) {
	switch c.Service {
	case "lambda":
		return a.lambda(c)
	case "dynamodb", "aws-sdk:dynamodb":
		return a.dynamoDB(c), time.Millisecond
	}
	return a.standIn(c), time.Millisecond
}

// standIn answers a task of a service that nobody plays, or a map run, as the history of the record says.
func (a *recordedAccount) standIn(c InvokeTask) answer {
	for _, e := range a.record.Events {
		details := plainMembers(e["taskFailedEventDetails"])
		if e["type"] == "TaskFailed" && plainText(details, "resourceType") == c.Service {
			name, cause := plainText(details, "error"), plainText(details, "cause")
			return func(at time.Time) Event { return TaskFailed{At: at, ID: c.ID, Error: name, Cause: cause} }
		}
		details = plainMembers(e["taskSucceededEventDetails"])
		if e["type"] == "TaskSucceeded" && plainText(details, "resourceType") == c.Service {
			output := marshal(details["output"])
			return func(at time.Time) Event { return TaskSucceeded{At: at, ID: c.ID, Output: output} }
		}
		details = plainMembers(e["stateExitedEventDetails"])
		if c.Service == MapRunService && e["type"] == "MapStateExited" && plainText(details, "name") == c.State {
			output := a.beforeResultPath(c.State, parsed(details["output"]))
			return func(at time.Time) Event { return TaskSucceeded{At: at, ID: c.ID, Output: marshal(output)} }
		}
	}
	return nil
}

// beforeResultPath returns what a state's ResultPath, which the records have one level deep, put into its output.
func (a *recordedAccount) beforeResultPath(state string, output any) any {
	states := plainMembers(plainMembers(decode(a.record.Definition))["States"])
	name, deep := strings.CutPrefix(plainText(plainMembers(states[state]), "ResultPath"), "$.")
	if deep {
		return plainMembers(output)[name]
	}
	return output
}

func (a *recordedAccount) child(c StartChild, _ time.Time) []scheduled {
	return []scheduled{{after: time.Millisecond,
		event: refuse(c.ID, "StateMachineDoesNotExist", 400, "State Machine Does Not Exist: '"+c.StateMachineARN+"'")}}
}

// lambda calls one of the record's functions, by ARN or name.
func (a *recordedAccount) lambda(c InvokeTask) (answer, time.Duration) {
	name := c.FunctionName
	if i := strings.LastIndex(name, ":function:"); i >= 0 {
		name = name[i+len(":function:"):]
	}
	function, ok := a.record.Functions[name]
	if !ok {
		return refuse(c.ID, "ResourceNotFoundException", 404,
			"Function not found: arn:aws:lambda:us-east-1:111111111111:function:"+name+":$LATEST"), time.Millisecond
	}
	after := 10 * time.Millisecond
	if function.Handler == "wait_60_seconds" {
		after = time.Minute
	}
	log := ""
	if c.LogTail {
		log = "U1RBUlQ="
	}
	handler, ok := recordedHandlers[function.Handler]
	if !ok {
		return nil, 0
	}
	output, failed := handler(c.Payload)
	if failed {
		var document struct{ ErrorType string }
		_ = json.Unmarshal(output, &document)
		return func(at time.Time) Event {
			return TaskFailed{At: at, ID: c.ID, Error: document.ErrorType, Cause: string(output)}
		}, after
	}
	return func(at time.Time) Event { return TaskSucceeded{At: at, ID: c.ID, Output: output, LogResult: log} }, after
}

// recordedHandlers are the functions that the records name, as their README describes them. They return what Lambda
// would answer, and whether it is an error document.
var recordedHandlers = map[string]func(payload json.RawMessage) (json.RawMessage, bool){
	"id_function":     func(p json.RawMessage) (json.RawMessage, bool) { return pythonJSON(decode(p)), false },
	"wait_60_seconds": func(p json.RawMessage) (json.RawMessage, bool) { return pythonJSON(decode(p)), false },
	"echo_function": func(json.RawMessage) (json.RawMessage, bool) {
		return json.RawMessage(`{"Return": "HelloWorld"}`), false
	},
	"return_bytes_str": func(json.RawMessage) (json.RawMessage, bool) {
		return json.RawMessage(`"HelloWorld!"`), false
	},
	"large_output_string": func(json.RawMessage) (json.RawMessage, bool) {
		return json.RawMessage(strings.Repeat("a", 257<<10)), false
	},
	"return_decorated_input": func(p json.RawMessage) (json.RawMessage, bool) {
		return pythonJSON("input-event-" + pythonString(decode(p))), false
	},
	"raise_exception": func(json.RawMessage) (json.RawMessage, bool) {
		return pythonError("Exception", "Some exception was raised.", `  File "/var/task/handler.py", line 2, in handler
    raise Exception("Some exception was raised.")
`), true
	},
	"raise_custom_exception": func(json.RawMessage) (json.RawMessage, bool) {
		return pythonError("CustomException", "", `  File "/var/task/handler.py", line 9, in handler
    raise CustomException()
`), true
	},
}

func pythonError(kind, message, stack string) json.RawMessage {
	return pythonJSON(map[string]any{"errorMessage": message, "errorType": kind,
		"requestId": "00000000-0000-4000-8000-000000000000", "stackTrace": []any{stack}})
}

// pythonJSON writes a value as Python's json.dumps does: with a blank after each comma and colon.
func pythonJSON(value any) json.RawMessage {
	var b strings.Builder
	switch v := value.(type) {
	case []any:
		for i, element := range v {
			b.WriteString(separator(i) + string(pythonJSON(element)))
		}
		return json.RawMessage("[" + b.String() + "]")
	case map[string]any:
		for i, name := range slices.Sorted(maps.Keys(v)) {
			b.WriteString(separator(i) + string(marshal(name)) + ": " + string(pythonJSON(v[name])))
		}
		return json.RawMessage("{" + b.String() + "}")
	}
	return marshal(value)
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return ", "
}

// pythonString writes a value as Python's str() does, for lists of texts and numbers.
func pythonString(value any) string {
	if list, ok := value.([]any); ok {
		var parts []string
		for _, element := range list {
			if text, ok := element.(string); ok {
				parts = append(parts, "'"+text+"'")
			} else {
				parts = append(parts, pythonString(element))
			}
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// dynamoDB answers the four operations that Step Functions has built in, on one table with the key "id".
func (a *recordedAccount) dynamoDB(c InvokeTask) answer {
	request := plainMembers(decode(c.Input.JSON()))
	if table := plainText(request, "TableName"); !tableName.MatchString(table) {
		return refuse(c.ID, "ValidationException", 400, "1 validation error detected: Value '"+table+
			"' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: "+
			"[a-zA-Z0-9_.-]+")
	}
	if len(a.record.Needs) == 0 {
		return a.noTable(c, request)
	}
	response := map[string]any{}
	switch c.Action {
	case "putItem":
		item := plainMembers(request["Item"])
		a.items[itemKey(item)] = item
	case "getItem":
		if item, ok := a.items[itemKey(request["Key"])]; ok {
			response["Item"] = item
		}
	case "deleteItem":
		delete(a.items, itemKey(request["Key"]))
	case "updateItem":
		// The records know one update: set NAME=:VALUE.
		name, value, _ := strings.Cut(strings.TrimPrefix(plainText(request, "UpdateExpression"), "set "), "=")
		changed := plainMembers(request["ExpressionAttributeValues"])[value]
		item := map[string]any{}
		maps.Copy(item, plainMembers(request["Key"]))
		maps.Copy(item, a.items[itemKey(request["Key"])])
		item[name] = changed
		a.items[itemKey(request["Key"])] = item
		response["Attributes"] = map[string]any{name: changed}
	}
	return func(at time.Time) Event { return TaskSucceeded{At: at, ID: c.ID, Output: marshal(response)} }
}

func (a *recordedAccount) noTable(c InvokeTask, request map[string]any) answer {
	if item, asked := request["Item"]; asked && item == nil {
		return refuse(c.ID, "ValidationException", 400,
			"1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null")
	}
	return refuse(c.ID, "ResourceNotFoundException", 400, "Requested resource not found")
}

// tableName is what DynamoDB takes for the name of a table.
var tableName = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

// refuse answers a task with a service's error.
func refuse(id ID, code string, status int, message string) answer {
	return func(at time.Time) Event {
		return TaskRefused{At: at, ID: id, Code: code, Status: status, Message: message}
	}
}

func itemKey(key any) string { return string(marshal(plainMembers(key)["id"])) }
