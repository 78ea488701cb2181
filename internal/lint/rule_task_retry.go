package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleTaskRetry = Rule{
	ID: "task-without-retry", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine,
	Summary: "A task does not retry Lambda's transient errors.",
	Why: "A throttled function, or a brief problem in Lambda, fails the whole execution, and the caller is told " +
		"that the work failed.",
	Remedy: "Retry Lambda.TooManyRequestsException, which is raised before the function runs; for work that may " +
		"run twice also Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and " +
		"Lambda.ClientExecutionTimeoutException.",
	Evidence: "Step Functions developer guide, handling transient Lambda service exceptions.",
	Check: func(p *Pass) {
		for _, s := range p.Machine.States {
			function, ok := s.lambda()
			if !ok {
				continue
			}
			f, known := p.function(function.Str())
			switch {
			case !s.mayRetry("Lambda.TooManyRequestsException", "States.ALL", "States.TaskFailed"):
				p.onState(s, s.node.Get("Type"), "a throttled function fails the execution")
			case known && f.Repeatable && !s.mayRetry("Lambda.ServiceException", "States.ALL", "States.TaskFailed"):
				p.onState(s, s.node.Get("Retry"), "%s may run twice, but Lambda's transient errors are not retried",
					f.Name)
			}
		}
	},
}
