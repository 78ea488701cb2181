package adopt

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/layout"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// open makes the text editable.
func (w *work) open() error {
	text, err := edit.Of(bytes.TrimPrefix(w.Text, byteOrderMark), w.Flow.Doc)
	if err != nil {
		return source.AsFinding(w.Flow.File, err)
	}
	w.edit = text
	return nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// edited is the text with what was changed.
func (w *work) edited() []byte {
	mark := len(w.Text) - len(bytes.TrimPrefix(w.Text, byteOrderMark))
	return edit.Apply(w.Text, w.edit.Changes(), func(at int) int { return mark + at }, false)
}

// replace puts an action in the place of the block, with its keys in the same order, and adds the others at the end.
func (w *work) replace(actions []style.Action) {
	var order []string
	for _, m := range append(w.Block.Node.Entries(), source.Member{Key: "Identifier"}, source.Member{Key: "Type"},
		source.Member{Key: "Parameters"}, source.Member{Key: "Transitions"}) {
		if !slices.Contains(order, m.Key) {
			order = append(order, m.Key)
		}
	}
	w.edit.Put(w.Block.Node, written(actions[0], order))
	if len(actions) == 1 {
		return
	}
	var added []any
	for _, a := range actions[1:] {
		added = append(added, written(a, order))
	}
	w.edit.Append(w.Flow.Doc.Get("Actions"), added...)
}

// written is an action as it is written, with its keys in an order.
func written(a style.Action, order []string) edit.Object {
	var o edit.Object
	for _, key := range order {
		switch key {
		case "Identifier":
			o = append(o, edit.Member{Key: key, Value: a.Identifier})
		case "Type":
			o = append(o, edit.Member{Key: key, Value: a.Type})
		case "Parameters":
			o = append(o, edit.Member{Key: key, Value: valueOf(a.Parameters)})
		case "Transitions":
			o = append(o, edit.Member{Key: key, Value: valueOf(a.Transitions)})
		}
	}
	return o
}

// valueOf is a value to be written.
func valueOf(n *source.Node) any {
	switch n.Kind {
	case source.Object:
		o := edit.Object{}
		for _, m := range n.Members {
			o = append(o, edit.Member{Key: m.Key, Value: valueOf(m.Value)})
		}
		return o
	case source.Array:
		list := edit.List{}
		for _, item := range n.Items {
			list = append(list, valueOf(item))
		}
		return list
	case source.String:
		return n.Text
	case source.Null:
		return json.Number("null")
	}
	return json.Number(n.Text) // a number or a boolean, as it is spelled
}

// place notes where the designer shows the new actions. Everything that has a place keeps it. A flow without places,
// which the designer lays out itself, gets none.
func (w *work) place(actions []style.Action) {
	entries := w.Flow.Doc.Get("Metadata").Get("ActionMetadata")
	own := entries.Get(w.Block.Identifier)
	if own == nil {
		return
	}
	kept := edit.Object{}
	for _, key := range []string{"position", "isFriendlyName"} {
		if n := own.Get(key); n != nil {
			kept = append(kept, edit.Member{Key: key, Value: valueOf(n)})
		}
	}
	w.edit.Put(own, kept)
	points, ok := places(w.Flow, w.Block, actions)
	if !ok || len(actions) == 1 {
		return
	}
	var added []edit.Member
	for i, a := range actions[1:] {
		added = append(added, edit.Member{Key: a.Identifier, Value: edit.Object{
			{Key: "position", Value: pointOf(points[i+1])}, {Key: "isFriendlyName", Value: true}}})
	}
	w.edit.Add(entries, added...)
}

func pointOf(p layout.Point) edit.Object {
	return edit.Object{{Key: "x", Value: p.X}, {Key: "y", Value: p.Y}}
}
