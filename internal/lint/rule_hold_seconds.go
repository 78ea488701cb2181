package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleHoldSeconds = Rule{
	ID: "hold-seconds", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A check is held open longer than its block waits.",
	Why:      "Connect gives up before the function answers: every held check takes the error branch, and the caller hears of a failure that there is not.",
	Remedy:   "Let hold_seconds be at least one second less than InvocationTimeLimitSeconds, or more for a cold start; the most is 58.",
	Evidence: "docs/contract.md: hold_seconds; admin guide, Invoke Lambda function: 8 s synchronous, 60 s asynchronous.",
	Bad: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60", "hold_seconds": «"6", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "music", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "music"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}}]`},
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
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}}]`},
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			n := a.input("hold_seconds")
			held, limit := wholeOf(n, 0), wholeOf(a.param("InvocationTimeLimitSeconds"), 8)
			switch {
			case n == nil || held <= 0:
			case held > 58:
				p.on(a, n, "hold_seconds is %d; the most is 58", held)
			case held > limit-1:
				p.on(a, n, "the check is held for %d s, but the block waits %d s", held, limit)
			}
		}
	},
}
