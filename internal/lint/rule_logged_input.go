package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoggedInput = Rule{
	ID: "logged-input", Group: GroupData, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Flow logging is on while the caller enters a secret that is stored.",
	Why: "Everyone who may read the logs in CloudWatch can see what the caller entered, and the attributes made " +
		"from it.",
	Remedy: "Switch logging off (UpdateFlowLoggingBehavior Disabled) before the input, and on again after it has " +
		"been used.",
	Evidence: "Admin guide, best practices: disable logging around sensitive input.",
	Check: func(p *Pass) {
		var from []*flowlang.Action
		for _, a := range p.Flow.OfType(flowlang.UpdateFlowLoggingBehavior) {
			if p.Flow.Reaches(a) && a.Text("FlowLoggingBehavior") == "Enabled" {
				from = append(from, a.After()...)
			}
		}
		logged := p.Flow.Walk(from, func(a *flowlang.Action) bool {
			behavior := a.Text("FlowLoggingBehavior")
			return behavior != "Disabled" && !flowlang.FilledIn(behavior) && !flowlang.FilledIn(a.Type)
		})
		for _, a := range logged {
			if storesInOpen(a) && isSecret(a) {
				p.on(a, a.Node.Get("Type"), "logging is on while the caller enters this")
			}
		}
	},
}
