package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
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
			success := a.Success()
			if success == nil || success.To == nil {
				continue
			}
			looks := func(a *flowlang.Action) bool {
				return guards(a) || compares(a, async.KeyResult) || compares(a, async.KeyStatus) || compares(a, async.KeyError) || compares(a, async.KeyExecutionID)
			}
			way := p.Flow.Walk([]*flowlang.Action{success.To}, func(a *flowlang.Action) bool { return !looks(a) && !isSynchronous(a) })
			if slices.ContainsFunc(way, protocol.isCheck) {
				p.on(a, a.Node.Get("Type"), "a check follows, and nothing looks at what this start replied")
			}
		}
	},
}
