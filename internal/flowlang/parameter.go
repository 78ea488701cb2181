package flowlang

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Parameter is one key under Parameters of an action.
type Parameter struct {
	Name     string
	Need     Need
	Form     Form
	Low      int // of a Number
	High     int
	Usual    int      // of a Number, the most that exports of the console have; 0: High
	Choices  []string // of a Choice, in any case
	Identity bool     // an id or ARN: static or one reference, never mixed text (Developer guide, Actions)
}

// Need says how much an action needs a parameter.
type Need int

// The needs of a parameter.
const (
	Optional Need = iota
	Expected      // documented as required, but published flows without it exist
	Required      // Connect refuses the action without it
)

// Form is the form of a parameter's value. A reference is accepted wherever a text, number or choice is.
type Form int

// The forms of a parameter.
const (
	Text      Form = iota // any text, number or boolean
	Number                // a whole number from Low to High
	Choice                // one of Choices
	Reference             // one reference, never a static text
	Leaf                  // one reference that leads to a value, not to a whole namespace
	Object
	Array
)

func text(name string) Parameter   { return Parameter{Name: name} }
func object(name string) Parameter { return Parameter{Name: name, Form: Object} }
func array(name string) Parameter  { return Parameter{Name: name, Form: Array} }
func id(name string) Parameter     { return Parameter{Name: name, Identity: true} }

func number(name string, low, high int) Parameter {
	return Parameter{Name: name, Form: Number, Low: low, High: high}
}

// unlimited is the High of a number for which no limit is documented.
const unlimited = 1_000_000_000

func atLeast(name string, low int) Parameter { return number(name, low, unlimited) }

func choice(name string, choices ...string) Parameter {
	return Parameter{Name: name, Form: Choice, Choices: choices}
}

func truth(name string) Parameter     { return choice(name, "True", "False") }
func reference(name string) Parameter { return Parameter{Name: name, Form: Reference} }

func (p Parameter) required() Parameter {
	p.Need = Required
	return p
}

func (p Parameter) usually(most int) Parameter {
	p.Usual = most
	return p
}

func (p Parameter) expected() Parameter {
	p.Need = Expected
	return p
}

// Problem says what is wrong with a parameter's value, "" when nothing is.
func (p Parameter) Problem(n *source.Node) string {
	if FilledIn(n.Str()) {
		return ""
	}
	switch p.Form {
	case Object:
		return wrongKind(n, source.Object)
	case Array:
		return wrongKind(n, source.Array)
	}
	switch {
	case n.Kind == source.Object || n.Kind == source.Array || n.Kind == source.Null:
		return "must be a string, but is " + n.Kind.String()
	case !IsReference(n.Text):
		return p.problemOfStatic(n.Text)
	case p.Form == Leaf:
		if path := References(n.Text)[0]; len(path) == 1 && slices.Contains(bareNamespaces, path[0]) {
			return fmt.Sprintf("is %q, which names a whole namespace and not one value in it", n.Text)
		}
	}
	return ""
}

func (p Parameter) problemOfStatic(text string) string {
	switch p.Form {
	case Reference, Leaf:
		return fmt.Sprintf("is %q, but must be one reference such as $.Attributes.name", text)
	case Number:
		if _, ok := p.Whole(text); !ok {
			return p.OutOfRange(text)
		}
	case Choice:
		if !slices.ContainsFunc(p.Choices, func(c string) bool { return strings.EqualFold(c, text) }) {
			return fmt.Sprintf("is %q, not one of %s", text, strings.Join(p.Choices, ", "))
		}
	}
	return ""
}

// Whole reads a text as a whole number in the range of a Number.
func (p Parameter) Whole(text string) (n int, ok bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil && n >= p.Low && n <= p.High
}

// OutOfRange says of a text that it is not a whole number in the range of a Number.
func (p Parameter) OutOfRange(text string) string {
	return fmt.Sprintf("is %q, not %s", text, p.allowed())
}

// allowed says which numbers a Number may be.
func (p Parameter) allowed() string {
	switch {
	case p.Low == -unlimited:
		return "a whole number"
	case p.High == unlimited:
		return fmt.Sprintf("a whole number of at least %d", p.Low)
	}
	return fmt.Sprintf("a whole number from %d to %d", p.Low, p.High)
}

func wrongKind(n *source.Node, want source.Kind) string {
	if n.Kind == want {
		return ""
	}
	return "must be " + want.String() + ", but is " + n.Kind.String()
}
