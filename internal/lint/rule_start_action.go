package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleStartAction = Rule{
	ID: "start-action", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "StartAction does not name an action of the flow.",
	Why:      "A call could not begin; Connect refuses the flow.",
	Remedy:   "Write the Identifier of the first action.",
	Evidence: "Developer guide, Amazon Connect Flow language.",
	Check: func(p *Pass) {
		n := p.Flow.doc.Get("StartAction")
		switch {
		case n == nil:
			p.onFlow(nil, "the flow has no StartAction")
		case n.Kind != source.String:
			p.onFlow(n, "StartAction must be a string, but is %s", n.Kind)
		case p.Flow.start == nil:
			p.onFlow(n, "StartAction names %q, which is no action of this flow", n.Text)
		}
	},
}
