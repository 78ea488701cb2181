package lint

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleLoopCountMax = Rule{
	ID: "loop-count-max", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "LoopCount and count_max contradict each other.",
	Why:      "Whichever is smaller ends the round; the other, and the message behind it, never comes. A flow that only knows one of them announces a running function as failed, or says too long too early.",
	Remedy:   "Let one of them end the round: leave the Loop out and use count_max (150 if you like), or make count_max LoopCount + 1.",
	Evidence: "Developer guide, Loop: continue N times, then done once, so that N loops give N + 1 checks; the original's sample flow (F1): 11 checks against count_max 20.",
	Bad: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "20", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "rounds", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "rounds"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "rounds", "Type": "Loop", "Parameters": {"LoopCount": «"10"}, "Transitions": {"NextAction": "long", "Conditions": [{"NextAction": "music", "Condition": {"Operator": "Equals", "Operands": ["ContinueLooping"]}}, {"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["DoneLooping"]}}]}}]`},
	Good: Example{Flow: `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "started", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "started", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "save", "Conditions": [{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "save"}]}},
  {"Identifier": "save", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"id": {"Value": "$.External.execution_id"}, "count": {"Value": "0"}}}, "Transitions": {"NextAction": "music", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "music", "Type": "MessageParticipant", "Parameters": {"Text": "Please stay on the line while I look up your balance."}, "Transitions": {"NextAction": "check"}},
  {"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "check", "execution_id": "$.FlowAttributes.id", "count": "$.FlowAttributes.count", "count_max": "11", "response_type": "STRING_MAP"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
    "Transitions": {"NextAction": "keep", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "keep", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"count": {"Value": "$.External.count"}}}, "Transitions": {"NextAction": "result", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "sorry"}]}},
  {"Identifier": "result", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"}, "Transitions": {"NextAction": "rounds", "Conditions": [{"NextAction": "tell", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}}, {"NextAction": "why", "Condition": {"Operator": "Equals", "Operands": ["FAILURE"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "rounds"}]}},
  {"Identifier": "why", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_error"}, "Transitions": {"NextAction": "sorry", "Conditions": [{"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["GaveUp"]}}, {"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["ResultNotDeliverable"]}}], "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "sorry"}]}},
  {"Identifier": "tell", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "long", "Type": "MessageParticipant", "Parameters": {"Text": "This takes too long. Please call again."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}},
  {"Identifier": "rounds", "Type": "Loop", "Parameters": {"LoopCount": "10"}, "Transitions": {"NextAction": "long", "Conditions": [{"NextAction": "music", "Condition": {"Operator": "Equals", "Operands": ["ContinueLooping"]}}, {"NextAction": "long", "Condition": {"Operator": "Equals", "Operands": ["DoneLooping"]}}]}}]`},
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			loop, checks := p.Flow.rounds(a)
			if loop == nil {
				continue
			}
			most := wholeOf(a.input("count_max"), defaultCountMax)
			switch n := loop.param("LoopCount"); {
			case most > checks+1:
				p.on(loop, n, "it ends the round after %d checks, so that count_max %d is never reached", checks, most)
			case most < checks:
				p.on(loop, n, "it allows %d checks, but count_max ends the round after %d", checks, most)
			}
		}
	},
}

// rounds returns the Loop that ends the repetition of a check, and how many checks it allows; nil when none does.
func (f *Flow) rounds(check *Action) (loop *Action, checks int) {
	for _, group := range f.cycles {
		if !contains(group, check) {
			continue
		}
		for _, a := range group {
			if a.Type != "Loop" || !f.bounds(a, group, check) {
				continue
			}
			n, err := strconv.Atoi(a.text("LoopCount"))
			if err != nil {
				return nil, 0
			}
			before := f.walk([]*Action{f.start}, func(b *Action) bool { return b != a })
			if contains(before, check) {
				n++
			}
			return a, n
		}
	}
	return nil, 0
}

// bounds reports whether every repetition of a check passes a Loop whose end leads out.
func (f *Flow) bounds(loop *Action, group []*Action, check *Action) bool {
	done := loop.branch(condition, "DoneLooping")
	if done == nil || done.to == nil || contains(group, done.to) {
		return false
	}
	for _, rest := range f.loops(func(a *Action) bool { return a == loop }) {
		if contains(rest, check) {
			return false
		}
	}
	return true
}

func wholeOf(n *source.Node, otherwise int) int { return whole(scalar(n), otherwise) }
