package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleExpress = Rule{
	ID: "express", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine,
	Summary: "The state machine is of type EXPRESS.",
	Why: "DescribeExecution does not serve Express executions: no check ever sees the work end, and an Express " +
		"execution is stopped after 5 minutes.",
	Remedy:   "Use type STANDARD, which also starts each name only once.",
	Evidence: "Step Functions API reference, DescribeExecution; the original system (L15).",
	Check: func(p *Pass) {
		if p.Machine.expressFile != "" {
			p.report(p.Machine.expressFile, "", p.Machine.express,
				"an Express execution cannot be described, so checks never see it end")
		}
	},
}
