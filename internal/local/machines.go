package local

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/source"
)

// StateMachine is what is known of a state machine of the account.
type StateMachine struct {
	ARN        string
	Name       string
	Kind       asl.Kind
	Status     string // ACTIVE, or DELETING until its last execution has ended
	Definition string
	RoleARN    string
	Logging    json.RawMessage // LoggingConfiguration as it was given; nil when it was not
	Tracing    json.RawMessage // TracingConfiguration
	Tags       []Tag
	Created    time.Time
	Updated    time.Time
	RevisionID string // "" until the first update
	// Description is that of a version. A version's ARN ends in its number, and Created is when it was published.
	Description string
	// Machine is the definition, parsed. Create takes one that is given as it is.
	Machine *asl.Machine `json:"-"`

	revision string // its hash in the journal
}

// Tag is a tag of a state machine.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// stateMachine is a state machine and its executions. The account's lock guards it.
type stateMachine struct {
	StateMachine
	running    int
	executions []*Execution   // Standard ones, the oldest first
	runs       *StateMachine  // what new executions run, nil until one starts
	versions   []StateMachine // the oldest first
	published  int            // versions ever published
	aliases    []*Alias       // in the order in which they were made
}

// snapshot is the state machine as it is now, the same for all executions that start before it changes.
func (m *stateMachine) snapshot() *StateMachine {
	if m.runs == nil {
		now := m.StateMachine
		m.runs = &now
	}
	return m.runs
}

// Create makes a state machine from its definition. The same state machine once more is not an error, as documented for
// CreateStateMachine; tags do not count.
func (a *Account) Create(m StateMachine) (StateMachine, error) {
	m.Kind = cmp.Or(m.Kind, asl.Standard)
	if !validName(m.Name) {
		return m, errName(m.Name)
	}
	if !strings.HasPrefix(m.RoleARN, "arn:") {
		return m, &Error{Code: "InvalidArn", Message: fmt.Sprintf("Invalid Role Arn: '%s'", m.RoleARN)}
	}
	if m.Machine == nil {
		if err := a.parse(&m); err != nil {
			return m, err
		}
	}
	m.ARN, m.Status = a.StateMachineARN(m.Name), "ACTIVE"
	m.Created = a.now()
	m.Updated = m.Created
	a.mu.Lock()
	defer a.mu.Unlock()
	old, exists := a.machines[m.ARN]
	switch {
	case !exists:
		a.machines[m.ARN] = &stateMachine{StateMachine: m}
		a.machineChanged(a.machines[m.ARN])
		return m, nil
	case old.Status != "ACTIVE":
		return m, errDeleting(m.ARN)
	case !old.same(m):
		return m, errMachineExists(m.ARN)
	}
	return old.StateMachine, nil
}

func (m StateMachine) same(n StateMachine) bool {
	return m.Definition == n.Definition && m.RoleARN == n.RoleARN && m.Kind == n.Kind &&
		bytes.Equal(m.Logging, n.Logging) &&
		bytes.Equal(m.Tracing, n.Tracing)
}

// parse checks the definition as the service does. What its tasks call may come later.
func (a *Account) parse(m *StateMachine) error {
	if err := m.read(); err != nil {
		return err
	}
	a.tellLacking(*m)
	return nil
}

// read checks the definition and parses it.
func (m *StateMachine) read() error {
	machine, found := asl.ParseDefinition([]byte(m.Definition), m.Kind)
	m.Machine = machine
	return invalidDefinition(found)
}

// invalidDefinition is the refusal of a definition for the errors in it, nil when there are none.
func invalidDefinition(found []asl.Diagnostic) error {
	var problems []string
	for _, d := range found {
		if d.Severity != source.Error {
			continue
		}
		text := d.Code + ": " + d.Message
		if at := cmp.Or(d.Location, "null"); !strings.Contains(d.Message, at) {
			text += " at " + at // null is what the service says (floci-io/floci#2735)
		}
		problems = append(problems, text)
	}
	if len(problems) > 0 {
		return &Error{
			Code:    "InvalidDefinition",
			Message: fmt.Sprintf("Invalid State Machine Definition: '%s'", strings.Join(problems, ", ")),
		}
	}
	return nil
}

