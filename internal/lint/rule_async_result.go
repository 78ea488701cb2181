package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleAsyncResult = Rule{
	ID: "async-result-not-loaded", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A Wait ends when an asynchronous function has returned, and its result is not loaded there.",
	Why:      "$.External does not hold the result before LoadLambdaFunctionResult: the caller hears nothing of what the function found.",
	Remedy:   "Lead the branch of the event to LoadLambdaFunctionResult, or to a check of the async function.",
	Evidence: "Admin guide, Wait and Invoke Lambda function; console export.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.OfType(flowlang.Wait) {
			for _, m := range a.Param("InterruptibleEvents").Entries() {
				b := a.Result(m.Key)
				if b == nil || b.To == nil || m.Value.Get("AsyncLambdaCompletionEvent") == nil {
					continue
				}
				way := p.Flow.Walk([]*flowlang.Action{b.To}, func(a *flowlang.Action) bool { return !fillsReply(a) })
				if !slices.ContainsFunc(way, fillsReply) {
					p.on(a, b.Target, "the branch %s does not load the function's result", m.Key)
				}
			}
		}
	},
}
