package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStaleReply = Rule{
	ID: "stale-reply", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A function's reply ($.External) is read where the call has failed, or where there is none.",
	Why:      "$.External is only filled when no error occurs. After an error it is empty or left over from another function, after an asynchronous call it is not filled at all, and a module does not see its caller's.",
	Remedy:   "Lead errors past the actions that read the reply; load the result of an asynchronous function with LoadLambdaFunctionResult first.",
	Evidence: "Admin guide, Lambda functions; after an error: not documented, so that both must be expected.",
	Check:    checkStaleReplies,
}

func checkStaleReplies(p *Pass) {
	p.readsAfter("after a function failed", func(a *flowlang.Action) *flowlang.Branch {
		if fillsReply(a) {
			return a.Failed(flowlang.NoMatchingError)
		}
		return nil
	})
	if !p.Flow.has(isSynchronous) {
		p.readsAfter("although an asynchronous function does not fill it", func(a *flowlang.Action) *flowlang.Branch {
			if isAsynchronous(a) {
				return a.Success()
			}
			return nil
		})
	}
	if p.Flow.Type == flowlang.Module && !p.Flow.has(fillsReply) {
		for _, a := range p.Flow.Actions {
			if n := reply(a); n != nil {
				p.on(a, n, "it reads the reply of a function, but a module does not see its caller's and invokes none itself")
			}
		}
	}
}

// readsAfter reports the first actions that read a reply behind certain branches, before another function fills it.
func (p *Pass) readsAfter(when string, from func(*flowlang.Action) *flowlang.Branch) {
	var entered []*flowlang.Action
	for _, a := range p.Flow.Actions {
		if b := from(a); b != nil && b.To != nil && p.Flow.Reaches(a) {
			entered = append(entered, b.To)
		}
	}
	for _, a := range p.Flow.Walk(entered, func(a *flowlang.Action) bool { return !fillsReply(a) && reply(a) == nil }) {
		if n := reply(a); n != nil {
			p.on(a, n, "it may read the reply of a function %s", when)
		}
	}
}

func (f *Flow) has(what func(*flowlang.Action) bool) bool {
	for _, a := range f.Actions {
		if what(a) {
			return true
		}
	}
	return false
}
