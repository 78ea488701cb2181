package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleQueueNotSet = Rule{
	ID: "queue-not-set", Group: GroupSilence, Severity: source.Info, Needs: NeedsFlow,
	Summary: "A transfer to a queue, and no path to it sets one.",
	Why: "Without a working queue the transfer takes its error branch. Another flow may have set it before, so this " +
		"is only information.",
	Remedy:   "Set the queue before the transfer, or make sure that whatever comes before this flow does.",
	Evidence: "Admin guide, Transfer to queue: a working queue has to be set.",
	Check: func(p *Pass) {
		if p.Flow.Type == flowlang.Module || p.Flow.Type == flowlang.QueueTransfer {
			return // a module is entered with its caller's queue, a queue transfer with that of the quick connect
		}
		var set []*flowlang.Action
		for _, a := range p.Flow.Reached(p.Flow.Actions) {
			if p.Flow.LeadsAnywhere(a) {
				return
			}
			if a.Kind == nil || a.Type == flowlang.UpdateContactTargetQueue || a.Type == flowlang.InvokeFlowModule {
				set = append(set, a.After()...)
			}
		}
		reached := p.Flow.Walk(set, nil)
		for _, a := range p.Flow.Reached(p.Flow.OfType(flowlang.TransferContactToQueue)) {
			if !slices.Contains(reached, a) {
				p.on(a, a.Node.Get("Type"), "this flow sets no queue before")
			}
		}
	},
}
