package call

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
)

// comesTo reports an action that the contact comes to.
func (l *line) comesTo(c flow.Enter) {
	if l.stage.call.steps {
		l.event(Event{Type: TypeEnters, Flow: c.Flow.File, Action: c.Action.Identifier})
	}
}

// goesOn reports a branch that the contact takes.
func (l *line) goesOn(c flow.Take) {
	if l.stage.call.steps {
		l.event(Event{Type: TypeTakes, Flow: c.Flow.File, Action: c.Action.Identifier, Text: c.Branch})
	}
}

// reportSteps reports the states of an execution and the functions that they invoke, when they begin and when they end.
func (l *line) reportSteps(e *local.Execution) {
	r := l.steps[e]
	if r == nil {
		r = &stepReader{states: map[string][]int{}, tasks: map[int64]int{}}
		l.steps[e] = r
	}
	for _, h := range e.History()[r.known:] {
		r.known++
		if i := r.read(h, l.since(h.Timestamp), l.invokedBy); i >= 0 {
			l.reportStep(r.steps[i])
		}
	}
}

// reportStep reports a state, or the invocation of a function.
func (l *line) reportStep(e Event) {
	if e.Type == TypeStep || e.Function != "" { // a task may be another service's
		l.eventAt(e.At, e)
	}
}

// endSteps ends what has not ended of an execution that has, or that outlives the call.
func (l *line) endSteps(e *local.Execution) {
	r := l.steps[e]
	if r == nil {
		return
	}
	for i := range r.steps {
		if r.steps[i].Runs() {
			r.end(i, l.now())
			l.reportStep(r.steps[i])
		}
	}
}

// endRunningSteps ends the steps of executions that outlive the call.
func (l *line) endRunningSteps() {
	for _, e := range l.executions {
		if e.Describe().Stopped.IsZero() {
			l.endSteps(e)
		}
	}
}

// stepReader finds the states and invocations in a history.
type stepReader struct {
	known  int // events that were read
	steps  []Event
	states map[string][]int // those that have not ended, by name: of several at once, the first ends first
	tasks  map[int64]int    // those that have not ended, by the id of their latest event
}

// read reads the next event, and returns the index of the step that begins or ends with it, -1 when none does.
func (r *stepReader) read(h asl.HistoryEvent, at time.Duration, invoked func(*asl.EventDetails) string) int {
	switch {
	case strings.HasSuffix(h.Type, "StateEntered"):
		r.states[h.Details.Name] = append(r.states[h.Details.Name], len(r.steps))
		return r.begin(Event{Type: TypeStep, At: at, Text: h.Details.Name})
	case strings.HasSuffix(h.Type, "StateExited"):
		open := r.states[h.Details.Name]
		if len(open) == 0 {
			return -1
		}
		r.states[h.Details.Name] = open[1:]
		return r.end(open[0], at)
	case h.Type == "LambdaFunctionScheduled" || h.Type == "TaskScheduled":
		r.tasks[h.ID] = len(r.steps)
		return r.begin(Event{Type: TypeRuns, At: at, Function: invoked(h.Details)})
	}
	return r.follow(h, at)
}

func (r *stepReader) begin(e Event) int {
	e.Status = string(asl.Running)
	r.steps = append(r.steps, e)
	return len(r.steps) - 1
}

func (r *stepReader) end(i int, at time.Duration) int {
	r.steps[i].Status, r.steps[i].Took = "", at-r.steps[i].At
	return i
}

// follow follows a task from event to event until it ends.
func (r *stepReader) follow(h asl.HistoryEvent, at time.Duration) int {
	i, known := r.tasks[h.PreviousEventID]
	if !known {
		return -1
	}
	delete(r.tasks, h.PreviousEventID)
	switch {
	case strings.HasSuffix(h.Type, "Failed"), strings.HasSuffix(h.Type, "TimedOut"):
		r.steps[i].Error = "failed"
		if h.Details != nil && h.Details.Error != "" {
			r.steps[i].Error = h.Details.Error
		}
	case !strings.HasSuffix(h.Type, "Succeeded"):
		r.tasks[h.ID] = i
		return -1
	}
	return r.end(i, at)
}

// invokedBy is the function that a task invokes, "" for a task of another service.
func (l *line) invokedBy(d *asl.EventDetails) string {
	name := d.Resource
	if d.ResourceType == "lambda" && d.Parameters != nil {
		var parameters struct{ FunctionName string }
		_ = json.Unmarshal(d.Parameters.JSON(), &parameters) // without a name it is no function
		name = parameters.FunctionName
	}
	known, _ := l.stage.account.FunctionName(name)
	return known
}
