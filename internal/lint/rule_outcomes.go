package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleOutcomes = Rule{
	ID: "outcomes-not-told-apart", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "FAILURE is treated as one thing.",
	Why:      "FAILURE also stands for a round that gave up while the work still runs (GaveUp) and for a result that is too large (ResultNotDeliverable). Callers are told that something failed which will succeed, or has.",
	Remedy:   "Behind FAILURE compare $.External.sfn_error: GaveUp may be followed with count DONE, ResultNotDeliverable means that the work is done.",
	Evidence: "docs/contract.md; recorded cases of the original (L3, L10, L13).",
	Check: func(p *Pass) {
		if len(p.Flow.protocol.checks) == 0 {
			return
		}
		behind := p.Flow.behindChecks()
		for _, a := range p.Flow.OfType(flowlang.Compare) {
			b := a.Result("FAILURE")
			if b == nil || b.To == nil || !compares(a, async.KeyResult) || !contains(behind, a) {
				continue
			}
			way := p.Flow.Walk([]*flowlang.Action{b.To}, func(a *flowlang.Action) bool { return !fillsReply(a) })
			if !slices.ContainsFunc(way, func(a *flowlang.Action) bool {
				return compares(a, async.KeyError) || compares(a, async.KeyExecutionStatus) || compares(a, async.KeyStatus)
			}) {
				p.on(a, b.Operands[0], "behind FAILURE nothing tells a round that gave up from work that failed")
			}
		}
	},
}

// behindChecks returns the actions that can come behind a check, with no other function in between.
func (f *Flow) behindChecks() []*flowlang.Action {
	var from []*flowlang.Action
	for _, check := range f.protocol.checks {
		from = append(from, check.After()...)
	}
	return f.Walk(from, func(a *flowlang.Action) bool { return !fillsReply(a) })
}
