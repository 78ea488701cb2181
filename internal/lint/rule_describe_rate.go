package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleDescribeRate = Rule{
	ID: "describe-rate", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Callers who wait at the same time check more often than DescribeExecution allows.",
	Why: "Checks are throttled: they take seconds, in silence, and take the error branch although the work goes " +
		"well. The quota is shared by the whole account and Region.",
	Remedy: "Check less often (longer clips), hold checks open (hold_seconds), keep results in a table (results: " +
		"table), or raise the quota. Set callers in connect-async.yaml to the number of callers who wait " +
		"at the same time.",
	Evidence: "Step Functions quotas: " + describeRates + "; " +
		"the original system's sample flow serves about 9 waiting callers (L5).",
	Check: func(p *Pass) {
		seen, played := p.play()
		if !played || seen.checks < 3 || seen.unknown || p.resultsInTable() {
			return
		}
		check := p.Flow.protocol.checks[0]
		if input(check, async.ParamHold) != nil {
			return
		}
		rate := float64(seen.checks-1) / (seen.last - seen.first).Seconds()
		quota := awsfacts.DescribeExecutionRate(arn.Region(check.Text("LambdaFunctionARN"))).PerSecond
		if flowlang.FilledIn(check.Text("LambdaFunctionARN")) {
			quota = awsfacts.DescribeExecutionRate(aBigRegion).PerSecond
		}
		if all := rate * float64(p.callers()); all > quota {
			p.on(check, check.Node.Get("Type"),
				"%d callers who wait at the same time make %.1f checks per second; DescribeExecution allows %.0f",
				p.callers(), all, quota)
		}
	},
}

// resultsInTable reports whether the job that the flow starts keeps its results in a table, as far as that is known.
func (p *Pass) resultsInTable() bool {
	if p.Project == nil {
		return false
	}
	name := input(p.Flow.protocol.checks[0], async.ParamJob).Scalar()
	isUnknown := isInputFilledIn(p.Flow.protocol.checks[0], async.ParamJob)
	return slices.ContainsFunc(p.Project.Jobs, func(j project.Job) bool {
		return j.Results != project.ResultsDescribed && (j.Answers(name) || isUnknown || len(p.Project.Jobs) == 1)
	})
}
