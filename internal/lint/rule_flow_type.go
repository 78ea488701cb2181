package lint

import (
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleFlowType = Rule{
	ID: "flow-type", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action stands in a flow of a type in which Connect does not allow it.",
	Why:      "Connect refuses it, or the action takes its error branch at the call. What was observed to be refused is an error, what only the documentation says is a warning.",
	Remedy:   "Move the action to a flow of another type; give the flow its right type in connect-async.yaml or in Metadata.type.",
	Evidence: "Developer guide, pages of the actions; DisconnectParticipant in hold and whisper flows, CompleteOutboundCall in inbound flows: observed at the service.",
	Check: func(p *Pass) {
		bit := flowTypeBits[p.Flow.Type]
		for _, a := range p.Flow.Actions {
			if !p.Flow.TypeGiven || a.spec == nil || a.Type == "Wait" {
				continue
			}
			n := a.node.Get("Type")
			switch {
			case a.spec.refused&bit != 0:
				p.on(a, n, "Connect refuses this action in a flow of type %s", p.Flow.Type)
			case a.spec.types != 0 && a.spec.types&bit == 0:
				f := p.on(a, n, "AWS does not document this action for a flow of type %s", p.Flow.Type)
				f.Severity = weaker(f.Severity, source.Warning)
			case a.Type == "EndFlowExecution" && p.Flow.Type == flow.ContactFlow:
				f := p.on(a, n, "in an inbound flow this disconnects the caller")
				f.Severity = weaker(f.Severity, source.Info)
				f.Remedy = "Write DisconnectParticipant if that is meant."
			}
		}
	},
}
