package lint

import (
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLongestFunction = Rule{
	ID: "longest-function", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "The flow gives up before the work must be done.",
	Why:      "A function that takes longer than the flow checks can never succeed for the caller, however well it works. The flow is played with an async function that always answers RUNNING; the time from the start to the last check is the longest function that it serves.",
	Remedy:   "Allow more checks (count_max, LoopCount), play longer clips between them, or lower the job's timeout. For less than 60 s Connect's own asynchronous mode does.",
	Evidence: "The original's sample flow (F2): over 15.9 s no function succeeds; played as docs/architecture.md says.",
	Check: func(p *Pass) {
		seen, played := p.play()
		if !played || seen.endless || seen.unknown {
			return
		}
		a, n := p.limiter(seen)
		limit, job := p.jobTimeout()
		longest := seen.longest.Round(100 * time.Millisecond).Seconds()
		switch {
		case limit > 0 && seen.longest < limit:
			p.on(a, n, "this flow serves functions of at most %.1f s, but %s may take %v", longest, job, limit)
		case limit == 0 && seen.longest < nativeLimit:
			p.on(a, n, "this flow serves functions of at most %.1f s, with %d checks; longer ones can never succeed", longest, seen.checks)
		}
	},
}

// nativeLimit is what Connect's own asynchronous mode serves.
const nativeLimit = awsfacts.AsynchronousLimit

// limiter returns the value that ended the round: count_max when the function gave up, else LoopCount, else the check itself.
func (p *Pass) limiter(seen patience) (*flowlang.Action, *source.Node) {
	check := p.Flow.protocol.checks[0]
	switch {
	case seen.gaveUp:
		return check, firstOf(check.Input(async.ParamCountMax), check.Param("LambdaInvocationAttributes"))
	case seen.loop != nil:
		return seen.loop, seen.loop.Param("LoopCount")
	}
	return check, check.Node.Get("Type")
}

// jobTimeout returns how long the work may take: the project's job that the flow names, or the state machine; 0 when nothing says it.
func (p *Pass) jobTimeout() (limit time.Duration, job string) {
	if p.Project != nil {
		name := p.Flow.protocol.checks[0].Input(async.ParamJob).Scalar()
		for _, j := range p.Project.Jobs {
			if j.Name == name || len(p.Project.Jobs) == 1 {
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
