package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoggedInput = Rule{
	ID: "logged-input", Group: GroupData, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "Flow logging is on while a caller types something that is stored.",
	Why:      "What is typed, and the attributes that are made of it, can be read in CloudWatch by whoever may read logs.",
	Remedy:   "Switch logging off (UpdateFlowLoggingBehavior Disabled) before the input, and on again after it was used.",
	Evidence: "Admin guide, best practices: disable logging around sensitive input.",
	Check: func(p *Pass) {
		var from []*Action
		for _, a := range p.Flow.labels["UpdateFlowLoggingBehavior"] {
			if p.Flow.reached[a.index] && a.text("FlowLoggingBehavior") == "Enabled" {
				from = append(from, after(a)...)
			}
		}
		logged := p.Flow.walk(from, func(a *Action) bool { return a.text("FlowLoggingBehavior") != "Disabled" })
		for _, a := range logged {
			if a.Type == "GetParticipantInput" && a.is("StoreInput") && a.param("EnableDTMFBuffer") == nil && a.param("InputEncryption") == nil {
				p.on(a, a.node.Get("Type"), "logging is on while the caller types")
			}
		}
	},
}
