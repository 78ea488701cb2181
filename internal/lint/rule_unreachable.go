package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleUnreachable = Rule{
	ID: "unreachable", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "No branch leads to an action.",
	Why:     "The caller never hears what it was meant to say. Often a branch is connected to the wrong action.",
	Remedy:  "Connect the action, or remove it.",
	Evidence: "A contact begins at StartAction and follows branches. NextAction does not count beside " +
		"NoMatchingCondition or a branch for every result.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if p.Flow.Start != nil && !p.Flow.Reaches(a) {
				p.on(a, a.Node.Get("Identifier"), "no branch leads here")
			}
		}
	},
}
