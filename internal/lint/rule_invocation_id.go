package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInvocationID = Rule{
	ID: "invocation-id-overwritten", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A second asynchronous function is invoked before the ID of the first is saved.",
	Why: "$.LambdaInvocation.InvocationId holds only the latest ID. The flow can no longer wait for the first " +
		"function, and a Wait with the wrong ID lasts for its whole time limit.",
	Remedy: "Save $.LambdaInvocation.InvocationId in a flow attribute right after each invocation, and wait for " +
		"the saved IDs.",
	Evidence: "Admin guide, Invoke Lambda function and Wait: with a wrong ID, Wait lasts until its time limit.",
	Check: func(p *Pass) {
		told := map[*flowlang.Action]bool{}
		for _, a := range p.Flow.invocations() {
			b := a.Success()
			if !isAsynchronous(a) || b == nil || b.To == nil || !p.Flow.has(usesID) {
				continue
			}
			unsaved := func(a *flowlang.Action) bool { return !isAsynchronous(a) && !mayUseID(a) }
			for _, second := range p.Flow.Walk([]*flowlang.Action{b.To}, unsaved) {
				if isAsynchronous(second) && second != a && !told[second] {
					told[second] = true
					p.on(second, second.Node.Get("Type"), "this overwrites the ID of %q before it is saved",
						a.Identifier)
				}
			}
		}
	},
}

// mayUseID reports whether an action reads that id, as far as that is known.
func mayUseID(a *flowlang.Action) bool {
	return flowlang.FilledIn(a.Type) || usesID(a) || hasFilledIn(a.Parameters)
}

// usesID reports whether an action reads the id of the latest asynchronous function: saves it, waits for it or loads
// its result.
func usesID(a *flowlang.Action) bool {
	return a.Parameters.AnyText(func(n *source.Node) bool { return n.Text == "$.LambdaInvocation.InvocationId" })
}
