package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleOutcomes = Rule{
	ID: "outcomes-not-told-apart", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The flow treats every FAILURE alike.",
	Why: "FAILURE also means that the checks ended while the work is still running (GaveUp), or that the result " +
		"is too large (ResultNotDeliverable). Callers are told of a failure, although the work will succeed or " +
		"already has.",
	Remedy: "After FAILURE say $.External.sfn_say, or compare $.External.sfn_error: with GaveUp the flow may go on " +
		"checking with count DONE; ResultNotDeliverable means that the work is done.",
	Evidence: "docs/contract.md; recorded cases of the original system (L3, L10, L13).",
	Check: func(p *Pass) {
		if len(p.Flow.protocol.checks) == 0 {
			return
		}
		behind := p.Flow.behindChecks()
		for _, a := range p.Flow.OfType(flowlang.Compare) {
			b := a.Result(async.ResultFailure)
			if b == nil || b.To == nil || !compares(a, async.KeyResult) || !slices.Contains(behind, a) {
				continue
			}
			way := p.Flow.untilReply(b.To)
			toldApart := func(a *flowlang.Action) bool {
				return mayCompare(a, async.KeyError, async.KeyExecutionStatus, async.KeyStatus) || passesOn(a) ||
					p.Flow.isOpen(a)
			}
			if !slices.ContainsFunc(way, toldApart) {
				p.on(a, b.Operands[0], "after FAILURE nothing distinguishes checks that gave up from work that failed")
			}
		}
	},
}

// behindChecks returns the actions that can follow a check, with no other function in between.
func (f *Flow) behindChecks() []*flowlang.Action {
	var from []*flowlang.Action
	for _, check := range f.protocol.checks {
		from = append(from, check.After()...)
	}
	return f.Walk(from, func(a *flowlang.Action) bool { return !mayBe(fillsReply)(a) })
}

// passesOn reports whether an action says what the reply says, or returns it from a module.
func passesOn(a *flowlang.Action) bool {
	return a.Parameters.AnyText(func(n *source.Node) bool { return isReply(n, async.KeySay) })
}
