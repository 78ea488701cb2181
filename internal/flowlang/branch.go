package flowlang

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Branch is one way out of an action.
type Branch struct {
	Kind     BranchKind
	Name     string         // NextAction, the operand of an Equals (else operator and operand), or an error type
	Operator string         // of a condition
	Operands []*source.Node // of a condition
	Node     *source.Node   // the object of a condition or error; of a NextAction, its value
	Target   *source.Node   // the value of NextAction, nil when it is absent
	To       *Action        // nil when the target does not exist
	Taken    bool           // false for a branch that can never be taken, such as a NextAction that is a copy
}

// BranchKind tells the branches of an action apart.
type BranchKind int

// The kinds of branches.
const (
	Next BranchKind = iota
	Condition
	Failure // among them NoMatchingCondition, although it is an ordinary outcome
)

// NextAction is the name of the branch that an action takes when it neither failed nor has a result to compare.
const NextAction = "NextAction"

func (a *Action) readBranches(transitions *source.Node) {
	for _, item := range transitions.Get("Conditions").Elements() {
		c := item.Get("Condition")
		b := &Branch{
			Kind: Condition, Node: item, Target: item.Get("NextAction"),
			Taken:    a.HasResult() && (a.Kind == nil || !a.Kind.Unending),
			Operator: c.Get("Operator").Scalar(), Operands: c.Get("Operands").Elements(),
		}
		b.Name = strings.TrimSpace(b.Operator + " " + b.Operand())
		whole := cmp.Or(c.Str(), c.Get("Operands").Str())
		switch {
		case FilledIn(whole):
			b.Name = whole
		case b.Operator == Equals:
			b.Name = b.Operand()
		}
		a.Branches = append(a.Branches, b)
	}
	for _, item := range transitions.Get("Errors").Elements() {
		name := item.Get("ErrorType").Scalar()
		a.Branches = append(a.Branches, &Branch{Kind: Failure, Name: name, Node: item, Target: item.Get("NextAction"),
			Taken: name != NoMatchingCondition || a.HasResult()})
	}
	if n := transitions.Get("NextAction"); n.Str() != "" {
		a.Branches = append(a.Branches, &Branch{Kind: Next, Name: NextAction, Node: n, Target: n, Taken: !a.decides()})
	}
}

// HasFilledIn reports whether a template fills in which result or error one of the action's branches is for.
func (a *Action) HasFilledIn(kind BranchKind) bool {
	return slices.ContainsFunc(a.Branches, func(b *Branch) bool { return b.Kind == kind && FilledIn(b.Name) })
}

// Operand returns the first operand of a condition as text.
func (b *Branch) Operand() string {
	if len(b.Operands) == 0 {
		return ""
	}
	return b.Operands[0].Scalar()
}

// HasResult reports whether the action has, or may have, a result that conditions compare; unknown types may.
func (a *Action) HasResult() bool { return a.Kind == nil || a.Kind.HasResult }

// decides reports whether every result of the action has its own branch, or none returns to the flow. NextAction is
// then a copy that the console writes and that is never taken.
func (a *Action) decides() bool {
	if a.Kind == nil || a.Kind.TakesNext {
		return false
	}
	if a.Kind.Terminal || a.Kind.Leaves || a.Kind.Unending || a.Kind.HasResult && a.Error(NoMatchingCondition) != nil {
		return true
	}
	open := func(result string) bool { return a.branch(Condition, result) == nil }
	return len(a.Kind.Results) > 0 && !slices.ContainsFunc(a.Kind.Results, open)
}

func (a *Action) branch(kind BranchKind, name string) *Branch {
	for _, b := range a.Branches {
		if b.Kind == kind && b.Name == name {
			return b
		}
	}
	return nil
}

// Result returns the condition with an operand, whatever its operator; nil when there is none.
func (a *Action) Result(operand string) *Branch {
	for _, b := range a.Branches {
		if b.Kind == Condition && b.Operand() == operand {
			return b
		}
	}
	return nil
}

// Error returns the branch of an error type, nil when there is none.
func (a *Action) Error(errorType string) *Branch { return a.branch(Failure, errorType) }

// Failed returns the branch that an error takes: its own, else that of NoMatchingError; nil when there is neither.
func (a *Action) Failed(errorType string) *Branch {
	if b := a.Error(errorType); b != nil {
		return b
	}
	return a.Error(NoMatchingError)
}

// Success returns the branch of NextAction, nil when there is none.
func (a *Action) Success() *Branch { return a.branch(Next, NextAction) }

// Ways returns the branches that a contact can take, also those that lead nowhere.
func (a *Action) Ways() []*Branch {
	return slices.DeleteFunc(slices.Clone(a.Branches), func(b *Branch) bool { return !b.Taken })
}

// Drawn returns the branches that the console's designer draws, in its order: success, results, errors. A NextAction
// that is a copy of another branch is not drawn.
func (a *Action) Drawn() []*Branch {
	var list []*Branch
	if next := a.Success(); next != nil && next.Taken {
		list = append(list, next)
	}
	for _, b := range a.Branches {
		if b.Kind != Next {
			list = append(list, b)
		}
	}
	return list
}

// Out returns the branches that a contact can take and that lead to an action.
func (a *Action) Out() []*Branch {
	return slices.DeleteFunc(slices.Clone(a.Branches), func(b *Branch) bool { return !b.Taken || b.To == nil })
}

// Usual returns the branches that an action takes when nothing fails.
func (a *Action) Usual() []*Branch {
	return slices.DeleteFunc(a.Out(), (*Branch).isError)
}

// isError reports whether a branch is for something that went wrong.
func (b *Branch) isError() bool { return b.Kind == Failure && b.Name != NoMatchingCondition }

// After returns the actions to which the branches of an action lead.
func (a *Action) After() []*Action {
	var list []*Action
	for _, b := range a.Out() {
		list = append(list, b.To)
	}
	return list
}

// Ends reports whether the contact's path through the flow can end at the action.
func (a *Action) Ends() bool {
	return a.Kind != nil && (a.Kind.Terminal || a.Kind.Leaves || a.Kind.OptionalNext) || len(a.Out()) == 0
}
