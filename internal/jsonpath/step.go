package jsonpath

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// step is one part of a path. find appends to found what the step selects from value; root is where the path began, for
// filters. It never fails: what does not fit selects nothing.
type step interface {
	find(value, root any, found []any) []any
	definite() bool
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

func (s nameStep) find(value, _ any, found []any) []any {
	if object, ok := value.(map[string]any); ok {
		if member, ok := object[string(s)]; ok {
			return append(found, member)
		}
	}
	return found
}

func (nameStep) definite() bool { return true }

// namesStep is ['a','b']: an object of those members that exist.
type namesStep []string

func (s namesStep) find(value, _ any, found []any) []any {
	object, ok := value.(map[string]any)
	if !ok {
		return found
	}
	chosen := map[string]any{}
	for _, name := range s {
		if member, ok := object[name]; ok {
			chosen[name] = member
		}
	}
	return append(found, chosen)
}

func (namesStep) definite() bool { return true }

// indexStep is [n]; a negative n counts from the end.
type indexStep int

func (s indexStep) find(value, _ any, found []any) []any {
	list, _ := value.([]any)
	i := int(s)
	if i < 0 {
		i += len(list)
	}
	if i < 0 || i >= len(list) {
		return found
	}
	return append(found, list[i])
}

func (indexStep) definite() bool { return true }

// indexesStep is [0,2].
type indexesStep []int

func (s indexesStep) find(value, root any, found []any) []any {
	for _, i := range s {
		found = indexStep(i).find(value, root, found)
	}
	return found
}

func (indexesStep) definite() bool { return false }

// sliceStep is [from:to]; nil means from the start, or to the end.
type sliceStep struct{ from, to *int }

func (s sliceStep) find(value, _ any, found []any) []any {
	list, _ := value.([]any)
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

func (sliceStep) definite() bool { return false }

// wildcardStep is .* or [*]: every element, or every member's value.
type wildcardStep struct{}

func (wildcardStep) find(value, _ any, found []any) []any { return append(found, children(value)...) }
func (wildcardStep) definite() bool                       { return false }

// descentStep is "..": the value itself and everything below it, in document order.
type descentStep struct{}

func (s descentStep) find(value, root any, found []any) []any {
	found = append(found, value)
	for _, child := range children(value) {
		found = s.find(child, root, found)
	}
	return found
}

func (descentStep) definite() bool { return false }

// lengthStep is .length(): the number of elements, members or characters.
type lengthStep struct{}

func (lengthStep) find(value, _ any, found []any) []any {
	switch v := value.(type) {
	case []any:
		return append(found, integer(len(v)))
	case map[string]any:
		return append(found, integer(len(v)))
	case string:
		return append(found, integer(len([]rune(v))))
	}
	return found
}

func (lengthStep) definite() bool { return true }

// filterStep is [?(condition)]: the elements for which the condition holds, or the object itself.
type filterStep struct{ condition condition }

func (s filterStep) find(value, root any, found []any) []any {
	candidates := []any{value}
	if list, ok := value.([]any); ok {
		candidates = list
	} else if _, ok := value.(map[string]any); !ok {
		return found
	}
	for _, candidate := range candidates {
		if s.condition.holds(candidate, root) {
			found = append(found, candidate)
		}
	}
	return found
}

func (filterStep) definite() bool { return false }

// children returns the elements of an array, or the members' values of an object in the order of their names.
func children(value any) []any {
	switch v := value.(type) {
	case []any:
		return v
	case map[string]any:
		list := make([]any, 0, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			list = append(list, v[name])
		}
		return list
	}
	return nil
}
