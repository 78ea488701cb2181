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
			i := slices.IndexFunc(a.Out(), func(b *flowlang.Branch) bool {
				return b.Kind == flowlang.Failure && b.Name != flowlang.NoMatchingCondition && !p.Flow.helps(b, true)
			})
			if i < 0 {
				continue
			}
			f := p.on(a, a.Out()[i].Target, "the branch %s hangs up without a word", a.Out()[i].Name)
			if slices.Contains(seldomFail, a.Type) {
				f.Severity = weaker(f.Severity, source.Info)
			}
		}
	},
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
