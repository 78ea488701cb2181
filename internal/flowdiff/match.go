package flowdiff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// pairs say which action of one flow is which of the other.
type pairs struct {
	old, new map[*flowlang.Action]*flowlang.Action
	content  map[*flowlang.Action]string
}

// match finds the pairs: those with one identifier and type; then those that are the only ones with their parameters,
// and those that the same branch of a pair leads to, the surer ones first; last those with one identifier whose type
// has changed.
func match(before, after *flowlang.Flow) pairs {
	p := pairs{old: map[*flowlang.Action]*flowlang.Action{}, new: map[*flowlang.Action]*flowlang.Action{},
		content: map[*flowlang.Action]string{}}
	for _, a := range slices.Concat(before.Actions, after.Actions) {
		p.content[a] = content(a)
	}
	p.byIdentifier(before, after, func(a, b *flowlang.Action) bool { return a.Type == b.Type })
	sameContent := func(a, b *flowlang.Action) bool { return p.content[a] == p.content[b] }
	sameType := func(a, b *flowlang.Action) bool { return a.Type == b.Type }
	for p.unique(before, after) || p.alongBranches(before, after, sameContent) ||
		p.alongBranches(before, after, sameType) {
	}
	p.byIdentifier(before, after, func(_, _ *flowlang.Action) bool { return true })
	return p
}

// content is the type of an action with its parameters, whatever the order of their keys.
func content(a *flowlang.Action) string {
	var b strings.Builder
	b.WriteString(a.Type)
	writeSorted(&b, a.Parameters)
	return b.String()
}

func writeSorted(b *strings.Builder, n *source.Node) {
	switch {
	case n.Is(source.Array):
		for _, item := range n.Items {
			b.WriteByte('[')
			writeSorted(b, item)
		}
		b.WriteByte(']')
	case n.Is(source.Object):
		members := slices.SortedStableFunc(slices.Values(n.Members), func(a, b source.Member) int {
			return strings.Compare(a.Key, b.Key)
		})
		for _, m := range members {
			b.WriteString("{" + strconv.Quote(m.Key))
			writeSorted(b, m.Value)
		}
		b.WriteByte('}')
	default:
		text, _ := n.MarshalJSON() // a scalar always can be written
		b.Write(text)
	}
}

// pair makes two actions a pair if neither has another yet.
func (p *pairs) pair(old, new *flowlang.Action) bool {
	if old == nil || new == nil || p.new[old] != nil || p.old[new] != nil {
		return false
	}
	p.new[old], p.old[new] = new, old
	return true
}

// byIdentifier pairs actions with one identifier that are alike. Of several with one, or with none, it pairs those that
// come first.
func (p *pairs) byIdentifier(before, after *flowlang.Flow, alike func(a, b *flowlang.Action) bool) {
	olds := map[string][]*flowlang.Action{}
	for _, a := range before.Actions {
		olds[a.Identifier] = append(olds[a.Identifier], a)
	}
	for _, b := range after.Actions {
		for _, a := range olds[b.Identifier] {
			if alike(a, b) && p.pair(a, b) {
				break
			}
		}
	}
}

// unique pairs actions that are the only ones without a pair that have their content. An action without parameters has
// nothing that tells it apart.
func (p *pairs) unique(before, after *flowlang.Flow) (found bool) {
	count := func(f *flowlang.Flow, paired map[*flowlang.Action]*flowlang.Action) map[string][]*flowlang.Action {
		list := map[string][]*flowlang.Action{}
		for _, a := range f.Actions {
			if paired[a] == nil && len(a.Parameters.Entries()) > 0 {
				list[p.content[a]] = append(list[p.content[a]], a)
			}
		}
		return list
	}
	olds, news := count(before, p.new), count(after, p.old)
	for _, a := range after.Actions {
		if old, new := olds[p.content[a]], news[p.content[a]]; len(old) == 1 && len(new) == 1 {
			found = p.pair(old[0], new[0]) || found
		}
	}
	return found
}

// alongBranches pairs the actions where the flows start, and those that the same branch of a pair leads to, if they are
// alike.
func (p *pairs) alongBranches(before, after *flowlang.Flow, alike func(a, b *flowlang.Action) bool) (found bool) {
	try := func(old, new *flowlang.Action) bool {
		return old != nil && new != nil && alike(old, new) && p.pair(old, new)
	}
	found = try(before.Start, after.Start)
	waiting := slices.DeleteFunc(slices.Clone(after.Actions), func(a *flowlang.Action) bool { return p.old[a] == nil })
	for len(waiting) > 0 {
		a := waiting[0]
		waiting = waiting[1:]
		old := branchesOf(p.old[a])
		for key, b := range branchesOf(a).all() {
			if from := old.byKey[key]; from != nil && try(from.To, b.To) {
				found = true
				waiting = append(waiting, b.To)
			}
		}
	}
	return found
}
