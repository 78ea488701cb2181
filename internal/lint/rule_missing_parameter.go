package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleMissingParameter = Rule{
	ID: "missing-parameter", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A parameter that Connect requires is missing.",
	Why:      "Connect refuses the flow.",
	Remedy:   "Add the parameter.",
	Evidence: "Observed at the service: \"Action is missing required property\"; developer guide, pages of the actions.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil {
				continue
			}
			for _, want := range a.spec.params {
				if a.param(want.name) != nil || !want.need && !want.want {
					continue
				}
				f := p.on(a, a.parameters(), "the required parameter %s is missing", want.name)
				if want.want {
					f.Severity = weaker(f.Severity, source.Warning)
				}
			}
		}
	},
}
