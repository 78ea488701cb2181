package lint

import (
	"slices"

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
				held := isAsynchronous(a) && input(a, async.ParamCountMax) == nil
				if p.Flow.protocol.isCheck(a) && !held && !beginsAgain(a, loop) {
					p.checkCount(a)
				}
			}
		}
	},
}

// beginsAgain reports whether a run passes no count on purpose: where another run of the loop does, it is the one for
// when the reply is lost, and begins the round again.
func beginsAgain(run *flowlang.Action, loop []*flowlang.Action) bool {
	carries := func(a *flowlang.Action) bool { return isRun(a) && input(a, async.ParamCount) != nil }
	return isRun(run) && input(run, async.ParamCount) == nil && slices.ContainsFunc(loop, carries)
}

func (p *Pass) checkCount(a *flowlang.Action) {
	n := input(a, async.ParamCount)
	switch path, saved := p.Flow.carried(n); {
	case isInputFilledIn(a, async.ParamCount):
	case n == nil:
		p.on(a, a.Param("LambdaInvocationAttributes"), "the check is repeated without a count")
	case path == nil:
		p.on(a, n, "the check is repeated with the same count")
	case len(path) == 2 && !isReplyPath(path) && !p.Flow.maySave(saved, async.KeyCount):
		p.on(a, n, "$.%s.%s never receives the count of a reply", path[0], path[1])
	}
}
