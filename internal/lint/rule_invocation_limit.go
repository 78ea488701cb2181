package lint

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInvocationLimit = Rule{
	ID: "invocation-limit", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A synchronous function is given more than 8 s.",
	Why:      "Connect waits at most 8 s for a function, in silence, and then takes the error branch, although the function may still succeed.",
	Remedy:   "Write 8 or less; put slower functions behind the async function, or use the asynchronous mode (60 s).",
	Evidence: "Admin guide, Invoke Lambda function: 8 s synchronous, 60 s asynchronous.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.OfType(flowlang.InvokeLambdaFunction) {
			n := a.Param("InvocationTimeLimitSeconds")
			if seconds, err := strconv.Atoi(n.Scalar()); err == nil && seconds > flowlang.MaxSynchronousSeconds &&
				seconds <= flowlang.MaxAsynchronousSeconds && isSynchronous(a) {
				p.on(a, n, "the function is given %d s; Connect waits %d s", seconds, flowlang.MaxSynchronousSeconds)
			}
		}
	},
}
