package lint

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleComfort = Rule{
	ID: "comfort", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "count_comfort and the use of comfort do not fit each other.",
	Why:      "The comfort message is never played, and the caller waits in silence.",
	Remedy:   "Compare $.External.comfort behind each check, and let count_comfort be smaller than the number of checks.",
	Evidence: "docs/contract.md: comfort is true on every call whose number count_comfort divides; 10 when it is not given.",
	Check: func(p *Pass) {
		compared := p.Flow.has(func(a *flowlang.Action) bool { return compares(a, async.KeyComfort) })
		for _, a := range p.Flow.protocol.checks {
			n := a.Input(async.ParamCountComfort)
			every, most := wholeOf(n, async.DefaultCountComfort), wholeOf(a.Input(async.ParamCountMax), async.DefaultCountMax)
			if _, checks := p.Flow.rounds(a); checks > 0 {
				most = min(most, checks)
			}
			switch {
			case n != nil && !compared:
				p.on(a, n, "count_comfort is given, but nothing compares $.External.comfort")
			case compared && every > most:
				p.on(a, firstOf(n, a.Param("LambdaInvocationAttributes")), "comfort comes with check %d, but there are at most %d", every, most)
			}
		}
	},
}

// firstOf returns the first value that is there.
func firstOf(nodes ...*source.Node) *source.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}
