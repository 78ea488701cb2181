package template

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// assembly is the JSON text of a document, put together from stretches of the file and from references, which are
// kept as texts.
type assembly struct {
	out      excerpt
	inString bool // whether the text so far ends within a JSON string
	escaped  bool // and there, after a backslash
	depth    int  // of the objects and arrays that are open
}

// bytes appends bytes that all are at one place of the file.
func (a *assembly) bytes(text string, at int) {
	for i := range len(text) {
		a.byte(text[i], at)
	}
}

func (a *assembly) byte(c byte, at int) {
	a.out.text = append(a.out.text, c)
	a.out.offsets = append(a.out.offsets, int32(at))
	switch {
	case a.escaped:
		a.escaped = false
	case a.inString && c == '\\':
		a.escaped = true
	case c == '"':
		a.inString = !a.inString
	case a.inString:
	case c == '{' || c == '[':
		a.depth++
	case c == '}' || c == ']':
		a.depth--
	}
}

// literal appends a stretch as it is.
func (a *assembly) literal(e excerpt) {
	for i, c := range e.text {
		a.byte(c, e.at(i))
	}
}

// reference appends what only the deployment knows: within a JSON string as a part of it, elsewhere as a string.
func (a *assembly) reference(text string, at int) {
	quoted := quote(text)
	if a.inString {
		quoted = quoted[1 : len(quoted)-1]
	}
	a.bytes(quoted, at)
}

// substituted appends a text with references such as ${Name}. Those that are not within a JSON string become one. In
// the text of Fn::Sub, ${!x} stands for the text ${x}.
func (a *assembly) substituted(e excerpt, sub bool) {
	for i := 0; i < len(e.text); i++ {
		if !bytes.HasPrefix(e.text[i:], []byte("${")) || a.escaped {
			a.byte(e.text[i], e.at(i))
			continue
		}
		if sub && bytes.HasPrefix(e.text[i:], []byte("${!")) {
			a.bytes("${", e.at(i))
			i += len("${!") - 1
			continue
		}
		end := bytes.IndexAny(e.text[i+2:], "}\n")
		if a.inString || end < 0 || e.text[i+2+end] != '}' {
			a.byte(e.text[i], e.at(i))
			continue
		}
		size := len("${") + end + len("}")
		a.reference(string(e.text[i:i+size]), e.at(i))
		i += size - 1
	}
}

// node appends a value as JSON; at tells where in the file a place of it is.
func (a *assembly) node(n *source.Node, at func(source.Pos) int) {
	switch n.Kind {
	case source.Array:
		a.bytes("[", at(n.Pos))
		for i, item := range n.Items {
			a.comma(i, at(item.Pos))
			a.node(item, at)
		}
		a.bytes("]", at(n.Pos))
	case source.Object:
		a.bytes("{", at(n.Pos))
		for i, m := range n.Members {
			a.comma(i, at(m.Pos))
			a.bytes(quote(m.Key)+":", at(m.Pos))
			a.node(m.Value, at)
		}
		a.bytes("}", at(n.Pos))
	default:
		text, _ := n.MarshalJSON() // never fails
		a.bytes(string(text), at(n.Pos))
	}
}

func (a *assembly) comma(i, at int) {
	if i > 0 {
		a.bytes(",", at)
	}
}

// quote writes a text as a JSON string.
func quote(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
