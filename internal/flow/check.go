package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// checkReferences reports branches that lead to actions that do not exist.
func (p *parser) checkReferences() {
	for _, a := range p.flow.Actions {
		p.checkTarget(a, NextAction, a.Next, a.nextPos)
		for _, c := range a.Conditions {
			p.checkTarget(a, "condition "+c.Name(), c.Next, c.Pos)
		}
		for _, e := range a.Errors {
			p.checkTarget(a, "error "+e.Type, e.Next, e.Pos)
		}
	}
}

func (p *parser) checkTarget(a *Action, branch, next string, at source.Pos) {
	switch {
	case next == "" && branch != NextAction:
		p.fail(CodeDangling, at, fmt.Sprintf("action %q: the branch %s leads nowhere", a.Identifier, branch), "Give it a NextAction.")
	case next != "" && p.flow.index[next] == nil:
		p.fail(CodeDangling, at, fmt.Sprintf("action %q: %s leads to the action %q, which does not exist", a.Identifier, branch, next),
			"Write the Identifier of an action of this flow, or add the missing action.")
	}
}

// checkActions holds each action against the table of action types. What Connect would refuse at publishing is a warning:
// the flow can be played all the same.
func (p *parser) checkActions() {
	for _, a := range p.flow.Actions {
		if a.kind == nil {
			p.warn(CodeUnknownAction, a.Pos, fmt.Sprintf("action %q has the type %s, which is not known here", a.Identifier, a.Type),
				"Check the spelling. If Connect has this type, calls go on at its NextAction.")
			continue
		}
		p.checkParameters(a)
		p.checkSSML(a)
		p.checkBranches(a)
	}
}

func (p *parser) checkParameters(a *Action) {
	for _, want := range a.kind.parameters {
		node := a.Parameters.Get(want.name)
		if node == nil {
			if want.required {
				p.warn(CodeParameter, a.Pos, fmt.Sprintf("action %q (%s) has no %s", a.Identifier, a.Type, want.name), "Connect refuses the action without it.")
			}
			continue
		}
		if problem := want.check(node); problem != "" {
			p.warn(CodeParameter, node.Pos, fmt.Sprintf("action %q (%s): %s %s", a.Identifier, a.Type, want.name, problem), "Correct the value.")
		}
	}
}

// checkSSML reports SSML that is not well-formed: Amazon Polly refuses it, so that the error branch is always taken.
func (p *parser) checkSSML(a *Action) {
	node := a.Parameters.Get("SSML")
	if !node.Is(source.String) || isReference(node.Text) {
		return
	}
	if fault := faultySSML(withoutReferences(node.Text)); fault != "" {
		p.warn(CodeSSML, node.Pos, fmt.Sprintf("action %q: %s; the caller hears nothing and the error branch is taken", a.Identifier, fault), "Correct the SSML.")
	}
}

func (p *parser) checkBranches(a *Action) {
	k := a.kind
	if len(a.Conditions) > 0 && !k.conditions {
		p.warn(CodeBranch, a.Conditions[0].Pos, fmt.Sprintf("action %q: %s has no result, so its conditions are never taken", a.Identifier, a.Type), "Remove them; Connect refuses them.")
	}
	for _, e := range a.Errors {
		if !slices.Contains(k.errors, e.Type) {
			p.warn(CodeBranch, e.Pos, fmt.Sprintf("action %q: %s never gives the error %s", a.Identifier, a.Type, e.Type), "Remove this branch; Connect refuses it. "+k.knownErrors())
		}
	}
	if a.Next == "" && !k.terminal && !k.mayStop && !a.leaves() && len(a.Branches()) == 0 {
		p.warn(CodeBranch, a.Pos, fmt.Sprintf("action %q (%s) leads nowhere", a.Identifier, a.Type), "Give it a NextAction; without one the flow stops here.")
	}
}

func (k *kind) knownErrors() string {
	if len(k.errors) == 0 {
		return "This action type has no error branches."
	}
	return "Its errors are: " + strings.Join(k.errors, ", ") + "."
}

// checkPaths reports actions that cannot be reached and actions from which no end can be reached.
func (p *parser) checkPaths() {
	reached := map[string]bool{}
	p.reach(p.flow.Start, reached)
	ends := p.leadToEnd()
	for _, a := range p.flow.Actions {
		if !reached[a.Identifier] {
			p.report(source.Info, CodeUnreachable, a.Pos, fmt.Sprintf("no branch leads to action %q", a.Identifier), "Connect it, or remove it.")
		}
	}
	for _, a := range p.flow.Actions {
		if reached[a.Identifier] && !ends[a.Identifier] {
			p.endless(a)
			return
		}
	}
}

func (p *parser) endless(a *Action) {
	p.warn(CodeEndless, a.Pos, fmt.Sprintf("from action %q on, no branch leads to an end of the flow: it loops without end", a.Identifier),
		"Add a way out, such as a Loop with a DoneLooping branch that leads to DisconnectParticipant.")
}

func (p *parser) reach(identifier string, reached map[string]bool) {
	waiting := []string{identifier}
	for len(waiting) > 0 {
		id := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		a := p.flow.index[id]
		if a == nil || reached[id] {
			continue
		}
		reached[id] = true
		for _, b := range a.Branches() {
			waiting = append(waiting, b.Next)
		}
	}
}

// leadToEnd returns the actions from which a branch after another leads to an action that ends or leaves the flow.
func (p *parser) leadToEnd() map[string]bool {
	ends := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for _, a := range p.flow.Actions {
			if !ends[a.Identifier] && a.leadsTo(ends) {
				ends[a.Identifier], changed = true, true
			}
		}
	}
	return ends
}

// leadsTo reports whether the flow can end at an action or after it. A module may end the contact by itself.
func (a *Action) leadsTo(ends map[string]bool) bool {
	branches := a.Branches()
	if len(branches) == 0 || a.Type == "InvokeFlowModule" || a.kind != nil && (a.kind.terminal || a.kind.mayStop || a.leaves()) {
		return true
	}
	return slices.ContainsFunc(branches, func(b Branch) bool { return ends[b.Next] })
}
