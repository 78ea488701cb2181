package flowlang

import (
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// ActionType is a row of the table of action types: what Connect accepts of a type, or of one form of it. What a
// contact does at such an action is said by package flow.
type ActionType struct {
	Name   string
	Block  string // its name in the console
	Logged string // its ContactFlowModuleType in flow logs, which are the block types of the older export format

	Parameters []Parameter
	Open       bool // it may have parameters that this table does not know

	HasResult       bool     // conditions compare its result
	Operators       []string // of its conditions; nil: Equals
	Results         []string // the results that can be compared with, where all are known
	RequiredResults []string // those without which Connect refuses it
	Unending        bool     // no result comes of it: it goes on until the contact is taken out of it
	TakesNext       bool     // NextAction is a separate outcome, not the console's copy of another branch

	Errors         []string // the error branches that it may have; on an open type none means unknown
	FormErrors     []string // those that only some forms of it have in addition
	MoreErrors     bool     // it may have others, whose names are not known
	RequiredErrors []string // those without which Connect refuses it
	ExpectedErrors []string // those that Connect may not require, but that are taken

	Terminal     bool // it has no branches
	Leaves       bool // the contact leaves the flow when it succeeds
	OptionalNext bool // it may be published without NextAction

	FlowTypes Types  // flow types for which AWS documents it; 0: not documented
	RefusedIn Types  // flow types in which the service refuses it
	Traits    Trait  // what rules need to know of it
	Evidence  string // how all this is known

	combine func(a *Action, say complain)     // reports parameters that do not go together
	vary    func(a *Action, form *ActionType) // changes the row to the form that an action's parameters have
}

// Trait is a set of things that readers of flows ask about an action.
type Trait uint16

// The traits.
const (
	Speaks       Trait = 1 << iota // plays what its prompt parameters say
	Listens                        // waits for the caller, or lets time pass
	Invokes                        // invokes a Lambda function
	Asynchronous                   // goes on while the function runs
	FillsReply                     // replaces the latest function's reply, $.External, when it succeeds
	BreaksChain                    // ends a sequence of functions (Admin guide, Lambda functions: Play prompt only)
	StoresInput                    // keeps what the caller typed in $.StoredCustomerInput
	FillsLex                       // lets a bot fill $.Lex, which replaces what was there
	ChatOnly                       // has an effect on chat only
	AwaitsAgent                    // goes on until an agent takes the contact out of it, or it is interrupted
	SwitchesLogs                   // switches flow logs on or off, and is in them either way
)

// ActionTypes returns the table, one family after the other, in the order of the documentation, those of
// campaigns last.
func ActionTypes() [][]ActionType {
	return [][]ActionType{participantTypes, controlTypes, contactTypes, interactionTypes, campaignTypes}
}

// actionTypes holds every action type by name.
var actionTypes = func() map[string]*ActionType {
	index := map[string]*ActionType{}
	for _, family := range ActionTypes() {
		for i := range family {
			index[family[i].Name] = &family[i]
		}
	}
	return index
}()

// kindOf returns the row of an action, in the form that its parameters give it.
func kindOf(a *Action) *ActionType {
	t := actionTypes[a.Type]
	if t == nil || t.vary == nil {
		return t
	}
	form := *t
	t.vary(a, &form)
	if formFilledIn(a, &form) {
		form.allowAllForms(t)
	}
	return &form
}

// formFilledIn reports whether a template fills in a choice, a list or an object, or a part of these, which may decide
// the form of an action.
func formFilledIn(a *Action, form *ActionType) bool {
	for _, p := range form.Parameters {
		value := a.Param(p.Name)
		isItem := func(n *source.Node) bool { return FilledIn(n.Scalar()) }
		decides := p.Form == Choice || p.Form == Object || p.Form == Array
		if decides && FilledIn(value.Str()) || slices.ContainsFunc(value.Elements(), isItem) ||
			HasKeyFilledIn(value) {
			return true
		}
	}
	return false
}

// allowAllForms allows in a form what any form of its type may have, and requires nothing.
func (t *ActionType) allowAllForms(row *ActionType) {
	t.HasResult, t.Results, t.RequiredResults = row.HasResult, nil, nil
	t.Errors, t.RequiredErrors, t.ExpectedErrors = row.AllErrors(), nil, nil
	t.Leaves, t.OptionalNext = false, row.OptionalNext || row.Leaves
	t.combine = nil
}

// Parameter returns a parameter by name, nil when the type does not have it.
func (t *ActionType) Parameter(name string) *Parameter {
	i := slices.IndexFunc(t.Parameters, func(p Parameter) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &t.Parameters[i]
}

// AllErrors returns the error branches of all forms of the type.
func (t *ActionType) AllErrors() []string { return slices.Concat(t.Errors, t.FormErrors) }

// knowsErrors reports whether all error branches of the type are known.
func (t *ActionType) knowsErrors() bool { return !t.Open || len(t.Errors) > 0 }

// isErrorType reports whether any action type has an error branch of this name.
func isErrorType(name string) bool {
	for _, t := range actionTypes {
		if slices.Contains(t.Errors, name) || slices.Contains(t.FormErrors, name) {
			return true
		}
	}
	return false
}

// LoggedAs is what flow logs call the blocks of an action type, "" for a type that does not exist.
func LoggedAs(actionType string) string {
	if t := actionTypes[actionType]; t != nil {
		return t.Logged
	}
	return ""
}
