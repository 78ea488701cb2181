package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/standin"
)

var ruleUnservedTask = Rule{
	ID: "unserved-task", Group: GroupMachine, Severity: source.Info, Needs: NeedsMachine,
	Summary: "Tasks that nothing performs on this machine have no stand-in.",
	Why: "In AWS they run. Here an execution that reaches one fails, so a call or a test that takes its path says " +
		"nothing about the flow.",
	Remedy: "Give the tasks stand-ins in the scenario of the project: tasks: {STATE: {returns: {…}}}.",
	Evidence: "The local account performs Lambda functions, nested executions, operations of Step Functions and " +
		"requests to DynamoDB tables, calls servers on this machine, and keeps what is sent to SQS, SNS and " +
		"EventBridge; see docs/scenarios.md.",
	Check: checkUnserved,
}

// checkUnserved reports all tasks of the machine together, at the first.
func checkUnserved(p *Pass) {
	m, _ := asl.Parse(p.Machine.File, p.Machine.doc)
	if m == nil {
		return // another rule says why
	}
	tasks := slices.DeleteFunc(m.Tasks(), func(t asl.Task) bool {
		_, standsIn := standin.Choose(p.StandIns, t.State, t.Resource)
		return standsIn || standin.ServedTask(t.Service, t.Action, t.Endpoint)
	})
	if len(tasks) == 0 {
		return
	}
	var list []string
	for _, t := range tasks {
		list = append(list, t.String())
	}
	p.report(p.Machine.File, tasks[0].State, tasks[0].Pos, "nothing on this machine performs %s",
		strings.Join(list, ", "))
}
