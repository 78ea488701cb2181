package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStoredInput = Rule{
	ID: "stored-input", Group: GroupData, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "What the caller entered is passed on unencrypted.",
	Why: "A card number or a date of birth is then kept in the input of the execution (for " + executionKept + "), " +
		"in contact attributes and in logs.",
	Remedy: "Use InputEncryption with CustomValidation and decrypt in the function, or pass a token instead of the " +
		"input.",
	Evidence: "Admin guide, Store customer input; the original system stores the whole event as input (L14).",
	Check: func(p *Pass) {
		told := map[*source.Node]bool{}
		for _, a := range p.Flow.Actions {
			if !p.Flow.Reaches(a) || !storesInOpen(a) {
				continue
			}
			for _, user := range p.Flow.Walk(a.After(), func(b *flowlang.Action) bool { return !b.Is("StoreInput") }) {
				if user.Type != flowlang.InvokeLambdaFunction && user.Type != flowlang.UpdateContactAttributes {
					continue
				}
				user.Parameters.EachText(func(n *source.Node) {
					if n.Text == "$.StoredCustomerInput" && !told[n] {
						told[n] = true
						p.on(user, n, "it passes on unencrypted what the caller entered at %q", a.Identifier)
					}
				})
			}
		}
	},
}

// storesInOpen reports whether an action stores what the caller enters without encrypting it.
func storesInOpen(a *flowlang.Action) bool {
	return a.Has(flowlang.StoresInput) && a.Param("InputEncryption") == nil
}
