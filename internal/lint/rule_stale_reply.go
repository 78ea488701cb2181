package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStaleReply = Rule{
	ID: "stale-reply", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A function's reply ($.External) is read where the call failed, or where there is no reply.",
	Why: "$.External is filled only when no error occurs. After an error it is empty or left over from another " +
		"function, after an asynchronous call it is not filled at all, and a module does not see the reply " +
		"that its caller received.",
	Remedy: "Route errors past the actions that read the reply; load the result of an asynchronous function with " +
		"LoadLambdaFunctionResult first.",
	Evidence: "Admin guide, Lambda functions; what $.External holds after an error is not documented, so both must " +
		"be expected.",
	Check: checkStaleReplies,
	Fix: Fixer{
		Does: "It leads an error branch to a spoken ending when it leads where success does, or straight to the " +
			"action that reads the reply.",
		mend: fixStaleReply,
	},
}

// fixStaleReply redirects the error branches after which the action is reached that reads the reply.
func fixStaleReply(m *mending, f Finding) {
	reader := m.action(f)
	if reader == nil {
		return
	}
	for _, a := range m.Flow.Reached(m.Flow.Actions) {
		failed := a.Failed(flowlang.NoMatchingError)
		if !fillsReply(a) || failed == nil || failed.To == nil {
			continue
		}
		reads := func(a *flowlang.Action) bool { return a == reader }
		reached := m.Flow.Walk([]*flowlang.Action{failed.To}, goesStale)
		if slices.Contains(reached, reader) && m.Flow.joins(a, failed, reads) {
			m.redirect(a, failed, m.ending(a))
		}
	}
}

// goesStale reports whether the latest reply is still unread and not replaced after an action.
func goesStale(a *flowlang.Action) bool { return !mayBe(fillsReply)(a) && readsStale(a) == nil }

// readsStale returns what an action reads of the latest reply, nil when it reads nothing that matters when there is
// none: a run begins a round when there is no count.
func readsStale(a *flowlang.Action) *source.Node {
	if isRun(a) {
		return replyBeside(a, input(a, async.ParamCount))
	}
	return reply(a)
}

func checkStaleReplies(p *Pass) {
	p.readsAfter("that failed", func(a *flowlang.Action) *flowlang.Branch {
		if fillsReply(a) {
			return a.Failed(flowlang.NoMatchingError)
		}
		return nil
	})
	if !p.Flow.has(mayBe(isSynchronous)) {
		p.readsAfter("whose asynchronous result was not loaded", func(a *flowlang.Action) *flowlang.Branch {
			if isAsynchronous(a) {
				return a.Success()
			}
			return nil
		})
	}
	if p.Flow.Type == flowlang.Module && !p.Flow.has(mayBe(fillsReply)) {
		for _, a := range p.Flow.Actions {
			if n := reply(a); n != nil {
				p.on(a, n,
					"it reads a function's reply, but a module does not see its caller's, and this one invokes none")
			}
		}
	}
}

// readsAfter reports the first actions that read a reply after certain branches, before another function fills it.
func (p *Pass) readsAfter(when string, from func(*flowlang.Action) *flowlang.Branch) {
	var entered []*flowlang.Action
	for _, a := range p.Flow.Actions {
		if b := from(a); b != nil && b.To != nil && p.Flow.Reaches(a) {
			entered = append(entered, b.To)
		}
	}
	for _, a := range p.Flow.Walk(entered, goesStale) {
		if n := readsStale(a); n != nil {
			p.on(a, n, "it may read the reply of a function %s", when)
		}
	}
}

// has reports whether any action of the flow is so.
func (f *Flow) has(what func(*flowlang.Action) bool) bool {
	return slices.ContainsFunc(f.Actions, what)
}
