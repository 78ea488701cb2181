package flowdiff

import (
	"cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// flow compares what two flows are besides their actions.
func (c *comparison) flow() {
	values := func(path string, old, new *source.Node, at source.Pos) {
		c.add(Change{Kind: Flow, Part: path, Old: old, New: new, Pos: at})
	}
	if c.diff.before.TypeGiven && c.diff.after.TypeGiven && c.diff.before.Type != c.diff.after.Type {
		c.add(Change{Kind: FlowType, Old: text(string(c.diff.before.Type)), New: text(string(c.diff.after.Type))})
	}
	if was, is := c.diff.before.Name, c.diff.after.Name; was != is && was != "" && is != "" {
		values("name", text(was), text(is), c.diff.after.Doc.Get("Metadata").Get("name").Place())
	}
	c.start()
	rest := func(f *flowlang.Flow) *source.Node {
		return without(f.Doc, "StartAction", "Metadata", "Actions")
	}
	compareValues("", rest(c.diff.before), rest(c.diff.after), values)
	// The hash is of the flow's content, and status says whether it was saved or published.
	metadata := func(f *flowlang.Flow) *source.Node {
		return without(f.Doc.Get("Metadata"), "name", "type", "hash", "status", "ActionMetadata", "entryPointPosition",
			"snapToGrid")
	}
	compareValues("Metadata", metadata(c.diff.before), metadata(c.diff.after), values)
}

func (c *comparison) start() {
	was, is := c.diff.before.Doc.Get("StartAction"), c.diff.after.Doc.Get("StartAction")
	old, new := c.diff.before.Start, c.diff.after.Start
	same := old != nil && c.pairs.new[old] == new || old == nil && new == nil && was.Scalar() == is.Scalar()
	if !same {
		c.add(Change{Kind: Start, Old: cmp.Or(was, text("")), New: cmp.Or(is, text("")), Pos: is.Place()})
	}
}

func text(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }
