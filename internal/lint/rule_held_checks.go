package lint

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHeldChecks = Rule{
	ID: "held-checks", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Callers who wait at the same time hold more checks open than Lambda runs functions at once.",
	Why:     "Starts and checks of other callers are throttled, and so is every other function in the account.",
	Remedy: "Raise the quota of concurrent executions, reserve concurrency for the async function, or hold checks " +
		"for a shorter time. Set callers in connect-async.yaml to the number of callers who wait at the same time.",
	Evidence: "Lambda quotas: " + functionsAtOnce + " concurrent executions by default per account and Region, fewer " +
		"in new accounts.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			if n := input(a, async.ParamHold); wholeOf(n, 0) > 0 && p.callers() > awsfacts.ConcurrentExecutions {
				p.on(a, n,
					"%d callers who wait at the same time hold as many checks open; Lambda runs %d functions at once",
					p.callers(), awsfacts.ConcurrentExecutions)
			}
		}
	},
}
