package asl

import "time"

// frame is one sequence of states that is running: the execution itself, a branch of a Parallel state or an iteration
// of a Map state. The first frame of an execution has number 1.
type frame struct {
	ID         int                 `json:"id"`
	Parent     int                 `json:"parent,omitempty"` // 0: none
	Index      int                 `json:"index,omitempty"`  // of the branch or iteration
	Scope      int                 `json:"scope,omitempty"`
	State      string              `json:"state"`
	Input      data                `json:"input"`               // of the state, before InputPath
	Iteration  bool                `json:"iteration,omitempty"` // of a Map state
	Item       data                `json:"item,omitzero"`       // of the iteration
	Variables  map[string]variable `json:"variables,omitempty"`
	Previous   int64               `json:"previous,omitempty"` // history event that the next one follows
	Before     int64               `json:"before,omitempty"`   // history event before entering the state
	Entered    int64               `json:"entered,omitempty"`  // history event of entering the state
	EnteredAt  time.Time           `json:"enteredAt,omitzero"`
	Retries    []int               `json:"retries,omitempty"` // done so far, by retrier
	RetryCount int                 `json:"retryCount,omitempty"`
	Timer      ID                  `json:"timer,omitempty"` // of a Wait state, or before a retry
	Task       *taskCall           `json:"task,omitempty"`
	Group      *group              `json:"group,omitempty"`
	Failure    *failure            `json:"failure,omitempty"` // that ended the frame
	Stopped    bool                `json:"stopped,omitempty"` // since a sibling failed
}

// taskCall is a task in flight.
type taskCall struct {
	ID        ID     `json:"id"`
	Token     string `json:"token,omitempty"`
	Timeout   ID     `json:"timeout,omitempty"`   // timer, 0: none
	Heartbeat ID     `json:"heartbeat,omitempty"` // timer, 0: none
	Beat      int32  `json:"beat,omitempty"`      // seconds between heartbeats, 0: none
	Started   bool   `json:"started,omitempty"`   // of an activity: a worker has it
}

// begin makes a frame run from the start of its scope.
func (t *turn) begin(f *frame) {
	t.r.LastFrame++
	f.ID = t.r.LastFrame
	if f.State == "" {
		f.State = t.machine.scopes[f.Scope].startAt
	}
	t.r.Frames[f.ID] = f
	t.ready = append(t.ready, f)
}

func (t *turn) stateOf(f *frame) state { return t.machine.scopes[f.Scope].states[f.State] }

// enter enters the frame's state.
func (t *turn) enter(f *frame) {
	s := t.stateOf(f)
	f.Before = f.Previous
	given := ""
	if t.r.Transitions == 0 {
		given = t.r.InputText // the first state shows the input as it was given
	}
	t.follow(f, s.base().kind+"StateEntered", (&EventDetails{Name: f.State}).withInput(f.Input.value, given))
	t.r.Transitions++
	f.Entered, f.EnteredAt = f.Previous, t.at
	f.Retries, f.RetryCount = nil, 0
	if t.test != nil {
		f.RetryCount = t.test.RetryCount
	}
	t.run(f)
}

// run does the work of the state that the frame is in, for the first time or again.
func (t *turn) run(f *frame) {
	if fail := t.stateOf(f).run(t, f); fail != nil {
		t.fail(f, *fail)
	}
}

// leave leaves the frame's state for the next one, or ends the frame where there is none.
func (t *turn) leave(f *frame, next string, output any, assigned map[string]variable) {
	kind := t.stateOf(f).base().kind
	t.follow(f, kind+"StateExited", (&EventDetails{Name: f.State}).withOutput(output).withAssigned(assigned))
	t.assign(f, assigned)
	if t.test != nil {
		t.testLeft(f, next, output)
		return
	}
	f.Group, f.Task, f.Timer = nil, nil, 0
	f.Input = data{value: output}
	if next == "" {
		t.complete(f)
		return
	}
	f.State, f.Entered = next, 0
	t.ready = append(t.ready, f)
}

// complete ends a frame that has come to its end; its output is in Input.
func (t *turn) complete(f *frame) {
	parent := t.r.Frames[f.Parent]
	if parent == nil {
		t.succeed(f.Previous, f.Input.value)
		return
	}
	delete(t.r.Frames, f.ID)
	t.stateOf(parent).(groupState).childSucceeded(t, parent, f)
}

// collapse ends a frame by an error that nothing in it handles. The state around it learns of it by a timer that
// fires at once, so that whatever else is due at this very time comes first: of branches that time out together each
// has its event (recorded).
func (t *turn) collapse(f *frame, fail failure) {
	f.Failure = &fail
	if f.Parent == 0 {
		t.end(Failed, f.Previous, fail)
		return
	}
	f.Timer = t.setTimer(openCollapse, f, t.at)
}

// handOver hands the error that ended a frame to the state around it.
func (t *turn) handOver(f *frame) {
	parent := t.r.Frames[f.Parent]
	t.stateOf(parent).(groupState).childFailed(t, parent, f, *f.Failure)
}

// closeAll closes what the frame itself has open.
func (t *turn) closeAll(f *frame) {
	t.close(f.Timer)
	if f.Task != nil {
		t.close(f.Task.ID)
		t.close(f.Task.Timeout)
		t.close(f.Task.Heartbeat)
	}
	f.Timer, f.Task = 0, nil
}
