package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInvocationID = Rule{
	ID: "invocation-id-overwritten", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A second asynchronous function is invoked before the id of the first was saved.",
	Why:      "$.LambdaInvocation.InvocationId holds the latest id only. Nobody can wait for the first function any more; a Wait with the wrong id lasts to its end.",
	Remedy:   "Save $.LambdaInvocation.InvocationId in a flow attribute right after each invocation, and wait for the saved ids.",
	Evidence: "Admin guide, Invoke Lambda function and Wait: a wrong id waits until the time limit.",
	Check: func(p *Pass) {
		told := map[*Action]bool{}
		for _, a := range p.Flow.invocations() {
			b := a.success()
			if !a.isAsynchronous() || b == nil || b.to == nil || !p.Flow.has((*Action).usesID) {
				continue
			}
			for _, second := range p.Flow.walk([]*Action{b.to}, func(a *Action) bool { return !a.isAsynchronous() && !a.usesID() }) {
				if second.isAsynchronous() && second != a && !told[second] {
					told[second] = true
					p.on(second, second.node.Get("Type"), "the id of %q is overwritten here before it was saved", a.ID)
				}
			}
		}
	},
}

// usesID reports whether an action reads the id of the latest asynchronous function: saves it, waits for it or loads its result.
func (a *Action) usesID() bool {
	used := false
	texts(a.params, func(n *source.Node) { used = used || n.Text == "$.LambdaInvocation.InvocationId" })
	return used
}
