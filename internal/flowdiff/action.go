package flowdiff

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// action compares two actions that are a pair.
func (c *comparison) action(before, after *flowlang.Action) {
	if before.Identifier != after.Identifier {
		c.diff.Renamed = append(c.diff.Renamed, Renamed{Old: before.Identifier, New: after.Identifier})
	}
	if before.Type != after.Type {
		c.add(Change{Kind: TypeOf, Old: before.Node.Get("Type"), New: after.Node.Get("Type"),
			Pos: after.Node.Get("Type").Place()}.of(after))
	}
	values := c.valuesOf(after)
	parameters := func(n *source.Node) *source.Node { return orEmpty(n.Get("Parameters")) }
	compareValues("", parameters(before.Node), parameters(after.Node), values)
	compareValues("", without(before.Node, "Identifier", "Type", "Parameters", "Transitions"),
		without(after.Node, "Identifier", "Type", "Parameters", "Transitions"), values)
	compareValues("Transitions", without(before.Node.Get("Transitions"), "NextAction", "Errors", "Conditions"),
		without(after.Node.Get("Transitions"), "NextAction", "Errors", "Conditions"), values)
	c.branches(before, after)
	c.place(before, after)
}

// valuesOf returns what notes that a value of an action differs.
func (c *comparison) valuesOf(after *flowlang.Action) func(path string, old, new *source.Node, at source.Pos) {
	return func(path string, old, new *source.Node, at source.Pos) {
		c.add(Change{Kind: Value, Part: path, Old: old, New: new, Pos: at}.of(after))
	}
}

// branches compares what the branches of two actions are for, and where they lead.
func (c *comparison) branches(before, after *flowlang.Action) {
	old, new := branchesOf(before), branchesOf(after)
	for key, b := range new.all() {
		was := old.byKey[key]
		if was == nil {
			c.add(Change{Kind: Branch, Part: b.Name, New: target(b), Pos: b.Node.Pos}.of(after))
		} else if !c.leadsTheSame(was, b) {
			c.add(Change{Kind: Branch, Part: b.Name, Old: target(was), New: target(b), Pos: b.Node.Pos}.of(after))
		}
		if was != nil {
			compareValues(b.Name, without(was.Node, "NextAction"), without(b.Node, "NextAction"), c.valuesOf(after))
		}
	}
	for key, b := range old.all() {
		if new.byKey[key] == nil {
			c.add(Change{Kind: Branch, Part: b.Name, Old: target(b), Pos: b.Node.Pos}.of(after))
		}
	}
	c.untaken(before, after)
	if was, is := old.conditions(new), new.conditions(old); !slices.Equal(was, is) {
		c.add(Change{Kind: Conditions, Old: list(was), New: list(is), Pos: after.Node.Pos}.of(after))
	}
}

// untaken compares NextActions that are copies of another branch. Of which branch makes no difference, but without one
// that leads to an action Connect refuses the flow.
func (c *comparison) untaken(before, after *flowlang.Action) {
	was, is := before.Success(), after.Success()
	switch {
	case was == nil && is == nil, was != nil && was.Taken, is != nil && is.Taken:
	case was == nil:
		c.add(Change{Kind: Branch, Part: is.Name, New: target(is), Pos: is.Node.Pos}.of(after))
	case is == nil:
		c.add(Change{Kind: Branch, Part: was.Name, Old: target(was), Pos: was.Node.Pos}.of(after))
	case (was.To == nil || is.To == nil) && !c.leadsTheSame(was, is):
		c.add(Change{Kind: Branch, Part: is.Name, Old: target(was), New: target(is), Pos: is.Node.Pos}.of(after))
	}
}

// target is where a branch leads: the empty text when it does not say.
func target(b *flowlang.Branch) *source.Node { return cmp.Or(b.Target, text("")) }

// leadsTheSame reports whether two branches lead to a pair of actions, or to the same text that is not an action.
func (c *comparison) leadsTheSame(before, after *flowlang.Branch) bool {
	if before.To == nil || after.To == nil {
		return before.To == after.To && before.Target.Scalar() == after.Target.Scalar()
	}
	return c.pairs.new[before.To] == after.To
}

// branches are the branches of an action by what they are for.
type branches struct {
	keys  []string
	byKey map[string]*flowlang.Branch
}

// branchesOf returns the branches that the designer draws. Of several for the same, the first is the first in the other
// flow, too.
func branchesOf(a *flowlang.Action) branches {
	list := branches{byKey: map[string]*flowlang.Branch{}}
	for _, b := range a.Drawn() {
		key := strconv.Itoa(int(b.Kind)) + b.Name
		for list.byKey[key] != nil {
			key += "\x00"
		}
		list.keys, list.byKey[key] = append(list.keys, key), b
	}
	return list
}

func (l branches) all() iter.Seq2[string, *flowlang.Branch] {
	return func(yield func(string, *flowlang.Branch) bool) {
		for _, key := range l.keys {
			if !yield(key, l.byKey[key]) {
				return
			}
		}
	}
}

// conditions are the names of the conditions that others have, too, in their order.
func (l branches) conditions(others branches) (names []string) {
	for key, b := range l.all() {
		if b.Kind == flowlang.Condition && others.byKey[key] != nil {
			names = append(names, b.Name)
		}
	}
	return names
}

func list(names []string) *source.Node {
	n := &source.Node{Kind: source.Array}
	for _, name := range names {
		n.Items = append(n.Items, &source.Node{Kind: source.String, Text: name})
	}
	return n
}

// laidOut is what a flow keeps for the designer, by the identifier of the action.
func laidOut(f *flowlang.Flow) map[string]*source.Node {
	return members(f.Doc.Get("Metadata").Get("ActionMetadata"))
}

// place notes an action that the designer shows elsewhere. What else is kept for the designer has no effect.
func (c *comparison) place(before, after *flowlang.Action) {
	if !equal(c.was[before.Identifier].Get("position"), c.is[after.Identifier].Get("position")) {
		c.diff.Moved = append(c.diff.Moved, after.Identifier)
	}
}
