package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleEndlessLoop = Rule{
	ID: "endless-loop", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Actions lead to each other in a loop that has no way out.",
	Why: "The caller can only hang up. Connect stops a contact after a certain number of actions, which it does " +
		"not publish.",
	Remedy:   "Add a way out, such as a Loop whose DoneLooping leads to a message and DisconnectParticipant.",
	Evidence: `Admin guide, best practices: no endless loops; "execution limit reached" in flow logs.`,
	Check: func(p *Pass) {
		for _, loop := range p.Flow.cycles {
			leaves := func(a *flowlang.Action) bool { return p.Flow.LeadsAnywhere(a) || leavesLoop(a, loop) }
			if p.Flow.Reaches(loop[0]) && !slices.ContainsFunc(loop, leaves) {
				p.on(loop[0], loop[0].Node.Get("Identifier"), "%d actions form a loop, and no branch leads out of it",
					len(loop))
			}
		}
	},
}

// leavesLoop reports whether a contact can leave a loop at this action, or be taken out of it by an agent.
func leavesLoop(a *flowlang.Action, loop []*flowlang.Action) bool {
	if a.Ends() || a.Has(flowlang.AwaitsAgent) || flowlang.FilledIn(a.Type) {
		return true
	}
	return slices.ContainsFunc(a.Out(), func(b *flowlang.Branch) bool { return !slices.Contains(loop, b.To) })
}
