package local

import (
	"context"
	"errors"
	"sync"

	"github.com/connect-async/connect-async/internal/clock"
)

// Journal keeps what an account knows beyond the end of the process: values by key, in spaces.
type Journal interface {
	// Commit makes changes, all of them or none. They are durable when it returns.
	Commit(changes []Change) error
	// Each calls visit for the keys of a space that begin with a prefix, in their order, until it returns an error.
	// The value is visit's own.
	Each(space Space, prefix string, visit func(key string, value []byte) error) error
}

// Space is a part of a Journal, with keys of its own.
type Space string

// The spaces. An execution is known by the number of its start.
const (
	spaceRevisions  Space = "revisions"  // StateMachine, by hash
	spaceMachines   Space = "machines"   // savedMachine, by ARN
	spaceExecutions Space = "executions" // savedExecution, by number
	spaceStates     Space = "states"     // asl.Execution of those that run or can be redriven, by number
	spaceHistory    Space = "history"    // savedEvent, by number and event
	spaceEnds       Space = "ends"       // nothing, by number: ends that the function for ends has not been told
	spaceActivities Space = "activities" // Activity, by ARN
	spaceTables     Space = "tables"     // by name
	spaceItems      Space = "items"      // by table and key
	spaceMessages   Space = "messages"   // messaging.Message, by number
)

// Change is a change of a Journal.
type Change struct {
	Space Space
	Key   string
	Value []byte // nil deletes the key
}

// writer passes changes to the journal, batch by batch: what comes while one batch is committed makes the next. Of an
// execution that has changed, a batch has what is true of it when the batch is made.
type writer struct {
	journal Journal
	clock   clock.Clock
	failed  func(error)

	// together is held for reading while changes are made of which none may be durable without the others.
	together sync.RWMutex

	mu         sync.Mutex
	running    bool
	pending    *batch // nil when there is nothing to commit
	committing *batch // nil when nothing is
	err        error  // why a commit failed; nothing is committed after it
}

// batch is what is committed at once.
type batch struct {
	executions []*Execution // that have changed
	changes    []Change     // everything else, and what has changed of the executions
	then       []func()     // to be done in this order when the changes are durable
	done       clock.Signal
	err        error
}

// add adds something to what is committed next.
func (w *writer) add(to func(*batch)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return
	}
	if w.pending == nil {
		w.pending = &batch{}
	}
	to(w.pending)
	if !w.running {
		w.running = true
		w.clock.Go(w.run)
	}
}

// run commits batches until nothing is left to commit.
func (w *writer) run() {
	for b := w.take(); b != nil; b = w.take() {
		if err := w.journal.Commit(b.changes); err != nil {
			w.fail(err)
			return
		}
		for _, then := range b.then {
			then()
		}
		b.done.Set()
	}
}

// take returns the next batch, nil when there is none.
func (w *writer) take() *batch {
	w.together.Lock()
	defer w.together.Unlock()
	w.mu.Lock()
	b := w.pending
	w.committing, w.pending, w.running = b, nil, b != nil
	w.mu.Unlock()
	if b == nil {
		return nil
	}
	for _, e := range b.executions {
		changes, then := e.settle()
		b.changes, b.then = append(b.changes, changes...), append(b.then, then)
	}
	return b
}

// fail ends the writing: whoever waits is told, and nothing that depends on the changes is done.
func (w *writer) fail(err error) {
	w.mu.Lock()
	lost := []*batch{w.committing, w.pending}
	w.err, w.committing, w.pending = err, nil, nil
	w.mu.Unlock()
	for _, b := range lost {
		if b != nil {
			b.err = err
			b.done.Set()
		}
	}
	w.failed(err)
}

// wait returns when all that was added so far is durable, and what depends on it is done.
func (w *writer) wait() error {
	w.mu.Lock()
	b, err := w.pending, w.err
	if b == nil {
		b = w.committing
	}
	w.mu.Unlock()
	if b == nil {
		return err
	}
	if err := w.clock.Wait(context.Background(), &b.done); err != nil {
		return err
	}
	return b.err
}

// Committed waits until all that the account has done so far is durable: what it was told to do may be answered then.
// Without a journal it returns at once.
func (a *Account) Committed() error {
	if a.writer == nil {
		return nil
	}
	if err := a.writer.wait(); err != nil {
		return &Error{Code: "InternalFailure", Message: "The data could not be written: " + err.Error()}
	}
	return nil
}

// errClosed is why nothing is written to the journal after Close.
var errClosed = errors.New("the account is closed")

// Close ends the writing to the journal: nothing that happens from now on is kept or has consequences.
func (a *Account) Close() error {
	if a.writer == nil {
		return nil
	}
	a.writer.mu.Lock()
	if a.writer.err == nil {
		a.writer.err = errClosed
	}
	a.writer.mu.Unlock()
	if err := a.writer.wait(); err != errClosed {
		return err
	}
	return nil
}

// together does what must be durable as a whole or not at all. It must not wait.
func (a *Account) together(do func()) {
	if a.writer != nil {
		a.writer.together.RLock()
		defer a.writer.together.RUnlock()
	}
	do()
}

// save adds changes to what is committed next, if there is a journal.
func (a *Account) save(changes ...Change) {
	if a.writer != nil && len(changes) > 0 {
		a.writer.add(func(b *batch) { b.changes = append(b.changes, changes...) })
	}
}