// Update changes the definition, the role, or the logging or tracing configuration of a state machine; what is empty
// in m stays. A definition that is given parsed is taken as it is. Executions that run keep what they were started
// with.
func (a *Account) Update(m StateMachine) (StateMachine, error) {
	if err := checkARN(m.ARN, "stateMachine"); err != nil {
		return m, err
	}
	a.mu.Lock()
	old, ok := a.machines[m.ARN]
	a.mu.Unlock()
	if !ok {
		return m, errMachineMissing(m.ARN)
	}
	m.Kind = old.Kind // never changes
	if m.Definition != "" && m.Machine == nil {
		if err := a.parse(&m); err != nil {
			return m, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if old.Status != "ACTIVE" {
		return m, errDeleting(m.ARN)
	}
	changed := old.StateMachine
	if m.Definition != "" {
		changed.Definition, changed.Machine = m.Definition, m.Machine
	}
	changed.RoleARN = cmp.Or(m.RoleARN, old.RoleARN)
	if m.Logging != nil {
		changed.Logging = m.Logging
	}
	if m.Tracing != nil {
		changed.Tracing = m.Tracing
	}
	if !old.same(changed) {
		changed.RevisionID = a.newID()
	}
	changed.Updated = a.now()
	old.StateMachine = changed
	a.machineChanged(old)
	return changed, nil
}

// Delete deletes a state machine, as soon as none of its executions runs. Those that do end when they next enter a
// state. A state machine that does not exist is not an error.
func (a *Account) Delete(arn string) error {
	if err := checkARN(arn, "stateMachine"); err != nil {
		return err
	}
	for _, e := range a.beginDelete(arn) {
		e.advance(0, func(at time.Time) asl.Event { return asl.MachineDeleted{At: at} })
	}
	return nil
}

// beginDelete deletes a state machine, or marks it for that while executions run, and returns them.
func (a *Account) beginDelete(arn string) (running []*Execution) {
	a.mu.Lock()
	defer a.mu.Unlock()
	m, ok := a.machines[arn]
	switch {
	case ok && m.running > 0:
		m.Status = statusDeleting
		a.machineChanged(m)
		running = slices.DeleteFunc(slices.Clone(m.executions), func(e *Execution) bool {
			return e.ended.Load() != nil
		})
	case ok:
		a.forgetMachine(m)
	}
	return running
}

// statusDeleting is the status of a state machine that is deleted when its executions have ended.
const statusDeleting = "DELETING"

// StateMachine returns a state machine, or a version of one, by ARN.
func (a *Account) StateMachine(arn string) (StateMachine, error) {
	m, err := a.machine(arn)
	if err != nil {
		return StateMachine{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if arn == m.ARN {
		return m.StateMachine, nil
	}
	if v := m.version(arn); v != nil {
		return *v, nil
	}
	return StateMachine{}, errMachineMissing(arn)
}

// machine returns the state machine that an ARN belongs to, which may be that of a version or an alias.
func (a *Account) machine(arn string) (*stateMachine, error) {
	if err := checkARN(arn, "stateMachine"); err != nil {
		return nil, err
	}
	plain, _ := unqualified(arn)
	a.mu.Lock()
	defer a.mu.Unlock()
	m, ok := a.machines[plain]
	if !ok {
		return nil, errMachineMissing(arn)
	}
	return m, nil
}

// StateMachines returns all state machines in the order of their names.
func (a *Account) StateMachines() []StateMachine {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []StateMachine
	for _, m := range a.machines {
		list = append(list, m.StateMachine)
	}
	slices.SortFunc(list, func(m, n StateMachine) int { return strings.Compare(m.Name, n.Name) })
	return list
}

// SetTags changes the tags of a state machine or an activity. change must not use the account.
func (a *Account) SetTags(arn string, change func([]Tag) []Tag) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if found := a.activities[arn]; found != nil {
		found.Tags = change(slices.Clone(found.Tags))
		a.activityChanged(found)
		return nil
	}
	m, ok := a.machines[arn]
	if !ok {
		return errNoResource(arn)
	}
	m.Tags = change(slices.Clone(m.Tags))
	a.machineChanged(m)
	return nil
}

// CodeUnknownFunction is the code of the finding for a task whose function the account does not have.
const CodeUnknownFunction = "local-unknown-function"

// CheckTasks says what the account lacks for the tasks of a state machine: a function that it does not have is a
// finding of severity error, a task that nothing performs a warning.
func (a *Account) CheckTasks(file string, m *asl.Machine) source.Findings {
	var found source.Findings
	for _, task := range a.lacking(m) {
		found = append(found, nothingFor(file, task))
	}
	for _, task := range m.Tasks() {
		if finding, bad := a.checkTask(file, task); bad {
			found = append(found, finding)
		}
	}
	return found
}

// checkTask says which function the account lacks for a task.
func (a *Account) checkTask(file string, task asl.Task) (f source.Finding, bad bool) {
	f = source.Finding{Code: CodeUnknownFunction, Severity: source.Error, File: file, Pos: task.Pos}
	if task.Service != "lambda" || task.FunctionName == "" || a.taskStandIn(task.State, task.Resource) != nil {
		return f, false // known only when it runs, or not invoked
	}
	if _, ok := a.FunctionName(task.FunctionName); ok {
		return f, false
	}
	f.Message = fmt.Sprintf("the state %s calls %s, which is not a function of this project",
		task.State, task.FunctionName)
	f.Remedy = "Name the function in the scenario: names: {ARN: FUNCTION}."
	return f, true
}
