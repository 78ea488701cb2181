package jsonpath

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/value"
)

// Put returns document with a value at the place that a reference path names. Objects on the way are made where they
// are missing; an array is not extended. The document itself is not changed.
func (p *Path) Put(document, v any) (any, error) {
	placed, ok := put(document, p.steps, v)
	if !ok {
		return nil, fmt.Errorf("the path '%s' does not fit the document", p.text)
	}
	return placed, nil
}

func put(document any, steps []step, v any) (any, bool) {
	if len(steps) == 0 {
		return v, true
	}
	switch s := steps[0].(type) {
	case nameStep:
		return putMember(document, string(s), steps[1:], v)
	case indexStep:
		return putElement(document, int(s), steps[1:], v)
	}
	return nil, false
}

func putMember(document any, name string, rest []step, v any) (any, bool) {
	object, ok := document.(*value.Object)
	if !ok && document != nil {
		return nil, false
	}
	old, _ := object.Get(name)
	member, ok := put(old, rest, v)
	if !ok {
		return nil, false
	}
	return object.With(value.Member{Name: name, Value: member}), true
}

func putElement(document any, i int, rest []step, v any) (any, bool) {
	list, ok := document.([]any)
	if !ok || i < 0 || i >= len(list) {
		return nil, false
	}
	element, ok := put(list[i], rest, v)
	if !ok {
		return nil, false
	}
	list = slices.Clone(list)
	list[i] = element
	return list, true
}
