package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleMachineTimeout = Rule{
	ID: "machine-timeout", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine,
	Summary:  "The state machine has no TimeoutSeconds.",
	Why:      "A function that hangs keeps the execution running for long after the caller has gone; nobody is told that it failed.",
	Remedy:   "Give the machine TimeoutSeconds of what a caller waits at most, and each task its function's timeout and some seconds.",
	Evidence: "Step Functions developer guide, best practices; the original's state machine (S5).",
	Check: func(p *Pass) {
		if p.Machine.doc.Get("TimeoutSeconds") == nil {
			p.report(p.Machine.File, "", p.Machine.doc.Pos, "the state machine has no TimeoutSeconds")
		}
	},
}
