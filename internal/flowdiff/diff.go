package flowdiff

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Diff is how a flow differs from an older one.
type Diff struct {
	// Changes are of the flow itself, then of its actions in the order of the new flow, then the actions that are gone.
	Changes []Change `json:"changes"`
	// Renamed are the actions that have another identifier, in the order of the new flow.
	Renamed []Renamed `json:"renamed"`
	// Moved are the identifiers of the actions that the designer shows elsewhere, in the order of the new flow.
	Moved []string `json:"moved"`

	before, after *flowlang.Flow
}

// Same reports whether the flows do the same in actions of the same identifiers. Blocks may have moved.
func (d Diff) Same() bool { return len(d.Changes) == 0 && len(d.Renamed) == 0 }

// Change is one difference.
type Change struct {
	Kind   Kind   `json:"kind"`
	Action string `json:"action,omitempty"` // identifier in the new flow, or in the old one when it is gone
	Type   string `json:"type,omitempty"`   // of the action
	// Part is the name of a branch, or the path of a value in the action or in the flow's document.
	Part string `json:"part,omitempty"`
	// Old and New are what is different: where a branch leads, a value, or a whole action. What is new has no Old, what
	// is gone no New.
	Old *source.Node `json:"old,omitempty"`
	New *source.Node `json:"new,omitempty"`
	// Pos is the place in the new file, or in the old one of what is gone.
	source.Pos
}

// Kind is the kind of a change.
type Kind string

// The kinds of changes.
const (
	Added      Kind = "added"      // an action
	Removed    Kind = "removed"    // an action
	TypeOf     Kind = "type"       // an action is of another type
	Value      Kind = "value"      // a value of an action, such as a parameter
	Branch     Kind = "branch"     // a branch leads elsewhere, is new or is gone
	Conditions Kind = "conditions" // the conditions of an action are compared in another order
	Start      Kind = "start"      // the flow starts elsewhere
	Flow       Kind = "flow"       // a value of the flow's document
	FlowType   Kind = "flow-type"  // the type of the flow
)

// Renamed is an action that has another identifier.
type Renamed struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Compare returns how a flow differs from an older one.
func Compare(before, after *flowlang.Flow) Diff {
	c := &comparison{pairs: match(before, after), was: laidOut(before), is: laidOut(after),
		diff: Diff{before: before, after: after, Changes: []Change{}, Renamed: []Renamed{}, Moved: []string{}}}
	c.flow()
	for _, a := range after.Actions {
		old := c.pairs.old[a]
		if old == nil {
			c.add(Change{Kind: Added, New: a.Node, Pos: a.Node.Pos}.of(a))
			continue
		}
		c.action(old, a)
	}
	for _, a := range before.Actions {
		if c.pairs.new[a] == nil {
			c.add(Change{Kind: Removed, Old: a.Node, Pos: a.Node.Pos}.of(a))
		}
	}
	return c.diff
}

// of says which action a change is about.
func (c Change) of(a *flowlang.Action) Change {
	c.Action, c.Type = a.Identifier, a.Type
	return c
}

// comparison is a comparison under way.
type comparison struct {
	pairs   pairs
	was, is map[string]*source.Node // what is laid out for each action
	diff    Diff
}

func (c *comparison) add(change Change) { c.diff.Changes = append(c.diff.Changes, change) }
