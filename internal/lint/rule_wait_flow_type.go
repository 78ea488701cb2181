package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleWaitFlowType = Rule{
	ID: "wait-flow-type", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A Wait is in a type of flow in which it fails.",
	Why: "On voice, Wait works only in inbound flows, and only when the flow continues meanwhile or an event " +
		"ends it. Elsewhere it takes its error branch at once, and the caller does not get what the wait was " +
		"for.",
	Remedy: "Wait in an inbound flow; in other flows repeat the check of the async function, with a clip between " +
		"checks.",
	Evidence: "Admin guide, Wait; its pages differ about queue flows.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.OfType(flowlang.Wait) {
			if p.Flow.TypeGiven && !a.Kind.FlowTypes.Has(p.Flow.Type) {
				p.on(a, a.Node.Get("Type"), "it fails in a flow of type %s", p.Flow.Type)
			}
		}
	},
}
