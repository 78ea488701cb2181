package jsonpath

import (
	"fmt"
	"maps"
	"slices"
)

// Put returns document with value at the place that a reference path names. Objects on the way are made where they are
// missing; an array is not extended. The document itself is not changed.
func (p *Path) Put(document, value any) (any, error) {
	placed, ok := put(document, p.steps, value)
	if !ok {
		return nil, fmt.Errorf("the path '%s' does not fit the document", p.text)
	}
	return placed, nil
}

func put(document any, steps []step, value any) (any, bool) {
	if len(steps) == 0 {
		return value, true
	}
	switch s := steps[0].(type) {
	case nameStep:
		return putMember(document, string(s), steps[1:], value)
	case indexStep:
		return putElement(document, int(s), steps[1:], value)
	}
	return nil, false
}

func putMember(document any, name string, rest []step, value any) (any, bool) {
	if document == nil {
		document = map[string]any{}
	}
	object, ok := document.(map[string]any)
	if !ok {
		return nil, false
	}
	member, ok := put(object[name], rest, value)
	if !ok {
		return nil, false
	}
	object = maps.Clone(object)
	object[name] = member
	return object, true
}

func putElement(document any, i int, rest []step, value any) (any, bool) {
	list, ok := document.([]any)
	if !ok || i < 0 || i >= len(list) {
		return nil, false
	}
	element, ok := put(list[i], rest, value)
	if !ok {
		return nil, false
	}
	list = slices.Clone(list)
	list[i] = element
	return list, true
}
