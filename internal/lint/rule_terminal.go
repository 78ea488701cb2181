package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleTerminal = Rule{
	ID: "terminal-action", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "An action that ends the flow has branches.",
	Why:      "They are never taken; what the caller was to hear there is not heard. Connect takes such actions with empty Transitions.",
	Remedy:   `Write "Transitions": {}, and put what shall happen before the action.`,
	Evidence: "Developer guide, pages of the actions; exports: all 298 terminal actions have {}.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.Kind != nil && a.Kind.Terminal && len(a.Branches) > 0 {
				p.on(a, a.Branches[0].Node, "the flow ends here, so that no branch is ever taken")
			}
		}
	},
}
