package source

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Kind is the kind of a JSON value.
type Kind int

// The kinds of a Node.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

// String names the kind as an error message would: "a string", "an object".
func (k Kind) String() string { return kindNames[k] }

// Node is one value of a document and its place. Nodes are never written to after parsing, so they
// may be shared. A nil *Node is a value that is absent: every method accepts it.
type Node struct {
	Kind    Kind
	Pos     Pos
	Text    string   // String: the text; Number: the literal as written; Bool: "true" or "false"
	Members []Member // Object: in the document's order
	Items   []*Node  // Array
}

// Member is one key of an object, the place of the key, and its value.
type Member struct {
	Key   string
	Pos   Pos
	Value *Node
}

// Get returns the value of an object's key, nil when n is not an object or has no such key. When a key is written
// twice, the last one counts, as for every JSON reader in this field.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Key == key {
			return n.Members[i].Value
		}
	}
	return nil
}

// Is reports whether n is present and of kind k.
func (n *Node) Is(k Kind) bool { return n != nil && n.Kind == k }

// Str returns the text of a string node, and "" for anything else.
func (n *Node) Str() string {
	if n.Is(String) {
		return n.Text
	}
	return ""
}

// Place returns the place of n, the zero Pos when it is absent.
func (n *Node) Place() Pos {
	if n == nil {
		return Pos{}
	}
	return n.Pos
}

// Value returns the node as encoding/json would decode it with UseNumber: nil, bool, json.Number, string, []any or
// map[string]any. The value is new at every call.
func (n *Node) Value() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case Array:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case Object:
		object := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			object[m.Key] = m.Value.Value()
		}
		return object
	}
	return nil
}

// MarshalJSON writes the value as JSON, with the keys in the document's order and numbers as they were written.
func (n *Node) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes(), nil
}

func (n *Node) write(b *bytes.Buffer) {
	if n == nil {
		b.WriteString("null")
		return
	}
	switch n.Kind {
	case Null:
		b.WriteString("null")
	case Bool, Number:
		b.WriteString(n.Text)
	case String:
		writeString(b, n.Text)
	case Array:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, m := range n.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, m.Key)
			b.WriteByte(':')
			m.Value.write(b)
		}
		b.WriteByte('}')
	}
}

func writeString(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes, into a buffer that always accepts
	b.Truncate(b.Len() - 1)
}

// ReplaceStrings returns the document with each string value that is a key of replace replaced by what it maps to.
// Keys of objects stay as they are. Nodes that do not change are shared with the original.
func (n *Node) ReplaceStrings(replace map[string]string) *Node {
	if n == nil || len(replace) == 0 {
		return n
	}
	copied := *n
	switch n.Kind {
	case String:
		if text, ok := replace[n.Text]; ok {
			copied.Text = text
			return &copied
		}
		return n
	case Array:
		copied.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			copied.Items[i] = item.ReplaceStrings(replace)
		}
	case Object:
		copied.Members = make([]Member, len(n.Members))
		for i, m := range n.Members {
			m.Value = m.Value.ReplaceStrings(replace)
			copied.Members[i] = m
		}
	default:
		return n
	}
	return &copied
}

// Scalar returns the text of a string, number or boolean as it is written, and "" for anything else.
func (n *Node) Scalar() string {
	if n == nil || n.Kind == Object || n.Kind == Array {
		return ""
	}
	return n.Text
}

// Elements returns the items of an array, none for anything else.
func (n *Node) Elements() []*Node {
	if n.Is(Array) {
		return n.Items
	}
	return nil
}

// Entries returns the members of an object, none for anything else.
func (n *Node) Entries() []Member {
	if n.Is(Object) {
		return n.Members
	}
	return nil
}

// AnyText reports whether the node, or one below it, is a string for which is reports true.
func (n *Node) AnyText(is func(*Node) bool) bool {
	return n.Is(String) && is(n) ||
		slices.ContainsFunc(n.Elements(), func(item *Node) bool { return item.AnyText(is) }) ||
		slices.ContainsFunc(n.Entries(), func(m Member) bool { return m.Value.AnyText(is) })
}

// EachText calls visit for the node and each node below it that is a string, in the document's order.
func (n *Node) EachText(visit func(*Node)) {
	if n.Is(String) {
		visit(n)
	}
	for _, item := range n.Elements() {
		item.EachText(visit)
	}
	for _, m := range n.Entries() {
		m.Value.EachText(visit)
	}
}
