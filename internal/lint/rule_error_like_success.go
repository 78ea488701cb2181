package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleErrorLikeSuccess = Rule{
	ID: "error-like-success", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "When a function or lookup fails, the flow continues as if it had succeeded.",
	Why: "The reply that the flow then reads is empty or left over from an earlier call: the caller is told " +
		"something wrong, or waits for nothing.",
	Remedy:   "Connect NoMatchingError to actions that tell the caller or try again, not to the target of success.",
	Evidence: "26 of 102 Lambda actions in public flows; the original system's sample flow.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			success, failed := a.Success(), a.Failed(flowlang.NoMatchingError)
			if !p.Flow.Reaches(a) || !slices.Contains(lookups, a.Type) || success == nil || failed == nil {
				continue
			}
			if success.To != failed.To || success.To == nil {
				continue
			}
			f := p.on(a, failed.Target, "its error branch leads to %q, just as success does", success.To.Identifier)
			if p.Flow.mayNotMatter(a, success) {
				f.Severity = weaker(f.Severity, source.Info)
				f.Remedy += " Where it does not matter whether the function succeeds, accept this finding."
			}
		}
	},
	Fix: Fixer{
		Does: "It leads the error branch to a spoken ending. A finding that is only information is left.",
		mend: func(m *mending, f Finding) {
			a := m.action(f)
			if a == nil || m.Flow.mayNotMatter(a, a.Success()) {
				return
			}
			m.redirect(a, a.Failed(flowlang.NoMatchingError), m.ending(a))
		},
	},
}

// mayNotMatter reports whether nothing reads what a function returned, so that its failure may not matter.
func (f *Flow) mayNotMatter(a *flowlang.Action, success *flowlang.Branch) bool {
	return isSynchronous(a) && !f.replyRead(success.To)
}

// lookups are the actions whose outcome later actions use.
var lookups = []string{
	flowlang.InvokeLambdaFunction, flowlang.LoadLambdaFunctionResult, flowlang.GetCase,
	flowlang.GetCustomerProfile, flowlang.GetCustomerProfileObject, flowlang.GetCalculatedAttributesForCustomerProfile,
}

// replyRead reports whether the latest reply may be read from an action on, before another function replaces it.
func (f *Flow) replyRead(from *flowlang.Action) bool {
	reads := func(a *flowlang.Action) bool { return reply(a) != nil }
	return slices.ContainsFunc(f.untilReply(from), reads)
}
