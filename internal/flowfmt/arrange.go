package flowfmt

import (
	"cmp"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// actionMetadata is the key of what is laid out for each action.
const actionMetadata = "ActionMetadata"

// The orders of keys are those of the documentation and of exports. Other keys follow, sorted.
var (
	documentKeys   = []string{"Version", "StartAction", "Metadata", "Actions", "Settings"}
	actionKeys     = []string{"Identifier", "Type", "Parameters", "Transitions"}
	transitionKeys = []string{"NextAction", "Errors", "Conditions"}
	branchKeys     = []string{"NextAction", "ErrorType", "Condition"}
	conditionKeys  = []string{"Operator", "Operands"}
	metadataKeys   = []string{
		"entryPointPosition", "snapToGrid", actionMetadata, "Annotations", "name", "description", "type", "status",
		"hash",
	}
)

// arrange returns the flow's document in canonical order.
func arrange(f *flowlang.Flow) *source.Node {
	actions := walk(f)
	return ordered(f.Doc, documentKeys, func(key string, value *source.Node) *source.Node {
		switch {
		case value != f.Doc.Get(key): // written twice, and this is not the one that counts
			return value
		case key == "Actions":
			return arrangeActions(value, actions)
		case key == "Metadata":
			return arrangeMetadata(value, actions)
		}
		return value
	})
}

// ordered returns an object with its keys in an order, the others after them, and each value arranged. A key that is
// there twice stays so: the last one counts. Anything but an object is returned as it is.
func ordered(n *source.Node, order []string, arranged func(string, *source.Node) *source.Node) *source.Node {
	if !n.Is(source.Object) {
		return n
	}
	rank := make(map[string]int, len(order))
	for i, key := range slices.Backward(order) {
		rank[key] = i - len(order) // below 0, where the other keys are
	}
	copied := *n
	copied.Members = slices.Clone(n.Members)
	slices.SortStableFunc(copied.Members, func(a, b source.Member) int {
		return cmp.Or(cmp.Compare(rank[a.Key], rank[b.Key]), cmp.Compare(a.Key, b.Key))
	})
	for i, m := range copied.Members {
		copied.Members[i].Value = arranged(m.Key, m.Value)
	}
	return &copied
}

func asItIs(_ string, value *source.Node) *source.Node { return value }

// walk returns the actions in the order in which a contact gets to them when everything succeeds, then what it gets to
// otherwise, then those that it never gets to.
func walk(f *flowlang.Flow) []*flowlang.Action {
	var order []*flowlang.Action
	seen := make([]bool, len(f.Actions))
	visit := func(root *flowlang.Action) {
		for stack := []*flowlang.Action{root}; len(stack) > 0; {
			a := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if a == nil || seen[a.Index] {
				continue
			}
			seen[a.Index] = true
			order = append(order, a)
			for _, b := range slices.Backward(branches(a)) {
				stack = append(stack, b.To)
			}
		}
	}
	visit(f.Start)
	for _, a := range f.Actions {
		visit(a)
	}
	return order
}

// branches returns the branches of an action in the order in which they are written.
func branches(a *flowlang.Action) []*flowlang.Branch {
	list := a.Drawn() // errors come last
	first := slices.IndexFunc(list, func(b *flowlang.Branch) bool { return b.Kind == flowlang.Failure })
	if first >= 0 {
		slices.SortStableFunc(list[first:], func(a, b *flowlang.Branch) int { return cmp.Compare(a.Name, b.Name) })
	}
	return list
}

// arrangeActions puts the actions in order. Whatever else is in the list comes last.
func arrangeActions(list *source.Node, actions []*flowlang.Action) *source.Node {
	if !list.Is(source.Array) {
		return list
	}
	copied := *list
	copied.Items = nil
	for _, a := range actions {
		copied.Items = append(copied.Items, arrangeAction(a.Node))
	}
	for _, item := range list.Items {
		if !item.Is(source.Object) {
			copied.Items = append(copied.Items, item)
		}
	}
	return &copied
}

func arrangeAction(action *source.Node) *source.Node {
	return ordered(action, actionKeys, func(key string, value *source.Node) *source.Node {
		switch key {
		case "Parameters":
			return ordered(value, nil, asItIs) // what is in them may be keys that the author chose
		case "Transitions":
			return ordered(value, transitionKeys, arrangeBranches)
		}
		return value
	})
}

// arrangeBranches sorts errors, and leaves conditions in their order.
func arrangeBranches(key string, list *source.Node) *source.Node {
	if key != "Errors" && key != "Conditions" || !list.Is(source.Array) {
		return list
	}
	copied := *list
	copied.Items = make([]*source.Node, len(list.Items))
	for i, item := range list.Items {
		copied.Items[i] = ordered(item, branchKeys, func(key string, value *source.Node) *source.Node {
			if key == "Condition" {
				return ordered(value, conditionKeys, asItIs)
			}
			return value
		})
	}
	if key == "Errors" {
		slices.SortStableFunc(copied.Items, func(a, b *source.Node) int {
			return cmp.Compare(a.Get("ErrorType").Scalar(), b.Get("ErrorType").Scalar())
		})
	}
	return &copied
}

// arrangeMetadata puts what is laid out for each action in the order of the actions.
func arrangeMetadata(metadata *source.Node, actions []*flowlang.Action) *source.Node {
	identifiers := make([]string, len(actions))
	for i, a := range actions {
		identifiers[i] = a.Identifier
	}
	return ordered(metadata, metadataKeys, func(key string, value *source.Node) *source.Node {
		if key == actionMetadata {
			return ordered(value, identifiers, func(_ string, n *source.Node) *source.Node { return sorted(n) })
		}
		return sorted(value)
	})
}

// sorted returns a value with the keys of all objects in it sorted.
func sorted(n *source.Node) *source.Node {
	if n.Is(source.Array) {
		copied := *n
		copied.Items = make([]*source.Node, len(n.Items))
		for i, item := range n.Items {
			copied.Items[i] = sorted(item)
		}
		return &copied
	}
	return ordered(n, nil, func(_ string, value *source.Node) *source.Node { return sorted(value) })
}
