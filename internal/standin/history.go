package standin

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/value"
)

// Recorded is what one task of an execution came to.
type Recorded struct {
	State    string
	Resource string // "" for a Distributed Map
	Takes    time.Duration
	Submits  json.RawMessage // what its call returned, when it went on after that
	Returns  json.RawMessage // of a Distributed Map: the output of the state
	Error    string          // "" when it succeeded
	Cause    string
	Served   bool // tasks of this integration are performed on this machine
	Lost     bool // the history does not hold what was returned
}

// History reads what the tasks of an execution came to, in the order in which they were scheduled, from the answer of
// GetExecutionHistory. Tasks that have not ended are left out.
func History(text []byte) ([]Recorded, error) {
	var answer struct {
		Events []event `json:"events"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, errors.New(value.Unfit(err, "the answer"))
	}
	if len(answer.Events) == 0 {
		return nil, errors.New("the history has no events")
	}
	slices.SortFunc(answer.Events, func(a, b event) int { return cmp.Compare(a.ID, b.ID) })
	h := history{events: map[int64]*event{}, tasks: map[int64]*task{}}
	for i := range answer.Events {
		e := &answer.Events[i]
		if err := e.read(); err != nil {
			return nil, fmt.Errorf("event %d: %w", e.ID, err)
		}
		h.events[e.ID] = e
		h.add(e)
	}
	var list []Recorded
	for _, t := range h.order {
		if t.ended {
			list = append(list, t.Recorded)
		}
	}
	return list, nil
}

// event is one event of a history.
type event struct {
	ID       int64           `json:"id"`
	Previous int64           `json:"previousEventId"`
	Type     string          `json:"type"`
	At       json.RawMessage `json:"timestamp"`

	at      time.Time
	details details
}

// details are the details of events of every type, as far as they matter here.
type details struct {
	Name          string  `json:"name"`
	Resource      string  `json:"resource"`
	ResourceType  string  `json:"resourceType"`
	Output        *string `json:"output"`
	OutputDetails struct {
		Truncated bool `json:"truncated"`
	} `json:"outputDetails"`
	Error string `json:"error"`
	Cause string `json:"cause"`

	members map[string]json.RawMessage
}

// UnmarshalJSON reads an event, with its details, whatever their key is.
func (e *event) UnmarshalJSON(text []byte) error {
	type plain event
	if err := json.Unmarshal(text, (*plain)(e)); err != nil {
		return err
	}
	return json.Unmarshal(text, &e.details.members)
}

func (e *event) read() error {
	for key, value := range e.details.members {
		if strings.HasSuffix(key, "EventDetails") {
			if err := json.Unmarshal(value, &e.details); err != nil {
				return err
			}
		}
	}
	if e.Previous >= e.ID {
		return errors.New("previousEventId is not that of an earlier event")
	}
	at, err := timeOf(e.At)
	e.at, e.details.members = at, nil
	return err
}

// timeOf reads a time as the service writes it, in seconds, or as the AWS CLI does.
func timeOf(text json.RawMessage) (time.Time, error) {
	var seconds float64
	if json.Unmarshal(text, &seconds) == nil {
		return time.UnixMilli(int64(seconds*1000 + 0.5)), nil
	}
	var written string
	if err := json.Unmarshal(text, &written); err != nil {
		return time.Time{}, errors.New("the timestamp is neither a number nor a text")
	}
	return time.Parse(time.RFC3339Nano, written)
}

// task is a task that was scheduled.
type task struct {
	Recorded
	began time.Time
	ended bool
}

// history follows the events of an execution.
type history struct {
	events map[int64]*event
	tasks  map[int64]*task // by the id of their first event
	order  []*task
}

// add takes the next event.
func (h *history) add(e *event) {
	switch e.Type {
	case "TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled", "MapRunStarted":
		h.begin(e)
	case "MapStateExited":
		if t := h.taskOf(e); t != nil && t.Resource == "" && t.Error == "" {
			t.Returns, t.Lost = e.output()
		}
	default:
		if t := h.taskOf(e); t != nil {
			t.next(e)
		}
	}
}

func (h *history) begin(e *event) {
	t := &task{began: e.at}
	for at := e; at != nil; at = h.events[at.Previous] {
		if strings.HasSuffix(at.Type, "StateEntered") {
			t.State = at.details.Name
			break
		}
	}
	service, api := e.details.ResourceType, e.details.Resource
	switch e.Type {
	case "TaskScheduled":
		action, _ := arn.CutPattern(api)
		t.Resource, t.Served = "arn:aws:states:::"+service+":"+api, Served(service, action)
	case "LambdaFunctionScheduled", "ActivityScheduled":
		t.Resource, t.Served = api, e.Type == "LambdaFunctionScheduled"
	}
	h.tasks[e.ID] = t
	h.order = append(h.order, t)
}

// taskOf returns the task that an event belongs to, nil when it belongs to none: it follows the task's first event,
// with nothing but events of the task between them.
func (h *history) taskOf(e *event) *task {
	for at := h.events[e.Previous]; at != nil; at = h.events[at.Previous] {
		if t := h.tasks[at.ID]; t != nil {
			return t
		}
		if strings.HasSuffix(at.Type, "StateEntered") || strings.HasSuffix(at.Type, "StateExited") {
			return nil
		}
	}
	return nil
}

// next takes an event of the task.
func (t *task) next(e *event) {
	switch e.Type {
	case "TaskSubmitted":
		t.Submits, _ = e.output()
	case "TaskSucceeded", "LambdaFunctionSucceeded", "ActivitySucceeded", "MapRunSucceeded":
		t.ended, t.Takes = true, e.at.Sub(t.began)
		t.Returns, t.Lost = e.output()
	case "TaskFailed", "TaskTimedOut", "TaskStartFailed", "TaskSubmitFailed", "LambdaFunctionFailed",
		"LambdaFunctionTimedOut", "LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed", "ActivityFailed",
		"ActivityTimedOut", "ActivityScheduleFailed", "MapRunFailed":
		t.ended, t.Takes = true, e.at.Sub(t.began)
		t.Error, t.Cause = cmp.Or(e.details.Error, "States.Timeout"), e.details.Cause
	}
}

// output is the output of an event as JSON; lost says that the history does not hold it.
func (e *event) output() (output json.RawMessage, lost bool) {
	if e.details.Output == nil || e.details.OutputDetails.Truncated || !json.Valid([]byte(*e.details.Output)) {
		return json.RawMessage("{}"), true
	}
	return json.RawMessage(*e.details.Output), false
}
