package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleEmptyValue = Rule{
	ID: "empty-value", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A parameter holds an empty text.",
	Why:      "Connect refuses the flow. Template files often hold \"\" where an ARN or id is to be filled in.",
	Remedy:   `Fill in the value, leave the key out, or write " ", which Connect accepts.`,
	Evidence: "Observed at the service: \"Invalid Action property value. Path: 0.Parameter\", \"Empty value in Parameters.Attributes\".",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			for _, m := range members(a.params) {
				texts(m.Value, func(n *source.Node) {
					if n.Text != "" {
						return
					}
					f := p.on(a, n, "%s holds an empty text", m.Key)
					if m.Key == "ViewData" { // data of the view, which Connect hands on
						f.Severity = weaker(f.Severity, source.Warning)
					}
				})
			}
		}
	},
}
