package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deep the values of a text may nest (our own limit: 256 KiB of "[" must not exhaust a stack).
const MaxDepth = 1000

var (
	errMoreText = errors.New("there is more text after the end of the JSON value")
	errDepth    = fmt.Errorf("the values are nested more than %d deep", MaxDepth)
)

// Decode reads one JSON value. Bytes that are not UTF-8 become U+FFFD.
func Decode(text []byte) (any, error) { return decode(text, lenient) }

// DecodeStrict reads one JSON value, in which no object has two members of the same name.
func DecodeStrict(text []byte) (any, error) { return decode(text, strict) }

func decode(text []byte, options []jsontext.Options) (any, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	d.text = *bytes.NewBuffer(text)
	d.tokens.Reset(&d.text, options...)
	value, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.tokens.ReadToken(); err != io.EOF {
		return nil, errMoreText
	}
	return value, nil
}

// lenient are the options that make the decoder take what Step Functions takes.
var (
	lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	strict  = []jsontext.Options{jsontext.AllowInvalidUTF8(true)}
)

// decoder reads values. What the objects and arrays that are open have so far stands on two stacks, so that each
// object and array is allocated once, in its size.
type decoder struct {
	text    bytes.Buffer
	tokens  *jsontext.Decoder
	members []Member
	items   []any
}

var decoders = sync.Pool{New: func() any { return &decoder{tokens: new(jsontext.Decoder)} }}

// keep is the size of the stacks up to which a decoder is used again.
const keep = 1 << 10

func (d *decoder) release() {
	if cap(d.members) > keep || cap(d.items) > keep {
		return
	}
	clear(d.members[:cap(d.members)])
	clear(d.items[:cap(d.items)])
	d.text, d.members, d.items = bytes.Buffer{}, d.members[:0], d.items[:0]
	decoders.Put(d)
}

func (d *decoder) value(depth int) (any, error) {
	token, err := d.tokens.ReadToken()
	if err != nil {
		return nil, fault(err)
	}
	switch token.Kind() {
	case 'n':
		return nil, nil
	case 't':
		return true, nil
	case 'f':
		return false, nil
	case '0':
		return json.Number(token.String()), nil
	case '"':
		return token.String(), nil
	case '{':
		return d.object(depth + 1)
	}
	return d.array(depth + 1)
}

func (d *decoder) object(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, errDepth
	}
	start := len(d.members)
	for {
		token, err := d.tokens.ReadToken()
		if err != nil {
			return nil, fault(err)
		}
		if token.Kind() == '}' {
			break
		}
		name := token.String()
		value, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		d.members = append(d.members, Member{name, value})
	}
	members := make([]Member, len(d.members)-start)
	copy(members, d.members[start:])
	d.members = d.members[:start]
	return NewObject(members...), nil
}

func (d *decoder) array(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, errDepth
	}
	start := len(d.items)
	for d.tokens.PeekKind() != ']' {
		item, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		d.items = append(d.items, item)
	}
	if _, err := d.tokens.ReadToken(); err != nil {
		return nil, fault(err)
	}
	items := make([]any, len(d.items)-start)
	copy(items, d.items[start:])
	d.items = d.items[:start]
	return items, nil
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
