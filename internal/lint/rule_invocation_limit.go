package lint

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInvocationLimit = Rule{
	ID: "invocation-limit", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A synchronous function has a time limit of more than 8 s.",
	Why: "Connect waits at most 8 s for a function, in silence, and then takes the error branch, although the " +
		"function may still succeed.",
	Remedy: "Set it to 8 or less; put slower functions behind the async function, or use Connect's asynchronous " +
		"mode (60 s).",
	Evidence: "Admin guide, Invoke Lambda function: 8 s synchronous, 60 s asynchronous.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.OfType(flowlang.InvokeLambdaFunction) {
			n := a.Param("InvocationTimeLimitSeconds")
			seconds, err := strconv.Atoi(n.Scalar())
			tooLong := seconds > flowlang.MaxSynchronousSeconds && seconds <= flowlang.MaxAsynchronousSeconds
			if err == nil && tooLong && isSynchronous(a) && !isModeFilledIn(a) {
				p.on(a, n, "the time limit is %d s; Connect waits %d s", seconds, flowlang.MaxSynchronousSeconds)
			}
		}
	},
}
