package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStartReplyUnchecked = Rule{
	ID: "start-reply-unchecked", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The flow continues with checks without looking at the start's reply.",
	Why: "A refused start is a reply, not an error: sfn_result is FAILURE and execution_id is empty. The caller " +
		"then waits for nothing.",
	Remedy: "Compare $.External.sfn_result (or status) after the start, and connect FAILURE to another attempt or " +
		"a message.",
	Evidence: "docs/contract.md: faults are replies, never errors; recorded cases of the original system (L9).",
	Check: func(p *Pass) {
		protocol := p.Flow.protocol
		for _, a := range protocol.starts {
			success := a.Success()
			if success == nil || success.To == nil {
				continue
			}
			unseen := func(a *flowlang.Action) bool { return !looksAtReply(a) && !isSynchronous(a) }
			way := p.Flow.Walk([]*flowlang.Action{success.To}, unseen)
			if slices.ContainsFunc(way, protocol.isCheck) {
				p.on(a, a.Node.Get("Type"), "a check follows, but nothing looks at this start's reply")
			}
		}
	},
}

// looksAtReply reports whether an action decides by what a start replied.
func looksAtReply(a *flowlang.Action) bool {
	return guards(a) || mayCompare(a, async.KeyResult, async.KeyStatus, async.KeyError, async.KeyNext,
		async.KeyExecutionID)
}
