package lint

import (
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoopCountMax = Rule{
	ID: "loop-count-max", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "LoopCount and count_max contradict each other.",
	Why: "The smaller one ends the checks; the other, and the message that belongs to it, is never reached. A " +
		"flow that handles only one of them reports a running function as failed, or gives up too early.",
	Remedy: "Let only one of them end the checks: remove the Loop and use count_max (150, for example), or set " +
		"count_max to LoopCount + 1.",
	Evidence: "Developer guide, Loop: N times ContinueLooping, then DoneLooping once, so N loops give N + 1 checks; " +
		"the original system's sample flow (F1): 11 checks with count_max 20.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			loop, checks := p.Flow.rounds(a)
			if loop == nil || isInputFilledIn(a, async.ParamCountMax) {
				continue
			}
			most := wholeOf(input(a, async.ParamCountMax), async.DefaultCountMax)
			switch n := loop.Param("LoopCount"); {
			case most > checks+1:
				p.on(loop, n, "it ends the checks after %d, so count_max %d is never reached", checks, most)
			case most < checks:
				p.on(loop, n, "it allows %d checks, but count_max ends them after %d", checks, most)
			}
		}
	},
}

// rounds returns the Loop that ends the repetition of a check, and how many checks it allows; nil when none does.
func (f *Flow) rounds(check *flowlang.Action) (loop *flowlang.Action, checks int) {
	for _, group := range f.cycles {
		if !slices.Contains(group, check) {
			continue
		}
		for _, a := range group {
			if a.Type != flowlang.Loop || !f.bounds(a, group, check) {
				continue
			}
			n, err := strconv.Atoi(a.Text("LoopCount"))
			if err != nil {
				return nil, 0
			}
			before := f.Walk([]*flowlang.Action{f.Start}, func(b *flowlang.Action) bool { return b != a })
			if slices.Contains(before, check) {
				n++
			}
			return a, n
		}
	}
	return nil, 0
}

// bounds reports whether every repetition of a check passes a Loop whose end leads out.
func (f *Flow) bounds(loop *flowlang.Action, group []*flowlang.Action, check *flowlang.Action) bool {
	done := loop.Result(flowlang.DoneLooping)
	if done == nil || done.To == nil || slices.Contains(group, done.To) {
		return false
	}
	for _, rest := range f.Loops((*flowlang.Action).Out, func(a *flowlang.Action) bool { return a == loop }) {
		if slices.Contains(rest, check) {
			return false
		}
	}
	return true
}
