package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStartWithoutRequest = Rule{
	ID: "start-without-request", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A start that can be repeated has neither request nor again.",
	Why: "Without a request, starts are told apart by a hash of their data: when the data changes between " +
		"attempts (a time, a counter), the work is done twice; when it does not, a new request of the caller " +
		"gets the first result.",
	Remedy: "Give the start the parameter again with $.External.sfn_again of the last answer, or a request: the same " +
		"word for every attempt at one thing, another word for each new thing.",
	Evidence: "docs/contract.md: request, again.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.starts {
			again := p.Flow.Walk(a.After(), nil)
			given := func(name string) bool { return input(a, name) != nil || isInputFilledIn(a, name) }
			told := given(async.ParamRequest) || given(async.ParamAgain)
			if !told && slices.ContainsFunc(again, p.Flow.protocol.isStart) {
				p.on(a, a.Param("LambdaInvocationAttributes"),
					"another start can follow this one, and no request says whether it is the same")
			}
		}
	},
}
