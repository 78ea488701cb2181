package lint

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInvocationLimit = Rule{
	ID: "invocation-limit", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A synchronous function has a time limit of more than " + synchronousLimit + ".",
	Why: "Connect waits at most " + synchronousLimit + " for a function, in silence, and then takes the error " +
		"branch, although the function may still succeed.",
	Remedy: "Set it to " + strconv.Itoa(flowlang.MaxSynchronousSeconds) + " or less; put slower functions behind the " +
		"async function, or use Connect's asynchronous mode (" + asynchronousLimit + ").",
	Evidence: "Admin guide, Invoke Lambda function: " + bothLimits + ".",
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
