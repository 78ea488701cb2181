package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleChatWithoutWait = Rule{
	ID: "chat-without-wait", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A flow for chats calls a function in a loop without a Wait.",
	Why: "On chat a message takes no time and pauses do not wait, so the calls follow each other at once: the " +
		"checks are used up within a second, and messages flood the chat.",
	Remedy:   "Put a Wait of a few seconds into the loop, or hold the check open (hold_seconds).",
	Evidence: "Developer guide, Wait: chat is supported; audio prompts take the error branch on chat.",
	Check: func(p *Pass) {
		reached := p.Flow.OnChat()
		for _, loop := range p.Flow.Loops((*flowlang.Action).Out, mayBe(listens)) {
			i := slices.IndexFunc(loop, repeatsAtOnce)
			if i >= 0 && slices.Contains(reached, loop[i]) {
				p.on(loop[i], loop[i].Node.Get("Type"), "a chat comes back here again and again without a Wait")
			}
		}
	},
}

// repeatsAtOnce reports whether an action invokes a function that is not told to hold its reply back.
func repeatsAtOnce(a *flowlang.Action) bool {
	return isSynchronous(a) && input(a, async.ParamHold) == nil && !isInputFilledIn(a, async.ParamHold)
}
