package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleExecutionIDNotSaved = Rule{
	ID: "execution-id-not-saved", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A check gets its execution_id from the last reply, or from an attribute that no reply is saved in.",
	Why:      "After an error, or another function in between, the id is gone: the caller waits for nothing, or a second execution is started.",
	Remedy:   "Save $.External.execution_id in a flow attribute right after the start, and give the check $.FlowAttributes.execution_id.",
	Evidence: "Admin guide, Lambda functions: $.External is replaced by each call; recorded cases of the original (L7).",
	Check: func(p *Pass) {
		for _, a := range slices.Concat(p.Flow.protocol.checks, p.Flow.protocol.cancels) {
			n := a.Input(async.ParamExecutionID)
			switch path, saved := p.Flow.carried(n); {
			case n == nil:
				p.on(a, a.Param("LambdaInvocationAttributes"), "the check has no execution_id")
			case isReplyPath(path):
				p.on(a, n, "execution_id comes straight from the last reply")
			case len(path) == 2 && len(saved) > 0 && !slices.ContainsFunc(saved, func(s assignment) bool { return isReply(s.value, async.KeyExecutionID) }):
				p.on(a, n, "$.%s.%s never receives the execution_id that the start replies", path[0], path[1])
			}
		}
	},
}
