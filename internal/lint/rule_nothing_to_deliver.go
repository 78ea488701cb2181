package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleNothingToDeliver = Rule{
	ID: "nothing-to-deliver", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow | NeedsProject,
	Summary: "The flow stops work whose result the job delivers to callers who have gone.",
	Why: "With cancel_on_give_up the execution is stopped when the flow gives up, just when a caller is told that it " +
		"takes too long. Who hangs up then gets nothing later, though the job says deliver.",
	Remedy:   "Leave cancel_on_give_up out, or write when_caller_leaves: cancel in connect-async.yaml.",
	Evidence: "docs/hanging-up.md.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			n := input(a, async.ParamCancelOnGiveUp)
			if n != nil && strings.EqualFold(n.Scalar(), "true") && delivers(p, input(a, async.ParamJob).Scalar()) {
				p.on(a, n, "the work is stopped when the flow gives up, so that its result is not delivered later")
			}
		}
	},
}

// delivers reports whether the job that a flow names, or the only one, delivers results to callers who have gone.
func delivers(p *Pass, name string) bool {
	return slices.ContainsFunc(p.Project.Jobs, func(j project.Job) bool {
		return (j.Answers(name) || name == "" && len(p.Project.Jobs) == 1) && j.Leave == async.LeaveDeliver
	})
}
