package local

import (
	"fmt"
	"slices"
	"strings"
)

// target is what an ARN of a state machine names when an execution is started.
type target struct {
	machine *stateMachine
	runs    *StateMachine // the latest revision, or the version; never written to
	version string        // ARN, "" when none was asked for
	alias   string        // ARN
}

// target finds what an ARN names: a state machine, one of its versions, or an alias, which chooses a version by
// its weights.
func (a *Account) target(arn string) (t target, err error) {
	if t.machine, err = a.machine(arn); err != nil {
		return t, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	t.runs = t.machine.snapshot()
	if arn == t.machine.ARN {
		return t, nil
	}
	t.version = arn
	if alias := t.machine.alias(arn); alias != nil {
		t.version, t.alias = alias.choose(a.random.IntN(100)), arn
	}
	version := t.machine.version(t.version)
	if version == nil {
		return t, errMachineMissing(arn)
	}
	runs := *version
	runs.ARN = t.machine.ARN
	t.runs = &runs
	return t, nil
}

// version returns the version of an ARN, nil when there is none. The account is locked, as in all methods of
// stateMachine.
func (m *stateMachine) version(arn string) *StateMachine {
	if at := slices.IndexFunc(m.versions, func(v StateMachine) bool { return v.ARN == arn }); at >= 0 {
		return &m.versions[at]
	}
	return nil
}

// Publish makes a version of the current revision and returns it. When nothing has changed since the last version,
// that one is returned. revision may be empty; else it must be the current one.
func (a *Account) Publish(machineARN, revision, description string) (StateMachine, error) {
	m, err := a.machine(machineARN)
	if err != nil {
		return StateMachine{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if revision != "" && revision != m.RevisionID {
		return StateMachine{}, &Error{Code: "ConflictException", Message: fmt.Sprintf( // recorded
			"Failed to publish the State Machine version for revision %s. The current State Machine revision is %s.",
			revision, m.RevisionID)}
	}
	if last := len(m.versions) - 1; last >= 0 && m.versions[last].RevisionID == m.RevisionID {
		return m.versions[last], nil
	}
	m.published++
	v := m.StateMachine
	v.ARN, v.Created, v.Description = fmt.Sprintf("%s:%d", m.ARN, m.published), a.now(), description
	v.revision = "" // another one than that of the state machine
	m.versions = append(m.versions, v)
	a.machineChanged(m)
	return v, nil
}

// Versions returns the versions of a state machine, the newest first.
func (a *Account) Versions(machineARN string) ([]StateMachine, error) {
	m, err := a.machine(machineARN)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	list := slices.Clone(m.versions)
	slices.Reverse(list)
	return list, nil
}

// DeleteVersion deletes a version, unless an alias leads to it. One that does not exist is not an error.
func (a *Account) DeleteVersion(arn string) error {
	m, err := a.machine(arn)
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var names []string
	for _, alias := range m.aliases {
		if slices.ContainsFunc(alias.Routes, func(r Route) bool { return r.VersionARN == arn }) {
			names = append(names, alias.Name)
		}
	}
	if len(names) > 0 { // recorded
		return &Error{
			Code: "ConflictException",
			Message: fmt.Sprintf("Version to be deleted must not be referenced by an alias. "+
				"Current list of aliases referencing this version: [%s]", strings.Join(names, ", ")),
		}
	}
	m.versions = slices.DeleteFunc(m.versions, func(v StateMachine) bool { return v.ARN == arn })
	a.machineChanged(m)
	return nil
}
