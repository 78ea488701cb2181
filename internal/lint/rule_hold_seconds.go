package lint

import (
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHoldSeconds = Rule{
	ID: "hold-seconds", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A check is held open longer than its block waits.",
	Why: "Connect gives up before the function answers: every held check takes the error branch, and the caller " +
		"is told of a failure that did not happen.",
	Remedy: "Make hold_seconds at least one second less than InvocationTimeLimitSeconds, or more to allow for a " +
		"cold start; the maximum is " + strconv.Itoa(maxHeld) + ".",
	Evidence: "docs/contract.md: hold_seconds; admin guide, Invoke Lambda function: " + bothLimits + ".",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			n := input(a, async.ParamHold)
			held := wholeOf(n, 0)
			limit, known := blockWaits(a)
			switch {
			case n == nil || held <= 0:
			case held > maxHeld:
				p.on(a, n, "hold_seconds is %d; the maximum is %d", held, maxHeld)
			case held > limit-1 && known:
				p.on(a, n, "the check is held for %d s, but the block waits %d s", held, limit)
			}
		}
	},
}

// maxHeld is how many seconds the async function holds a check open at most.
const maxHeld = int(async.MaxHold / time.Second)
