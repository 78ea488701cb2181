package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleOperand = Rule{
	ID: "condition-operand", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A condition's operand is empty, one of several, or no result of the action.",
	Why:      "Connect refuses the flow, or the branch can never be taken.",
	Remedy:   "Give exactly one operand that is not empty. There is no comparison with an empty value: let the function return a word such as none.",
	Evidence: "Observed at the service: \"Invalid branch. Path: 2.Evaluate\"; results: developer guide.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			for _, b := range a.branches {
				if b.kind == condition {
					p.checkOperand(a, b)
				}
			}
		}
	},
}

func (p *Pass) checkOperand(a *Action, b *branch) {
	operands := b.node.Get("Condition").Get("Operands")
	switch {
	case !operands.Is(source.Array):
	case len(operands.Items) == 0:
		p.on(a, operands, "the condition has no operand")
	case len(operands.Items) > 1:
		p.on(a, operands.Items[1], "the condition has %d operands; Connect takes one", len(operands.Items))
	case operands.Items[0].Kind == source.Object || operands.Items[0].Kind == source.Array:
		p.on(a, operands.Items[0], "conditions cannot be nested")
	case b.name == "":
		p.on(a, operands.Items[0], "the operand is empty")
	case a.spec != nil && len(a.spec.results) > 0 && !slices.Contains(a.spec.results, b.name) && !flow.IsReference(b.name):
		p.on(a, operands.Items[0], "%q is no result of this action", b.name).Remedy = "Results are: " + strings.Join(a.spec.results, ", ") + "."
	}
}
