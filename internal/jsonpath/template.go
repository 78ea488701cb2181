package jsonpath

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Template is a payload template: a JSON value in which the value of each key that ends in ".$" is an expression, at any
// depth of objects and arrays.
type Template struct {
	root part
}

// FieldError says what is wrong with a field of a template, when it is parsed or when it is evaluated. Keys leads to the field
// from the top of the template; elements of arrays are numbers.
type FieldError struct {
	Keys []any
	Err  error
}

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
	objectPart   []memberPart // sorted by key
	arrayPart    []part
	memberPart   struct {
		name string
		keys []any // of an expression: where it stands
		part part
	}
)

// ParseTemplate parses a payload template. All that is wrong with it is returned.
func ParseTemplate(value any) (*Template, []*FieldError) {
	var faults []*FieldError
	root := parsePart(value, nil, &faults)
	if len(faults) > 0 {
		return nil, faults
	}
	return &Template{root}, nil
}

// Evaluate returns the template's value. A field that cannot be evaluated gives a *FieldError around the error of its
// expression.
func (t *Template) Evaluate(data *Data) (any, error) { return t.root.evaluate(data) }

func parsePart(value any, keys []any, faults *[]*FieldError) part {
	switch v := value.(type) {
	case map[string]any:
		object := make(objectPart, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			object = append(object, parseMember(key, v[key], append(slices.Clip(keys), key), faults))
		}
		return object
	case []any:
		list := make(arrayPart, len(v))
		for i, element := range v {
			list[i] = parsePart(element, append(slices.Clip(keys), i), faults)
		}
		return list
	}
	return constantPart{value}
}

func parseMember(key string, value any, keys []any, faults *[]*FieldError) memberPart {
	name, isExpression := strings.CutSuffix(key, ".$")
	if !isExpression {
		return memberPart{name: key, part: parsePart(value, keys, faults)}
	}
	text, ok := value.(string)
	if !ok {
		*faults = append(*faults, &FieldError{keys, fmt.Errorf("it must be a string, but is a value of type %s", typeName(value))})
		return memberPart{}
	}
	expression, err := ParseExpression(text)
	if err != nil {
		*faults = append(*faults, &FieldError{keys, err})
		return memberPart{}
	}
	return memberPart{name: name, keys: keys, part: expression.root}
}

func (p constantPart) evaluate(*Data) (any, error) { return p.value, nil }

func (p objectPart) evaluate(data *Data) (any, error) {
	object := make(map[string]any, len(p))
	for _, member := range p {
		value, err := member.part.evaluate(data)
		if err != nil && member.keys != nil {
			return nil, &FieldError{member.keys, err}
		}
		if err != nil {
			return nil, err
		}
		object[member.name] = value
	}
	return object, nil
}

func (p arrayPart) evaluate(data *Data) (any, error) {
	list := make([]any, len(p))
	for i, element := range p {
		value, err := element.evaluate(data)
		if err != nil {
			return nil, err
		}
		list[i] = value
	}
	return list, nil
}
