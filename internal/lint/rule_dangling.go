package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleDangling = Rule{
	ID: "dangling-branch", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A branch leads to an action that does not exist.",
	Why:      "Connect refuses the flow.",
	Remedy:   "Write the Identifier of an action of this flow, or add the missing action.",
	Evidence: "Observed at the service: \"Invalid Action property value. Path: Actions[5].Transitions.Errors[0].NextAction\".",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			for _, b := range a.branches {
				if b.target.Str() != "" && b.to == nil {
					p.on(a, b.target, "the branch %s leads to %q, which does not exist", b.name, b.target.Text)
				}
			}
		}
	},
}
