package lint

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoopCountMax = Rule{
	ID: "loop-count-max", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "LoopCount and count_max contradict each other.",
	Why:      "Whichever is smaller ends the round; the other, and the message behind it, never comes. A flow that only knows one of them announces a running function as failed, or says too long too early.",
	Remedy:   "Let one of them end the round: leave the Loop out and use count_max (150 if you like), or make count_max LoopCount + 1.",
	Evidence: "Developer guide, Loop: continue N times, then done once, so that N loops give N + 1 checks; the original's sample flow (F1): 11 checks against count_max 20.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			loop, checks := p.Flow.rounds(a)
			if loop == nil {
				continue
			}
			most := wholeOf(a.Input(async.ParamCountMax), async.DefaultCountMax)
			switch n := loop.Param("LoopCount"); {
			case most > checks+1:
				p.on(loop, n, "it ends the round after %d checks, so that count_max %d is never reached", checks, most)
			case most < checks:
				p.on(loop, n, "it allows %d checks, but count_max ends the round after %d", checks, most)
			}
		}
	},
}

// rounds returns the Loop that ends the repetition of a check, and how many checks it allows; nil when none does.
func (f *Flow) rounds(check *flowlang.Action) (loop *flowlang.Action, checks int) {
	for _, group := range f.cycles {
		if !contains(group, check) {
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
			if contains(before, check) {
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
	if done == nil || done.To == nil || contains(group, done.To) {
		return false
	}
	for _, rest := range f.Loops((*flowlang.Action).Out, func(a *flowlang.Action) bool { return a == loop }) {
		if contains(rest, check) {
			return false
		}
	}
	return true
}
