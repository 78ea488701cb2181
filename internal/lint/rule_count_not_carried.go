package lint

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleCountNotCarried = Rule{
	ID: "count-not-carried", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A repeated check does not pass back the count of the last reply.",
	Why:      "Every check then counts as the first: count_max never ends the checks, and comfort is never true.",
	Remedy:   "Save $.External.count after each check, and pass it to the next one as count.",
	Evidence: "docs/contract.md: the function keeps nothing between calls.",
	Check: func(p *Pass) {
		for _, loop := range p.Flow.cycles {
			for _, a := range loop {
				if p.Flow.protocol.isCheck(a) && !(isAsynchronous(a) && a.Input(async.ParamCountMax) == nil) {
					p.checkCount(a)
				}
			}
		}
	},
}

func (p *Pass) checkCount(a *flowlang.Action) {
	n := a.Input(async.ParamCount)
	switch path, saved := p.Flow.carried(n); {
	case a.IsInputFilledIn(async.ParamCount):
	case n == nil:
		p.on(a, a.Param("LambdaInvocationAttributes"), "the check is repeated without a count")
	case path == nil:
		p.on(a, n, "the check is repeated with the same count")
	case len(path) == 2 && !isReplyPath(path) && !p.Flow.maySave(saved, async.KeyCount):
		p.on(a, n, "$.%s.%s never receives the count of a reply", path[0], path[1])
	}
}
