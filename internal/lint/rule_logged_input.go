package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoggedInput = Rule{
	ID: "logged-input", Group: GroupData, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "Flow logging is on while a caller types something that is stored.",
	Why:      "What is typed, and the attributes that are made of it, can be read in CloudWatch by whoever may read logs.",
	Remedy:   "Switch logging off (UpdateFlowLoggingBehavior Disabled) before the input, and on again after it was used.",
	Evidence: "Admin guide, best practices: disable logging around sensitive input.",
	Check: func(p *Pass) {
		var from []*flowlang.Action
		for _, a := range p.Flow.OfType(flowlang.UpdateFlowLoggingBehavior) {
			if p.Flow.Reaches(a) && a.Text("FlowLoggingBehavior") == "Enabled" {
				from = append(from, a.After()...)
			}
		}
		logged := p.Flow.Walk(from, func(a *flowlang.Action) bool { return a.Text("FlowLoggingBehavior") != "Disabled" })
		for _, a := range logged {
			if a.Type == flowlang.GetParticipantInput && a.Is("StoreInput") && a.Param("EnableDTMFBuffer") == nil && a.Param("InputEncryption") == nil {
				p.on(a, a.Node.Get("Type"), "logging is on while the caller types")
			}
		}
	},
}
