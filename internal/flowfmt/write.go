package flowfmt

import (
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

const (
	maxColumns = 100 // up to which an object or array stays on one line
	indent     = "  "
)

// place is where a value is in the document.
type place struct {
	depth  int
	part   string // the key of the document that it is below, or ActionMetadata
	column int    // where it begins in its line
}

// partDepth is how deep the objects and arrays of a part of the document are always broken into lines, so that each
// parameter and branch, and the layout of each action, has its own.
var partDepth = map[string]int{"Actions": 4, "Metadata": 1, actionMetadata: 2}

// writer writes JSON.
type writer struct{ b []byte }

func (w *writer) text(s string) { w.b = append(w.b, s...) }

// node writes a value: on one line where it fits, broken into lines where it does not or where lines are wanted.
func (w *writer) node(n *source.Node, at place) {
	isEmpty := len(n.Items)+len(n.Members) == 0
	wanted := at.depth <= partDepth[at.part]
	if isEmpty || !wanted && fits(n, maxColumns-at.column-len(",")) {
		w.text(flat(n))
		return
	}
	if n.Kind == source.Array {
		w.lines("[", "]", at, len(n.Items), func(i int, below place) {
			w.node(n.Items[i], below)
		})
		return
	}
	w.lines("{", "}", at, len(n.Members), func(i int, below place) {
		m := n.Members[i]
		key := quoted(m.Key) + ": "
		w.text(key)
		if at.depth == 0 || m.Key == actionMetadata {
			below.part = m.Key
		}
		below.column += utf8.RuneCountInString(key)
		w.node(m.Value, below)
	})
}

// lines writes what is in an object or array, each on its own line.
func (w *writer) lines(open, closing string, at place, count int, write func(i int, below place)) {
	below := place{depth: at.depth + 1, part: at.part, column: len(indent) * (at.depth + 1)}
	for i := range count {
		w.text(open + "\n" + strings.Repeat(indent, below.depth))
		write(i, below)
		open = ","
	}
	w.text("\n" + strings.Repeat(indent, at.depth) + closing)
}

// fits reports whether a value has so many columns on one line.
func fits(n *source.Node, columns int) bool { return left(n, columns) >= 0 }

// left is how many of some columns a value leaves on one line, less than 0 as soon as they are used up.
func left(n *source.Node, columns int) int {
	if n.Kind != source.Array && n.Kind != source.Object {
		return columns - utf8.RuneCountInString(flat(n))
	}
	columns -= len("[]") + len(", ")*max(len(n.Items)+len(n.Members)-1, 0)
	for i := 0; i < len(n.Items) && columns >= 0; i++ {
		columns = left(n.Items[i], columns)
	}
	for i := 0; i < len(n.Members) && columns >= 0; i++ {
		m := n.Members[i]
		columns = left(m.Value, columns-utf8.RuneCountInString(quoted(m.Key)+": "))
	}
	return columns
}

// flat is a value on one line.
func flat(n *source.Node) string {
	parts := make([]string, 0, len(n.Items)+len(n.Members))
	switch n.Kind {
	case source.Array:
		for _, item := range n.Items {
			parts = append(parts, flat(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case source.Object:
		for _, m := range n.Members {
			parts = append(parts, quoted(m.Key)+": "+flat(m.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	text, _ := n.MarshalJSON() // of a scalar never fails
	return string(text)
}

func quoted(s string) string { return flat(&source.Node{Kind: source.String, Text: s}) }
