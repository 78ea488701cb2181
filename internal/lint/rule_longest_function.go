package lint

import (
	"cmp"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLongestFunction = Rule{
	ID: "longest-function", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The flow stops checking while the work may still be running.",
	Why: "A function that runs longer than the flow checks can never succeed for the caller, however well it " +
		"works. The flow is played with an async function that always answers RUNNING; the time from the start " +
		"to the last check is the longest that it waits for a function.",
	Remedy: "Allow more checks (count_max, LoopCount), play longer clips between them, or lower the job's timeout. " +
		"For less than " + asynchronousLimit + " Connect's own asynchronous mode is enough.",
	Evidence: "The original system's sample flow (F2): no function of more than 15.9 s succeeds; played as " +
		"docs/architecture.md says.",
	Check: func(p *Pass) {
		seen, played := p.play()
		if !played || seen.endless || seen.unknown || p.isTimeoutFilledIn() {
			return
		}
		a, n := p.limiter(seen)
		limit, job := p.jobTimeout()
		longest := seen.longest.Round(100 * time.Millisecond).Seconds()
		switch {
		case limit > 0 && seen.longest < limit:
			p.on(a, n, "this flow waits at most %.1f s for a function, but %s may take %s", longest, job,
				source.FormatDuration(limit))
		case limit == 0 && seen.longest < nativeLimit:
			p.on(a, n, "this flow waits at most %.1f s for a function (%s); longer ones can never succeed", longest,
				seen.counted())
		}
	},
}

// nativeLimit is how long Connect's own asynchronous mode waits for a function.
const nativeLimit = awsfacts.AsynchronousLimit

// limiter returns the value that ended the checks: count_max when the function gave up, else LoopCount, else the check.
func (p *Pass) limiter(seen patience) (*flowlang.Action, *source.Node) {
	check := p.Flow.protocol.checks[0]
	switch {
	case seen.gaveUp:
		return check, cmp.Or(input(check, async.ParamCountMax), check.Param("LambdaInvocationAttributes"))
	case seen.loop != nil:
		return seen.loop, seen.loop.Param("LoopCount")
	}
	return check, check.Node.Get("Type")
}

// isTimeoutFilledIn reports whether only the deployment knows how long the work may take.
func (p *Pass) isTimeoutFilledIn() bool {
	if p.Project != nil {
		return len(p.Project.Jobs) > 1 && isInputFilledIn(p.Flow.protocol.checks[0], async.ParamJob)
	}
	return p.Machine != nil && flowlang.FilledIn(p.Machine.doc.Get("TimeoutSeconds").Str())
}

// jobTimeout returns how long the work may take, according to the job that the flow names or to the state machine; 0 if
// neither says.
func (p *Pass) jobTimeout() (limit time.Duration, job string) {
	if p.Project != nil {
		name := input(p.Flow.protocol.checks[0], async.ParamJob).Scalar()
		for _, j := range p.Project.Jobs {
			if j.Answers(name) || len(p.Project.Jobs) == 1 {
				return j.Timeout, "the job " + j.Name
			}
		}
	}
	if p.Machine != nil {
		seconds := wholeOf(p.Machine.doc.Get("TimeoutSeconds"), 0)
		return time.Duration(seconds) * time.Second, "the state machine"
	}
	return 0, ""
}
