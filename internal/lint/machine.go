package lint

import (
	"cmp"
	"slices"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

const express = string(asl.Express) // the type of a state machine, as templates write it

// Machine is a state machine as it was written, right or wrong.
type Machine struct {
	File   string
	States []*State // those of Parallel and Map states too, in the document's order

	doc         *source.Node
	starts      []string   // every StartAt
	express     source.Pos // where a template says that the type is EXPRESS
	expressFile string     // which template that is, "" when none says it
}

// State is one state of a state machine.
type State struct {
	Name, Type string

	node *source.Node
	end  bool // the last of the whole state machine, not only of a branch or iteration
	next []string
}

func newMachine(file string, doc *source.Node) *Machine {
	m := &Machine{File: file, doc: doc}
	m.read(doc, true)
	return m
}

// read adds the states of the machine, of a branch or of a processor.
func (m *Machine) read(scope *source.Node, outermost bool) {
	if start := scope.Get("StartAt").Str(); start != "" {
		m.starts = append(m.starts, start)
	}
	for _, member := range scope.Get("States").Entries() {
		n := member.Value
		s := &State{Name: member.Key, Type: n.Get("Type").Str(), node: n, next: targets(n)}
		s.end = outermost && (n.Get("End").Is(source.Bool) && n.Get("End").Text == "true")
		m.States = append(m.States, s)
		for _, branch := range n.Get("Branches").Elements() {
			m.read(branch, false)
		}
		m.read(n.Get("ItemProcessor"), false)
		m.read(n.Get("Iterator"), false)
	}
}

// targets are the states to which a state leads.
func targets(n *source.Node) []string {
	return append(afterSuccess(n), named(n.Get("Catch"))...)
}

// afterSuccess are the states to which a state leads when it does not fail.
func afterSuccess(n *source.Node) []string {
	var names []string
	for _, key := range []string{"Next", "Default"} {
		if name := n.Get(key).Str(); name != "" {
			names = append(names, name)
		}
	}
	return append(names, named(n.Get("Choices"))...)
}

// named are the states that choices or catchers name. Where a template fills in one of these, or all, it may name any.
func named(rows *source.Node) []string {
	var names []string
	if flowlang.FilledIn(rows.Str()) {
		names = append(names, rows.Str())
	}
	for _, row := range rows.Elements() {
		if name := cmp.Or(row.Get("Next").Str(), row.Str()); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (m *Machine) state(name string) *State {
	for _, s := range m.States {
		if s.Name == name {
			return s
		}
	}
	return nil
}

const invokeResource = "arn:aws:states:::lambda:invoke"

// lambda returns the name or ARN of the function that a Task invokes as it is written, and whether it invokes one.
// Both ways count: the ARN as resource, and lambda:invoke.
func (s *State) lambda() (function *source.Node, ok bool) {
	resource := s.node.Get("Resource")
	if s.Type != "Task" || resource == nil {
		return nil, false
	}
	if text := resource.Str(); len(text) >= len(invokeResource) && text[:len(invokeResource)] == invokeResource {
		for _, n := range []*source.Node{s.node.Get("Parameters"), s.node.Get("Arguments")} {
			if name := n.Get("FunctionName"); name != nil {
				return name, true
			}
		}
		return nil, true
	}
	return resource, lambdaARN.MatchString(resource.Str())
}

// retries returns the names of the errors that a state retries at least once.
func (s *State) retries() []*source.Node {
	var names []*source.Node
	for _, r := range s.node.Get("Retry").Elements() {
		if n := r.Get("MaxAttempts"); n.Is(source.Number) && n.Text == "0" {
			continue
		}
		names = append(names, r.Get("ErrorEquals").Elements()...)
	}
	return names
}

// mayRetry reports whether one of some errors is retried, as far as that is known.
func (s *State) mayRetry(errors ...string) bool {
	if flowlang.FilledIn(s.node.Get("Retry").Str()) {
		return true
	}
	for _, r := range s.node.Get("Retry").Elements() {
		if flowlang.FilledIn(r.Str()) || flowlang.FilledIn(r.Get("ErrorEquals").Str()) {
			return true
		}
	}
	return slices.ContainsFunc(s.retries(), func(n *source.Node) bool {
		return slices.Contains(errors, n.Str()) || flowlang.FilledIn(n.Str())
	})
}
