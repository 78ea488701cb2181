package lint

import (
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleTimeLimit = Rule{
	ID: "time-limit", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The async function may take longer than its block waits.",
	Why: "The function stays within time_limit. When the block waits for a shorter time, Connect gives up first, and " +
		"the flow takes the error branch without knowing what the call has done.",
	Remedy: "Send time_limit with the seconds of InvocationTimeLimitSeconds. A cancel that sends none may take " +
		strconv.Itoa(defaultTimeLimit) + " seconds.",
	Evidence: "docs/contract.md: time_limit; admin guide, Invoke Lambda function: " + bothLimits + ".",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.all() {
			p.checkTimeLimit(a)
		}
	},
}

// defaultTimeLimit is what a call takes at most, in seconds, when it sends no time_limit.
const defaultTimeLimit = int(async.DefaultTimeLimit / time.Second)

func (p *Pass) checkTimeLimit(a *flowlang.Action) {
	limit, known := blockWaits(a)
	if !known {
		return
	}
	sent := input(a, async.ParamTimeLimit)
	switch seconds := wholeOf(sent, 0); {
	case seconds > limit:
		p.on(a, sent, "time_limit is %d, but the block waits %d s", seconds, limit)
	case sent == nil && limit < defaultTimeLimit && p.Flow.protocol.isCancel(a):
		p.on(a, a.Param("InvocationTimeLimitSeconds"),
			"the cancel sends no time_limit and may take %d s, but the block waits %d s", defaultTimeLimit, limit)
	}
}
