package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStartFailureIgnored = Rule{
	ID: "start-failure-ignored", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "After a start that failed, the flow continues with checks.",
	Why: "There is nothing to check. The caller listens to all the comfort messages, only to hear that it takes " +
		"too long.",
	Remedy: "Connect the start's error branch to another attempt, or to a message that it did not work.",
	Evidence: "The original system's sample flow (F3): after a failed trigger, 5.7 s of messages and 6.7 s of " +
		"silence, then the message that it takes too long.",
	Check: func(p *Pass) {
		protocol := p.Flow.protocol
		for _, a := range protocol.starts {
			failed := a.Failed(flowlang.NoMatchingError)
			if failed == nil || failed.To == nil {
				continue
			}
			unguarded := func(a *flowlang.Action) bool { return !protocol.mayStart(a) && !guards(a) }
			way := p.Flow.Walk([]*flowlang.Action{failed.To}, unguarded)
			if slices.ContainsFunc(way, protocol.isCheck) {
				p.on(a, failed.Target, "its error branch leads to a check, although nothing was started")
			}
		}
	},
	Fix: Fixer{
		Does: "It leads the error branch to a spoken ending when it leads where success does, or straight to the " +
			"check.",
		mend: func(m *mending, f Finding) {
			a := m.action(f)
			if a == nil {
				return
			}
			failed := a.Failed(flowlang.NoMatchingError)
			if m.Flow.joins(a, failed, m.Flow.protocol.isCheck) {
				m.redirect(a, failed, m.ending(a))
			}
		},
	},
}

// joins reports whether a branch leads where the action's success does, or straight to such an action: nothing is said
// or decided on the way.
func (f *Flow) joins(a *flowlang.Action, b *flowlang.Branch, is func(*flowlang.Action) bool) bool {
	if success := a.Success(); success != nil && success.To == b.To {
		return true
	}
	to := b.To
	for range f.Actions {
		if to == nil || is(to) {
			break
		}
		ways := to.Usual()
		if len(ways) != 1 || f.speaks(to) || listens(to) || to.Has(flowlang.Invokes) {
			return false
		}
		to = ways[0].To
	}
	return to != nil && is(to)
}

// guards reports whether an action decides by an attribute, as far as that is known. If the flow has set it, what
// follows may know better.
func guards(a *flowlang.Action) bool {
	switch {
	case flowlang.FilledIn(a.Type), flowlang.FilledIn(a.Text("ComparisonValue")):
		return true
	case a.Type != flowlang.Compare:
		return false
	}
	path := flowlang.References(a.Text("ComparisonValue"))
	return len(path) == 1 && (path[0][0] == "FlowAttributes" || path[0][0] == "Attributes")
}
