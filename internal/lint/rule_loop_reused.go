package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoopReused = Rule{
	ID: "loop-reused", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A Loop that counts checks is left early and used again for another request.",
	Why:      "Its counter goes on where it was left, so that the second request has fewer checks, or none.",
	Remedy:   "Give each request a Loop of its own, or count with count_max.",
	Evidence: "Developer guide, Loop: the counter belongs to the block and begins anew only after DoneLooping; the original's sample flow (F7).",
	Check: func(p *Pass) {
		for _, loop := range p.Flow.labels["Loop"] {
			b := loop.branch(condition, "ContinueLooping")
			if b == nil || b.to == nil || !p.Flow.reached[loop.index] {
				continue
			}
			way := p.Flow.walk([]*Action{b.to}, func(a *Action) bool { return a != loop })
			for _, start := range p.Flow.protocol.starts {
				if contains(way, start) && contains(p.Flow.walk(after(start), nil), loop) {
					p.on(loop, loop.node.Get("Identifier"), "it can be left early and come by again behind %q, with its counter where it was", start.ID)
					break
				}
			}
		}
	},
}
