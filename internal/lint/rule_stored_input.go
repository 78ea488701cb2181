package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStoredInput = Rule{
	ID: "stored-input", Group: GroupData, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "What a caller typed is handed on unencrypted.",
	Why:      "A card number or a date of birth then stands in the input of the execution, kept for 90 days, in contact attributes and in logs.",
	Remedy:   "Use InputEncryption with CustomValidation, and decrypt in the function; or hand on a token in place of the input.",
	Evidence: "Admin guide, Store customer input; the original stores the whole event as input (L14).",
	Check: func(p *Pass) {
		told := map[*source.Node]bool{}
		for _, a := range p.Flow.Actions {
			if !p.Flow.Reaches(a) || !a.Is("StoreInput") || a.Param("EnableDTMFBuffer") != nil || a.Param("InputEncryption") != nil {
				continue
			}
			for _, user := range p.Flow.Walk(a.After(), func(b *flowlang.Action) bool { return !b.Is("StoreInput") }) {
				if user.Type != flowlang.InvokeLambdaFunction && user.Type != flowlang.UpdateContactAttributes {
					continue
				}
				user.Parameters.EachText(func(n *source.Node) {
					if n.Text == "$.StoredCustomerInput" && !told[n] {
						told[n] = true
						p.on(user, n, "it hands on what the caller typed at %q, unencrypted", a.Identifier)
					}
				})
			}
		}
	},
}
