package async

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Which step runs, by the history of an execution.
//
// It is that of the newest event which entered a step, unless a later one says that it is over. GetExecutionHistory has
// one rate for the whole account; as with doubts (doubt.go) all expected callers together use half of it, and what is
// not asked is not said.

// rest is for how long histories are not asked for, since Step Functions refused to tell one.
type rest struct {
	until time.Time
	lasts time.Duration
}

// maxRest is the longest rest, and the one after a request that nobody may make.
const maxRest = 5 * time.Minute

// stepOfHistory asks for the execution's history, when it may.
func (f *Function) stepOfHistory(ctx context.Context, in *invocation) Step {
	now := f.clock.Now()
	slot := f.slotAt(awsfacts.GetExecutionHistoryRate(in.job.region()).PerSecond)
	if f.histories == nil || in.does() == ActionStart || f.rests(now) || !inSlot(in, now, slot, HistoryEvery) {
		return Step{}
	}
	var events []HistoryEvent
	err := f.extra(ctx, in, func(ctx context.Context) (err error) {
		events, err = f.histories.History(ctx, in.executionID)
		return err
	})
	f.noteHistory(in, err)
	if err != nil {
		return Step{}
	}
	step := runningStep(events, in.job.Steps)
	if step.Number > 0 && !in.job.StepsVary {
		step.Of = len(in.job.Steps)
	}
	return step
}

func (f *Function) rests(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return now.Before(f.rest.until)
}

// noteHistory lets this process rest from asking for histories when it is asked to, each time twice as long, and tells
// whoever has to allow it.
func (f *Function) noteHistory(in *invocation, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.rest = rest{}
		return
	case throttled(err):
		f.rest.lasts = min(max(2*f.rest.lasts, minSlot), maxRest)
	case retryable(err), code(err) == codeDoesNotExist:
		return
	default:
		f.rest.lasts = maxRest
		in.operation = "states:GetExecutionHistory"
		in.noted = fault{code: code(err), message: deniedMessage(err)}
	}
	f.rest.until = f.clock.Now().Add(f.rest.lasts)
}

// The ends of types of history events.
const (
	stateEntered = "StateEntered"
	stateExited  = "StateExited"
)

// overTypes are the types of events that say that a Map or Parallel state is over, or is tried again.
var overTypes = []string{"MapStateFailed", "MapStateAborted", "ParallelStateFailed", "ParallelStateAborted"}

// runningStep is the step that runs by the newest events of a history, the newest first. Names of states are unique in
// a definition, nested ones included, so that an event belongs to the step of its name and to no other. A Task has
// nothing within: whatever is entered after it comes after it. What is entered after a Map or Parallel step may be
// within it, until that is exited or fails.
func runningStep(events []HistoryEvent, steps []string) Step {
	inside := true // whatever was seen may be within the step
	redriven := false
	for _, e := range events {
		number := slices.Index(steps, e.Name) + 1
		switch {
		case e.Type == "ExecutionRedriven":
			redriven, inside = true, true
		case strings.HasPrefix(e.Type, "Execution") && e.Type != "ExecutionStarted" && !redriven:
			return Step{}
		case number > 0 && strings.HasSuffix(e.Type, stateExited):
			return Step{}
		case number > 0 && strings.HasSuffix(e.Type, stateEntered):
			if !inside && e.Type == "TaskStateEntered" {
				return Step{}
			}
			return Step{Number: number, Name: e.Name, Began: e.At}
		case strings.HasSuffix(e.Type, stateEntered):
			inside = false
		case !redriven && slices.Contains(overTypes, e.Type):
			return Step{}
		}
	}
	return Step{}
}
