package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleWaitFlowType = Rule{
	ID: "wait-flow-type", Group: GroupNative, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "Wait stands in a flow of a type in which it fails.",
	Why:      "On voice Wait works in inbound flows only, and only when the flow goes on meanwhile or an event ends it. Elsewhere it takes its error branch at once, and the caller does not get what the wait was for.",
	Remedy:   "Wait in an inbound flow; in other flows poll the async function, with a clip between checks.",
	Evidence: "Admin guide, Wait; its pages differ about queue flows.",
	Bad: Example{Type: "AGENT_TRANSFER", Flow: `[{"Identifier": "wait", "Type": «"Wait", "Parameters": {"TimeLimitSeconds": "60", "ContinueExecution": "TRUE", "MinimumWaitTimeSeconds": "1", "InterruptibleEvents": {"LambdaReturned": {"AsyncLambdaCompletionEvent": {"Identifier": "$.LambdaInvocation.InvocationId"}}}},
    "Transitions": {"NextAction": "end", "Conditions": [{"NextAction": "say", "Condition": {"Operator": "Equals", "Operands": ["Continue"]}}, {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["LambdaReturned"]}}, {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}], "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]}},
  {"Identifier": "say", "Type": "MessageParticipant", "Parameters": {"Text": "One moment, please."}, "Transitions": {"NextAction": "end"}}]`},
	Good: Example{Type: "CONTACT_FLOW", Flow: `[{"Identifier": "wait", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "60", "ContinueExecution": "TRUE", "MinimumWaitTimeSeconds": "1", "InterruptibleEvents": {"LambdaReturned": {"AsyncLambdaCompletionEvent": {"Identifier": "$.LambdaInvocation.InvocationId"}}}},
    "Transitions": {"NextAction": "end", "Conditions": [{"NextAction": "say", "Condition": {"Operator": "Equals", "Operands": ["Continue"]}}, {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["LambdaReturned"]}}, {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}], "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]}},
  {"Identifier": "say", "Type": "MessageParticipant", "Parameters": {"Text": "One moment, please."}, "Transitions": {"NextAction": "end"}}]`},
	Check: func(p *Pass) {
		bit := flowTypeBits[p.Flow.Type]
		if !p.Flow.TypeGiven || bit&(inbound|queue|module) != 0 {
			return
		}
		for _, a := range p.Flow.labels["Wait"] {
			p.on(a, a.node.Get("Type"), "it fails in a flow of type %s", p.Flow.Type)
		}
	},
}
