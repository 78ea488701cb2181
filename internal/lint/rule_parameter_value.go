package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleParameterValue = Rule{
	ID: "parameter-value", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A parameter has a value that Connect refuses.",
	Why:      "Connect refuses the flow, or the action takes its error branch at every call.",
	Remedy:   "Correct the value.",
	Evidence: "Developer guide, pages of the actions; values that differ from the pages: observed at the service.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil {
				continue
			}
			for _, want := range a.spec.params {
				n := a.param(want.name)
				if n == nil || n.Is(source.String) && n.Text == "" {
					continue // empty-value reports it
				}
				if problem := want.check(n); problem != "" {
					p.on(a, n, "%s %s", want.name, problem)
				}
			}
		}
	},
}
