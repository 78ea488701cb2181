package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleMissingCondition = Rule{
	ID: "missing-condition", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A result that must have a branch has none.",
	Why:      "Connect refuses the flow: Loop needs ContinueLooping and DoneLooping, CheckHoursOfOperation True and False, Wait WaitCompleted and one branch for each event.",
	Remedy:   "Add the condition.",
	Evidence: "Developer guide, pages of the actions; Continue of Wait: observed at the service.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil {
				continue
			}
			for _, result := range a.spec.needResults {
				if result != "" && a.branch(condition, result) == nil {
					p.on(a, a.conditionList(), "there is no branch for the result %s", result)
				}
			}
		}
	},
}

// conditionList returns the value under which conditions stand, or what comes nearest.
func (a *Action) conditionList() *source.Node {
	if n := a.node.Get("Transitions").Get("Conditions"); n != nil {
		return n
	}
	return a.transitions()
}
