package lint

import (
	"cmp"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleComfort = Rule{
	ID: "comfort", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "count_comfort or count_offer does not match how the flow uses the replies.",
	Why: "The comfort message is never played, and the caller waits in silence; or the caller is told to press a " +
		"key, and nothing listens.",
	Remedy: "Compare $.External.comfort after each check, and make count_comfort smaller than the number of checks. " +
		"With count_offer compare $.External.sfn_next with way_out, and ask what sfn_say says.",
	Evidence: "docs/contract.md: comfort is true on every call whose number is a multiple of count_comfort, 10 by " +
		"default; sfn_next.",
	Check: func(p *Pass) {
		compared := p.Flow.has(func(a *flowlang.Action) bool { return compares(a, async.KeyComfort) })
		follows := p.Flow.has(func(a *flowlang.Action) bool { return mayCompare(a, async.KeyNext) })
		mayBeCompared := follows || p.Flow.has(func(a *flowlang.Action) bool { return mayCompare(a, async.KeyComfort) })
		for _, a := range p.Flow.protocol.checks {
			if offer := input(a, async.ParamCountOffer); offer != nil && !follows {
				p.on(a, offer, "count_offer is given, but nothing compares $.External.sfn_next")
			}
			n := input(a, async.ParamCountComfort)
			every := wholeOf(n, async.DefaultCountComfort)
			most := wholeOf(input(a, async.ParamCountMax), async.DefaultCountMax)
			if _, checks := p.Flow.rounds(a); checks > 0 {
				most = min(most, checks)
			}
			switch {
			case isInputFilledIn(a, async.ParamCountComfort):
			case n != nil && !mayBeCompared:
				p.on(a, n, "count_comfort is given, but nothing compares $.External.comfort")
			case compared && every > most && !isInputFilledIn(a, async.ParamCountMax):
				p.on(a, cmp.Or(n, a.Param("LambdaInvocationAttributes")),
					"comfort comes with check %d, but there are at most %d", every, most)
			}
		}
	},
}
