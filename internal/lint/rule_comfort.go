package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleComfort = Rule{
	ID: "comfort", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "count_comfort and the use of comfort do not fit each other.",
	Why:      "The comfort message is never played, and the caller waits in silence.",
	Remedy:   "Compare $.External.comfort behind each check, and let count_comfort be smaller than the number of checks.",
	Evidence: "docs/contract.md: comfort is true on every call whose number count_comfort divides; 10 when it is not given.",
	Bad: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60", "count_comfort": «"5", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
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
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60", "count_comfort": "5", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "comfort", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "comfort"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "comfort", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.comfort"}, "Transitions": {"NextAction": "music", "Conditions": [{"NextAction": "still", "Condition": {"Operator": "Equals", "Operands": ["true"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "music"}]}},
  {"Identifier": "still", "Type": "MessageParticipant", "Parameters": {"Text": "Still with you."}, "Transitions": {"NextAction": "music"}}]`},
	Check: func(p *Pass) {
		compared := p.Flow.has(func(a *Action) bool { return a.compares("comfort") })
		for _, a := range p.Flow.protocol.checks {
			n := a.input("count_comfort")
			every, most := wholeOf(n, defaultCountComfort), wholeOf(a.input("count_max"), defaultCountMax)
			if _, checks := p.Flow.rounds(a); checks > 0 {
				most = min(most, checks)
			}
			switch {
			case n != nil && !compared:
				p.on(a, n, "count_comfort is given, but nothing compares $.External.comfort")
			case compared && every > most:
				p.on(a, firstOf(n, a.param("LambdaInvocationAttributes")), "comfort comes with check %d, but there are at most %d", every, most)
			}
		}
	},
}

// firstOf returns the first value that is there.
func firstOf(nodes ...*source.Node) *source.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}
