package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePlaceholderAccount = Rule{
	ID: "placeholder-account", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The ARN of a function has an account number from documentation examples.",
	Why:     "Every call of the function fails, and the caller gets the error branch. Publishing does not detect it.",
	Remedy:  "Write the ARN of your own function, or let the project manage the flow, so that the export fills it in.",
	Evidence: "Admin guide: a missing permission shows only at run time; the original system's sample flow names " +
		"012345678910.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.OfType(flowlang.InvokeLambdaFunction) {
			account, placeholder := placeholderAccount(a.Text("LambdaFunctionARN"))
			if placeholder && p.Project == nil && !p.Lost {
				p.on(a, a.Param("LambdaFunctionARN"),
					"the account number %s comes from documentation examples", account)
			}
		}
	},
}
