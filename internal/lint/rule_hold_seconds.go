package lint

import (
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHoldSeconds = Rule{
	ID: "hold-seconds", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A check is held open longer than its block waits.",
	Why:      "Connect gives up before the function answers: every held check takes the error branch, and the caller hears of a failure that there is not.",
	Remedy:   "Let hold_seconds be at least one second less than InvocationTimeLimitSeconds, or more for a cold start; the most is 58.",
	Evidence: "docs/contract.md: hold_seconds; admin guide, Invoke Lambda function: 8 s synchronous, 60 s asynchronous.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			n := a.Input(async.ParamHold)
			held, limit := wholeOf(n, 0), wholeOf(a.Param("InvocationTimeLimitSeconds"), flowlang.MaxSynchronousSeconds)
			switch {
			case n == nil || held <= 0:
			case held > mostHeld:
				p.on(a, n, "hold_seconds is %d; the most is %d", held, mostHeld)
			case held > limit-1:
				p.on(a, n, "the check is held for %d s, but the block waits %d s", held, limit)
			}
		}
	},
}

const mostHeld = int(async.MaxHold / time.Second)
