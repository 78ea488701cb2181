package jsonpath

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/value"
)

// step is one part of a path. find appends to found what the step selects at a value; root is where the path began,
// for filters. It never fails: what does not fit selects nothing.
type step interface {
	find(at, root any, found []any) []any
}

// definiteStep is a step that selects at most one value.
type definiteStep interface {
	step
	one(at any) (any, bool)
}

func isDefinite(s step) bool { _, ok := s.(definiteStep); return ok }

// appendOne finds what a definite step selects.
func appendOne(s definiteStep, at any, found []any) []any {
	if one, ok := s.one(at); ok {
		return append(found, one)
	}
	return found
}

// bracketed writes a definite step in bracket form, as errors show it.
func bracketed(s step) string {
	switch s := s.(type) {
	case nameStep:
		return "['" + string(s) + "']"
	case namesStep:
		return "['" + strings.Join(s, "','") + "']"
	case indexStep:
		return "[" + strconv.Itoa(int(s)) + "]"
	}
	return ".length()"
}

// nameStep is .name or ['name'].
type nameStep string

func (s nameStep) one(at any) (any, bool) {
	object, _ := at.(*value.Object)
	return object.Get(string(s))
}

func (s nameStep) find(at, _ any, found []any) []any { return appendOne(s, at, found) }

// namesStep is ['a','b']: an object of those members that exist.
type namesStep []string

func (s namesStep) one(at any) (any, bool) {
	object, ok := at.(*value.Object)
	if !ok {
		return nil, false
	}
	var chosen []value.Member
	for _, name := range s {
		if member, ok := object.Get(name); ok {
			chosen = append(chosen, value.Member{Name: name, Value: member})
		}
	}
	return value.NewObject(chosen...), true
}

func (s namesStep) find(at, _ any, found []any) []any { return appendOne(s, at, found) }

// indexStep is [n]; a negative n counts from the end.
type indexStep int

func (s indexStep) one(at any) (any, bool) {
	list, _ := at.([]any)
	i := int(s)
	if i < 0 {
		i += len(list)
	}
	if i < 0 || i >= len(list) {
		return nil, false
	}
	return list[i], true
}

func (s indexStep) find(at, _ any, found []any) []any { return appendOne(s, at, found) }

// indexesStep is [0,2].
type indexesStep []int

func (s indexesStep) find(at, root any, found []any) []any {
	for _, i := range s {
		found = indexStep(i).find(at, root, found)
	}
	return found
}

// sliceStep is [from:to]; nil means from the start, or to the end.
type sliceStep struct{ from, to *int }

func (s sliceStep) find(at, _ any, found []any) []any {
	list, _ := at.([]any)
	from, to := bound(s.from, 0, len(list)), bound(s.to, len(list), len(list))
	if from >= to {
		return found
	}
	return append(found, list[from:to]...)
}

func bound(at *int, otherwise, length int) int {
	if at == nil {
		return otherwise
	}
	i := *at
	if i < 0 {
		i += length
	}
	return min(max(i, 0), length)
}

// wildcardStep is .* or [*]: every element, or every member's value.
type wildcardStep struct{}

func (wildcardStep) find(at, _ any, found []any) []any { return append(found, children(at)...) }

// descentStep is "..": the value itself and everything below it, in document order.
type descentStep struct{}

func (s descentStep) find(at, root any, found []any) []any {
	found = append(found, at)
	for _, child := range children(at) {
		found = s.find(child, root, found)
	}
	return found
}

// lengthStep is .length(): the number of elements, members or characters.
type lengthStep struct{}

func (lengthStep) one(at any) (any, bool) {
	switch v := at.(type) {
	case []any:
		return integer(len(v)), true
	case *value.Object:
		return integer(v.Len()), true
	case string:
		return integer(utf8.RuneCountInString(v)), true
	}
	return nil, false
}

func (s lengthStep) find(at, _ any, found []any) []any { return appendOne(s, at, found) }

// filterStep is [?(condition)]: the elements for which the condition holds, or the object itself.
type filterStep struct{ condition condition }

func (s filterStep) find(at, root any, found []any) []any {
	candidates := []any{at}
	if list, ok := at.([]any); ok {
		candidates = list
	} else if _, ok := at.(*value.Object); !ok {
		return found
	}
	for _, candidate := range candidates {
		if s.condition.holds(candidate, root) {
			found = append(found, candidate)
		}
	}
	return found
}

// children returns the elements of an array, or the members' values of an object.
func children(at any) []any {
	switch v := at.(type) {
	case []any:
		return v
	case *value.Object:
		list := make([]any, 0, v.Len())
		for _, member := range v.All() {
			list = append(list, member)
		}
		return list
	}
	return nil
}
