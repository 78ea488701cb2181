package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleNextAction = Rule{
	ID: "next-action", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action that goes on has no NextAction.",
	Why:      "Connect refuses the flow: every action but those that end the flow needs one, also where conditions decide.",
	Remedy:   "Add NextAction. Where conditions decide, the console writes the target of NoMatchingCondition there; for Loop, that of DoneLooping.",
	Evidence: "Observed at the service: \"Action is missing required property\"; exports: 32 of 32 Loop, 109 of 110 Compare.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil || a.spec.terminal || a.spec.mayStop || a.success() != nil {
				continue
			}
			if n := a.node.Get("Transitions").Get("NextAction"); n != nil && n.Kind != source.Null && n.Kind != source.String {
				continue // malformed
			}
			f := p.on(a, a.transitions(), "there is no NextAction")
			if a.spec.leaves { // exports without it exist
				f.Severity = weaker(f.Severity, source.Warning)
			}
		}
	},
}
