package lint

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleResponseType = Rule{
	ID: "response-type", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "What the check returns and what the block accepts are not of the same form.",
	Why:      "A number, null or nested value in the result makes Connect take the error branch at every check although the work is done; with STRING_MAP nested results cannot be read at all.",
	Remedy:   "For STRING_MAP give the check \"response_type\": \"STRING_MAP\", and read nested values by their flat names; or use ResponseType JSON.",
	Evidence: "Admin guide, Lambda functions: STRING_MAP is a flat object of strings; an absent ResponseValidation counts as STRING_MAP (inferred).",
	Bad: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60"}, "ResponseValidation": {"ResponseType": «"STRING_MAP"}},
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
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "60", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "music", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "music"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}}]`},
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			accepted := a.param("ResponseValidation").Get("ResponseType")
			n := a.input("response_type")
			switch {
			case scalar(accepted) == "JSON" && strings.EqualFold(scalar(n), "STRING_MAP"):
			case scalar(accepted) != "JSON" && scalar(n) != "STRING_MAP" && !a.ignoresReply(p.Flow):
				p.on(a, firstOf(accepted, a.parameters()), "the block accepts only strings (STRING_MAP), but the check may return other values")
			case scalar(accepted) != "JSON":
				p.nestedReads(a)
			}
		}
	},
}

// ignoresReply reports whether nothing reads the reply of an asynchronous check: it only tells when to look.
func (a *Action) ignoresReply(f *Flow) bool {
	return a.isAsynchronous() && !f.has(func(a *Action) bool { return a.Type == "LoadLambdaFunctionResult" })
}

// nestedReads reports nested keys that are read behind a check that returns a flat map.
func (p *Pass) nestedReads(check *Action) {
	for _, a := range p.Flow.walk(after(check), func(a *Action) bool { return !a.fillsReply() }) {
		texts(a.params, func(n *source.Node) {
			for _, path := range flow.References(n.Text) {
				if path[0] == "External" && len(path) > 2 {
					p.on(a, n, "$.%s is nested, but %q returns a flat map of strings", strings.Join(path, "."), check.ID)
				}
			}
		})
	}
}
