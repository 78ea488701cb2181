package jsonpath

import (
	"errors"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// Root says what a path starts at.
type Root int

// The roots of paths.
const (
	Input    Root = iota // "$", the data of the state
	Context              // "$$", the context object
	Variable             // "$name", a variable
)

// Data is what paths and functions are evaluated against. Context and Variable are asked only when something needs
// them and may be nil, as may Random, which functions that draw random numbers take 64 bits from.
type Data struct {
	Input    any
	Context  func() any
	Variable func(name string) (any, bool)
	Random   func() uint64
}

// errNullInput is the error of a path into an input that is null, in the words of the service
// (https://cplus-django.wekeepcoding.com/article/12193469).
var errNullInput = errors.New("Unable to apply Path transformation to null or empty input.")

// maxFound is the number of values that a path may lead to on its way; 256 KiB of JSON hold fewer, but "$..*..*"
// multiplies.
const maxFound = 200_000

// Path is a parsed path.
type Path struct {
	text     string
	root     Root
	variable string
	steps    []step
	definite bool
}

// NotFoundError says that a definite path leads nowhere. Reason names the place, in the words of Jayway JsonPath.
type NotFoundError struct {
	Path   string
	Reason string
}

// Error implements error.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("Invalid path '%s' : %s", e.Path, e.Reason)
}

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Root returns what the path starts at.
func (p *Path) Root() Root { return p.root }

// VariableName returns the name of the variable that the path starts at, "" when it starts elsewhere.
func (p *Path) VariableName() string { return p.variable }

// Definite reports whether the path leads to at most one value.
func (p *Path) Definite() bool { return p.definite }

// IsReference reports whether the path is a reference path: names and indexes only, so that it names one place.
func (p *Path) IsReference() bool {
	for _, s := range p.steps {
		switch s.(type) {
		case nameStep, indexStep:
		default:
			return false
		}
	}
	return true
}

// Find evaluates the path. A definite path gives its value or a *NotFoundError, every other path a []any.
func (p *Path) Find(data *Data) (any, error) {
	start, ok := p.start(data)
	if !p.definite {
		if !ok {
			return []any{}, nil
		}
		return p.list(start)
	}
	if !ok {
		return nil, &NotFoundError{Path: p.text, Reason: "No results for path: " + p.canonical(len(p.steps))}
	}
	if start == nil && p.root == Input && len(p.steps) > 0 {
		return nil, errNullInput
	}
	return p.single(start)
}

func (p *Path) start(data *Data) (any, bool) {
	switch {
	case p.root == Input:
		return data.Input, true
	case p.root == Context && data.Context != nil:
		return data.Context(), true
	case p.root == Variable && data.Variable != nil:
		return data.Variable(p.variable)
	}
	return nil, false
}

func (p *Path) single(at any) (any, error) {
	for i, s := range p.steps {
		found, ok := s.(definiteStep).one(at)
		if !ok {
			return nil, &NotFoundError{Path: p.text, Reason: p.reason(i, at)}
		}
		at = found
	}
	return at, nil
}

func (p *Path) list(root any) (any, error) {
	current := []any{root}
	for _, s := range p.steps {
		next := []any{}
		for _, at := range current {
			if next = s.find(at, root, next); len(next) > maxFound {
				return nil, fmt.Errorf("the path '%s' leads to more than %d values", p.text, maxFound)
			}
		}
		current = next
	}
	return current, nil
}

// reason says why step i found nothing at a value.
func (p *Path) reason(i int, at any) string {
	if _, isName := p.steps[i].(nameStep); isName {
		if _, isObject := at.(*value.Object); !isObject {
			return fmt.Sprintf("Expected to find an object with property %s in path %s but found '%s'. "+
				"This is not a json object.", bracketed(p.steps[i]), p.canonical(i), typeName(at))
		}
		if i < len(p.steps)-1 {
			return "Missing property in path " + p.canonical(i+1)
		}
	}
	return "No results for path: " + p.canonical(len(p.steps))
}

// canonical writes the first n steps in bracket form: $['a'][0].
func (p *Path) canonical(n int) string {
	var b strings.Builder
	b.WriteString("$")
	for _, s := range p.steps[:n] {
		b.WriteString(bracketed(s))
	}
	return b.String()
}

// typeName names the kind of a value.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case *value.Object:
		return "object"
	}
	return "number"
}
