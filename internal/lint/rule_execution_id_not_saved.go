package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleExecutionIDNotSaved = Rule{
	ID: "execution-id-not-saved", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A check takes its execution_id from the last reply, or from an attribute that never receives it.",
	Why: "After an error, or another function in between, the ID is gone: the caller waits for nothing, or a " +
		"second execution is started.",
	Remedy: "Save $.External.execution_id in a flow attribute right after the start, and pass " +
		"$.FlowAttributes.execution_id to the check.",
	Evidence: "Admin guide, Lambda functions: $.External is replaced by each call; recorded cases of the original " +
		"system (L7).",
	Check: func(p *Pass) {
		for _, a := range slices.Concat(p.Flow.protocol.checks, p.Flow.protocol.cancels) {
			n := input(a, async.ParamExecutionID)
			switch path, saved := p.Flow.carried(n); {
			case n == nil: // it is found by its question
			case isInputFilledIn(a, async.ParamExecutionID):
			case isReplyPath(path):
				p.on(a, n, "execution_id is taken directly from the last reply")
			case len(path) == 2 && len(saved) > 0 && !p.Flow.maySave(saved, async.KeyExecutionID):
				p.on(a, n, "$.%s.%s never receives the execution_id that the start returns", path[0], path[1])
			}
		}
	},
}
