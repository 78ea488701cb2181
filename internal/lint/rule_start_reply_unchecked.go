package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleStartReplyUnchecked = Rule{
	ID: "start-reply-unchecked", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "The flow does not look at what the start replied before it checks.",
	Why:      "A start that was refused is a reply, not an error: sfn_result is FAILURE and execution_id is empty. The caller then waits for nothing.",
	Remedy:   "Compare $.External.sfn_result (or status) behind the start, and lead FAILURE to another attempt or a message.",
	Evidence: "docs/contract.md: faults are replies, never errors; recorded cases of the original (L9).",
	Check: func(p *Pass) {
		protocol := p.Flow.protocol
		for _, a := range protocol.starts {
			success := a.success()
			if success == nil || success.to == nil {
				continue
			}
			looks := func(a *Action) bool {
				return a.guards() || a.compares("sfn_result") || a.compares("status") || a.compares("sfn_error") || a.compares("execution_id")
			}
			way := p.Flow.walk([]*Action{success.to}, func(a *Action) bool { return !looks(a) && !a.isSynchronous() })
			if slices.ContainsFunc(way, protocol.isCheck) {
				p.on(a, a.node.Get("Type"), "a check follows, and nothing looks at what this start replied")
			}
		}
	},
}
