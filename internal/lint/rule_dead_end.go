package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleDeadEnd = Rule{
	ID: "dead-end", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The flow stops at an action that does not end it.",
	Why: "The contact is dropped, or waits without a word. After an interrupt of iterated messages, for " +
		"example, the messages do not resume by themselves.",
	Remedy:   "Add the missing branch, and end every path with DisconnectParticipant, a transfer or EndFlowExecution.",
	Evidence: "Developer guide, pages of the actions; what a caller hears when a flow stops is not documented.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			switch {
			case !p.Flow.Reaches(a), a.IsMisnamed(): // what it misses depends on its right name
			case a.Kind == nil && len(a.Branches) == 0 && !flowlang.FilledIn(a.Type):
				p.on(a, a.TransitionsOrSelf(), "the flow stops here: there is no branch to take")
			case a.Param("InterruptFrequencySeconds") != nil && a.Result(flowlang.MessagesInterrupted) == nil &&
				a.Success() == nil && !a.HasFilledIn(flowlang.Condition):
				p.on(a, a.TransitionsOrSelf(), "the flow stops after the interrupt: there is no branch %s",
					flowlang.MessagesInterrupted)
			}
		}
	},
}
