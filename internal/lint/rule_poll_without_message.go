package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePollWithoutMessage = Rule{
	ID: "poll-without-message", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A function is called again and again with nothing between the calls.",
	Why: "The caller hears nothing, the calls follow each other without a pause, and after " + chainLimit + " of " +
		"functions in a row Connect takes the error branch.",
	Remedy:   "Play a message or music between the calls, or let the function hold the check open (hold_seconds).",
	Evidence: "Admin guide, Lambda functions: " + chainLimit + " for a sequence of functions, which a prompt restarts.",
	Check: func(p *Pass) {
		between := func(a *flowlang.Action) bool { return p.Flow.speaks(a) || listens(a) || p.Flow.pauses[a] }
		for _, loop := range p.Flow.Loops((*flowlang.Action).Usual, mayBe(between)) {
			i := slices.IndexFunc(loop, isSynchronous)
			if i >= 0 && p.Flow.Reaches(loop[i]) {
				p.on(loop[i], loop[i].Node.Get("Type"), "it is called again and again with nothing said in between")
			}
		}
	},
}
