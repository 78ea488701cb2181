package local

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/dynamodb"
	"github.com/connect-async/connect-async/internal/source"
)

// Keep restores what a journal holds, and keeps everything that happens from now on in it. The account must be empty.
// Executions that were running rest until Resume. failed is called when the journal cannot be written or read any
// more: nothing that happens after that has consequences.
func (a *Account) Keep(j Journal, failed func(error)) error {
	r := restorer{account: a, journal: j, revisions: map[string]StateMachine{}, running: map[string]*StateMachine{}}
	for _, restore := range []func() error{r.machines, r.activities, r.executions, r.tables, r.messages} {
		if err := restore(); err != nil {
			return err
		}
	}
	a.writer = &writer{journal: j, clock: a.options.Clock, failed: failed}
	a.tables.Watch(a.tableChanged)
	a.save(r.outdated...)
	return nil
}

// restorer restores an account from a journal.
type restorer struct {
	account   *Account
	journal   Journal
	revisions map[string]StateMachine  // those that were asked for, by hash
	running   map[string]*StateMachine // what executions run, by hash
	outdated  []Change                 // what is deleted, since nobody can ask for it any more
}

// each decodes the values of a space.
func each[Saved any](j Journal, space Space, visit func(key string, s Saved) error) error {
	return j.Each(space, "", func(key string, value []byte) error {
		var s Saved
		err := json.Unmarshal(value, &s)
		if err == nil {
			err = visit(key, s)
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", space, key, err)
		}
		return nil
	})
}

func (r *restorer) machines() error {
	err := each(r.journal, spaceRevisions, func(hash string, m StateMachine) error {
		m.revision = hash
		r.revisions[hash] = m
		return nil
	})
	if err != nil {
		return err
	}
	return each(r.journal, spaceMachines, func(arn string, s savedMachine) (err error) {
		m := &stateMachine{published: s.Published, aliases: s.Aliases}
		if m.StateMachine, err = r.revision(s.Revision); err != nil {
			return err
		}
		m.Status = s.Status
		for _, hash := range s.Versions {
			v, err := r.revision(hash)
			if err != nil {
				return err
			}
			m.versions = append(m.versions, v)
		}
		r.account.machines[arn] = m
		return nil
	})
}

// revision returns a state machine as it was, with its definition parsed.
func (r *restorer) revision(hash string) (StateMachine, error) {
	m, ok := r.revisions[hash]
	if !ok {
		return m, fmt.Errorf("revision %s is missing", hash)
	}
	if m.Machine == nil {
		doc, err := source.ParseJSON(m.Name, []byte(m.Definition))
		if err != nil {
			return m, err
		}
		var found source.Findings
		if m.Machine, found = asl.Parse(m.Name, doc); m.Machine == nil {
			return m, fmt.Errorf("the definition of %s is not accepted any more: %w", m.Name, found[0])
		}
		r.revisions[hash] = m
	}
	return m, nil
}

func (r *restorer) executions() error {
	states, err := r.values(spaceStates)
	if err != nil {
		return err
	}
	ends, err := r.values(spaceEnds)
	if err != nil {
		return err
	}
	a, now := r.account, r.account.now()
	return each(r.journal, spaceExecutions, func(key string, s savedExecution) error {
		number, err := strconv.ParseUint(key, 16, 64)
		if err != nil {
			return err
		}
		a.started = max(a.started, number)
		e, err := r.execution(s, number, states[key])
		if err != nil {
			return err
		}
		if e.forgotten(now) {
			return r.forget(e)
		}
		a.add(e)
		if e.ended.Load() == nil {
			a.resting = append(a.resting, e)
		}
		if ends[key] != nil {
			a.unsent = append(a.unsent, e)
		}
		return nil
	})
}

// values returns what is in a space.
func (r *restorer) values(space Space) (map[string][]byte, error) {
	values := map[string][]byte{}
	return values, r.journal.Each(space, "", func(key string, value []byte) error {
		values[key] = value
		return nil
	})
}

