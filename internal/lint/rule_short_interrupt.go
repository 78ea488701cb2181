package lint

import (
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleShortInterrupt = Rule{
	ID: "short-interrupt", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Loop prompts are interrupted after " + acceptTime + " or less, and a transfer follows.",
	Why: "An agent has " + acceptTime + " to accept a contact, and in that time it cannot leave the queue: the " +
		"transfer takes its error branch, and the caller stays where they are.",
	Remedy:   "Set InterruptFrequencySeconds to more than " + strconv.Itoa(acceptSeconds) + ".",
	Evidence: "Admin guide, Loop prompts; measured by a practitioner at 19 to 30 s: the transfer at 19 s failed.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Reached(p.Flow.OfType(flowlang.MessageParticipantIteratively)) {
			n := a.Param("InterruptFrequencySeconds")
			seconds, ok := a.Kind.Parameter("InterruptFrequencySeconds").Whole(n.Scalar())
			interrupt := a.Result(flowlang.MessagesInterrupted)
			if !ok || seconds > acceptSeconds || interrupt == nil || interrupt.To == nil {
				continue
			}
			after := p.Flow.Walk([]*flowlang.Action{interrupt.To}, func(b *flowlang.Action) bool { return b != a })
			if i := slices.IndexFunc(after, leavesQueue); i >= 0 {
				p.on(a, n, "%d s after the messages began, the transfer at %q may meet an agent who is about to accept",
					seconds, after[i].Identifier)
			}
		}
	},
}

// acceptSeconds is how long an agent has to accept a contact (admin guide, Loop prompts).
const acceptSeconds = 20

var acceptTime = strconv.Itoa(acceptSeconds) + " s"

// leavesQueue reports whether an action takes the contact out of its queue.
func leavesQueue(a *flowlang.Action) bool {
	return a.Type == flowlang.CreateCallbackContact || a.Type == flowlang.TransferParticipantToThirdParty ||
		a.Kind != nil && a.Kind.Leaves
}
