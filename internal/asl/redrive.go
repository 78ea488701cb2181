package asl

import (
	"maps"
	"slices"
	"time"
)

func (ev MachineDeleted) apply(t *turn) { t.r.Deleted = true }

// Redrives returns how often the execution has been redriven, and when it was last.
func (e *Execution) Redrives() (count int, last time.Time) { return int(e.r.Redrives), e.r.RedrivenAt }

func (ev Redriven) apply(t *turn) {
	t.r.Status, t.r.RedrivenAt = Running, t.at
	t.r.Redrives++
	if limit := t.machine.timeout(t.r.Options.Kind); limit > 0 {
		t.setTimer(openExecutionTimeout, nil, t.at.Add(limit))
	}
	details := &EventDetails{RareDetails: &RareDetails{RedriveCount: int(t.r.Redrives)}}
	redriven := t.emit(t.r.LastEvent, "ExecutionRedriven", details)
	for _, id := range slices.Sorted(maps.Keys(t.r.Frames)) {
		if f := t.r.Frames[id]; f != nil && t.r.Status == Running {
			t.redrive(f, redriven)
		}
	}
}

// redrive lets a frame go on in the state that it is in. A Parallel or Map state goes on in the branches and iterations
// that had not ended well, which are frames of their own, unless its output was too large: then it runs as a whole (AWS
// developer guide, redriving executions).
func (t *turn) redrive(f *frame, redriven int64) {
	fail := f.Failure
	f.Failure, f.Stopped, f.Task, f.Timer, f.Previous = nil, false, nil, 0, redriven
	f.Retries, f.RetryCount = nil, 0
	if f.Group != nil && (fail != nil && fail.Error == errDataLimitExceeded || f.Group.stuck()) {
		t.dropGroup(f)
	}
	switch {
	case f.Entered == 0:
		t.ready = append(t.ready, f)
	case f.Group == nil:
		t.r.Transitions++
		t.run(f)
	case len(f.Group.Running) == 0: // only what was made of the results has failed
		if fail := t.stateOf(f).(groupState).conclude(t, f); fail != nil {
			t.fail(f, *fail)
		}
	default:
		f.Group.Failed = slices.DeleteFunc(f.Group.Failed, func(index int) bool { return t.runs(f.Group, index) })
	}
}

// stuck reports whether no child runs, although not all have begun.
func (g *group) stuck() bool { return len(g.Running) == 0 && g.Started < len(g.Results) }

// runs reports whether the child of an index is among those that run.
func (t *turn) runs(g *group, index int) bool {
	return slices.ContainsFunc(g.Running, func(id int) bool { return t.r.Frames[id].Index == index })
}
