package asl

import "slices"

// group is the children of a frame that is in a Parallel or Map state.
type group struct {
	Items   data   `json:"items,omitzero"`    // Map: of each iteration, what $$.Map.Item.Value is in it
	Batched bool   `json:"batched,omitempty"` // Map: the items are batches
	Results []data `json:"results"`           // by child
	Started int    `json:"started"`
	Running []int  `json:"running"`           // frames, in the order in which they began
	Limit   int    `json:"limit,omitempty"`   // Map: how many may run at once
	Failed  []int  `json:"failed,omitempty"`  // Map: iterations that failed
	Allowed *int   `json:"allowed,omitempty"` // Map: how many may fail; nil: the first failure is the state's own
}

// add begins a child.
func (t *turn) add(f, child *frame) {
	child.Parent, child.Index = f.ID, f.Group.Started
	f.Group.Started++
	t.begin(child)
	f.Group.Running = append(f.Group.Running, child.ID)
}

// remove takes a child that has ended out of the group and says whether it was the last.
func (g *group) remove(child *frame) bool {
	g.Running = slices.DeleteFunc(g.Running, func(id int) bool { return id == child.ID })
	return len(g.Running) == 0 && g.Started == len(g.Results)
}

// item returns the item of an iteration.
func (g *group) item(i int) any {
	items, _ := g.Items.value.([]any)
	if i >= len(items) {
		return nil // of a saved execution that was tampered with
	}
	return items[i]
}

// output is the list of the children's results, without those that failed.
func (g *group) output() any {
	list := make([]any, 0, len(g.Results))
	for i, result := range g.Results {
		if !slices.Contains(g.Failed, i) {
			list = append(list, result.value)
		}
	}
	return list
}

// failGroup fails a frame whose child failed. All branches end with it; the state that each of them was in, the
// failed one too, has its event (recorded for tasks that time out in a Map state).
func (t *turn) failGroup(f, child *frame, fail failure) {
	f.Previous = child.Previous
	t.emitAborted(child, f.Previous)
	child.Stopped = true
	t.stopGroup(f, f.Previous)
	fail.InChild = true
	t.fail(f, fail)
}

// stopGroup stops all children of a frame, and those below them. They stay as they are, in case the execution is
// redriven. The events follow event previous (recorded).
func (t *turn) stopGroup(f *frame, previous int64) {
	parent := t.stateOf(f).base()
	for _, id := range f.Group.Running {
		child := t.r.Frames[id]
		if child.Stopped {
			continue
		}
		if index := child.Index; parent.kind == "Map" {
			t.emit(previous, "MapIterationAborted", &EventDetails{Name: parent.name, Index: &index})
		}
		t.emitAborted(child, previous)
		child.Stopped = true
		t.closeAll(child)
		if child.Group != nil {
			t.stopGroup(child, previous)
		}
	}
}

// dropGroup forgets all children of a frame, and those below them.
func (t *turn) dropGroup(f *frame) {
	if f.Group == nil {
		return
	}
	for _, id := range f.Group.Running {
		t.dropGroup(t.r.Frames[id])
		delete(t.r.Frames, id)
	}
	f.Group = nil
}

// emitAborted adds the event of a state that is not left any more; only some types of states have one.
func (t *turn) emitAborted(f *frame, previous int64) {
	switch kind := t.stateOf(f).base().kind; kind {
	case "Task", "Wait", "Parallel", "Map":
		t.emit(previous, kind+"StateAborted", nil)
	}
}
