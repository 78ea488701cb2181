package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleConditionsNotAllowed = Rule{
	ID: "conditions-not-allowed", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action has conditions although it has no result.",
	Why:      "Connect refuses the flow. A Lambda function's reply, for one, is compared in an action of its own.",
	Remedy:   "Remove the conditions, and compare in a Compare action behind this one.",
	Evidence: "Observed at the service: \"Action does not support conditions\".",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			conditions := a.node.Get("Transitions").Get("Conditions")
			if a.spec != nil && !a.spec.conditions && !a.spec.terminal && len(items(conditions)) > 0 {
				p.on(a, conditions, "this action has no result, so that it cannot have conditions")
			}
		}
	},
}
