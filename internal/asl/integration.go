package asl

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/value"
)

// integration is how Step Functions calls one service and what it makes of the answer.
type integration interface {
	// prepare checks a request and returns the command for it, which gets its ID when the task is open.
	prepare(t *turn, f *frame, s *taskState, request any) (func(ID) Command, *failure)
	// result makes the task's result of the service's answer.
	result(t *turn, s *taskState, ev TaskSucceeded) (any, *failure)
	// cause makes the cause of a failed task of what the service reported.
	cause(reported string) string
}

// integrationOf returns the integration of a resource. A service without one of its own gets its answer as it is.
func integrationOf(r resource) integration {
	switch {
	case r.service == "lambda" && r.direct:
		return lambdaDirect{}
	case r.service == "lambda" && r.action == "invoke":
		return lambdaInvoke{}
	case r.service == ActivityService:
		return activityTask{}
	case r.service == "states" && r.action == "startExecution":
		return startExecution{}
	case r.service == "dynamodb":
		return dynamoDB{}
	case r.service == "sqs":
		return messages{contentType: "application/x-amz-json-1.0", length: lengthOfJSON}
	case r.service == "sns":
		return messages{contentType: "text/xml", length: lengthOfXML}
	}
	return plainService{}
}

// plainService is a service whose answer is the result, such as those of aws-sdk.
type plainService struct{}

func (plainService) prepare(_ *turn, f *frame, s *taskState, request any) (func(ID) Command, *failure) {
	command := s.invoke(f, request)
	return func(id ID) Command { command.ID = id; return command }, nil
}

func (plainService) result(_ *turn, _ *taskState, ev TaskSucceeded) (any, *failure) {
	return decodeResult(ev.Output), nil
}

func (plainService) cause(reported string) string { return reported }

// invoke begins the command for a task.
func (s *taskState) invoke(f *frame, request any) InvokeTask {
	return InvokeTask{State: s.name, Resource: s.resource.text, Service: s.resource.service, Action: s.resource.action,
		Input: Text{value: request}, Token: f.Task.Token, WaitForToken: s.resource.waitsForToken(),
		Wait: s.resource.waitsForChild()}
}

// badParameters is the failure of a request that lacks what the service needs.
func (f *frame) badParameters(request any, problem string) *failure {
	return f.runtime("The Parameters '%s' could not be used to start the Task: [%s]", encode(request), problem)
}

// region returns the Region of the execution, out of its ARN or its state machine's.
func (e *Execution) region() string {
	return cmp.Or(arn.Region(e.r.Options.ExecutionARN), arn.Region(e.r.Options.StateMachineARN))
}

// services are the names of services in errors: the prefix of the error's name, the service in the cause, and the
// exception for errors that the service's SDK has no name for (recorded for lambda, dynamodb and states).
var services = map[string]struct{ prefix, service, general string }{
	"lambda":   {"Lambda", "AWSLambda", "AWSLambdaException"},
	"dynamodb": {"DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"},
	"states":   {"StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"},
	"sqs":      {"SQS", "AmazonSQS", "AmazonSQSException"},
	"sns":      {"SNS", "AmazonSNS", "AmazonSNSException"},
	"events":   {"EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"},
}

// unnamedErrors are the codes that no SDK has a class for.
var unnamedErrors = map[string]bool{"ValidationException": true, "AccessDeniedException": true,
	"UnrecognizedClientException": true, "MissingParameter": true, "InvalidParameterValue": true}

// refusal is the failure of a task that the service did not accept, in the words of an optimized integration
// (recorded).
func refusal(r resource, ev TaskRefused, requestID string) failure {
	names, known := services[r.service]
	if !known {
		name := sdkName(r.service)
		cause := fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s)", ev.Message, name, ev.Status,
			requestID)
		if r.service == "aws-sdk:sfn" { // recorded in 2025; causes of other services, recorded in 2023, end here
			cause += " (SDK Attempt Count: 1)"
		}
		return failure{Error: name + "." + exceptionName(ev.Code, name+"Exception"), Cause: cause}
	}
	return failure{Error: names.prefix + "." + exceptionName(ev.Code, names.general),
		Cause: fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
			ev.Message, names.service, ev.Status, ev.Code, requestID)}
}

func exceptionName(code, general string) string {
	if unnamedErrors[code] {
		return general
	}
	return strings.TrimSuffix(code, "Exception") + "Exception"
}

// sdkNames are the names of services in errors of aws-sdk integrations (recorded but for EventBridge); others get a
// capital.
var sdkNames = map[string]string{
	"dynamodb": "DynamoDb", "eventbridge": "EventBridge", "secretsmanager": "SecretsManager",
}

func sdkName(service string) string {
	service = strings.TrimPrefix(service, "aws-sdk:")
	if name, ok := sdkNames[service]; ok {
		return name
	}
	return strings.ToUpper(service[:1]) + service[1:]
}

// requiredParameters are the parameters without which a service refuses every request (AWS developer guide, the page
// of each service integration).
var requiredParameters = map[string][]string{
	"lambda:invoke":         {"FunctionName"},
	"states:startExecution": {"StateMachineArn"},
	"dynamodb:getItem":      {"TableName", "Key"},
	"dynamodb:putItem":      {"TableName", "Item"},
	"dynamodb:updateItem":   {"TableName", "Key"},
	"dynamodb:deleteItem":   {"TableName", "Key"},
}

// checkParameters reports parameters of a service integration that are required but were not given, with or without
// ".$".
func (o *object) checkParameters(r resource) {
	if r.direct {
		return
	}
	key := "Parameters"
	if o.jsonata {
		key = "Arguments"
	}
	given := o.node.Get(key)
	if o.jsonata && given.Is(source.String) {
		return // an expression
	}
	for _, name := range requiredParameters[r.service+":"+r.action] {
		if given.Get(name) == nil && given.Get(name+".$") == nil {
			o.report(key, codeSchema, fmt.Sprintf("The field '%s' is required but was missing", name),
				"Add the parameter.")
		}
	}
}

// member returns a member of a request that must be an object, nil when it is absent.
func member(request any, key string) any {
	object, _ := request.(*value.Object)
	found, _ := object.Get(key)
	return found
}

// textMember returns a text in a request, "" when it is absent.
func textMember(request any, key string) string {
	text, _ := member(request, key).(string)
	return text
}

// eventFor is the data for a function or a child out of a request's member: {} when it is absent or null; text that is
// JSON is taken as it is, everything else is written as JSON (all recorded).
func eventFor(v any) json.RawMessage {
	if v == nil {
		return json.RawMessage("{}")
	}
	if text, ok := v.(string); ok {
		if _, err := value.Decode([]byte(text)); err == nil {
			return json.RawMessage(text)
		}
	}
	return encode(v)
}
