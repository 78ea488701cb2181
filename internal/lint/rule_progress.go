package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleProgress = Rule{
	ID: "progress", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow | NeedsProject,
	Summary: "The flow reads what no reply says of progress, may say the word none, or never says what replies say.",
	Why: "Without progress: true replies have no sfn_step: the caller hears a sentence with a gap, or a comparison " +
		"never matches. With it, each step of the state machine is written into the results table, which costs a " +
		"state transition, and callers hear nothing of it. What is not known for the moment is none, and that is " +
		"what a caller hears of a flow that does not compare first.",
	Remedy: "Write progress: true for the job in connect-async.yaml, and say $.External.sfn_say while the work runs; " +
		"or say sfn_step and the others after a comparison that leads past them where they are none. How long the " +
		"work takes yet needs a results table, and what a function reports its progress_role. Or leave all out.",
	Evidence: "docs/progress.md.",
	Check: func(p *Pass) {
		jobs := p.calledJobs()
		if len(jobs) == 0 {
			return
		}
		for _, a := range p.Flow.Actions {
			p.readsUnsaid(a, jobs)
		}
		if slices.ContainsFunc(jobs, func(j project.Job) bool { return j.Progress }) {
			p.saysNone()
			p.saysNothing()
		}
	},
}

// readsUnsaid reports the first key of progress that an action reads and that no reply about one of the jobs has.
func (p *Pass) readsUnsaid(a *flowlang.Action, jobs []project.Job) {
	tells := func(j project.Job) bool { return j.Progress }
	reports := func(j project.Job) bool { return len(p.Project.ReportingSteps(j)) > 0 }
	for _, key := range async.ProgressKeys {
		n, why := refersTo(a, key), ""
		switch {
		case n == nil:
		case !slices.ContainsFunc(jobs, tells):
			why = "it reads how far the work is, but replies do not say that without progress: true"
		case key == async.KeyETA && p.Project.ResultsTable() == "":
			why = "it reads how long the work takes yet, but replies do not say that without a results table"
		case key == async.KeyReport && !slices.ContainsFunc(jobs, reports):
			why = "it reads what a function reports, but no function of the job has a progress_role"
		}
		if why != "" {
			p.on(a, n, "%s", why)
			return
		}
	}
}

// saysNone reports what says a key of progress that was compared with nothing since the reply.
func (p *Pass) saysNone() {
	var entered []*flowlang.Action
	for _, a := range p.Flow.Reached(p.Flow.Actions) {
		if b := a.Success(); fillsReply(a) && b != nil && b.To != nil {
			entered = append(entered, b.To)
		}
	}
	uncompared := func(a *flowlang.Action) bool {
		return !mayBe(fillsReply)(a) && !mayCompare(a, async.ProgressKeys...)
	}
	for _, a := range p.Flow.Walk(entered, uncompared) {
		if n := readsProgress(a); n != nil && a.Speaks() {
			p.on(a, n, "it may say the word none: nothing compares what it says first")
		}
	}
}

// saysNothing reports a flow that says nothing of what replies say.
func (p *Pass) saysNothing() {
	tells := func(a *flowlang.Action) bool {
		return readsProgress(a) != nil || refersTo(a, async.KeySay) != nil || isSpokenTextFilledIn(a)
	}
	if checks := p.Flow.protocol.checks; len(checks) > 0 && !p.Flow.has(mayBe(tells)) {
		p.on(checks[0], checks[0].Param("LambdaInvocationAttributes"),
			"replies say how far the work is, but the flow never says $.External.%s", async.KeySay)
	}
}

// isSpokenTextFilledIn reports whether only the deployment knows what an action says.
func isSpokenTextFilledIn(a *flowlang.Action) bool {
	filled := false
	a.Parameters.EachText(func(n *source.Node) { filled = filled || flowlang.FilledIn(n.Text) })
	return filled && a.Has(flowlang.Speaks)
}

// readsProgress returns the first text of an action that refers to a key of progress, nil when there is none.
func readsProgress(a *flowlang.Action) *source.Node { return refersTo(a, async.ProgressKeys...) }

// refersTo returns the first text of an action that refers to one of some keys of the latest reply, nil when there is
// none.
func refersTo(a *flowlang.Action, keys ...string) *source.Node {
	var found *source.Node
	names := func(path []string) bool { return isReplyPath(path) && slices.Contains(keys, path[len(path)-1]) }
	a.Parameters.EachText(func(n *source.Node) {
		if found == nil && slices.ContainsFunc(flowlang.References(n.Text), names) {
			found = n
		}
	})
	return found
}

// calledJobs are the jobs of the project that the flow may be about: those that it names, or all where it names one by
// a reference.
func (p *Pass) calledJobs() []project.Job {
	var jobs []project.Job
	for _, a := range p.Flow.protocol.all() {
		name := input(a, async.ParamJob).Scalar()
		for _, j := range p.Project.Jobs {
			named := j.Answers(name) || name == "" && len(p.Project.Jobs) == 1
			if named || flowlang.IsReference(name) || isInputFilledIn(a, async.ParamJob) {
				jobs = append(jobs, j)
			}
		}
	}
	return jobs
}
