package template

import (
	"bytes"
	"errors"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// tree is an excerpt that was parsed as JSON or YAML. Its nodes have places in the excerpt.
type tree struct {
	*reader
	text  excerpt
	lines lines // of the excerpt
	root  *source.Node

	functions bool // whether it may have the functions of CloudFormation within documents, as YAML may
}

// tree parses an excerpt. The error is a Finding with a place in the file.
func (r *reader) tree(e excerpt, parse func(string, []byte) (*source.Node, error)) (*tree, error) {
	if trimmed := bytes.TrimPrefix(e.text, []byte("\xef\xbb\xbf")); len(trimmed) < len(e.text) {
		e = e.slice(len(e.text)-len(trimmed), len(e.text))
	}
	t := &tree{reader: r, text: e, lines: r.lines}
	if e.offsets != nil {
		t.lines = newLines(e.text)
	}
	var err error
	t.root, err = parse(r.doc.File, e.text)
	var f source.Finding
	if errors.As(err, &f) && f.Pos != (source.Pos{}) {
		f.Pos = t.place(f.Pos)
		err = f
	}
	return t, err
}

// at is the offset in the file of a place in the excerpt, place its place.
func (t *tree) at(p source.Pos) int           { return t.text.at(t.lines.offset(p)) }
func (t *tree) place(p source.Pos) source.Pos { return t.reader.lines.pos(t.at(p)) }

// moved returns a copy of a value with places in the file.
func (t *tree) moved(n *source.Node) *source.Node {
	if t.text.offsets == nil {
		return n
	}
	return move(n, t.place)
}

// move returns a copy of a value in which every place is moved.
func move(n *source.Node, place func(source.Pos) source.Pos) *source.Node {
	copied := *n
	copied.Pos = place(n.Pos)
	copied.Items = make([]*source.Node, len(n.Items))
	for i, item := range n.Items {
		copied.Items[i] = move(item, place)
	}
	copied.Members = make([]source.Member, len(n.Members))
	for i, m := range n.Members {
		copied.Members[i] = source.Member{Key: m.Key, Pos: place(m.Pos), Value: move(m.Value, place)}
	}
	return &copied
}

// document reads the whole tree of a file.
func (t *tree) document() {
	root := t.root
	switch {
	case isLegacy(root):
		t.add(owner{}, t.moved(root), characters(root))
		return
	case root.Get("planned_values") != nil: // a Terraform plan, which says everything more than once
		root = root.Get("planned_values")
	}
	t.visit(root, owner{})
}

// visit looks for documents in a value and below it. o is what is known of a document that the value is.
func (t *tree) visit(n *source.Node, o owner) {
	switch {
	case isDocument(n):
		if t.functions {
			n = t.resolved(n)
		} else {
			n = t.moved(n)
		}
		t.add(o, n, characters(n))
	case n.Is(source.String):
		t.textual(n, o)
	case functionOf(n) != "":
		t.content(n, o)
	case n.Is(source.Object):
		t.object(n, o)
	case n.Is(source.Array):
		for _, item := range n.Items {
			t.visit(item, o)
		}
	}
}

// textual looks for a document in a text, which need not hold one.
func (t *tree) textual(n *source.Node, o owner) {
	if !strings.HasPrefix(strings.TrimLeft(n.Text, " \t\r\n"), "{") {
		return
	}
	a := &assembly{}
	a.substituted(t.written(n), false)
	o.pos = t.place(n.Pos)
	t.assembled(a, o)
}

// object looks for documents in the members of an object, and for what it says about them.
func (t *tree) object(n *source.Node, o owner) {
	if t.resource(n, o.label) {
		return
	}
	for _, m := range n.Members {
		switch {
		case answers[m.Key] != "" && m.Value.Get("Content") != nil:
			declared := declaration{kind: answers[m.Key], content: []string{"Content"}, typ: "Type", name: "Name"}
			t.properties(declared, "", m.Value, m.Value)
		case o.label == "resource" && declarations[m.Key].kind != "": // Terraform in JSON
			t.terraformJSON(m.Key, m.Value)
		case contentKeys[m.Key]:
			t.visit(m.Value, t.besides(n))
		default:
			child := o
			child.label = m.Key
			t.visit(m.Value, child)
		}
	}
}

// written is the text of a string as the file has it. When it cannot be found there, as with an unusual escape, all
// of it is at the place of the string.
func (t *tree) written(n *source.Node) excerpt {
	start := t.lines.offset(n.Pos)
	e := excerpt{text: []byte(n.Text), offsets: make([]int32, len(n.Text))}
	raw, decode, skipped := literalAt(t.text.text[min(start, len(t.text.text)):])
	found, ok := align(n.Text, raw, decode)
	for i := range e.offsets {
		e.offsets[i] = int32(t.text.at(start))
		if ok {
			e.offsets[i] = int32(t.text.at(start + skipped + int(found[i])))
		}
	}
	return e
}

// literalAt is what follows the opening of a scalar of JSON or YAML, with its decoder and how long the opening is.
func literalAt(text []byte) (raw []byte, decode decoder, skipped int) {
	decode = unquoted
	if len(text) == 0 {
		return nil, decode, 0
	}
	switch text[0] {
	case '"':
		decode, skipped = doubleQuoted, 1
	case '\'':
		decode, skipped = singleQuoted, 1
	case '|', '>':
		skipped = bytes.IndexByte(text, '\n') + 1
	}
	return text[skipped:], decode, skipped
}
