package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleNestedWait = Rule{
	ID: "nested-wait", Group: GroupNative, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A Wait stands in the Continue branch of another Wait.",
	Why:      "Connect answers \"Unsupported Action In Wait Action's Continue Branch\": the inner Wait takes its error branch, or the flow is not published at all.",
	Remedy:   "Fill the Continue branch with prompts and a Loop, and wait again only behind the event or WaitCompleted.",
	Evidence: "Admin guide, Wait.",
	Check: func(p *Pass) {
		var inside []*Action
		for _, a := range p.Flow.labels["Wait"] {
			if b := a.branch(condition, "Continue"); b != nil && b.to != nil && p.Flow.reached[a.index] {
				inside = append(inside, b.to)
			}
		}
		for _, a := range p.Flow.walk(inside, func(a *Action) bool { return a.Type != "Wait" }) {
			if a.Type == "Wait" {
				p.on(a, a.node.Get("Type"), "it can be reached inside of the Continue branch of a Wait")
			}
		}
	},
}
