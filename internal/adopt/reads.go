package adopt

import (
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// writers are the actions whose value may be read at a place. nil stands for a value from before the flow.
type writers map[*flowlang.Action]bool

// cleared stands for no value at all, since a function failed.
var cleared = &flowlang.Action{}

// others are the writers beside one action, in the flow's order.
func (w writers) others(a *flowlang.Action) []*flowlang.Action {
	var list []*flowlang.Action
	for other := range maps.Keys(w) {
		if other != nil && other != cleared && other != a {
			list = append(list, other)
		}
	}
	slices.SortFunc(list, func(a, b *flowlang.Action) int { return a.Index - b.Index })
	return list
}

// reaching computes for each action that a contact can reach whose value it finds there (reaching definitions). writes
// says who has written once an action was left by a branch, and whether that replaces what was there.
func reaching(f *flowlang.Flow, writes func(*flowlang.Action, *flowlang.Branch) (*flowlang.Action, bool),
) map[*flowlang.Action]writers {
	found := map[*flowlang.Action]writers{}
	if f.Start == nil {
		return found
	}
	found[f.Start] = writers{nil: true}
	for work := []*flowlang.Action{f.Start}; len(work) > 0; {
		a := work[0]
		work = work[1:]
		for _, b := range a.Out() {
			after := found[a]
			if writer, replaces := writes(a, b); replaces {
				after = writers{writer: true}
			}
			before := len(found[b.To])
			if found[b.To] == nil {
				found[b.To] = writers{}
			}
			maps.Copy(found[b.To], after)
			if len(found[b.To]) > before {
				work = append(work, b.To)
			}
		}
	}
	return found
}

// replies are whose reply each action reads. After an error there is none.
func replies(f *flowlang.Flow) map[*flowlang.Action]writers {
	return reaching(f, func(a *flowlang.Action, b *flowlang.Branch) (*flowlang.Action, bool) {
		switch {
		case !a.Has(flowlang.FillsReply):
			return nil, false
		case b.Kind == flowlang.Failure:
			return cleared, true
		}
		return a, true
	})
}

// moduleResults are of which module each action reads the result, once a block is a module, too.
func moduleResults(f *flowlang.Flow, block *flowlang.Action) map[*flowlang.Action]writers {
	return reaching(f, func(a *flowlang.Action, _ *flowlang.Branch) (*flowlang.Action, bool) {
		return a, a == block || a.Type == flowlang.InvokeFlowModule
	})
}

// isReply reports whether a reference is to the latest function's reply, and which steps of it are its prefix.
func isReply(path []string) (prefix int, ok bool) {
	switch {
	case path[0] == "External":
		return 1, true
	case len(path) > 1 && path[0] == "LambdaInvocation" && path[1] == "ResultData":
		return 2, true
	}
	return 0, false
}

func isModuleResult(path []string) bool {
	return len(path) > 1 && path[0] == "Modules" && (path[1] == "Result" || path[1] == "ResultData")
}

// eachRead calls visit with every reference in what an action reads: its parameters, and the operands of its
// conditions.
func eachRead(a *flowlang.Action, visit func(n *source.Node, path []string)) {
	each := func(n *source.Node) {
		for _, path := range flowlang.References(n.Text) {
			visit(n, path)
		}
	}
	a.Parameters.EachText(each)
	for _, b := range a.Branches {
		for _, operand := range b.Operands {
			operand.EachText(each)
		}
	}
}

// Keys are the keys that the flow reads of the reply of one Lambda block, in the order of the actions, each once, as
// steps. Those that only the async function has are left out.
func Keys(f *flowlang.Flow, block *flowlang.Action) [][]string {
	var keys [][]string
	from := replies(f)
	for _, a := range f.Actions {
		if !from[a][block] {
			continue
		}
		eachRead(a, func(_ *source.Node, path []string) {
			prefix, ok := isReply(path)
			key := path[min(prefix, len(path)):]
			if ok && len(key) > 0 && async.LongName(key[0]) != key[0] &&
				!slices.ContainsFunc(keys, func(k []string) bool { return slices.Equal(k, key) }) {
				keys = append(keys, key)
			}
		})
	}
	return keys
}
