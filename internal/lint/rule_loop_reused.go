package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoopReused = Rule{
	ID: "loop-reused", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A Loop that counts checks is left early and used again for another request.",
	Why:     "Its counter continues where it stopped, so the second request gets fewer checks, or none.",
	Remedy:  "Give each request its own Loop, or count with count_max.",
	Evidence: "Developer guide, Loop: the counter belongs to the block and restarts only after DoneLooping; the " +
		"original system's sample flow (F7).",
	Check: func(p *Pass) {
		for _, loop := range p.Flow.OfType(flowlang.Loop) {
			b := loop.Result(flowlang.ContinueLooping)
			if b == nil || b.To == nil || !p.Flow.Reaches(loop) {
				continue
			}
			way := p.Flow.Walk([]*flowlang.Action{b.To}, func(a *flowlang.Action) bool { return a != loop })
			for _, start := range p.Flow.protocol.starts {
				if slices.Contains(way, start) && slices.Contains(p.Flow.Walk(start.After(), nil), loop) {
					p.on(loop, loop.Node.Get("Identifier"),
						"it can be left early and entered again after %q, with its counter where it stopped",
						start.Identifier)
					break
				}
			}
		}
	},
}
