package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnknownJob = Rule{
	ID: "unknown-job", Group: GroupTogether, Severity: source.Error, Needs: NeedsFlow | NeedsProject,
	Summary:  "The flow names a job that the project does not have, or names none although there are several.",
	Why:      "The async function refuses every start (UnknownJob), and the caller is told that it did not work.",
	Remedy:   "Name a job from connect-async.yaml. Where the job was removed, delete the flow.",
	Evidence: "docs/contract.md: job.",
	Check: func(p *Pass) {
		for _, a := range slices.Concat(p.Flow.protocol.starts, p.Flow.protocol.checks, p.Flow.protocol.cancels) {
			n, data := input(a, async.ParamJob), (*source.Node)(nil)
			if p.Project.Deploy.PrefixedNames() {
				n, data = a.Input(async.LongName(async.ParamJob)), a.Input(async.ParamJob)
			}
			known := slices.ContainsFunc(p.Project.Jobs, func(j project.Job) bool { return j.Answers(n.Scalar()) })
			switch {
			case known, flowlang.IsReference(n.Str()), isInputFilledIn(a, async.ParamJob):
			case n != nil:
				p.on(a, n, "the project %s has no job %q", p.Project.Name, n.Scalar())
			case len(p.Project.Jobs) <= 1 || !p.Flow.protocol.isStart(a) && !isRun(a):
			case data != nil:
				p.on(a, data, "the start names none of the %d jobs of the project %s: job is data of the function "+
					"there (deploy: parameters), %s names one", len(p.Project.Jobs), p.Project.Name,
					async.LongName(async.ParamJob))
			default:
				p.on(a, a.ParametersOrSelf(), "the project %s has %d jobs, and the start names none", p.Project.Name,
					len(p.Project.Jobs))
			}
		}
	},
}
