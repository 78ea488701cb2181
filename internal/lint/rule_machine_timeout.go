package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleMachineTimeout = Rule{
	ID: "machine-timeout", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine,
	Summary: "The state machine has no TimeoutSeconds.",
	Why: "A function that hangs keeps the execution running long after the caller has gone, and nobody is told " +
		"that it failed.",
	Remedy: "Set TimeoutSeconds of the state machine to the longest time that a caller waits, and that of each " +
		"task to its function's timeout plus a few seconds.",
	Evidence: "Step Functions developer guide, best practices; the original system's state machine (S5).",
	Check: func(p *Pass) {
		if p.Machine.doc.Get("TimeoutSeconds") == nil {
			p.report(p.Machine.File, "", p.Machine.doc.Pos, "the state machine has no TimeoutSeconds")
		}
	},
}
