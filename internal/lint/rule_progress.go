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
	Summary: "The flow reads how far the work is and no reply says it, or replies say it and the flow never does.",
	Why: "Without progress: true replies have no sfn_step: the caller hears a sentence with a gap, or a comparison " +
		"never matches. With it, each step of the state machine is written into the results table, which costs a " +
		"state transition, and callers hear nothing of it.",
	Remedy: "Write progress: true for the job in connect-async.yaml, and say $.External.sfn_say while the work runs " +
		"(or sfn_step and the others); or leave both out.",
	Evidence: "docs/progress.md.",
	Check: func(p *Pass) {
		jobs := p.calledJobs()
		if len(jobs) == 0 {
			return
		}
		has := slices.ContainsFunc(jobs, func(j project.Job) bool { return j.Progress })
		for _, a := range p.Flow.Actions {
			if n := readsProgress(a); n != nil && !has {
				p.on(a, n, "it reads how far the work is, but replies do not say that without progress: true")
			}
		}
		tells := func(a *flowlang.Action) bool {
			return readsProgress(a) != nil || refersTo(a, async.KeySay) != nil || isSpokenTextFilledIn(a)
		}
		if checks := p.Flow.protocol.checks; has && len(checks) > 0 && !p.Flow.has(mayBe(tells)) {
			p.on(checks[0], checks[0].Param("LambdaInvocationAttributes"),
				"replies say how far the work is, but the flow never says $.External.%s", async.KeySay)
		}
	},
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
			named := j.Name == name || name == "" && len(p.Project.Jobs) == 1
			if named || flowlang.IsReference(name) || isInputFilledIn(a, async.ParamJob) {
				jobs = append(jobs, j)
			}
		}
	}
	return jobs
}
