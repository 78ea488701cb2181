package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Encode writes a value as JSON without blanks, and with no more escapes than JSON needs.
func Encode(v any) []byte {
	buffer := buffers.Get().(*[]byte)
	*buffer = Append((*buffer)[:0], v)
	text := bytes.Clone(*buffer)
	if cap(*buffer) <= keepBytes {
		buffers.Put(buffer)
	}
	return text
}

// buffers are what Encode writes in, so that each text is allocated once, in its size.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// keepBytes is the size of a buffer up to which it is used again.
const keepBytes = 64 << 10

// Append writes a value as Encode does, at the end of text. It panics on what is not a value.
func Append(text []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(text, "null"...)
	case bool:
		if v {
			return append(text, "true"...)
		}
		return append(text, "false"...)
	case json.Number:
		return append(text, v...)
	case string:
		return appendString(text, v)
	case []any:
		return appendArray(text, v)
	case *Object:
		return appendObject(text, v)
	}
	panic(fmt.Sprintf("value: a %T is not a JSON value", v))
}

// isPlain reports whether a string is written as it is: most are.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func appendString(text []byte, s string) []byte {
	if isPlain(s) {
		text = append(append(text, '"'), s...)
		return append(text, '"')
	}
	text, _ = jsontext.AppendQuote(text, s) // bytes that are not UTF-8 become U+FFFD, and are reported besides
	return text
}

func appendArray(text []byte, items []any) []byte {
	text = append(text, '[')
	for i, item := range items {
		if i > 0 {
			text = append(text, ',')
		}
		text = Append(text, item)
	}
	return append(text, ']')
}

func appendObject(text []byte, o *Object) []byte {
	text = append(text, '{')
	first := true
	for name, member := range o.All() {
		if !first {
			text = append(text, ',')
		}
		first = false
		text = append(appendString(text, name), ':')
		text = Append(text, member)
	}
	return append(text, '}')
}

// MarshalJSON implements json.Marshaler.
func (o *Object) MarshalJSON() ([]byte, error) { return Encode(o), nil }

// Size returns the number of bytes that Encode writes, without writing them.
func Size(v any) int {
	m := meter{most: math.MaxInt}
	m.add(v, 0)
	return m.size
}

// Fits reports whether Encode writes at most a number of bytes, of values that are nested no deeper than Decode takes.
func Fits(v any, most int) bool {
	m := meter{most: most}
	return m.add(v, 0) && m.size <= most
}

// meter measures a value up to a size.
type meter struct{ size, most int }

// add measures a value that is depth deep. It stops, and returns false, where the value does not fit.
func (m *meter) add(v any, depth int) bool {
	switch v := v.(type) {
	case nil:
		m.size += len("null")
	case bool:
		m.size += len("false")
		if v {
			m.size--
		}
	case json.Number:
		m.size += len(v)
	case string:
		m.size += stringSize(v)
	case []any:
		m.size += len("[]") + max(len(v)-1, 0)
		for _, item := range v {
			if !m.inside(item, depth+1) {
				return false
			}
		}
	case *Object:
		m.size += len("{}") + max(v.Len()-1, 0)
		for name, member := range v.All() {
			m.size += stringSize(name) + len(":")
			if !m.inside(member, depth+1) {
				return false
			}
		}
	default:
		panic(fmt.Sprintf("value: a %T is not a JSON value", v))
	}
	return true
}

func (m *meter) inside(v any, depth int) bool {
	return m.size <= m.most && (depth <= MaxDepth || m.most == math.MaxInt) && m.add(v, depth)
}

func stringSize(s string) int {
	if isPlain(s) {
		return len(s) + len(`""`)
	}
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // as appendString writes it
	}
	size := len(`""`) + len(s)
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c >= '\b' && c <= '\r' && c != '\v':
			size++
		case c < ' ':
			size += len(`\u0000`) - 1
		}
	}
	return size
}
