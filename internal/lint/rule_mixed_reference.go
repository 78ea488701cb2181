package lint

import (
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleMixedReference = Rule{
	ID: "mixed-reference", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An id or ARN is put together from text and a reference.",
	Why:      "Connect takes ids and ARNs wholly static or wholly from one reference; at the call the action fails.",
	Remedy:   "Put the whole id or ARN into an attribute, for example by a Lambda function, and refer to that.",
	Evidence: "Developer guide, Actions.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil {
				continue
			}
			for _, want := range a.spec.params {
				n := a.param(want.name)
				if want.whole && len(flow.References(n.Str())) > 0 && !flow.IsReference(n.Str()) && n.Str()[0] != '{' {
					p.on(a, n, "%s mixes text and reference: %q", want.name, n.Str())
				}
			}
		}
	},
}
