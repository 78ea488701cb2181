package asl

import (
	"encoding/json"
	"fmt"
	"time"
)

// startExecution is arn:aws:states:::states:startExecution, plain, .sync, .sync:2 and .waitForTaskToken.
type startExecution struct{ plainService }

func (startExecution) prepare(t *turn, f *frame, s *taskState, request any, _ json.RawMessage) (func(ID) Command, *failure) {
	command := StartChild{State: s.name, StateMachineARN: member(request, "StateMachineArn"), Name: member(request, "Name"),
		Wait: s.resource.waitsForChild(), Token: f.Task.Token, WaitForToken: s.resource.waitsForToken()}
	if command.StateMachineARN == "" {
		return nil, f.badParameters(request, "The field 'StateMachineArn' is required but was missing")
	}
	if command.Name == "" {
		command.Name = t.uuid()
	}
	command.Input = payload(members(request)["Input"])
	return func(id ID) Command { command.ID = id; return command }, nil
}

func (ev ChildStarted) apply(t *turn) {
	f, s := t.task(ev.ID)
	if f == nil {
		return
	}
	response := startResponse(t, ev)
	if s.resource.pattern == "" {
		t.taskEnded(ev.ID)
		t.succeedTask(f, s, response)
		return
	}
	t.accepted(ev.ID, ev.ExecutionARN)
	t.submitted(f, s, response)
}

// startResponse is the response of StartExecution as the task shows it (recorded).
func startResponse(t *turn, ev ChildStarted) map[string]any {
	body := fmt.Sprintf(`{"executionArn":%q,"startDate":%s}`, ev.ExecutionARN, seconds(ev.StartedAt))
	headers := t.headers("application/x-amz-json-1.0", len(body), requestIDHeader)
	headers.add("connection", "keep-alive")
	response := map[string]any{"ExecutionArn": ev.ExecutionARN, "StartDate": millis(ev.StartedAt)}
	headers.addTo(response)
	return response
}

func (ev ChildEnded) apply(t *turn) {
	f, s := t.taskEnded(ev.ID)
	if f == nil {
		return
	}
	description := ev.describe(s.resource.pattern == "sync:2")
	if ev.Status == Succeeded {
		t.succeedTask(f, s, description)
		return
	}
	t.failTask(f, s, failure{Error: errTaskFailed, Cause: string(encode(description))})
}

// describe is the child as DescribeExecution shows it: the result of a .sync task. In .sync input and output are JSON as text,
// in .sync:2 a success has them as JSON (recorded).
func (ev ChildEnded) describe(parsed bool) map[string]any {
	data := func(text json.RawMessage) any {
		if parsed && ev.Status == Succeeded {
			return decodeResult(text)
		}
		return string(text)
	}
	included := map[string]any{"Included": true}
	description := map[string]any{
		"ExecutionArn": ev.ExecutionARN, "StateMachineArn": ev.StateMachineARN, "Name": ev.Name, "Status": string(ev.Status),
		"Input": data(ev.Input), "InputDetails": included, "StartDate": millis(ev.StartedAt), "StopDate": millis(ev.EndedAt),
		"RedriveCount": number(0), "RedriveStatus": "REDRIVABLE",
	}
	if ev.Status == Succeeded {
		description["Output"], description["OutputDetails"] = data(ev.Output), included
		description["RedriveStatus"] = "NOT_REDRIVABLE"
		description["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
		return description
	}
	if ev.Error != "" {
		description["Error"] = ev.Error
	}
	if ev.Cause != "" {
		description["Cause"] = ev.Cause
	}
	return description
}

// millis is a date as optimized integrations show it: milliseconds since 1970.
func millis(at time.Time) json.Number { return number(at.UnixMilli()) }

// seconds is a date as the service's own protocol writes it.
func seconds(at time.Time) string { return fmt.Sprintf("%.3f", epochSeconds(at)) }
