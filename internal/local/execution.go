package local

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/httptask"
)

// Execution is one run of a state machine in the account.
type Execution struct {
	ARN     string
	Name    string
	account *Account
	target  target          // the state machine as it was when the execution started
	input   json.RawMessage // of one that was restored after its end; state has that of the others
	started time.Time
	trace   string                    // X-Ray trace header of the start, "" for none
	ended   atomic.Pointer[time.Time] // nil while it runs
	number  uint64                    // of its start

	mu          sync.Mutex
	state       *asl.Execution // nil in one that was restored after its end, of which the next is known then
	transitions int
	saved       bool               // in the journal
	test        *httptask.Trace    // of the test of one state, which is neither listed nor kept; else nil
	redrives    *Redrives          // nil when there were none
	postponed   []postponed        // until the journal has them
	open        map[asl.ID]*opened // what commands opened: timers, tasks, children
	history     []asl.HistoryEvent
	end         asl.Finish
	parents     []parent // that wait for the end
	whenEnded   []func() // the others
	after       []func() // to be done when the execution is not locked any more
}

// opened is what a command opened, until it is closed. All of it follows from asl.Execution.Outstanding.
type opened struct {
	timer  clock.Timer        // of SetTimer
	cancel context.CancelFunc // ends the call of InvokeTask
	token  string             // that the task waits for, "" for none
	child  *Execution         // that a .sync task waits for, once it has started
}

// Description is what DescribeExecution says of an execution.
type Description struct {
	ARN        string
	Name       string
	VersionARN string // of the state machine's version, when one was asked for
	AliasARN   string // of the alias, when one was asked for
	Status     asl.Status
	Input      json.RawMessage
	Output     json.RawMessage // only when it succeeded
	Error      string
	Cause      string
	Started    time.Time
	Stopped    time.Time // zero while it runs
	Trace      string    // X-Ray trace header of the start, "" for none
	Redrives   int
	Redriven   time.Time // the last time, zero for never
	// NotRedrivable is why RedriveExecution would refuse the execution, "" when it would not.
	NotRedrivable string
	Transitions   int // states entered and tasks retried, which is what a Standard state machine bills
}

// usualHistory is how many events there are before an execution waits for the first time, as a rule.
const usualHistory = 4

// newExecution makes an execution that has not started. The account is locked.
func (a *Account) newExecution(t target, arn, name string, input json.RawMessage) (*Execution, error) {
	m := t.runs
	a.started++
	state, err := m.Machine.NewExecution(a.engineOptions(m, arn, name), input)
	if err != nil {
		return nil, err
	}
	return &Execution{
		ARN: arn, Name: name, account: a, target: t, started: a.now(), state: state,
		open: map[asl.ID]*opened{}, end: asl.Finish{Status: asl.Running}, number: a.started,
		history: make([]asl.HistoryEvent, 0, usualHistory),
	}, nil
}

// engineOptions are what the engine is told of an execution. The account is locked.
func (a *Account) engineOptions(m *StateMachine, arn, name string) asl.Options {
	return asl.Options{
		ExecutionARN: arn, Name: name, StateMachineARN: m.ARN, StateMachineName: m.Name, Seed: a.random.Uint64(),
		RoleARN: m.RoleARN, Kind: m.Kind,
	}
}

// run begins the execution.
func (e *Execution) run() {
	e.observe()
	e.advance(0, func(time.Time) asl.Event { return asl.Started{At: e.started} })
}

// observe tells whoever observes executions that this one has started or ended.
func (e *Execution) observe() {
	if e.test == nil {
		e.account.options.Observe(e)
	}
}

// Describe returns what is known of the execution now.
func (e *Execution) Describe() Description {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := Description{
		ARN:         e.ARN,
		Name:        e.Name,
		VersionARN:  e.target.version,
		AliasARN:    e.target.alias,
		Status:      e.end.Status,
		Input:       e.givenInput(),
		Output:      e.end.Output,
		Error:       e.end.Error,
		Cause:       e.end.Cause,
		Started:     e.started,
		Trace:       e.trace,
		Transitions: e.transitions,

		NotRedrivable: e.notRedrivable(e.account.now()),
	}
	if e.redrives != nil {
		d.Redrives, d.Redriven = e.redrives.Count, e.redrives.Last
	}
	if e.state != nil {
		d.Transitions = e.state.Transitions()
	}
	if ended := e.ended.Load(); ended != nil {
		d.Stopped = *ended
	}
	return d
}

