package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleTerminal = Rule{
	ID: "terminal-action", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "An action that ends the flow has branches.",
	Why: "They are never taken, so the caller never hears what comes after them. Connect expects empty " +
		"Transitions for these actions.",
	Remedy:   `Write "Transitions": {}, and move whatever should happen to a place before this action.`,
	Evidence: "Developer guide, pages of the actions; exports: all 298 terminal actions have {}.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.Kind != nil && a.Kind.Terminal && len(a.Branches) > 0 {
				p.on(a, a.Branches[0].Node, "the flow ends here, so no branch is ever taken")
			}
		}
	},
}
