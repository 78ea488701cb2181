package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleChatWithoutWait = Rule{
	ID: "chat-without-wait", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A flow for chats calls a function in a loop without a Wait.",
	Why:      "On chat a message takes no time and pauses do not wait, so that the calls follow each other at once: the checks are used up within a second, and messages flood the chat.",
	Remedy:   "Put a Wait of some seconds into the loop, or hold the check open (hold_seconds).",
	Evidence: "Developer guide, Wait: chat is supported; prompts for calls take the error branch on chat.",
	Check: func(p *Pass) {
		reached := p.Flow.onChat()
		for _, loop := range p.Flow.Loops((*flowlang.Action).Out, listens) {
			i := slices.IndexFunc(loop, func(a *flowlang.Action) bool { return isSynchronous(a) && a.Input(async.ParamHold) == nil })
			if i >= 0 && contains(reached, loop[i]) {
				p.on(loop[i], loop[i].Node.Get("Type"), "a chat comes by here again and again, without a Wait")
			}
		}
	},
}

// onChat returns the actions that a chat is meant to reach: those behind a comparison of the channel with CHAT, and behind actions
// that only chats have.
func (f *Flow) onChat() []*flowlang.Action {
	var from []*flowlang.Action
	for _, a := range f.Actions {
		if !f.Reaches(a) {
			continue
		}
		if b := a.Result("CHAT"); b != nil && b.To != nil && a.Text("ComparisonValue") == "$.Channel" {
			from = append(from, b.To)
		}
		if a.Type == flowlang.ShowView || a.Type == flowlang.UpdateContactMediaProcessing {
			from = append(from, a.After()...)
		}
	}
	return f.Walk(from, nil)
}
