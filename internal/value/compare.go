package value

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// Equal reports whether two values are the same JSON value: numbers are compared by what they are worth, so 1 equals
// 1.0, and the order of members does not count.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, Equal)
	case *Object:
		y, ok := b.(*Object)
		return ok && equalObjects(x, y)
	case json.Number:
		c, ok := Compare(a, b)
		return ok && c == 0
	case nil, bool, string:
		return a == b
	}
	return false
}

func equalObjects(a, b *Object) bool {
	if a.Len() != b.Len() {
		return false
	}
	for name, member := range a.All() {
		if other, ok := b.Get(name); !ok || !Equal(member, other) {
			return false
		}
	}
	return true
}

// Compare orders two numbers or two strings; for anything else ok is false. Strings are ordered by their code points.
func Compare(a, b any) (order int, ok bool) {
	switch x := a.(type) {
	case json.Number:
		if y, ok := b.(json.Number); ok {
			return compareNumbers(x, y)
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y), true
		}
	}
	return 0, false
}

func compareNumbers(a, b json.Number) (int, bool) {
	x, errX := a.Int64()
	y, errY := b.Int64()
	if errX == nil && errY == nil {
		return cmp.Compare(x, y), true
	}
	f, okF := Float(a)
	g, okG := Float(b)
	return cmp.Compare(f, g), okF && okG
}

// Float returns what a number is worth, as close as a double comes, and whether a double comes close at all.
func Float(n json.Number) (float64, bool) {
	f, err := n.Float64()
	return f, err == nil && !math.IsInf(f, 0)
}
