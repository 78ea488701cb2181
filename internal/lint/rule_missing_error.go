package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleMissingError = Rule{
	ID: "missing-error", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An error branch that Connect requires is missing.",
	Why:      "Connect refuses the flow. For LoadLambdaFunctionResult it is InProgress; for a menu InputTimeLimitExceeded, NoMatchingCondition and NoMatchingError.",
	Remedy:   "Add the branch to Errors, and let it lead to something that helps the caller.",
	Evidence: "Observed at the service: \"Action is missing required error. Error: NoMatchingError\"; InProgress: console export.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil {
				continue
			}
			for _, name := range a.spec.needErrors {
				if a.branch(failure, name) == nil {
					p.on(a, a.errorList(), "the required error branch %s is missing", name)
				}
			}
		}
	},
}

// errorList returns the value under which error branches stand, or what comes nearest.
func (a *Action) errorList() *source.Node {
	if n := a.node.Get("Transitions").Get("Errors"); n != nil {
		return n
	}
	return a.transitions()
}
