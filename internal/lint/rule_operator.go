package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleOperator = Rule{
	ID: "condition-operator", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A condition's operator does not exist, or not for this action.",
	Why:      "Connect refuses the flow. Compound and nested conditions, which the documentation describes, are refused as well.",
	Remedy:   "Use an operator that this action knows; write several conditions in place of And, Or and Not.",
	Evidence: "Developer guide, Compare; refusals and KeyExists: observed at the service.",
	Check:    checkOperators,
}

// rightOperators are names in circulation and what is meant.
var rightOperators = map[string]string{
	"Contains": "TextContains", "StartsWith": "TextStartsWith", "EndsWith": "TextEndsWith", "NumberEquals": "Equals", "NumberLessThanOrEqualTo": "NumberLessOrEqualTo",
	"NumberGreaterThanOrEqualTo": "NumberGreaterOrEqualTo", "GreaterThan": "NumberGreaterThan", "LessThan": "NumberLessThan", "Exists": "KeyExists",
}

func checkOperators(p *Pass) {
	for _, a := range p.Flow.Actions {
		if a.spec == nil || !a.spec.conditions {
			continue
		}
		known := a.spec.operators
		if known == nil {
			known = []string{"Equals"}
		}
		for _, b := range a.branches {
			if b.kind != condition || b.operator == "" || slices.Contains(known, b.operator) {
				continue
			}
			f := p.on(a, b.node.Get("Condition").Get("Operator"), "the operator %q is not one of this action", b.operator)
			f.Remedy = "Use one of: " + strings.Join(known, ", ") + "."
			if right := rightOperators[b.operator]; slices.Contains(known, right) {
				f.Remedy = "Write " + right + "."
			}
		}
	}
}
