package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHangsUpOnError = Rule{
	ID: "hangs-up-on-error", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "When something fails the caller is cut off without a word.",
	Why: "The caller does not know whether the order was taken, and calls again. Every fault of a function or of a " +
		"queue drops all calls that come to it. For actions that hardly ever fail it is only information.",
	Remedy: "Lead the error branch to a message, or better to an agent, before the flow ends.",
	Evidence: "A published sample flow dropped every call whose record could not be created; admin guide, best " +
		"practices: error branches lead to something useful.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Reached(p.Flow.Actions) {
			judged := slices.Contains(oftenFail, a.Type) || slices.Contains(seldomFail, a.Type)
			usual := slices.ContainsFunc(a.Usual(), func(b *flowlang.Branch) bool { return p.Flow.helps(b, false) })
			if !judged || !a.Kind.Leaves && !usual {
				continue
			}
			cutOff := p.Flow.cutOff(a)
			if len(cutOff) == 0 {
				continue
			}
			f := p.on(a, cutOff[0].Target, "the branch %s hangs up without a word", cutOff[0].Name)
			if slices.Contains(seldomFail, a.Type) {
				f.Severity = weaker(f.Severity, source.Info)
			}
		}
	},
	Fix: Fixer{
		Does: "It leads the branch to a spoken ending. A finding that is only information is left.",
		mend: func(m *mending, f Finding) {
			a := m.action(f)
			if a == nil || slices.Contains(seldomFail, a.Type) {
				return
			}
			for _, b := range m.Flow.cutOff(a) {
				m.redirect(a, b, m.ending(a))
			}
		},
	},
}

// cutOff returns the error branches of an action that hang up without a word.
func (f *Flow) cutOff(a *flowlang.Action) []*flowlang.Branch {
	return slices.DeleteFunc(a.Out(), func(b *flowlang.Branch) bool {
		return b.Kind != flowlang.Failure || b.Name == flowlang.NoMatchingCondition || f.helps(b, true)
	})
}

// oftenFail are the actions that fail in practice and for whose outcome the caller waits, seldomFail those that fail
// only when something is set up wrongly.
var (
	oftenFail = slices.Concat([]string{
		flowlang.TransferContactToQueue, flowlang.DequeueContactAndTransferToQueue,
		flowlang.TransferParticipantToThirdParty, flowlang.CreateCallbackContact,
		flowlang.ConnectParticipantWithLexBot,
	}, lookups)
	seldomFail = []string{flowlang.UpdateContactTargetQueue, flowlang.InvokeFlowModule}
)

// helps reports whether a branch leads to anything but a disconnect without a word; where only the deployment knows
// where it leads, or what an action on the way does, the answer is otherwise.
func (f *Flow) helps(branch *flowlang.Branch, otherwise bool) bool {
	ends, unknown := false, branch.To == nil
	for _, a := range f.Walk([]*flowlang.Action{branch.To}, nil) {
		if a.Kind == nil || f.LeadsAnywhere(a) || flowlang.FilledIn(a.Text("SSML")) {
			unknown = true
			continue
		}
		disconnects := a.Type == flowlang.DisconnectParticipant ||
			a.Type == flowlang.EndFlowExecution && f.TypeGiven && f.Type == flowlang.ContactFlow
		ends = ends || disconnects
		silent := !f.speaks(a) && !listens(a) && !a.Kind.Leaves && a.Type != flowlang.InvokeFlowModule
		if !silent || a.Kind.Terminal && !disconnects {
			return true
		}
	}
	if unknown {
		return otherwise
	}
	return !ends
}
