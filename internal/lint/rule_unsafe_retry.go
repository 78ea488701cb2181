package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnsafeRetry = Rule{
	ID: "unsafe-retry", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine | NeedsProject,
	Summary:  "A Retry repeats work that is not declared repeatable.",
	Why:      "These errors may come after the function ran: the caller pays, orders or books twice.",
	Remedy:   "Retry only Lambda.TooManyRequestsException, or declare the function repeatable: true when running it twice does no harm.",
	Evidence: "Step Functions developer guide: the function must be idempotent to be retried.",
	Bad: Example{Machine: `{"TimeoutSeconds": 60, "StartAt": "Balance", "States": {
  "Balance": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "arn:aws:lambda:eu-west-2:555566667777:function:balance", "Payload.$": "$"},
    "OutputPath": "$.Payload", "Retry": [{"ErrorEquals": [«"States.TaskFailed"], "MaxAttempts": 3}], "TimeoutSeconds": 30, "End": true}}}`, Project: `name: bank
jobs: {balance: {steps: [balance], timeout: 60s}}
functions: {balance: {arn: "arn:aws:lambda:eu-west-2:555566667777:function:balance", timeout: 30s, repeatable: false}}
`},
	Good: Example{Machine: `{"TimeoutSeconds": 60, "StartAt": "Balance", "States": {
  "Balance": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "arn:aws:lambda:eu-west-2:555566667777:function:balance", "Payload.$": "$"},
    "OutputPath": "$.Payload", "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 3}], "TimeoutSeconds": 30, "End": true}}}`, Project: `name: bank
jobs: {balance: {steps: [balance], timeout: 60s}}
functions: {balance: {arn: "arn:aws:lambda:eu-west-2:555566667777:function:balance", timeout: 30s, repeatable: false}}
`},
	Check: func(p *Pass) {
		for _, s := range p.Machine.States {
			function, ok := s.lambda()
			f, known := p.function(function.Str())
			if !ok || !known || f.Repeatable {
				continue
			}
			for _, n := range s.retries() {
				if n.Str() != "Lambda.TooManyRequestsException" {
					p.onState(s, n, "%s is retried, which may run %s twice, and it is not declared repeatable", n.Str(), f.Name)
				}
			}
		}
	},
}
