package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePauseAsComfort = Rule{
	ID: "pause-as-comfort", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Between two calls of a function the caller hears nothing but an SSML pause.",
	Why: "A pause is dead air: after a few seconds callers ask whether anyone is there, or hang up. On chat it " +
		"does not even wait.",
	Remedy: "Play a short music clip or a sentence between the checks, and vary it.",
	Evidence: "The original system's sample flow: 3.25 s of silence before each comfort message, up to 38 s when " +
		"checks fail.",
	Check: func(p *Pass) {
		between := func(a *flowlang.Action) bool { return p.Flow.speaks(a) || listens(a) }
		for _, loop := range p.Flow.Loops((*flowlang.Action).Usual, mayBe(between)) {
			if !slices.ContainsFunc(loop, isSynchronous) || !p.Flow.Reaches(loop[0]) {
				continue
			}
			for _, a := range loop {
				if p.Flow.pauses[a] {
					p.on(a, a.Param("SSML"), "between two calls of a function the caller hears only this pause")
				}
			}
		}
	},
}
