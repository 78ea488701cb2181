package edit

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/connect-async/connect-async/internal/source"
)

// Text is a JSON document whose values can be changed.
type Text struct {
	json    []byte
	values  map[*source.Node]*value
	byPlace map[source.Pos]*source.Node
	root    *value
	changes []Change
}

// Change replaces a part of a document: the bytes From up to To.
type Change struct {
	From, To int
	Text     string
}

// value is where a value is in the document.
type value struct {
	span
	node     *source.Node
	key      span // of the member that it is the value of
	in       *value
	index    int // in the value that it is in
	children []*value
}

type span struct{ from, to int }

// errOther means that a document was not read from the text.
var errOther = errors.New("the text is not that of the document")

// Of returns the text of a document. doc is what was read from it: its values name those of the text.
func Of(json []byte, doc *source.Node) (*Text, error) {
	t := &Text{json: json, values: map[*source.Node]*value{}, byPlace: map[source.Pos]*source.Node{}}
	r := &reader{Text: t, tokens: jsontext.NewDecoder(bytes.NewReader(json), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true))}
	var err error
	t.root, err = r.value(doc)
	return t, err
}

// reader finds where the values of a document are.
type reader struct {
	*Text
	tokens *jsontext.Decoder
}

func (r *reader) value(n *source.Node) (*value, error) {
	v := &value{node: n}
	_, taken := r.byPlace[n.Pos]
	r.values[n], r.byPlace[n.Pos] = v, n
	if taken {
		r.byPlace[n.Pos] = nil // which of them a finding is about cannot be said
	}
	kind := r.tokens.PeekKind()
	if isOpen := kind == '{' || kind == '['; isOpen != (n.Kind == source.Object || n.Kind == source.Array) {
		return nil, errOther
	}
	switch n.Kind {
	case source.Object:
		return v, r.object(v, n)
	case source.Array:
		return v, r.array(v, n)
	}
	var err error
	v.span, err = r.whole()
	return v, err
}

// whole reads a text, number, boolean or null.
func (r *reader) whole() (span, error) {
	raw, err := r.tokens.ReadValue()
	at := int(r.tokens.InputOffset())
	return span{from: at - len(raw), to: at}, err
}

// bracket reads one that opens or closes, and returns the offset after it.
func (r *reader) bracket() (int, error) {
	_, err := r.tokens.ReadToken()
	return int(r.tokens.InputOffset()), err
}

func (r *reader) object(v *value, n *source.Node) error {
	at, err := r.bracket()
	v.from = at - 1
	for _, m := range n.Members {
		if err != nil {
			return err
		}
		key, fault := r.whole()
		if fault != nil {
			return fault
		}
		err = r.child(v, m.Value, key)
	}
	if err == nil {
		v.to, err = r.closing(jsontext.KindEndObject)
	}
	return err
}

func (r *reader) array(v *value, n *source.Node) error {
	at, err := r.bracket()
	v.from = at - 1
	for _, item := range n.Items {
		if err != nil {
			return err
		}
		err = r.child(v, item, span{})
	}
	if err == nil {
		v.to, err = r.closing(jsontext.KindEndArray)
	}
	return err
}

func (r *reader) child(in *value, n *source.Node, key span) error {
	v, err := r.value(n)
	if err != nil {
		return err
	}
	v.in, v.index, v.key = in, len(in.children), key
	in.children = append(in.children, v)
	return nil
}

func (r *reader) closing(kind jsontext.Kind) (int, error) {
	if r.tokens.PeekKind() != kind {
		return 0, errOther
	}
	return r.bracket()
}

// begin is where a value begins, with its key.
func (v *value) begin() int {
	if v.key.to > 0 {
		return v.key.from
	}
	return v.from
}

// At returns the value that a finding is about, nil when there is none at the place.
func (t *Text) At(place source.Pos) *source.Node { return t.byPlace[place] }

// Parent returns the object or array that a value is in, nil for the document itself.
func (t *Text) Parent(n *source.Node) *source.Node {
	if in := t.values[n].in; in != nil {
		return in.node
	}
	return nil
}

// Key returns the key of an object that a value is under: its own, or that of the array it is in.
func (t *Text) Key(n *source.Node) string {
	for v := t.values[n]; v.in != nil; v = v.in {
		if members := v.in.node.Members; len(members) > 0 {
			return members[v.index].Key
		}
	}
	return ""
}

// Changes returns what was changed, in the order of the document.
func (t *Text) Changes() []Change {
	list := slices.Clone(t.changes)
	slices.SortStableFunc(list, func(a, b Change) int { return cmp.Compare(a.From, b.From) })
	return list
}

func (t *Text) change(from, to int, text string) {
	t.changes = append(t.changes, Change{From: from, To: to, Text: text})
}

// Set replaces a value by a text.
func (t *Text) Set(n *source.Node, text string) {
	v := t.values[n]
	t.change(v.from, v.to, quote(text))
}

// Put replaces a value, which is part of an object or array, by another one of any kind.
func (t *Text) Put(n *source.Node, with any) {
	v := t.values[n]
	f, _ := t.formOf(v.in)
	var b strings.Builder
	f.value(&b, with)
	t.change(v.from, v.to, b.String())
}

// Rename replaces the key of an object's value.
func (t *Text) Rename(n *source.Node, key string) {
	v := t.values[n]
	t.change(v.key.from, v.key.to, quote(key))
}

// Remove takes a value out of the object or array that it is in.
func (t *Text) Remove(n *source.Node) {
	v := t.values[n]
	siblings := v.in.children
	switch {
	case v.index > 0:
		t.change(siblings[v.index-1].to, v.to, "")
	case len(siblings) > 1:
		t.change(v.begin(), siblings[1].begin(), "")
	default:
		t.change(v.in.from+1, v.in.to-1, "")
	}
}

// Add adds members to an object, after those that it has.
func (t *Text) Add(object *source.Node, members ...Member) {
	parts := make([]part, len(members))
	for i, m := range members {
		parts[i] = part{key: m.Key, value: m.Value}
	}
	t.insert(t.values[object], parts)
}

// Append adds items to an array, after those that it has.
func (t *Text) Append(array *source.Node, items ...any) {
	parts := make([]part, len(items))
	for i, item := range items {
		parts[i] = part{isItem: true, value: item}
	}
	t.insert(t.values[array], parts)
}

// Clear takes everything out of an object or array.
func (t *Text) Clear(n *source.Node) {
	v := t.values[n]
	t.change(v.from+1, v.to-1, "")
}
