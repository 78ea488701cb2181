package deploy

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// Deployment is what a stack consists of in AWS, as far as its resources do not say it.
type Deployment struct {
	Name         string             // which everything is named after, and its metrics
	Functions    []DeployedFunction // that are wrapped
	Machines     []DeployedMachine
	ResultsTable string // "" for none
	Flows        []DeployedFlow
	Callers      int // who wait at once
	Alarms       int // of CloudWatch
	Metrics      int // of the async function, at most
	// PrefixedNames says that the short names of the async function's parameters are data of the wrapped functions.
	PrefixedNames bool
}

// DeployedFunction is a wrapped function.
type DeployedFunction struct {
	project.Function
	Variable string // what the stack calls its ARN: one of Values
	// Role is what the stack calls the name of its role, and Policy the key of the policy that lets it report how far
	// it is. Both are "" unless it does.
	Role, Policy string
}

// DeployedMachine is the state machine of a job.
type DeployedMachine struct {
	ID         string // in the model: its key is machine.ID
	Job        project.Job
	Functions  []string // what the stack calls the ARNs of those that it invokes: each one of Values
	Repeatable bool     // its job may safely run twice
	WritesEnd  bool     // into the results table
	HasHistory bool     // the history of its executions tells which step runs
}

// DeployedFlow is a managed flow or module.
type DeployedFlow struct {
	File   string // in the project
	Name   string
	Module bool // else a flow
}

// Site is where a stack is deployed, and with which values of its variables. The zero Site has the defaults.
type Site struct {
	Account string
	Region  string
	Values  map[string]string // by name of the variable
}

// Deployment returns what the stack consists of when it is deployed somewhere.
func (s *Stack) Deployment(at Site) Deployment {
	name := cmp.Or(at.Values[nameVariable], s.project.Name)
	d := Deployment{
		Name:    name,
		Callers: s.callersAt(at),
		Metrics: len(async.Metrics) * (len(s.machines) + 1), // of each job, and of calls without one

		PrefixedNames: s.settings.PrefixedNames(),
	}
	if s.settings.Alarms {
		d.Alarms = len(s.alarms())
	}
	if s.hasTable() {
		d.ResultsTable = strings.ReplaceAll(resultsTable, base, name)
	}
	for _, f := range s.wrapped {
		deployed := DeployedFunction{Function: f, Variable: "var." + functionVariable(f.Name)}
		if s.project.IsReporting(f.Name) {
			deployed.Role, deployed.Policy = "var."+reportVariable(f.Name), reportPolicy{function: f.Name}.key()
		}
		d.Functions = append(d.Functions, deployed)
	}
	for _, m := range s.machines {
		deployed := DeployedMachine{ID: m.id, Job: m.job, Repeatable: m.job.Repeatable, WritesEnd: m.writesEnd(),
			HasHistory: len(m.steps) > 0}
		for _, variable := range m.functions {
			deployed.Functions = append(deployed.Functions, "var."+variable)
		}
		d.Machines = append(d.Machines, deployed)
	}
	for _, f := range s.flows {
		d.Flows = append(d.Flows, DeployedFlow{File: f.file, Name: name + "-" + f.id,
			Module: f.kind == flowlang.Module})
	}
	return d
}

// callersAt is how many callers wait at once there.
func (s *Stack) callersAt(at Site) int {
	if n, err := strconv.Atoi(at.Values[callersVariable]); err == nil {
		return n
	}
	return s.project.Callers
}
