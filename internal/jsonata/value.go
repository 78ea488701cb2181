package jsonata

import (
	"encoding/json"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/value"
)

// In an evaluation a value is one of internal/value or one of these:
//
//	undefined    no value at all
//	int64        a whole number that was computed
//	float64      another number that was computed
//	*array       an array that was computed
//	*tuples      values with names bound to them, within a path
//	function     a function

type undefinedType struct{}

// undefined is the absence of a value, which null is not.
var undefined any = undefinedType{}

func isUndefined(v any) bool { _, ok := v.(undefinedType); return ok }

// array is an array that was computed. A sequence is one that the language made of several values: with one element it
// is that element, with none it is undefined.
type array struct {
	items    []any
	sequence bool
	keep     bool // a sequence that stays an array with one element
	cons     bool // made by an array constructor in a path, and not flattened by it
	outer    bool // wraps an input that is an array
}

// elements returns the elements of an array.
func elements(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case *array:
		return v.items, true
	}
	return nil, false
}

func isArray(v any) bool { _, ok := elements(v); return ok }

func isSequence(v any) bool { a, ok := v.(*array); return ok && a.sequence }

// number returns what a number is worth as a double.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case json.Number:
		f, err := v.Float64()
		if err != nil && !math.IsInf(f, 0) {
			return 0, false
		}
		return f, true
	}
	return 0, false
}

func isNumber(v any) bool { _, ok := number(v); return ok }

// whole returns a number that is kept exactly.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

// truncated returns a number without its fraction, as an int.
func truncated(v any) (int, bool) {
	if n, ok := whole(v); ok {
		return int(n), true
	}
	f, ok := number(v)
	if !ok || math.IsNaN(f) {
		return 0, false
	}
	return int(min(max(f, -1<<53), 1<<53)), true
}

// negated returns -v.
func negated(v any) (any, bool) {
	if n, ok := whole(v); ok && n != math.MinInt64 {
		return -n, true
	}
	f, ok := number(v)
	return -f, ok
}

// truth is the boolean that a value stands for. It counts what it looks at: an array may hold another one many times.
func (e *evaluation) truth(v any) bool {
	e.work(1)
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v != ""
	case *value.Object:
		return v.Len() > 0
	}
	if f, ok := number(v); ok {
		return f != 0 && !math.IsNaN(f)
	}
	if items, ok := elements(v); ok {
		if len(items) == 1 {
			return e.truth(items[0])
		}
		for _, item := range items {
			if e.truth(item) {
				return true
			}
		}
	}
	return false
}

// compareNumbers orders two numbers.
func compareNumbers(a, b any) int {
	n, ok := whole(a)
	m, both := whole(b)
	if ok && both {
		switch {
		case n < m:
			return -1
		case n > m:
			return 1
		}
		return 0
	}
	f, _ := number(a)
	g, _ := number(b)
	switch {
	case f < g:
		return -1
	case f > g:
		return 1
	}
	return 0
}

// equal reports whether two values are the same, at any depth. It counts what it compares.
func (e *evaluation) equal(a, b any) bool {
	e.work(1)
	if isNumber(a) && isNumber(b) {
		f, _ := number(a)
		return compareNumbers(a, b) == 0 && !math.IsNaN(f)
	}
	if x, ok := elements(a); ok {
		y, ok := elements(b)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !e.equal(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	if x, ok := a.(*value.Object); ok {
		y, ok := b.(*value.Object)
		return ok && e.equalObjects(x, y)
	}
	switch a.(type) {
	case nil, bool, string, function:
		return a == b
	}
	return false
}

func (e *evaluation) equalObjects(a, b *value.Object) bool {
	if a.Len() != b.Len() {
		return false
	}
	for name, member := range a.All() {
		if other, ok := b.Get(name); !ok || !e.equal(member, other) {
			return false
		}
	}
	return true
}

// compareStrings orders two strings as the language does, by their UTF-16 code units.
func compareStrings(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			// Surrogates, the units of characters beyond U+FFFF, are below U+E000.
			if (x > 0xFFFF) != (y > 0xFFFF) {
				if x > 0xFFFF && y >= 0xE000 || y > 0xFFFF && x < 0xE000 {
					return -1
				}
				return 1
			}
			if x < y {
				return -1
			}
			return 1
		}
		a, b = a[n:], b[m:]
	}
	return strings.Compare(a, b)
}

// toValue makes a value of internal/value of what an evaluation gave. Computed numbers get their text; functions have
// none.
func (e *evaluation) toValue(v any) (any, bool) {
	switch v := v.(type) {
	case nil, bool, string:
		return v, true
	case json.Number:
		if n, ok := whole(v); ok {
			return json.Number(formatWhole(n)), true
		}
		f, _ := number(v)
		return e.dialect.borderNumber(f), true
	case int64:
		return json.Number(formatWhole(v)), true
	case float64:
		return e.dialect.borderNumber(v), true
	case *value.Object:
		e.allocateObject(v.Len())
		members := make([]value.Member, 0, v.Len())
		for name, member := range v.All() {
			inner, ok := e.toValue(member)
			if !ok {
				return nil, false
			}
			members = append(members, value.M(name, inner))
		}
		return value.NewObject(members...), true
	}
	items, ok := elements(v)
	if !ok {
		return nil, false
	}
	e.allocate(len(items) + 1)
	list := make([]any, len(items))
	for i, item := range items {
		if list[i], ok = e.toValue(item); !ok {
			return nil, false
		}
	}
	return list, true
}

// units returns the length of a text in UTF-16 code units.
func units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

func characters(text string) int { return utf8.RuneCountInString(text) }
