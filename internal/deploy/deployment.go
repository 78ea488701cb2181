package deploy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// Deployment is what a stack consists of in AWS, for those who look for it there. Names are those that AWS knows.
type Deployment struct {
	Name          string             // which everything is named after, and its metrics
	Functions     []project.Function // that are wrapped
	AsyncFunction string
	Machines      []DeployedMachine
	ResultsTable  string // "" for none
	// With a results table: the function for ends, whose rule has the same name, and the queues of what was lost.
	EndsFunction, UndeliveredQueue, FailedQueue string
	Connect                                     bool // the instance knows the async function, and holds the flows
	Flows                                       []DeployedFlow
	Callers                                     int // who wait at once
	Alarms                                      int // of CloudWatch
	Metrics                                     int // of the async function, at most
}

// DeployedMachine is the state machine of a job.
type DeployedMachine struct {
	Name string
	Job  project.Job
	// Definition holds the ARNs of the functions as far as the project file has them; ${var.NAME} stands for the
	// others.
	Definition string
	Functions  []string // their ARNs, as far as the project file has them
	Repeatable bool     // its job may safely run twice
	WritesEnd  bool     // into the results table
}

// DeployedFlow is a managed flow or module.
type DeployedFlow struct {
	File   string // in the project
	Name   string
	Module bool // else a flow
}

// Site is where a stack is deployed, and with which values of its variables. The zero Site has the defaults.
type Site struct {
	Region string
	Values map[string]string // by name of the variable
}

// Deployment returns what the stack consists of when it is deployed somewhere.
func (s *Stack) Deployment(at Site) Deployment {
	name := cmp.Or(at.Values[nameVariable], s.project.Name)
	named := func(s string) string { return strings.ReplaceAll(s, base, name) }
	d := Deployment{
		Name:          name,
		Functions:     s.wrappedAt(at),
		AsyncFunction: named(asyncFunction),
		Connect:       s.settings.Connect,
		Callers:       s.callersAt(at),
		Metrics:       len(async.Metrics) * (len(s.machines) + 1), // of each job, and of calls without one
	}
	if s.settings.Alarms {
		d.Alarms = len(s.alarms())
	}
	if s.hasTable() {
		d.ResultsTable, d.EndsFunction = named(resultsTable), named(endsFunction)
		d.UndeliveredQueue, d.FailedQueue = named(undelivered), named(failed)
	}
	known := s.known(at, d.ResultsTable)
	for _, m := range s.machines {
		d.Machines = append(d.Machines, m.deployed(name, known))
	}
	for _, f := range s.flows {
		d.Flows = append(d.Flows, DeployedFlow{File: f.file, Name: name + "-" + f.id,
			Module: f.kind == flowlang.Module})
	}
	return d
}

// wrappedAt are the functions that state machines invoke, with their ARNs there.
func (s *Stack) wrappedAt(at Site) []project.Function {
	list := slices.Clone(s.wrapped)
	for i := range list {
		list[i].ARN = cmp.Or(at.Values[functionVariable(list[i].Name)], list[i].ARN)
	}
	return list
}

// callersAt is how many callers wait at once there.
func (s *Stack) callersAt(at Site) int {
	if n, err := strconv.Atoi(at.Values[callersVariable]); err == nil {
		return n
	}
	return s.project.Callers
}

// known are the values of the references in documents, as far as somebody gives them.
func (s *Stack) known(at Site, resultsTable string) map[string]string {
	values := map[string]string{"table.results.name": resultsTable, "partition": arn.Partition(at.Region)}
	for _, v := range s.variables() {
		if value := cmp.Or(at.Values[v.name], v.value); value != "" {
			values["var."+v.name] = value
		}
	}
	return values
}

func (m stateMachine) deployed(name string, known map[string]string) DeployedMachine {
	d := DeployedMachine{
		Name:       project.MachineName(name, m.job.Name),
		Job:        m.job,
		Definition: m.definition.resolve(known),
		Repeatable: m.job.Repeatable,
		WritesEnd:  m.writesEnd(),
	}
	for _, f := range m.functions {
		resolved := resolve(f, known)
		if _, ok := arn.FunctionName(resolved); ok {
			d.Functions = append(d.Functions, resolved)
		}
	}
	return d
}
