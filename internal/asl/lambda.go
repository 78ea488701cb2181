package asl

import "encoding/json"

// lambdaDirect calls a function whose ARN is the Resource. The function's result is the task's.
type lambdaDirect struct{ plainService }

func (lambdaDirect) prepare(_ *turn, f *frame, s *taskState, _ any, data json.RawMessage) (func(ID) Command, *failure) {
	command := s.invoke(f, data)
	command.FunctionName, command.InvocationType = s.resource.text, "RequestResponse"
	command.Payload = command.Input
	return func(id ID) Command { command.ID = id; return command }, nil
}

// lambdaInvoke is arn:aws:states:::lambda:invoke. Its result holds the function's under Payload, with metadata around it.
type lambdaInvoke struct{}

func (lambdaInvoke) prepare(_ *turn, f *frame, s *taskState, request any, data json.RawMessage) (func(ID) Command, *failure) {
	command := s.invoke(f, data)
	command.FunctionName, command.Qualifier = member(request, "FunctionName"), member(request, "Qualifier")
	if command.FunctionName == "" {
		return nil, f.badParameters(request, "The field 'FunctionName' is required but was missing")
	}
	command.InvocationType = member(request, "InvocationType")
	if command.InvocationType == "" {
		command.InvocationType = "RequestResponse"
	}
	command.LogTail = member(request, "LogType") == "Tail"
	command.Payload = payload(members(request)["Payload"])
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
	result := map[string]any{"ExecutedVersion": version, "Payload": decodeResult(ev.Output), "StatusCode": number(200)}
	if ev.LogResult != "" {
		headers.add("X-Amz-Log-Result", ev.LogResult)
		result["LogResult"] = ev.LogResult
	}
	headers.addTo(result)
	return result, nil
}

// cause writes an error document without blanks (recorded).
func (lambdaInvoke) cause(reported string) string {
	var document map[string]any
	if json.Unmarshal([]byte(reported), &document) != nil {
		return reported
	}
	return string(encode(decode(json.RawMessage(reported))))
}
