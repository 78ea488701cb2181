package asl

import (
	"github.com/connect-async/connect-async/internal/value"
)

// lambdaDirect calls a function whose ARN is the Resource. The function's result is the task's.
type lambdaDirect struct{ plainService }

func (lambdaDirect) prepare(_ *turn, f *frame, s *taskState, request any) (func(ID) Command, *failure) {
	command := s.invoke(f, request)
	command.FunctionName, command.InvocationType = s.resource.text, "RequestResponse"
	command.Payload = encode(request)
	return func(id ID) Command { command.ID = id; return command }, nil
}

// lambdaInvoke is arn:aws:states:::lambda:invoke. Its result holds the function's under Payload, with metadata around
// it.
type lambdaInvoke struct{}

func (lambdaInvoke) prepare(_ *turn, f *frame, s *taskState, request any) (func(ID) Command, *failure) {
	command := s.invoke(f, request)
	command.FunctionName, command.Qualifier = textMember(request, "FunctionName"), textMember(request, "Qualifier")
	if command.FunctionName == "" {
		return nil, f.badParameters(request, "The field 'FunctionName' is required but was missing")
	}
	command.InvocationType = textMember(request, "InvocationType")
	if command.InvocationType == "" {
		command.InvocationType = "RequestResponse"
	}
	command.ClientContext = textMember(request, "ClientContext")
	command.LogTail = textMember(request, "LogType") == "Tail"
	command.Payload = eventFor(member(request, "Payload"))
	return func(id ID) Command { command.ID = id; return command }, nil
}

// result wraps what the function returned as the service's response is shown (recorded).
func (lambdaInvoke) result(t *turn, _ *taskState, ev TaskSucceeded) (any, *failure) {
	version := ev.ExecutedVersion
	if version == "" {
		version = "$LATEST"
	}
	headers := t.headers("application/json", len(ev.Output), requestIDHeader)
	headers.add("Connection", "keep-alive")
	headers.add("X-Amz-Executed-Version", version)
	headers.add("x-amzn-Remapped-Content-Length", "0")
	headers.add("X-Amzn-Trace-Id", t.traceID())
	result := []value.Member{value.M("ExecutedVersion", version)}
	if ev.LogResult != "" {
		headers.add("X-Amz-Log-Result", ev.LogResult)
		result = append(result, value.M("LogResult", ev.LogResult))
	}
	httpMetadata, responseMetadata := headers.metadata()
	result = append(result, value.M("Payload", decodeResult(ev.Output)), httpMetadata, responseMetadata,
		value.M("StatusCode", number(httpOK)))
	return value.NewObject(result...), nil
}

// cause writes an error document without blanks (recorded).
func (lambdaInvoke) cause(reported string) string {
	document, err := value.Decode([]byte(reported))
	if _, isObject := document.(*value.Object); err != nil || !isObject {
		return reported
	}
	return string(encode(document))
}
