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

// reportSteps reports the states of an execution and the functions that they invoked, when it has ended or the call is
// over.
func (l *line) reportSteps(e *local.Execution) {
	if !l.stage.call.steps {
		return
	}
	for _, s := range l.stepsOf(e.History()) {
		if s.Type == TypeRuns && (s.Function == "" || l.stage.call.workspace.Runs(s.Function)) {
			continue // not a function, or one whose process says how long it ran
		}
		l.eventAt(s.At, s)
	}
}

// reportRunning reports the steps of executions that outlive the call.
func (l *line) reportRunning() {
	for _, e := range l.executions {
		if e.Describe().Stopped.IsZero() {
			l.reportSteps(e)
		}
	}
}

// stepsOf are the states and invocations in a history, in the order in which they began. What has not ended takes until
// the execution has, or until now.
func (l *line) stepsOf(history []asl.HistoryEvent) []Event {
	r := stepReader{states: map[string][]int{}, tasks: map[int64]int{}}
	for _, h := range history {
		r.read(h, l.since(h.Timestamp), l.invokedBy)
	}
	end := l.now()
	if n := len(history); n > 0 && isExecutionEnd(history[n-1].Type) {
		end = l.since(history[n-1].Timestamp)
	}
	for _, open := range r.states {
		for _, i := range open {
			r.steps[i].Took = end - r.steps[i].At
		}
	}
	for _, i := range r.tasks {
		r.steps[i].Took = end - r.steps[i].At
	}
	return r.steps
}

func isExecutionEnd(kind string) bool {
	return strings.HasPrefix(kind, "Execution") && kind != "ExecutionStarted"
}

// stepReader finds the states and invocations in a history.
type stepReader struct {
	steps  []Event
	states map[string][]int // those that have not ended, by name: of several at once, the first ends first
	tasks  map[int64]int    // those that have not ended, by the id of their latest event
}

func (r *stepReader) read(h asl.HistoryEvent, at time.Duration, invoked func(*asl.EventDetails) string) {
	switch {
	case strings.HasSuffix(h.Type, "StateEntered"):
		r.states[h.Details.Name] = append(r.states[h.Details.Name], len(r.steps))
		r.steps = append(r.steps, Event{Type: TypeStep, At: at, Text: h.Details.Name})
	case strings.HasSuffix(h.Type, "StateExited"):
		if open := r.states[h.Details.Name]; len(open) > 0 {
			r.steps[open[0]].Took = at - r.steps[open[0]].At
			r.states[h.Details.Name] = open[1:]
		}
	case h.Type == "LambdaFunctionScheduled" || h.Type == "TaskScheduled":
		r.tasks[h.ID] = len(r.steps)
		r.steps = append(r.steps, Event{Type: TypeRuns, At: at, Function: invoked(h.Details)})
	default:
		r.follow(h, at)
	}
}

// follow follows a task from event to event until it ends.
func (r *stepReader) follow(h asl.HistoryEvent, at time.Duration) {
	i, known := r.tasks[h.PreviousEventID]
	if !known {
		return
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
		return
	}
	r.steps[i].Took = at - r.steps[i].At
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
