package asl

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/value"
)

// startExecution is arn:aws:states:::states:startExecution, plain, .sync, .sync:2 and .waitForTaskToken.
type startExecution struct{ plainService }

func (startExecution) prepare(t *turn, f *frame, s *taskState, request any) (func(ID) Command, *failure) {
	command := StartChild{State: s.name, Resource: s.resource.text, Request: Text{value: request},
		StateMachineARN: textMember(request, "StateMachineArn"), Name: textMember(request, "Name"),
		Wait: s.resource.waitsForChild(), Token: f.Task.Token, WaitForToken: s.resource.waitsForToken()}
	if command.StateMachineARN == "" {
		return nil, f.badParameters(request, "The field 'StateMachineArn' is required but was missing")
	}
	if command.Name == "" {
		command.Name = t.uuid()
	}
	command.Input = eventFor(member(request, "Input"))
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
func startResponse(t *turn, ev ChildStarted) any {
	body := fmt.Sprintf(`{"executionArn":%q,"startDate":%s}`, ev.ExecutionARN, seconds(ev.StartedAt))
	headers := t.headers("application/x-amz-json-1.0", len(body), requestIDHeader)
	headers.add("connection", "keep-alive")
	httpMetadata, responseMetadata := headers.metadata()
	return value.NewObject(value.M("ExecutionArn", ev.ExecutionARN), httpMetadata, responseMetadata,
		value.M("StartDate", millis(ev.StartedAt)))
}

func (ev ChildEnded) apply(t *turn) {
	f, s := t.taskEnded(ev.ID)
	if f == nil {
		return
	}
	description := ev.describe(s.resource.pattern == patternSync2)
	if ev.Status == Succeeded {
		t.succeedTask(f, s, description)
		return
	}
	t.failTask(f, s, failure{Error: errTaskFailed, Cause: string(encode(description))})
}

// describe is the child as DescribeExecution shows it: the result of a .sync task. In .sync input and output are JSON
// as text, in .sync:2 a success has them as JSON (recorded).
func (ev ChildEnded) describe(parsed bool) any {
	data := func(text json.RawMessage) any {
		if parsed && ev.Status == Succeeded {
			return decodeResult(text)
		}
		return string(text)
	}
	included := value.NewObject(value.M("Included", true))
	var description []value.Member
	add := func(name string, v any) { description = append(description, value.M(name, v)) }
	if ev.Cause != "" {
		add("Cause", ev.Cause)
	}
	if ev.Error != "" {
		add("Error", ev.Error)
	}
	add("ExecutionArn", ev.ExecutionARN)
	add("Input", data(ev.Input))
	add("InputDetails", included)
	add("Name", ev.Name)
	if ev.Status == Succeeded {
		add("Output", data(ev.Output))
		add("OutputDetails", included)
	}
	add("RedriveCount", number(0))
	if ev.Status == Succeeded {
		add("RedriveStatus", "NOT_REDRIVABLE")
		add("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven")
	} else {
		add("RedriveStatus", "REDRIVABLE")
	}
	add("StartDate", millis(ev.StartedAt))
	add("StateMachineArn", ev.StateMachineARN)
	add("Status", string(ev.Status))
	add("StopDate", millis(ev.EndedAt))
	return value.NewObject(description...)
}

// millis is a date as optimized integrations show it: milliseconds since 1970.
func millis(at time.Time) json.Number { return number(at.UnixMilli()) }

// seconds is a date as the service's own protocol writes it.
func seconds(at time.Time) string { return fmt.Sprintf("%.3f", epochSeconds(at)) }
