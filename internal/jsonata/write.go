package jsonata

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// stringOf is $string of a value that is not undefined.
func (e *evaluation) stringOf(v any, pretty bool) (string, *Error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case function:
		return "", nil
	case *array:
		if v.outer {
			return e.stringOf(v.items[0], pretty)
		}
	}
	if f, ok := number(v); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return "", fail("D3001").with(v)
	}
	text, err := stringify(v, pretty, e.dialect.precision(), e.limits.bytes)
	if err != nil {
		return "", err
	}
	return text, nil
}

// precision says which numbers a text rounds to 15 significant digits.
type precision int

const (
	roundAll      precision = iota
	roundFraction           // whole numbers stay exact, as at AWS (floci-io/floci#2662)
	roundNone
)

func (d Dialect) precision() precision {
	if d == Standard {
		return roundAll
	}
	return roundFraction
}

// stringify writes a value as JSON, in at most some number of bytes. Functions become "".
func stringify(v any, pretty bool, precise precision, most int) (string, *Error) {
	w := &writer{precise: precise, most: most}
	if pretty {
		w.indent = "\n"
	}
	if err := w.write(v); err != nil {
		return "", err
	}
	return w.b.String(), nil
}

// writer writes JSON. indent is a line's beginning, "" for JSON in one line.
type writer struct {
	b       strings.Builder
	indent  string
	precise precision
	most    int // bytes; a small value may show as a long text, since it may hold a part many times
}

func (w *writer) write(v any) *Error {
	if w.b.Len() > w.most {
		return fail(codeMemory)
	}
	switch v := v.(type) {
	case nil, undefinedType:
		w.b.WriteString("null")
	case bool, string:
		w.b.Write(value.Encode(v))
	case function:
		w.b.WriteString(`""`)
	case *value.Object:
		return w.object(v)
	default:
		if items, ok := elements(v); ok {
			return w.array(items)
		}
		return w.number(v)
	}
	return nil
}

func (w *writer) number(v any) *Error {
	if n, ok := v.(json.Number); ok {
		v, _ = value.Float(n)
		if whole, err := n.Int64(); err == nil {
			v = whole
		}
	}
	if n, ok := v.(int64); ok && (w.precise != roundAll || -1e15 < n && n < 1e15) {
		w.b.WriteString(formatWhole(n))
		return nil
	}
	f, _ := number(v)
	switch {
	case (math.IsInf(f, 0) || math.IsNaN(f)) && w.precise != roundNone:
		return fail("D1001").with(v)
	case math.IsInf(f, 0) || math.IsNaN(f):
		w.b.WriteString("null")
	case w.precise == roundNone || w.precise == roundFraction && f == math.Trunc(f):
		w.b.WriteString(formatNumber(f))
	default:
		w.b.WriteString(formatPrecise(f))
	}
	return nil
}

func (w *writer) object(o *value.Object) *Error {
	if o.Len() == 0 {
		w.b.WriteString("{}")
		return nil
	}
	outer := w.indent
	w.deeper("{")
	first := true
	for name, member := range o.All() {
		if isUndefined(member) {
			continue
		}
		if !first {
			w.b.WriteString("," + w.indent)
		}
		first = false
		w.b.Write(value.Encode(name))
		w.b.WriteByte(':')
		if w.indent != "" {
			w.b.WriteByte(' ')
		}
		if err := w.write(member); err != nil {
			return err
		}
	}
	w.indent = outer
	w.b.WriteString(outer + "}")
	return nil
}

func (w *writer) array(items []any) *Error {
	if len(items) == 0 {
		w.b.WriteString("[]")
		return nil
	}
	outer := w.indent
	w.deeper("[")
	for i, item := range items {
		if i > 0 {
			w.b.WriteString("," + w.indent)
		}
		if err := w.write(item); err != nil {
			return err
		}
	}
	w.indent = outer
	w.b.WriteString(outer + "]")
	return nil
}

// deeper opens a bracket and indents what is in it.
func (w *writer) deeper(bracket string) {
	if w.indent != "" {
		w.indent += "  "
	}
	w.b.WriteString(bracket + w.indent)
}
