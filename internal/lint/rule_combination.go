package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleCombination = Rule{
	ID: "parameter-combination", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "Parameters that exclude each other stand together, or a part of a parameter is not as Connect wants it.",
	Why:      "Connect refuses the flow.",
	Remedy:   "Keep one of the parameters.",
	Evidence: "Observed at the service: \"Invalid Action property value. Path: Actions[0].Parameters\", \"More than 6 tags\"; developer guide, pages of the actions.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil || a.spec.combine == nil {
				continue
			}
			a.spec.combine(a, func(n *source.Node, message, remedy string) *Finding {
				f := p.on(a, n, "%s", message)
				f.Remedy = remedy
				return f
			})
		}
	},
}
