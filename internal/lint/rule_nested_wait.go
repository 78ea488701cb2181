package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleNestedWait = Rule{
	ID: "nested-wait", Group: GroupNative, Severity: source.Error, Needs: NeedsFlow,
	Summary: "A Wait is inside the Continue branch of another Wait.",
	Why: `Connect answers "Unsupported Action In Wait Action's Continue Branch": the inner Wait takes its error ` +
		`branch, or the flow is not published at all.`,
	Remedy:   "Use prompts and a Loop in the Continue branch, and wait again only after the event or WaitCompleted.",
	Evidence: "Admin guide, Wait.",
	Check: func(p *Pass) {
		var inside []*flowlang.Action
		for _, a := range p.Flow.OfType(flowlang.Wait) {
			if b := a.Result(flowlang.Continue); b != nil && b.To != nil && p.Flow.Reaches(a) {
				inside = append(inside, b.To)
			}
		}
		isWait := mayBe(func(a *flowlang.Action) bool { return a.Type == flowlang.Wait })
		for _, a := range p.Flow.Walk(inside, func(a *flowlang.Action) bool { return !isWait(a) }) {
			if a.Type == flowlang.Wait {
				p.on(a, a.Node.Get("Type"), "it can be reached inside the Continue branch of another Wait")
			}
		}
	},
}
