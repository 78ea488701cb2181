package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// turn is one call of Advance: the execution, the time, the commands so far, and the frames that are about to enter a
// state.
type turn struct {
	*Execution
	at       time.Time
	commands []Command
	ready    []*frame
	finished bool
}

// do adds a command. Nothing follows Finish.
func (t *turn) do(c Command) {
	if t.finished {
		return
	}
	t.remember(c)
	t.commands = append(t.commands, c)
	_, t.finished = c.(Finish)
}

// settle lets frames enter states, in turn, until all wait for something.
func (t *turn) settle() {
	for entered := 0; len(t.ready) > 0 && t.r.Status == Running; entered++ {
		f := t.ready[0]
		t.ready = t.ready[1:]
		switch {
		case t.r.Frames[f.ID] != f || f.Stopped:
		case t.r.Deleted:
			t.end(Aborted, 0, failure{})
		case entered == maxBurst:
			t.end(Failed, f.Previous, failure{Error: errRuntime,
				Cause: "The execution entered 100000 states without waiting for anything."})
		default:
			t.enter(f)
		}
	}
}

// emit adds a history event after event previous and returns its id. The event that would take the place of the last
// one ends the execution; what the turn still does after that has no effect.
func (t *turn) emit(previous int64, kind string, details *EventDetails) int64 {
	if t.finished {
		return previous
	}
	if t.r.Status == Running && t.r.Options.Kind != Express && t.r.LastEvent == MaxHistoryEvents-1 {
		t.end(Failed, previous, failure{Error: errRuntime,
			Cause: fmt.Sprintf("The execution reached the maximum number of history events (%d).", MaxHistoryEvents)})
		return previous
	}
	t.r.LastEvent++
	t.do(Emit{Event: HistoryEvent{ID: t.r.LastEvent, PreviousEventID: previous, Timestamp: t.at, Type: kind,
		Details: details}})
	return t.r.LastEvent
}

// follow adds a history event to a frame's chain of events.
func (t *turn) follow(f *frame, kind string, details *EventDetails) {
	f.Previous = t.emit(f.Previous, kind, details)
}

// open gives out an ID.
func (t *turn) open(kind openKind, f *frame) ID {
	t.r.LastID++
	o := &opened{Kind: kind}
	if f != nil {
		o.Frame = f.ID
	}
	t.r.Open[t.r.LastID] = o
	return t.r.LastID
}

// close closes an ID, when it is open, and says so to the holder.
func (t *turn) close(id ID) {
	if _, ok := t.r.Open[id]; ok {
		delete(t.r.Open, id)
		t.do(Cancel{ID: id})
	}
}

// take closes an ID because its event came. The frame is nil for the timer of the execution itself.
func (t *turn) take(id ID) (openKind, *frame) {
	o, ok := t.r.Open[id]
	if !ok {
		return "", nil
	}
	delete(t.r.Open, id)
	return o.Kind, t.r.Frames[o.Frame]
}

func (t *turn) setTimer(kind openKind, f *frame, at time.Time) ID {
	id := t.open(kind, f)
	t.do(SetTimer{ID: id, At: at})
	return id
}

// end ends the execution: it closes all that is open, adds the last history event and finishes.
func (t *turn) end(status Status, previous int64, fail failure) {
	t.finish(status, nil, fail, func() {
		t.emit(previous, endings[status], &EventDetails{Error: fail.Error, Cause: fail.Cause})
	})
}

// succeed ends the execution with its output.
func (t *turn) succeed(previous int64, output any) {
	t.finish(Succeeded, encode(output), failure{}, func() {
		t.emit(previous, endings[Succeeded], (&EventDetails{}).withOutput(output))
	})
}

func (t *turn) finish(status Status, output json.RawMessage, fail failure, emitLast func()) {
	if t.finished {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(t.r.Open)) {
		t.close(id)
	}
	t.r.Status = status
	if t.test != nil {
		t.test.ended(t.Execution, status, fail)
	}
	emitLast()
	t.do(Finish{Status: status, Output: output, Error: fail.Error, Cause: fail.Cause})
}

var endings = map[Status]string{
	Succeeded: "ExecutionSucceeded",
	Failed:    "ExecutionFailed",
	TimedOut:  "ExecutionTimedOut",
	Aborted:   "ExecutionAborted",
}

func (ev Started) apply(t *turn) {
	t.r.Status, t.r.StartedAt = Running, t.at
	limit, first := t.machine.timeout(t.r.Options.Kind), &frame{Input: t.r.Input}
	if t.test != nil {
		limit, first = testTimeout, t.test.frame
	}
	if limit > 0 {
		t.setTimer(openExecutionTimeout, nil, t.at.Add(limit))
	}
	t.emit(0, "ExecutionStarted", (&EventDetails{RoleARN: t.r.Options.RoleARN}).withInput(t.r.Input.value,
		t.r.InputText))
	t.begin(first)
}

func (ev Stopped) apply(t *turn) {
	t.end(Aborted, 0, failure{Error: ev.Error, Cause: ev.Cause}) // follows nothing (recorded)
}

func (ev TimerFired) apply(t *turn) {
	kind, f := t.take(ev.ID)
	switch kind {
	case openExecutionTimeout:
		t.end(TimedOut, t.r.LastEvent, failure{Error: errTimeout})
	case openWait:
		t.stateOf(f).(*waitState).over(t, f)
	case openRetry:
		t.retry(f)
	case openCollapse:
		t.handOver(f)
	case openTimeout:
		t.taskTimedOut(f, failure{Error: errTimeout})
	case openHeartbeat:
		t.taskTimedOut(f, failure{Error: errTimeout, Heartbeat: true})
	}
}
