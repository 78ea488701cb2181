package jsonpath

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"strconv"
)

// Equal reports whether two values are the same JSON value; numbers are compared by what they are worth, so 1 equals 1.0.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for name, member := range x {
			other, ok := y[name]
			if !ok || !Equal(member, other) {
				return false
			}
		}
		return true
	case json.Number:
		c, ok := Compare(a, b)
		return ok && c == 0
	case nil, bool, string:
		return a == b
	}
	return false
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
	f, okF := float(a)
	g, okG := float(b)
	return cmp.Compare(f, g), okF && okG
}

// float returns what a number is worth, as close as a double comes.
func float(n json.Number) (float64, bool) {
	f, err := n.Float64()
	return f, err == nil && !math.IsInf(f, 0)
}

// wholeNumber returns the value of a number, rounded to the nearest whole number and halves upwards, as Java's Math.round
// does (recorded for States.MathAdd).
func wholeNumber(value any) (int64, bool) {
	n, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := n.Int64(); err == nil {
		return i, true
	}
	f, ok := float(n)
	if !ok || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(math.Floor(f + 0.5)), true
}

func integer[T int | int64](n T) json.Number { return json.Number(strconv.FormatInt(int64(n), 10)) }

// Encode writes a value as JSON without blanks, with the keys of objects sorted and < > & as they are.
func Encode(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

var errMoreText = errors.New("there is more text after the end of the JSON value")

// Decode reads one JSON value with its numbers as they are written.
func Decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(text[decoder.InputOffset():])) > 0 {
		return nil, errMoreText
	}
	return value, nil
}
