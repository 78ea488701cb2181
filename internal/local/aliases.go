package local

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Alias is a name for one version of a state machine, or for two between which executions are divided.
type Alias struct {
	ARN         string
	Name        string
	Description string
	Routes      []Route // one or two, 100 together
	Created     time.Time
	Updated     time.Time
}

// Route is a version and how many of 100 executions it gets.
type Route struct {
	VersionARN string `json:"stateMachineVersionArn"`
	Weight     int    `json:"weight"`
}

// choose returns the version for a number from 0 to 99.
func (a *Alias) choose(n int) string {
	for _, r := range a.Routes {
		if n < r.Weight {
			return r.VersionARN
		}
		n -= r.Weight
	}
	return ""
}

func (m *stateMachine) alias(arn string) *Alias {
	if at := slices.IndexFunc(m.aliases, func(a *Alias) bool { return a.ARN == arn }); at >= 0 {
		return m.aliases[at]
	}
	return nil
}

// CreateAlias makes an alias for versions of one state machine. The same alias once more is not an error.
func (a *Account) CreateAlias(alias Alias) (Alias, error) {
	if err := checkAliasName(alias.Name); err != nil {
		return alias, err
	}
	m, err := a.routed(alias.Routes)
	if err != nil {
		return alias, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	alias.ARN = m.ARN + ":" + alias.Name
	alias.Created = a.now()
	alias.Updated = alias.Created
	old := m.alias(alias.ARN)
	if old == nil {
		m.aliases = append(m.aliases, &alias)
		a.machineChanged(m)
		return alias, nil
	}
	if old.Description != alias.Description || !slices.Equal(old.Routes, alias.Routes) { // recorded
		return alias, &Error{
			Code: "ConflictException",
			Message: "Failed to create alias because an alias with the same name and a different routing " +
				"configuration already exists.",
		}
	}
	return *old, nil
}

var aliasName = regexp.MustCompile(`^[0-9]*[a-zA-Z_.-][a-zA-Z0-9_.-]*$`)

func checkAliasName(name string) error {
	if len(name) > maxName {
		return errValidation("Value '%s' at 'name' failed to satisfy constraint: Member must have length less "+
			"than or equal to %d", name, maxName)
	}
	if !aliasName.MatchString(name) {
		return errValidation(`Value '%s' at 'name' failed to satisfy constraint: `+
			`Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`, name)
	}
	return nil
}

// routed returns the state machine of the routes, which must be one or two different versions of it that get all
// executions (wording recorded).
func (a *Account) routed(routes []Route) (*stateMachine, error) {
	var arns []string
	var weights []int
	sum := 0
	for _, r := range routes {
		arns, weights = append(arns, r.VersionARN), append(weights, r.Weight)
		sum += r.Weight
	}
	refuse := func(format string, args ...any) (*stateMachine, error) {
		return nil, &Error{Code: "ValidationException", Message: fmt.Sprintf(format, args...)}
	}
	switch received := "[" + strings.Join(arns, ", ") + "]"; {
	case len(routes) < 1 || len(routes) > 2:
		return nil, errValidation("Value at 'routingConfiguration' failed to satisfy constraint: Member must " +
			"have length between 1 and 2")
	case slices.ContainsFunc(arns, func(arn string) bool {
		_, q := unqualified(arn)
		return !versionNumber.MatchString(q)
	}):
		return refuse("Routing configuration must contain state machine version ARNs. Received: %s", received)
	case len(arns) == 2 && arns[0] == arns[1]:
		return refuse("Routing configuration must contain distinct state machine version ARNs. Received: %s", received)
	case sum != 100 || slices.Min(weights) < 0:
		return refuse("Sum of routing configuration weights must equal 100. Received: %s",
			strings.ReplaceAll(fmt.Sprint(weights), " ", ", "))
	}
	return a.versionsOf(arns)
}

var versionNumber = regexp.MustCompile(`^[0-9]+$`)

// versionsOf returns the state machine that has all these versions.
func (a *Account) versionsOf(arns []string) (*stateMachine, error) {
	m, err := a.machine(arns[0])
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, arn := range arns {
		if m.version(arn) == nil {
			return nil, errNoResource(arn)
		}
	}
	return m, nil
}

// Alias returns an alias by ARN.
func (a *Account) Alias(arn string) (Alias, error) {
	m, err := a.machine(arn)
	if err != nil {
		return Alias{}, errNoAlias()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if alias := m.alias(arn); alias != nil {
		return *alias, nil
	}
	return Alias{}, errNoAlias()
}

func errNoAlias() error { // recorded
	return &Error{Code: "ResourceNotFound", Message: "Request references a resource that does not exist."}
}

// UpdateAlias changes the description or the routes of an alias; what is empty stays.
func (a *Account) UpdateAlias(arn, description string, routes []Route) (Alias, error) {
	if _, err := a.Alias(arn); err != nil {
		return Alias{}, err
	}
	m, err := a.machine(arn)
	if err == nil && len(routes) > 0 {
		m, err = a.routed(routes)
	}
	if err != nil {
		return Alias{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	alias := m.alias(arn)
	if alias == nil { // the routes belong to another state machine, or the alias is gone by now
		return Alias{}, errNoAlias()
	}
	if description != "" {
		alias.Description = description
	}
	if len(routes) > 0 {
		alias.Routes = routes
	}
	alias.Updated = a.now()
	a.machineChanged(m)
	return *alias, nil
}

// Aliases returns the aliases of a state machine in the order in which they were made. A version's ARN leaves only
// those that lead to it.
func (a *Account) Aliases(machineARN string) ([]Alias, error) {
	m, err := a.machine(machineARN)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []Alias
	for _, alias := range m.aliases {
		leads := slices.ContainsFunc(alias.Routes, func(r Route) bool { return r.VersionARN == machineARN })
		if machineARN == m.ARN || leads {
			list = append(list, *alias)
		}
	}
	return list, nil
}

// DeleteAlias deletes an alias. One that does not exist is not an error.
func (a *Account) DeleteAlias(arn string) error {
	m, err := a.machine(arn)
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	m.aliases = slices.DeleteFunc(m.aliases, func(alias *Alias) bool { return alias.ARN == arn })
	a.machineChanged(m)
	return nil
}
