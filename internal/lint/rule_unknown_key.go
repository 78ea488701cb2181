package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnknownKey = Rule{
	ID: "unknown-key", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action, its transitions, or one of its branches has a key that the flow language does not have.",
	Why:      "Connect refuses the flow; a misspelled key also hides the value that was meant.",
	Remedy:   "Remove the key, or correct its name. What the designer draws stands under Metadata of the flow, not of an action.",
	Evidence: "Observed at the service: \"Invalid Action property name\"; Metadata on an action: third party.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			p.onlyKeys(a, a.node, "Identifier", "Type", "Parameters", "Transitions")
			transitions := a.node.Get("Transitions")
			p.onlyKeys(a, transitions, "NextAction", "Errors", "Conditions")
			for _, e := range items(transitions.Get("Errors")) {
				p.onlyKeys(a, e, "NextAction", "ErrorType")
			}
			for _, c := range items(transitions.Get("Conditions")) {
				p.onlyKeys(a, c, "NextAction", "Condition")
				p.onlyKeys(a, c.Get("Condition"), "Operator", "Operands")
			}
		}
	},
}

func (p *Pass) onlyKeys(a *Action, n *source.Node, known ...string) {
	for _, m := range members(n) {
		if !slices.Contains(known, m.Key) {
			p.on(a, m.Value, "there is no key %q here", m.Key)
		}
	}
}
