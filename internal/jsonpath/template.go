package jsonpath

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// Template is a payload template: a JSON value in which the value of each key that ends in ".$" is an expression, at
// any depth of objects and arrays.
type Template struct {
	root part
}

// FieldError says what is wrong with a field of a template, when it is parsed or when it is evaluated. Keys leads to
// the field from the top of the template; elements of arrays are numbers.
type FieldError struct {
	Keys []any
	Err  error
}

// Error implements error.
func (e *FieldError) Error() string { return fmt.Sprintf("%s: %v", e.Field(), e.Err) }

// Unwrap returns the error of the expression.
func (e *FieldError) Unwrap() error { return e.Err }

// Field returns the name of the field itself, such as "value.$".
func (e *FieldError) Field() string {
	if len(e.Keys) == 0 {
		return ""
	}
	return fmt.Sprint(e.Keys[len(e.Keys)-1])
}

// part is a part of a template that gives a value.
type part interface {
	evaluate(data *Data) (any, error)
}

type (
	constantPart struct{ value any }
	objectPart   []memberPart
	arrayPart    []part
	memberPart   struct {
		name string
		keys []any // of an expression: its place
		part part
	}
)

// ParseTemplate parses a payload template. All that is wrong with it is returned.
func ParseTemplate(template any) (*Template, []*FieldError) {
	var faults []*FieldError
	root := parsePart(template, nil, &faults)
	if len(faults) > 0 {
		return nil, faults
	}
	return &Template{root: root}, nil
}

// Evaluate returns the template's value. A field that cannot be evaluated gives a *FieldError around the error of its
// expression.
func (t *Template) Evaluate(data *Data) (any, error) { return t.root.evaluate(data) }

// parsePart parses a part of a template. A part without expressions is a constant.
func parsePart(template any, keys []any, faults *[]*FieldError) part {
	switch v := template.(type) {
	case *value.Object:
		object := make(objectPart, 0, v.Len())
		for key, member := range v.All() {
			object = append(object, parseMember(key, member, append(slices.Clip(keys), key), faults))
		}
		if slices.ContainsFunc(object, func(m memberPart) bool { return !isConstant(m.part) }) {
			return object
		}
	case []any:
		list := make(arrayPart, len(v))
		for i, element := range v {
			list[i] = parsePart(element, append(slices.Clip(keys), i), faults)
		}
		if slices.ContainsFunc(list, func(p part) bool { return !isConstant(p) }) {
			return list
		}
	}
	return constantPart{value: template}
}

func isConstant(p part) bool { _, ok := p.(constantPart); return ok }

func parseMember(key string, template any, keys []any, faults *[]*FieldError) memberPart {
	name, isExpression := strings.CutSuffix(key, ".$")
	if !isExpression {
		return memberPart{name: key, part: parsePart(template, keys, faults)}
	}
	text, ok := template.(string)
	if !ok {
		err := fmt.Errorf("it must be a string, but is a value of type %s", typeName(template))
		*faults = append(*faults, &FieldError{Keys: keys, Err: err})
		return memberPart{}
	}
	expression, err := ParseExpression(text)
	if err != nil {
		*faults = append(*faults, &FieldError{Keys: keys, Err: err})
		return memberPart{}
	}
	return memberPart{name: name, keys: keys, part: expression.root}
}

func (p constantPart) evaluate(*Data) (any, error) { return p.value, nil }

func (p objectPart) evaluate(data *Data) (any, error) {
	members := make([]value.Member, len(p))
	for i, m := range p {
		member, err := m.part.evaluate(data)
		if err != nil && m.keys != nil {
			return nil, &FieldError{Keys: m.keys, Err: err}
		}
		if err != nil {
			return nil, err
		}
		members[i] = value.Member{Name: m.name, Value: member}
	}
	return value.NewObject(members...), nil
}

func (p arrayPart) evaluate(data *Data) (any, error) {
	list := make([]any, len(p))
	for i, element := range p {
		item, err := element.evaluate(data)
		if err != nil {
			return nil, err
		}
		list[i] = item
	}
	return list, nil
}
