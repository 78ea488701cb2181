package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInvocationID = Rule{
	ID: "invocation-id-overwritten", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A second asynchronous function is invoked before the id of the first was saved.",
	Why:      "$.LambdaInvocation.InvocationId holds the latest id only. Nobody can wait for the first function any more; a Wait with the wrong id lasts to its end.",
	Remedy:   "Save $.LambdaInvocation.InvocationId in a flow attribute right after each invocation, and wait for the saved ids.",
	Evidence: "Admin guide, Invoke Lambda function and Wait: a wrong id waits until the time limit.",
	Check: func(p *Pass) {
		told := map[*flowlang.Action]bool{}
		for _, a := range p.Flow.invocations() {
			b := a.Success()
			if !isAsynchronous(a) || b == nil || b.To == nil || !p.Flow.has(usesID) {
				continue
			}
			for _, second := range p.Flow.Walk([]*flowlang.Action{b.To}, func(a *flowlang.Action) bool { return !isAsynchronous(a) && !usesID(a) }) {
				if isAsynchronous(second) && second != a && !told[second] {
					told[second] = true
					p.on(second, second.Node.Get("Type"), "the id of %q is overwritten here before it was saved", a.Identifier)
				}
			}
		}
	},
}

// usesID reports whether an action reads the id of the latest asynchronous function: saves it, waits for it or loads its result.
func usesID(a *flowlang.Action) bool {
	used := false
	a.Parameters.EachText(func(n *source.Node) { used = used || n.Text == "$.LambdaInvocation.InvocationId" })
	return used
}
