package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStartFailureIgnored = Rule{
	ID: "start-failure-ignored", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "After a start that failed, the flow goes on to check.",
	Why:      "There is nothing to check. The caller hears the whole comfort programme, and only then that it takes too long.",
	Remedy:   "Lead the error branch of the start to another attempt, or to a message that says that it did not work.",
	Evidence: "The original's sample flow (F3): after a failed trigger 5.7 s of message and 6.7 s of silence, then too long.",
	Check: func(p *Pass) {
		protocol := p.Flow.protocol
		for _, a := range protocol.starts {
			failed := a.failed()
			if failed == nil || failed.to == nil {
				continue
			}
			way := p.Flow.walk([]*Action{failed.to}, func(a *Action) bool { return !protocol.isStart(a) && !a.guards() })
			if slices.ContainsFunc(way, protocol.isCheck) {
				p.on(a, failed.target, "its error branch leads to a check, although nothing was started")
			}
		}
	},
}

// guards reports whether an action decides by an attribute that the flow has set: what comes behind it may know better.
func (a *Action) guards() bool {
	if a.Type != "Compare" {
		return false
	}
	path := flow.References(a.text("ComparisonValue"))
	return len(path) == 1 && (path[0][0] == "FlowAttributes" || path[0][0] == "Attributes")
}
