package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
)

// savedMachine is a state machine in the journal.
type savedMachine struct {
	Revision  string   `json:"revision"`
	Status    string   `json:"status"`
	Versions  []string `json:"versions,omitempty"` // their revisions
	Published int      `json:"published,omitempty"`
	Aliases   []*Alias `json:"aliases,omitempty"`
}

// savedExecution is an execution in the journal, but for its state and its history.
type savedExecution struct {
	ARN         string          `json:"arn"`
	Name        string          `json:"name"`
	Machine     string          `json:"machine"`
	Revision    string          `json:"revision"` // of the state machine when the execution started
	Version     string          `json:"version,omitempty"`
	Alias       string          `json:"alias,omitempty"`
	Input       string          `json:"input"`
	Trace       string          `json:"trace,omitempty"`
	Started     time.Time       `json:"started"`
	Stopped     time.Time       `json:"stopped,omitzero"`
	Status      asl.Status      `json:"status"`
	Output      json.RawMessage `json:"output,omitempty"`
	Error       string          `json:"error,omitempty"`
	Cause       string          `json:"cause,omitempty"`
	Transitions int             `json:"transitions,omitempty"` // of one that has ended
	Redrives    *Redrives       `json:"redrives,omitempty"`
}

// savedEvent is an event of a history in the journal.
type savedEvent struct {
	ID       int64             `json:"id"`
	Previous int64             `json:"previous,omitempty"`
	At       time.Time         `json:"at"`
	Type     string            `json:"type"`
	Details  *asl.EventDetails `json:"details,omitempty"`
}

// written is a value in the journal: everything that is written there can be written as JSON.
func written(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// revisionOf writes a state machine as it is now, with its definition, and returns the hash by which it is known.
func revisionOf(m StateMachine) (hash string, text []byte) {
	text = written(m)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), text
}

// machineChanged is called when a state machine has changed. The account is locked.
func (a *Account) machineChanged(m *stateMachine) {
	m.runs = nil
	if a.writer == nil {
		return
	}
	saved := savedMachine{Status: m.Status, Published: m.published, Aliases: m.aliases}
	var changes []Change
	keep := func(m *StateMachine) {
		hash, text := revisionOf(*m)
		m.revision = hash
		changes = append(changes, Change{Space: spaceRevisions, Key: hash, Value: text})
	}
	keep(&m.StateMachine)
	saved.Revision = m.revision
	for i := range m.versions {
		v := &m.versions[i]
		if v.revision == "" { // is new; versions never change
			keep(v)
		}
		saved.Versions = append(saved.Versions, v.revision)
	}
	a.save(append(changes, Change{Space: spaceMachines, Key: m.ARN, Value: written(saved)})...)
}

// forgetMachine deletes a state machine. The account is locked.
func (a *Account) forgetMachine(m *stateMachine) {
	delete(a.machines, m.ARN)
	a.save(Change{Space: spaceMachines, Key: m.ARN})
}

// key is the key of an execution in the journal.
func (e *Execution) key() string { return fmt.Sprintf("%016x", e.number) }

// eventKey is the key of an event of its history.
func (e *Execution) eventKey(id int64) string { return fmt.Sprintf("%s/%08x", e.key(), id) }

// postponed are the commands of an event that are performed when the journal has it.
type postponed struct {
	commands []asl.Command
	at       time.Time
}

// postpone keeps commands until the journal has what they change. The execution is locked.
func (e *Execution) postpone(commands []asl.Command, at time.Time) {
	e.postponed = append(e.postponed, postponed{commands: commands, at: at})
	if len(e.postponed) == 1 {
		e.account.writer.add(func(b *batch) { b.executions = append(b.executions, e) })
	}
}

// settle returns what the postponed commands change, and how to perform them.
func (e *Execution) settle() (changes []Change, then func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.postponed
	e.postponed = nil
	return e.changes(list), func() {
		for _, p := range list {
			e.mu.Lock()
			e.performAll(p.commands, p.at)
		}
	}
}

// changes are what commands change of the execution in the journal. It is locked.
func (e *Execution) changes(list []postponed) (changes []Change) {
	var end []Change
	for _, p := range list {
		for _, command := range p.commands {
			switch c := command.(type) {
			case asl.Emit:
				changes = e.addEvent(changes, c.Event)
			case asl.Finish:
				end = e.ending(c, p.at)
			}
		}
	}
	if end != nil {
		return append(changes, end...)
	}
	state, err := e.state.MarshalJSON()
	if err != nil {
		panic(err) // it was made of JSON
	}
	changes = append(changes, Change{Space: spaceStates, Key: e.key(), Value: state})
	if !e.saved {
		e.saved = true
		changes = append(changes, Change{Space: spaceExecutions, Key: e.key(), Value: written(e.head())})
	}
	return changes
}

// addEvent adds an event of the history, where the journal keeps it.
func (e *Execution) addEvent(changes []Change, event asl.HistoryEvent) []Change {
	if !e.keepsHistory() {
		return changes
	}
	return append(changes, Change{Space: spaceHistory, Key: e.eventKey(event.ID), Value: written(savedEvent{
		ID: event.ID, Previous: event.PreviousEventID, At: event.Timestamp, Type: event.Type, Details: event.Details,
	})})
}

// ending is what the end of the execution changes. Nothing remains of an Express one, since nobody can ask for it. The
// state of one that can be redriven stays.
func (e *Execution) ending(end asl.Finish, now time.Time) []Change {
	changes := []Change{{Space: spaceStates, Key: e.key()}}
	if e.state.Redrivable() {
		changes[0].Value = written(e.state)
	}
	if e.target.runs.Kind == asl.Express {
		return append(changes, Change{Space: spaceExecutions, Key: e.key()})
	}
	head := e.head()
	head.Stopped, head.Status, head.Output, head.Error, head.Cause = now, end.Status, end.Output, end.Error, end.Cause
	head.Transitions = e.state.Transitions()
	changes = append(changes, Change{Space: spaceExecutions, Key: e.key(), Value: written(head)})
	if e.account.tellsEnds() != "" {
		changes = append(changes, Change{Space: spaceEnds, Key: e.key(), Value: []byte("{}")})
	}
	return changes
}

// head is the execution while it runs.
func (e *Execution) head() savedExecution {
	return savedExecution{
		ARN:      e.ARN,
		Name:     e.Name,
		Machine:  e.target.runs.ARN,
		Revision: e.target.runs.revision,
		Version:  e.target.version,
		Alias:    e.target.alias,
		Input:    string(e.givenInput()),
		Trace:    e.trace,
		Started:  e.started,
		Status:   asl.Running,
		Redrives: e.redrives,
	}
}

// keepsHistory reports whether the history is in the journal, and not in memory.
func (e *Execution) keepsHistory() bool {
	return e.account.writer != nil && e.target.runs.Kind != asl.Express
}

// savedHistory reads the history from the journal.
func (e *Execution) savedHistory() []asl.HistoryEvent {
	var history []asl.HistoryEvent
	err := e.account.writer.journal.Each(spaceHistory, e.key()+"/", func(_ string, value []byte) error {
		var s savedEvent
		if err := json.Unmarshal(value, &s); err != nil {
			return err
		}
		history = append(history, asl.HistoryEvent{
			ID: s.ID, PreviousEventID: s.Previous, Timestamp: s.At, Type: s.Type, Details: s.Details,
		})
		return nil
	})
	if err != nil {
		e.account.writer.failed(err)
	}
	return history
}
