package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHeldChecks = Rule{
	ID: "held-checks", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "The callers who wait at once hold more checks open than Lambda runs functions at once.",
	Why:      "Starts and checks of further callers are throttled, and so is every other function of the account.",
	Remedy:   "Raise the quota of concurrent executions, reserve some for the async function, or hold checks for a shorter time. lint.callers in connect-async.yaml says how many callers wait at once.",
	Evidence: "Lambda quotas: 1,000 concurrent executions by default per account and region, less in new accounts.",
	Bad: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60", "hold_seconds": «"2", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "music", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "music"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}}]`, Project: `name: bank
jobs: {balance: {steps: [balance], timeout: 2m, results: table}}
functions: {balance: {arn: "arn:aws:lambda:eu-west-2:555566667777:function:balance", timeout: 3s}}
lint: {callers: 1200}
`},
	Good: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60", "hold_seconds": "2", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "music", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "music"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}}]`, Project: `name: bank
jobs: {balance: {steps: [balance], timeout: 2m, results: table}}
functions: {balance: {arn: "arn:aws:lambda:eu-west-2:555566667777:function:balance", timeout: 3s}}
lint: {callers: 200}
`},
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			if n := a.input("hold_seconds"); wholeOf(n, 0) > 0 && p.Settings.callers() > maxConcurrency {
				p.on(a, n, "%d callers who wait at once hold as many checks open; Lambda runs %d functions at once", p.Settings.callers(), maxConcurrency)
			}
		}
	},
}

// maxConcurrency is how many functions Lambda runs at once by default (Lambda, service quotas).
const maxConcurrency = 1000
