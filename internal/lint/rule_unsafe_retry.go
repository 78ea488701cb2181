package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnsafeRetry = Rule{
	ID: "unsafe-retry", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine | NeedsProject,
	Summary: "A Retry repeats work that is not declared repeatable.",
	Why:     "These errors may be raised after the function ran: the caller pays, orders or books twice.",
	Remedy: "Retry only Lambda.TooManyRequestsException, or declare the function repeatable: true when running it " +
		"twice does no harm.",
	Evidence: "Step Functions developer guide: the function must be idempotent to be retried.",
	Check: func(p *Pass) {
		for _, s := range p.Machine.States {
			function, ok := s.lambda()
			f, known := p.function(function.Str())
			if !ok || !known || f.Repeatable {
				continue
			}
			for _, n := range s.retries() {
				if n.Str() != "Lambda.TooManyRequestsException" && !flowlang.FilledIn(n.Str()) {
					p.onState(s, n, "a retry of %s may run %s twice, which is not declared repeatable",
						n.Str(), f.Name)
				}
			}
		}
	},
}
