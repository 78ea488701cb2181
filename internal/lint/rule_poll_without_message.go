package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePollWithoutMessage = Rule{
	ID: "poll-without-message", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A function is called again and again with nothing between the calls.",
	Why: "The caller hears nothing, the calls follow each other without a pause, and after " + chainLimit + " of " +
		"functions in a row Connect takes the error branch.",
	Remedy:   "Play a message or music between the calls, or let the function hold the check open (hold_seconds).",
	Evidence: "Admin guide, Lambda functions: " + chainLimit + " for a sequence of functions, which a prompt restarts.",
	Check: func(p *Pass) {
		between := mayBe(func(a *flowlang.Action) bool { return p.Flow.speaks(a) || listens(a) || p.Flow.pauses[a] })
		byDefault := p.Flow.Loops(defaultBranches, between)
		for _, loop := range p.Flow.Loops((*flowlang.Action).Usual, between) {
			i := slices.IndexFunc(loop, func(a *flowlang.Action) bool {
				return isSynchronous(a) && (p.Flow.polls(a, between) || inAny(byDefault, a))
			})
			if i >= 0 && p.Flow.Reaches(loop[i]) {
				p.on(loop[i], loop[i].Node.Get("Type"), "it is called again and again with nothing said in between")
			}
		}
	},
}

// polls reports whether a contact comes back to a function in silence, with no other function called on the way.
func (f *Flow) polls(a *flowlang.Action, between func(*flowlang.Action) bool) bool {
	skip := func(b *flowlang.Action) bool { return b != a && (between(b) || isSynchronous(b)) }
	return inAny(f.Loops((*flowlang.Action).Usual, skip), a)
}

// defaultBranches are those that an action takes when nothing fails, without the values that a Compare looks for: a
// function whose reply says what comes next, and another function, is not polled.
func defaultBranches(a *flowlang.Action) []*flowlang.Branch {
	if a.Type == flowlang.Compare {
		return only(a.Error(flowlang.NoMatchingCondition))
	}
	return a.Usual()
}

func inAny(loops [][]*flowlang.Action, a *flowlang.Action) bool {
	return slices.ContainsFunc(loops, func(loop []*flowlang.Action) bool { return slices.Contains(loop, a) })
}