// execution restores one execution, whose state is empty when it has ended for good.
func (r *restorer) execution(s savedExecution, number uint64, state []byte) (*Execution, error) {
	t := target{version: s.Version, alias: s.Alias}
	runs, err := r.revision(s.Revision)
	if err != nil {
		return nil, err
	}
	runs.ARN = s.Machine
	t.runs = r.shared(runs)
	if t.machine = r.account.machines[s.Machine]; t.machine == nil || s.Started.Before(t.machine.Created) {
		t.machine = &stateMachine{StateMachine: runs} // was deleted since
	}
	e := &Execution{
		ARN: s.ARN, Name: s.Name, account: r.account, target: t, number: number, saved: true,
		started: s.Started, trace: s.Trace, transitions: s.Transitions,
		redrives: s.Redrives, end: asl.Finish{Status: s.Status, Output: s.Output, Error: s.Error, Cause: s.Cause},
	}
	if !s.Stopped.IsZero() {
		e.ended.Store(&s.Stopped)
		e.input = json.RawMessage(s.Input)
		if state == nil {
			return e, nil
		}
	}
	e.open = map[asl.ID]*opened{}
	e.state, err = t.runs.Machine.Restore(state)
	return e, err
}

// shared returns the same state machine for all executions of a revision.
func (r *restorer) shared(m StateMachine) *StateMachine {
	known, ok := r.running[m.revision]
	if !ok {
		known = &m
		r.running[m.revision] = known
	}
	return known
}

// forget deletes an execution that ended long ago from the journal.
func (r *restorer) forget(e *Execution) error {
	r.outdated = append(r.outdated, Change{Space: spaceExecutions, Key: e.key()},
		Change{Space: spaceStates, Key: e.key()},
		Change{Space: spaceEnds, Key: e.key()})
	return r.journal.Each(spaceHistory, e.key()+"/", func(key string, _ []byte) error {
		r.outdated = append(r.outdated, Change{Space: spaceHistory, Key: key})
		return nil
	})
}

func (r *restorer) activities() error {
	return each(r.journal, spaceActivities, func(arn string, saved Activity) error {
		r.account.activities[arn] = &activity{Activity: saved}
		return nil
	})
}

func (r *restorer) tables() error {
	tables := r.account.tables
	err := r.journal.Each(spaceTables, "", func(name string, value []byte) error {
		return tables.Restore(dynamodb.Change{Table: name, Value: value})
	})
	if err != nil {
		return err
	}
	return r.journal.Each(spaceItems, "", func(key string, value []byte) error {
		table, item, _ := strings.Cut(key, itemSeparator)
		return tables.Restore(dynamodb.Change{Table: table, Key: item, Value: value})
	})
}

// Resume lets the executions go on that Keep restored: timers whose time has passed fire at once, and tasks that may
// have run fail. The events of ends of which the journal does not know that they arrived are sent again.
func (a *Account) Resume() {
	a.mu.Lock()
	resting, unsent := a.resting, a.unsent
	a.resting, a.unsent = nil, nil
	a.mu.Unlock()
	var then []func()
	for _, e := range resting {
		then = append(then, e.resume())
	}
	for _, do := range then { // all of them are there: what one does may concern another
		a.options.Clock.Go(do)
	}
	for _, e := range unsent {
		a.sendEnd(e)
	}
}

// resume opens again what the execution waits for. It returns how to do what is left: to report what can have no other
// end, first the timers, in their order, so that a task whose time is over ends by that, and to ask for what was not
// asked for.
func (e *Execution) resume() (then func()) {
	now := e.account.now()
	var passed []asl.SetTimer
	var left []func()
	e.mu.Lock()
	if e.account.deleting(e.target.machine) {
		e.state.Advance(asl.MachineDeleted{At: now})
	}
	for _, o := range e.state.Outstanding() {
		switch c := o.Command.(type) {
		case asl.SetTimer:
			if c.At.After(now) {
				e.perform(c, now)
			} else {
				passed = append(passed, c)
			}
		case asl.StartChild:
			left = append(left, e.resumeChild(c, o))
		case asl.InvokeTask:
			left = append(left, e.resumeTask(c, o))
		}
	}
	e.mu.Unlock()
	slices.SortStableFunc(passed, func(a, b asl.SetTimer) int { return a.At.Compare(b.At) })
	return func() {
		for _, c := range passed {
			e.advance(c.ID, func(at time.Time) asl.Event { return asl.TimerFired{At: at, ID: c.ID} })
		}
		for _, do := range left {
			do()
		}
	}
}

// later opens something in the execution, which is locked, and returns what begins it when it is not locked any more,
// unless it is closed by then.
func (e *Execution) later(id asl.ID, begin func()) func() {
	e.open[id] = &opened{}
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if _, open := e.open[id]; open {
			begin()
		}
	}
}