// givenInput is the input as it was given.
func (e *Execution) givenInput() json.RawMessage {
	if e.state == nil {
		return e.input
	}
	return e.state.Input()
}

// StateMachine returns the state machine as it was when the execution started.
func (e *Execution) StateMachine() StateMachine { return *e.target.runs }

// History returns the events so far.
func (e *Execution) History() []asl.HistoryEvent {
	if e.keepsHistory() {
		return e.savedHistory()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.history[:len(e.history):len(e.history)]
}

// Stop ends the execution, as StopExecution does. An execution that has ended stays as it is.
func (e *Execution) Stop(errorName, cause string) {
	e.advance(0, func(at time.Time) asl.Event { return asl.Stopped{At: at, Error: errorName, Cause: cause} })
}

// WhenEnded calls f when the execution has ended, at once when it has already. f must not wait.
func (e *Execution) WhenEnded(f func()) {
	e.mu.Lock()
	running := e.ended.Load() == nil
	if running {
		e.whenEnded = append(e.whenEnded, f)
	}
	e.mu.Unlock()
	if !running {
		f()
	}
}

// advance hands an event to the engine and performs its commands. The event ends what was opened under the ID closes; 0
// means nothing.
func (e *Execution) advance(closes asl.ID, event func(at time.Time) asl.Event) {
	// No timer may fire between two commands: the request that starts a task may come from outside the clock.
	defer e.account.options.Clock.Hold()()
	e.mu.Lock()
	e.close(closes)
	var commands []asl.Command
	now := e.account.now() // under the lock: no event may be older than the one before it
	if e.state != nil {
		commands = e.state.Advance(event(now))
	}
	if e.account.writer == nil || e.test != nil {
		e.performAll(commands, now)
		return
	}
	if len(commands) > 0 {
		e.postpone(commands, now)
	}
	e.mu.Unlock()
}

// performAll performs the commands of an event. The execution is locked before and unlocked after.
func (e *Execution) performAll(commands []asl.Command, now time.Time) {
	for _, command := range commands {
		e.perform(command, now)
	}
	after := e.after
	e.after = nil
	e.mu.Unlock()
	if len(commands) > 0 && e.test == nil {
		e.account.options.Progress(e)
	}
	for _, do := range after {
		do()
	}
}

// perform performs a command; the execution is locked.
func (e *Execution) perform(command asl.Command, now time.Time) {
	switch c := command.(type) {
	case asl.Emit:
		if !e.keepsHistory() {
			e.history = append(e.history, c.Event)
		}
	case asl.SetTimer:
		e.open[c.ID] = &opened{timer: e.account.options.Clock.AfterFunc(c.At.Sub(now), func() {
			e.advance(c.ID, func(at time.Time) asl.Event { return asl.TimerFired{At: at, ID: c.ID} })
		})}
	case asl.Cancel:
		e.close(c.ID)
	case asl.InvokeTask:
		e.invoke(c, now)
	case asl.StartChild:
		e.startChild(c)
	case asl.Finish:
		e.finish(c, now)
	}
}

// close closes what a command opened under an ID, if anything.
func (e *Execution) close(id asl.ID) {
	o, ok := e.open[id]
	if !ok {
		return
	}
	delete(e.open, id)
	if o.timer != nil {
		o.timer.Stop()
	}
	if o.cancel != nil {
		o.cancel()
	}
	if o.token != "" {
		e.account.closeToken(o.token)
	}
	if o.child != nil {
		e.after = append(e.after, func() { o.child.Stop("", "") })
	}
}

func (e *Execution) finish(c asl.Finish, now time.Time) {
	e.end = c
	e.ended.Store(&now)
	for _, id := range slices.Sorted(maps.Keys(e.open)) { // what the engine closed by itself
		e.close(id)
	}
	e.after = append(e.after, e.observe)
	e.after = append(e.after, func() { e.account.sendEnd(e) })
	for _, p := range e.parents {
		e.after = append(e.after, func() { p.childEnded(e) })
	}
	e.after = append(e.after, e.whenEnded...)
	e.parents, e.whenEnded = nil, nil
	e.account.executionEnded(e.target.machine)
}

// executionEnded counts an execution off, and deletes its state machine when that was waited for.
func (a *Account) executionEnded(m *stateMachine) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m.running--; m.running == 0 && m.Status != "ACTIVE" && a.machines[m.ARN] == m {
		a.forgetMachine(m)
	}
}
