package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStartWithoutRequest = Rule{
	ID: "start-without-request", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A start that can be repeated has no request.",
	Why:      "Without one the start is told from others by a hash of its data: when that changes between attempts (a time, a counter), the work is done twice; when it does not, a second wish of the caller gets the first result.",
	Remedy:   "Give the start a request: one word for an attempt that may be repeated, another for each new wish.",
	Evidence: "docs/contract.md: request.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.starts {
			again := p.Flow.Walk(a.After(), nil)
			if a.Input(async.ParamRequest) == nil && slices.ContainsFunc(again, p.Flow.protocol.isStart) {
				p.on(a, a.Param("LambdaInvocationAttributes"), "another start can follow this one, and request does not say whether it is the same")
			}
		}
	},
}
