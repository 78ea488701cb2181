package lint

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleCheckWithoutAction = Rule{
	ID: "check-without-action", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Only its execution_id distinguishes a check from a start.",
	Why: "When the attribute has no value, Connect may leave the parameter out, and the check starts another " +
		"execution: the work is done twice, and nobody asks for the first result.",
	Remedy: `Give the check "action": "check", and the start "action": "start".`,
	Evidence: "docs/contract.md; the original system's sample flow: eleven executions after one failed trigger; what " +
		"Connect sends for an unset attribute is not documented.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			n := input(a, async.ParamExecutionID)
			if input(a, async.ParamAction) == nil && !isInputFilledIn(a, async.ParamAction) &&
				flowlang.IsReference(n.Str()) {
				p.on(a, n, "if this attribute has no value, the check becomes a start")
			}
		}
	},
	Fix: Fixer{
		Does: `It adds "action": "check" to the check.`,
		mend: func(m *mending, f Finding) {
			a := m.action(f)
			if a == nil {
				return
			}
			m.Add(a.Param("LambdaInvocationAttributes"), edit.Member{Key: async.ParamAction, Value: async.ActionCheck})
			m.note(a, async.ParamAction, "", quoted(async.ActionCheck))
		},
	},
}
