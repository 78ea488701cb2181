package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleAsyncResult = Rule{
	ID: "async-result-not-loaded", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A Wait ends when an asynchronous function returns, but the flow does not load the result.",
	Why: "$.External does not hold the result before LoadLambdaFunctionResult, so the caller is not told what " +
		"the function found.",
	Remedy:   "Connect the event's branch to LoadLambdaFunctionResult, or to a check of the async function.",
	Evidence: "Admin guide, Wait and Invoke Lambda function; console export.",
	Check: func(p *Pass) {
		mayFill := func(a *flowlang.Action) bool { return fillsReply(a) || p.Flow.isOpen(a) }
		for _, a := range p.Flow.OfType(flowlang.Wait) {
			for _, m := range a.Param("InterruptibleEvents").Entries() {
				b := a.Result(m.Key)
				if b == nil || b.To == nil || m.Value.Get("AsyncLambdaCompletionEvent") == nil {
					continue
				}
				if !slices.ContainsFunc(p.Flow.untilReply(b.To), mayFill) {
					p.on(a, b.Target, "the branch %s does not load the function's result", m.Key)
				}
			}
		}
	},
}
