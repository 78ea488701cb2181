package flow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// kind is an action type: how its parameters and branches are checked, what it does, and what that rests on.
type kind struct {
	name       string
	block      string // its name in the console
	parameters []parameter
	conditions bool     // whether it has a result that conditions compare
	results    []string // the results, where they are fixed
	errors     []string // the errors that it may give
	terminal   bool     // it has no branches
	leaves     bool     // the contact leaves the flow when it succeeds
	mayStop    bool     // it may stand without NextAction
	flows      typeSet  // flow types in which Connect allows it
	does       string   // what a contact does here
	evidence   string
	logged     string // ContactFlowModuleType in flow logs
	run        func(*Contact, *frame, *Action) outcome
	resume     func(*Contact, *frame, *Action, Event) outcome
}

// parameter is one key under Parameters. The zero form accepts any scalar.
type parameter struct {
	name      string
	required  bool
	form      form
	low, high int
	choices   []string
}

type form int

const (
	anyScalar form = iota
	number         // from low to high, or a reference
	oneOf          // of choices, in any case
	object
	array
	reference // one reference
)

// check says what is wrong with a parameter's value, "" when nothing is.
func (p parameter) check(n *source.Node) string {
	switch p.form {
	case object:
		return wrongKind(n, source.Object)
	case array:
		return wrongKind(n, source.Array)
	}
	if n.Kind == source.Object || n.Kind == source.Array || n.Kind == source.Null {
		return "must be a text, but is " + n.Kind.String()
	}
	return p.checkText(n.Text)
}

func (p parameter) checkText(text string) string {
	switch {
	case text == "":
		return "is empty, which Connect refuses"
	case p.form == reference && !isReference(text):
		return "must be one reference, such as $.Attributes.name"
	case isReference(text):
	case p.form == number:
		if n, ok := atoi(text); !ok || n < p.low || n > p.high {
			return "is " + strconv.Quote(text) + ", not a whole number from " + itoa(p.low) + " to " + itoa(p.high)
		}
	case p.form == oneOf && !slices.ContainsFunc(p.choices, func(c string) bool { return strings.EqualFold(c, text) }):
		return "is " + strconv.Quote(text) + ", not one of " + strings.Join(p.choices, ", ")
	}
	return ""
}

func wrongKind(n *source.Node, want source.Kind) string {
	if n.Kind == want {
		return ""
	}
	return "must be " + want.String() + ", but is " + n.Kind.String()
}

func need(name string) parameter { return parameter{name: name, required: true} }

func needNumber(name string, low, high int) parameter {
	return parameter{name: name, required: true, form: number, low: low, high: high}
}

func mayNumber(name string, low, high int) parameter {
	return parameter{name: name, form: number, low: low, high: high}
}

func needOne(name string, choices ...string) parameter {
	return parameter{name: name, required: true, form: oneOf, choices: choices}
}

func mayOne(name string, choices ...string) parameter {
	return parameter{name: name, form: oneOf, choices: choices}
}

func needObject(name string) parameter { return parameter{name: name, required: true, form: object} }
func mayObject(name string) parameter  { return parameter{name: name, form: object} }
func needArray(name string) parameter  { return parameter{name: name, required: true, form: array} }
func mayArray(name string) parameter   { return parameter{name: name, form: array} }

// kinds holds every action type by name.
var kinds = indexKinds(participantKinds, controlKinds, contactKinds, interactionKinds)

func indexKinds(families ...[]kind) map[string]*kind {
	index := map[string]*kind{}
	for _, family := range families {
		for i := range family {
			index[family[i].name] = &family[i]
		}
	}
	return index
}
