package lint

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHeldChecks = Rule{
	ID: "held-checks", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "The callers who wait at once hold more checks open than Lambda runs functions at once.",
	Why:      "Starts and checks of further callers are throttled, and so is every other function of the account.",
	Remedy:   "Raise the quota of concurrent executions, reserve some for the async function, or hold checks for a shorter time. callers in connect-async.yaml says how many callers wait at once.",
	Evidence: "Lambda quotas: 1,000 concurrent executions by default per account and region, less in new accounts.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			if n := a.Input(async.ParamHold); wholeOf(n, 0) > 0 && p.callers() > awsfacts.ConcurrentExecutions {
				p.on(a, n, "%d callers who wait at once hold as many checks open; Lambda runs %d functions at once", p.callers(), awsfacts.ConcurrentExecutions)
			}
		}
	},
}
