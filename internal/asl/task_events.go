package asl

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/value"
)

// task returns the frame and state of a task that is open, nil when the ID is closed or belongs to something else.
func (t *turn) task(id ID) (*frame, *taskState) {
	o, ok := t.r.Open[id]
	if !ok || o.Kind != openTask {
		return nil, nil
	}
	f := t.r.Frames[o.Frame]
	return f, t.stateOf(f).(*taskState)
}

// taskEnded closes a task whose event came.
func (t *turn) taskEnded(id ID) (*frame, *taskState) {
	f, s := t.task(id)
	if f != nil {
		delete(t.r.Open, id)
		t.close(f.Task.Timeout)
		t.close(f.Task.Heartbeat)
	}
	return f, s
}

// succeedTask adds the event of success and leaves the state with the result.
func (t *turn) succeedTask(f *frame, s *taskState, result any) {
	if !value.Fits(result, MaxDataBytes) {
		t.failTask(f, s, *tooLarge(s.sizeName()))
		return
	}
	t.follow(f, s.event("Succeeded"), s.details().withOutput(result))
	if fail := t.conclude(f, &s.dataFlow, s.next, result); fail != nil {
		t.fail(f, *fail)
	}
}

// failTask adds the event of failure and lets the state's retriers and catchers see to it.
func (t *turn) failTask(f *frame, s *taskState, fail failure) {
	details := s.details()
	details.Error, details.Cause = fail.Error, fail.Cause
	event := s.event("Failed")
	if s.isActivity() && !f.Task.Started {
		event = s.event("ScheduleFailed")
	}
	t.follow(f, event, details)
	t.fail(f, fail)
}

func (t *turn) taskTimedOut(f *frame, fail failure) {
	s := t.stateOf(f).(*taskState)
	details := s.details()
	details.Error, details.Cause = fail.Error, fail.Cause
	t.follow(f, s.event("TimedOut"), details)
	t.fail(f, fail)
}

// details begins the details of an event that has some in any case.
func (s *taskState) details() *EventDetails {
	if details := s.eventDetails(); details != nil {
		return details
	}
	return &EventDetails{}
}

// sizeName is how the service names a task whose result is too large: the function's ARN, or the service (recorded).
func (s *taskState) sizeName() string {
	if s.resource.direct {
		return s.resource.text
	}
	return s.resource.service
}

func (ev TaskSucceeded) apply(t *turn) {
	if f, s := t.mapRun(ev.ID); f != nil {
		t.mapRunSucceeded(f, s, decodeResult(ev.Output))
		return
	}
	f, s := t.taskEnded(ev.ID)
	if f == nil {
		return
	}
	if s.resource.waitsForToken() || ev.Whole {
		t.succeedTask(f, s, decodeResult(ev.Output))
		return
	}
	result, fail := s.integration.result(t, s, ev)
	if fail != nil {
		t.failTask(f, s, *fail)
		return
	}
	t.succeedTask(f, s, result)
}

func (ev TaskFailed) apply(t *turn) {
	if f, _ := t.mapRun(ev.ID); f != nil {
		t.mapRunFailed(f, failure{Error: ev.Error, Cause: ev.Cause})
		return
	}
	if f, s := t.taskEnded(ev.ID); f != nil {
		t.failTask(f, s, failure{Error: ev.Error, Cause: s.integration.cause(ev.Cause)})
	}
}

func (ev TaskRefused) apply(t *turn) {
	if f, _ := t.mapRun(ev.ID); f != nil {
		t.mapRunFailed(f, failure{Error: errTaskFailed, Cause: ev.Message})
		return
	}
	if f, s := t.taskEnded(ev.ID); f != nil {
		t.failTask(f, s, refusal(s.resource, ev, t.uuid()))
	}
}

func (ev TaskSubmitted) apply(t *turn) {
	f, s := t.task(ev.ID)
	if f == nil || s.resource.pattern == "" {
		return
	}
	t.accepted(ev.ID, "")
	if ev.Whole {
		t.submitted(f, s, decodeResult(ev.Output))
		return
	}
	result, fail := s.integration.result(t, s, TaskSucceeded{At: ev.At, ID: ev.ID, Output: ev.Output})
	if fail != nil {
		t.taskEnded(ev.ID)
		t.failTask(f, s, *fail)
		return
	}
	t.submitted(f, s, result)
}

// submitted adds the event of a call that has returned while its task goes on. The heartbeat counts from here. What the
// call returned is kept as text, which takes half the memory: many executions may wait like this for long.
func (t *turn) submitted(f *frame, s *taskState, result any) {
	details := s.details()
	details.Output, details.OutputDetails = &Text{given: string(encode(result))}, whole
	t.follow(f, s.event("Submitted"), details)
	t.beat(f)
}

// beat restarts the heartbeat timer, if the task has one.
func (t *turn) beat(f *frame) {
	if f.Task == nil || f.Task.Beat == 0 {
		return
	}
	t.close(f.Task.Heartbeat)
	f.Task.Heartbeat = t.setTimer(openHeartbeat, f, t.at.Add(time.Duration(f.Task.Beat)*time.Second))
}

func (ev TaskHeartbeat) apply(t *turn) {
	if f, _ := t.task(ev.ID); f != nil {
		t.beat(f)
	}
}

// decodeResult reads what a function or a service returned. What is not JSON is taken as a text, nothing as null.
func decodeResult(output json.RawMessage) any {
	if len(output) == 0 {
		return nil
	}
	result, err := value.Decode(output)
	if err != nil {
		return string(output)
	}
	return result
}
