package lint

import (
	"slices"
	"strings"
)

// Example is a set-up that a rule is shown by. Flow holds a list of actions, the first of which is the start; an action "end" that
// disconnects is there already. The other parts are whole documents. Type is the type of the flow, inbound when it is empty.
// In Bad examples the mark « stands before each value that the rule reports.
type Example struct {
	Flow    string
	Type    string
	Machine string
	Project string
}

// change exchanges a text in one action of an example.
type change struct{ action, old, new string }

// polling is a flow that uses the asynchronous protocol well, with changes.
func polling(changes ...change) Example {
	actions := strings.Split(pollingFlow, actionEnd)
	for _, c := range changes {
		for i, a := range actions {
			if strings.HasPrefix(strings.TrimLeft(a, "[{"), `"Identifier": "`+c.action+`"`) {
				actions[i] = strings.ReplaceAll(a, c.old, c.new)
			}
		}
	}
	return Example{Flow: strings.Join(actions, actionEnd)}
}

// actionEnd stands between the actions of an example.
const actionEnd = ",\n  {"

// and adds actions to the flow of an example.
func (e Example) and(actions string) Example {
	e.Flow = strings.TrimSuffix(e.Flow, "]") + ",\n  " + actions + "]"
	return e
}

// in sets the project of an example.
func (e Example) in(project string) Example {
	e.Project = project
	return e
}

// difference returns the actions of an example's flow that another one does not have, when there are too many to show them all.
func (e Example) difference(other Example) string {
	const most = 5
	actions, others := e.actions(), other.actions()
	if len(actions) <= most {
		return e.Flow
	}
	actions = slices.DeleteFunc(actions, func(a string) bool { return slices.Contains(others, a) })
	return "…,\n{" + strings.Join(actions, ",\n{") + ", …"
}

// actions returns the text of each action, without its opening brace.
func (e Example) actions() []string {
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(e.Flow, "[{"), "]"), actionEnd)
}

// pollingFlow starts a job, says something, checks, and does so again until there is a result.
const pollingFlow = `[{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "$.Attributes.async", "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"action": "start", "request": "balance"}, "ResponseValidation": {"ResponseType": "STRING_MAP"}},
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
  {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "I am sorry, that did not work."}, "Transitions": {"NextAction": "end"}}]`
