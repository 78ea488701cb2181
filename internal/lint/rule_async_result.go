package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleAsyncResult = Rule{
	ID: "async-result-not-loaded", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A Wait ends when an asynchronous function has returned, and its result is not loaded there.",
	Why:      "$.External does not hold the result before LoadLambdaFunctionResult: the caller hears nothing of what the function found.",
	Remedy:   "Lead the branch of the event to LoadLambdaFunctionResult, or to a check of the async function.",
	Evidence: "Admin guide, Wait and Invoke Lambda function; console export.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.labels["Wait"] {
			for _, m := range members(a.param("InterruptibleEvents")) {
				b := a.branch(condition, m.Key)
				if b == nil || b.to == nil || m.Value.Get("AsyncLambdaCompletionEvent") == nil {
					continue
				}
				way := p.Flow.walk([]*Action{b.to}, func(a *Action) bool { return !a.fillsReply() })
				if !slices.ContainsFunc(way, (*Action).fillsReply) {
					p.on(a, b.target, "the branch %s does not load the function's result", m.Key)
				}
			}
		}
	},
}
