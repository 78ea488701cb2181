package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleNoErrorBranch = Rule{
	ID: "no-error-branch", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "An action that can fail has no branch for the error.",
	Why: "When it fails the flow stops, and the caller is cut off or left in silence. The console does not " +
		"publish a block with an unconnected branch.",
	Remedy:   "Add the error branch, and connect it to something that helps the caller.",
	Evidence: "Developer guide, pages of the actions; exports: 127 of 130 Lambda actions have it.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.Kind == nil || a.HasFilledIn(flowlang.Failure) {
				continue
			}
			for _, name := range a.Kind.ExpectedErrors {
				if a.Error(name) == nil {
					p.on(a, a.BranchList("Errors"), "the error %s has no branch", name)
				}
			}
		}
	},
	Fix: Fixer{Does: missingErrorFix, mend: fixMissingError},
}
