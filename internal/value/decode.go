package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deep the values of a text may nest (our own limit: 256 KiB of "[" must not exhaust a stack).
const MaxDepth = 1000

var (
	errMoreText = errors.New("there is more text after the end of the JSON value")
	errDepth    = fmt.Errorf("the values are nested more than %d deep", MaxDepth)
)

// Decode reads one JSON value. Bytes that are not UTF-8 become U+FFFD.
func Decode(text []byte) (any, error) { return decode(text, false) }

// DecodeStrict reads one JSON value, in which no object has two members of the same name.
func DecodeStrict(text []byte) (any, error) { return decode(text, true) }

func decode(text []byte, strict bool) (any, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	d.text, d.at, d.strict = string(text), 0, strict
	if v, ok := d.value(0); ok && d.next() == end && d.at == len(d.text) {
		return v, nil
	}
	return nil, explain(text, strict)
}

// decoder reads values from a text that it expects to be right; explain finds out why a text is wrong. Reading tokens
// with jsontext took three times as long. What the objects and arrays that are open have so far stands on two stacks,
// so that each object and array is allocated once, in its size.
type decoder struct {
	text    string
	at      int // the byte that is read next
	strict  bool
	members []Member
	items   []any
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

const (
	// keep is the size of the stacks up to which a decoder is used again.
	keep = 1 << 10
	// shared is the size of a text up to which the strings of its value are parts of it. Those of a larger one are
	// copied, so that one of them does not keep the whole text in memory.
	shared = 4 << 10
	// end is what peek and next return at the end of the text. Where they are used a NUL is wrong, too.
	end = 0
)

func (d *decoder) release() {
	if cap(d.members) > keep || cap(d.items) > keep {
		return
	}
	clear(d.members[:cap(d.members)])
	clear(d.items[:cap(d.items)])
	d.text, d.members, d.items = "", d.members[:0], d.items[:0]
	decoders.Put(d)
}

// peek returns the next byte.
func (d *decoder) peek() byte {
	if d.at < len(d.text) {
		return d.text[d.at]
	}
	return end
}

// next skips blanks and returns the byte after them, which is read next.
func (d *decoder) next() byte {
	for d.at < len(d.text) {
		switch c := d.text[d.at]; c {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return c
		}
	}
	return end
}

// value reads a value that is depth deep. ok is false where the text is wrong.
func (d *decoder) value(depth int) (v any, ok bool) {
	switch d.next() {
	case '{':
		return d.object(depth + 1)
	case '[':
		return d.array(depth + 1)
	case '"':
		return d.string()
	case 'n':
		return nil, d.word("null")
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	}
	return d.number()
}

func (d *decoder) word(word string) (ok bool) {
	ok = strings.HasPrefix(d.text[d.at:], word)
	d.at += len(word)
	return ok
}

func (d *decoder) object(depth int) (v any, ok bool) {
	if depth > MaxDepth {
		return nil, false
	}
	start := len(d.members)
	d.at++
	for more := d.next() != '}'; more; more = d.more() {
		if d.next() != '"' {
			return nil, false
		}
		name, ok := d.string()
		if !ok || d.next() != ':' {
			return nil, false
		}
		d.at++
		member, ok := d.value(depth)
		if !ok {
			return nil, false
		}
		d.members = append(d.members, Member{Name: name, Value: member})
	}
	members := make([]Member, len(d.members)-start)
	copy(members, d.members[start:])
	d.members = d.members[:start]
	object := NewObject(members...)
	return object, d.closes('}') && (!d.strict || object.Len() == len(members))
}

func (d *decoder) array(depth int) (v any, ok bool) {
	if depth > MaxDepth {
		return nil, false
	}
	start := len(d.items)
	d.at++
	for more := d.next() != ']'; more; more = d.more() {
		item, ok := d.value(depth)
		if !ok {
			return nil, false
		}
		d.items = append(d.items, item)
	}
	items := make([]any, len(d.items)-start)
	copy(items, d.items[start:])
	d.items = d.items[:start]
	return items, d.closes(']')
}

// more reads the comma before another member or item.
func (d *decoder) more() bool {
	if d.next() != ',' {
		return false
	}
	d.at++
	return true
}

// closes reads the end of an object or an array.
func (d *decoder) closes(bracket byte) bool {
	ok := d.next() == bracket
	d.at++
	return ok
}

// string reads a string, whose first quote is the next byte.
func (d *decoder) string() (s string, ok bool) {
	start := d.at
	plain := true
	for d.at++; d.peek() != '"'; d.at++ {
		switch c := d.peek(); {
		case c < ' ':
			return "", false
		case c == '\\':
			plain = false
			d.at++ // what follows, a quote too, belongs to the escape
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	d.at++
	if !plain {
		return unquote(d.text[start:d.at])
	}
	return d.part(start+1, d.at-1), true
}

// part is a part of the text, or a copy of it where the text is not shared.
func (d *decoder) part(from, to int) string {
	if len(d.text) > shared {
		return strings.Clone(d.text[from:to])
	}
	return d.text[from:to]
}

// unquote reads a string that may have escapes, or bytes that are not UTF-8.
func unquote(quoted string) (s string, ok bool) {
	token, err := jsontext.NewDecoder(strings.NewReader(quoted), lenient...).ReadToken()
	if err != nil {
		return "", false
	}
	return token.String(), true
}

// number reads a number.
func (d *decoder) number() (n json.Number, ok bool) {
	start := d.at
	if d.peek() == '-' {
		d.at++
	}
	ok = d.peek() == '0'
	if ok {
		d.at++
	} else {
		ok = d.digits()
	}
	if d.peek() == '.' {
		d.at++
		ok = d.digits() && ok
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.at++
		if c := d.peek(); c == '+' || c == '-' {
			d.at++
		}
		ok = d.digits() && ok
	}
	return json.Number(d.part(start, d.at)), ok
}

// digits reads digits, of which there must be one.
func (d *decoder) digits() bool {
	start := d.at
	for c := d.peek(); '0' <= c && c <= '9'; c = d.peek() {
		d.at++
	}
	return d.at > start
}

// lenient are the options that make jsontext take what Step Functions takes.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// explain says why a text is not one JSON value.
func explain(text []byte, strict bool) error {
	tokens := jsontext.NewDecoder(bytes.NewBuffer(text), append(lenient, jsontext.AllowDuplicateNames(!strict))...)
	for {
		if _, err := tokens.ReadToken(); err != nil {
			return fault(err)
		}
		if tokens.StackDepth() > MaxDepth {
			return errDepth
		}
		if tokens.StackDepth() == 0 {
			return errMoreText
		}
	}
}

// fault words an error of the decoder without its package's name.
func fault(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("unexpected end of the JSON text")
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("%w at byte %d", syntactic.Err, syntactic.ByteOffset+1)
	}
	return err
}
