package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleCountRestarted = Rule{
	ID: "count-restarted", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The flow discards the count of the start, although it counts comfort messages.",
	Why: "The start is call 1. Without its count the flow and the function count differently: comfort and the " +
		"last check come one call later than the numbers say.",
	Remedy: "Save $.External.count of the start instead of 0, and give the start the same count_max and " +
		"count_comfort as the checks.",
	Evidence: `The original system's sample flow (F6): it writes "0" over the count that the trigger replied, and ` +
		`the trigger passes no count_max.`,
	Check: func(p *Pass) {
		for _, check := range p.Flow.protocol.checks {
			if input(check, async.ParamCountComfort) == nil {
				continue
			}
			_, saved := p.Flow.carried(input(check, async.ParamCount))
			for _, start := range p.Flow.protocol.starts {
				p.countRestarted(start, saved)
			}
		}
	},
}

// countRestarted reports a literal count that is saved after a start, before any check.
func (p *Pass) countRestarted(start *flowlang.Action, saved []assignment) {
	way := p.Flow.Walk(start.After(), func(a *flowlang.Action) bool { return !p.Flow.protocol.isCheck(a) })
	for _, s := range saved {
		if slices.Contains(way, s.action) && !flowlang.IsReference(s.value.Str()) &&
			!flowlang.FilledIn(s.value.Scalar()) {
			p.on(s.action, s.value, "the count that %q replied is replaced by %s", start.Identifier, s.value.Text)
		}
	}
}
