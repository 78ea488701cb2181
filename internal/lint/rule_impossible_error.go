package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleImpossibleError = Rule{
	ID: "impossible-error", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action has an error branch that it, or this form of it, can never take, or has one twice.",
	Why:      "Connect refuses the flow. The documentation names some of these branches, such as InputTimeLimitExceeded for stored input.",
	Remedy:   "Remove the branch.",
	Evidence: "Observed at the service: \"Invalid Action error. Error: NoMatchingCondition, Path: Actions[0]\".",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			if a.spec == nil || a.spec.open && len(a.spec.errors) == 0 || a.spec.terminal {
				continue
			}
			p.checkPossible(a)
		}
	},
}

func (p *Pass) checkPossible(a *Action) {
	var seen []string
	for _, b := range a.branches {
		if b.kind != failure || b.name == "" {
			continue
		}
		if !slices.Contains(a.spec.errors, b.name) {
			f := p.on(a, b.node.Get("ErrorType"), "this action cannot take the error branch %s", b.name)
			if a.Type == "InvokeLambdaFunction" && !slices.Contains(errorTypes, b.name) { // the name of its Timeout branch is not known
				f.Severity = weaker(f.Severity, source.Warning)
			}
			if len(a.spec.errors) > 0 {
				f.Remedy = "Remove the branch. This action can take: " + strings.Join(a.spec.errors, ", ") + "."
			}
		} else if slices.Contains(seen, b.name) {
			p.on(a, b.node.Get("ErrorType"), "the error branch %s is given twice", b.name)
		}
		seen = append(seen, b.name)
	}
}

// errorTypes are all error types that are known (developer guide, pages of the actions; exports).
var errorTypes = strings.Fields("NoMatchingError NoMatchingCondition InputTimeLimitExceeded InvalidPhoneNumber QueueAtCapacity InvalidCallbackNumber " +
	"CallbackNumberNotDialable ParticipantNotFound ConnectionTimeLimitExceeded CallFailed MultipleFound NoneFound MultipleFoundError NoneFoundError " +
	"ContactNotLinked ChannelMismatch InFlightRedactionConfigurationFailed InProgress")
