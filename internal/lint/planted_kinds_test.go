package lint_test

import (
	"fmt"
	"strings"
)

// plants are kinds of faults that publishing refuses.
var plants = []plant{
	{"wrong version", []string{"version"}, func(doc object) bool { doc["Version"] = "2020-01-01"; return true }},
	{"start action that does not exist", []string{"start-action"}, func(doc object) bool { doc["StartAction"] = "nowhere to be found"; return true }},
	{"no start action", []string{"start-action"}, func(doc object) bool { delete(doc, "StartAction"); return true }},
	{"unknown action type", []string{"action-type"}, func(doc object) bool { actions(doc)[0].(object)["Type"] = "StoreUserInput"; return true }},
	{"type in another case", []string{"action-type"}, func(doc object) bool {
		a := actions(doc)[0].(object)
		a["Type"] = strings.ToLower(a["Type"].(string))
		return true
	}},
	{"action without type", []string{"malformed"}, func(doc object) bool { delete(actions(doc)[0].(object), "Type"); return true }},
	{"identifier given twice", []string{"identifier"}, func(doc object) bool {
		doc["Actions"] = append(actions(doc), actions(doc)[0])
		return true
	}},
	{"forbidden character in an identifier", []string{"identifier"}, func(doc object) bool {
		add(doc, "DisconnectParticipant", object{}, object{})["Identifier"] = "what (is) this"
		return true
	}},
	{"key directly on an action", []string{"unknown-key"}, func(doc object) bool {
		actions(doc)[0].(object)["Metadata"] = object{}
		return true
	}},
	{"parameters as a list", []string{"malformed"}, func(doc object) bool { actions(doc)[0].(object)["Parameters"] = []any{}; return true }},
	{"dangling branch", []string{"dangling-branch"}, func(doc object) bool {
		return each(doc, func(_, _, transitions object) bool {
			_, ok := transitions["NextAction"]
			transitions["NextAction"] = "nowhere to be found"
			return ok
		}) || add(doc, "MessageParticipant", object{"Text": "Hello"}, object{"NextAction": "nowhere to be found"}) != nil
	}},
	{"no next action", []string{"next-action"}, func(doc object) bool {
		return add(doc, "MessageParticipant", object{"Text": "Hello"}, object{}) != nil
	}},
	{"missing required error", []string{"missing-error"}, func(doc object) bool {
		return each(doc, func(a, params, transitions object) bool {
			if a["Type"] != "Compare" && a["Type"] != "ShowView" {
				return false
			}
			delete(transitions, "Errors")
			return true
		}) || add(doc, "UpdateFlowAttributes", object{"FlowAttributes": object{"a": object{"Value": "b"}}}, object{"NextAction": first(doc)}) != nil
	}},
	{"error that cannot be", []string{"impossible-error"}, func(doc object) bool {
		return each(doc, func(a, _, transitions object) bool {
			list, ok := transitions["Errors"].([]any)
			transitions["Errors"] = append(list, errorsTo(first(doc), "InvalidPhoneNumber")...)
			return ok && len(list) > 0 && a["Type"] != "GetParticipantInput"
		}) || add(doc, "UpdateFlowLoggingBehavior", object{"FlowLoggingBehavior": "Enabled"}, object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{"conditions without a result", []string{"conditions-not-allowed"}, func(doc object) bool {
		return add(doc, "MessageParticipant", object{"Text": "Hello"}, object{"NextAction": first(doc), "Conditions": []any{conditionTo(first(doc), "Equals", "x")}}) != nil
	}},
	{"operator that does not exist", []string{"condition-operator"}, func(doc object) bool {
		return each(doc, func(_, _, transitions object) bool {
			list, _ := transitions["Conditions"].([]any)
			if len(list) == 0 {
				return false
			}
			list[0].(object)["Condition"].(object)["Operator"] = "Contains"
			return true
		}) || compare(doc, conditionTo(first(doc), "And", "x"))
	}},
	{"empty operand", []string{"condition-operand"}, func(doc object) bool { return compare(doc, conditionTo(first(doc), "Equals", "")) }},
	{"two operands", []string{"condition-operand"}, func(doc object) bool { return compare(doc, conditionTo(first(doc), "Equals", "a", "b")) }},
	{"unknown parameter", []string{"unknown-parameter"}, func(doc object) bool {
		params, ok := actions(doc)[0].(object)["Parameters"].(object)
		if !ok {
			params = object{}
			actions(doc)[0].(object)["Parameters"] = params
		}
		params["VoiceId"] = "Amy"
		return true
	}},
	{"missing parameter", []string{"missing-parameter"}, func(doc object) bool {
		return add(doc, "TransferToFlow", object{}, object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{"empty text in a parameter", []string{"empty-value"}, func(doc object) bool {
		return add(doc, "UpdateContactAttributes", object{"Attributes": object{"tier": ""}}, object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{"number out of range", []string{"parameter-value"}, func(doc object) bool {
		return loop(doc, "101", "ContinueLooping", "DoneLooping")
	}},
	{"loop with the old names", []string{"condition-operand", "missing-condition"}, func(doc object) bool { return loop(doc, "3", "Looping", "Complete") }},
	{"static callback number", []string{"parameter-value"}, func(doc object) bool {
		return add(doc, "UpdateContactCallbackNumber", object{"CallbackNumber": "+15550100"}, object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "InvalidCallbackNumber", "CallbackNumberNotDialable")}) != nil
	}},
	{"text and SSML together", []string{"parameter-combination"}, func(doc object) bool {
		return add(doc, "MessageParticipant", object{"Text": "Hello", "SSML": "<speak>Hello</speak>"}, object{"NextAction": first(doc)}) != nil
	}},
	{"seven tags", []string{"parameter-combination"}, func(doc object) bool {
		tags := object{}
		for i := range 7 {
			tags[fmt.Sprint(i)] = "x"
		}
		return add(doc, "TagContact", object{"Tags": tags}, object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{"too many actions", []string{"size"}, func(doc object) bool {
		for i := range 251 {
			add(doc, "DisconnectParticipant", object{}, object{})["Identifier"] = fmt.Sprintf("planted %d", i)
		}
		return true
	}},
	{"settings in a flow", []string{"module-settings"}, func(doc object) bool {
		if doc["Settings"] != nil {
			delete(doc, "Settings")
			doc["Metadata"] = object{"type": "contactFlowModule"}
			return true
		}
		doc["Settings"] = object{}
		doc["Metadata"] = object{"type": "contactFlow"}
		return true
	}},
	{"documented parameter of Wait", []string{"unknown-parameter"}, func(doc object) bool {
		return with(doc, "Wait", object{"TimeLimitSeconds": "5", "TimeoutSeconds": "5"}, []any{conditionTo(first(doc), "Equals", "WaitCompleted")}, "NoMatchingError")
	}},
	{"documented name of UntagContact", []string{"action-type"}, func(doc object) bool {
		return with(doc, "UnTagContact", object{"TagKeys": []any{"a"}}, nil, "NoMatchingError")
	}},
	{"transfer without a time limit", []string{"missing-parameter"}, func(doc object) bool {
		return with(doc, "TransferParticipantToThirdParty", object{"ThirdPartyPhoneNumber": "+15550100", "ContinueFlowExecution": "False"}, nil, "NoMatchingError")
	}},
	{"branches of a transfer that does not come back", []string{"impossible-error"}, func(doc object) bool {
		return with(doc, "TransferParticipantToThirdParty", object{"ThirdPartyPhoneNumber": "+15550100", "ContinueFlowExecution": "False", "ThirdPartyConnectionTimeLimitSeconds": "30"}, nil, "NoMatchingError", "CallFailed")
	}},
	{"timeout branch of stored input", []string{"impossible-error"}, func(doc object) bool {
		return with(doc, "GetParticipantInput", storedInput(), nil, "NoMatchingError", "InputTimeLimitExceeded")
	}},
	{"conditions of stored input", []string{"conditions-not-allowed"}, func(doc object) bool {
		return with(doc, "GetParticipantInput", storedInput(), []any{conditionTo(first(doc), "Equals", "1")}, "NoMatchingError")
	}},
	{"menu without its timeout branch", []string{"missing-error"}, func(doc object) bool {
		return with(doc, "GetParticipantInput", object{"Text": "Press 1.", "InputTimeLimitSeconds": "5"}, []any{conditionTo(first(doc), "Equals", "1")}, "NoMatchingError", "NoMatchingCondition")
	}},
	{"menu of two keys", []string{"condition-operand"}, func(doc object) bool {
		return with(doc, "GetParticipantInput", object{"Text": "Press 12.", "InputTimeLimitSeconds": "5"}, []any{conditionTo(first(doc), "Equals", "12")}, "NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded")
	}},
	{"namespace without a key", []string{"parameter-value"}, func(doc object) bool {
		return with(doc, "Compare", object{"ComparisonValue": "$.External"}, []any{conditionTo(first(doc), "Equals", "1")}, "NoMatchingCondition")
	}},
	{"nested condition", []string{"condition-operand", "condition-operator"}, func(doc object) bool {
		return compare(doc, conditionTo(first(doc), "Not", object{"Operator": "Equals", "Operands": []any{"a"}}))
	}},
	{"flat flow attribute", []string{"parameter-combination"}, func(doc object) bool {
		return with(doc, "UpdateFlowAttributes", object{"FlowAttributes": object{"a": "b"}}, nil, "NoMatchingError")
	}},
	{"event hooks as the console exports them", []string{"unknown-parameter"}, func(doc object) bool {
		return with(doc, "UpdateContactEventHooks", object{"EventHooks": object{"CustomerQueue": "x"}, "EventHooksConfiguration": object{}}, nil, "NoMatchingError")
	}},
	{"references of the contact's data", []string{"unknown-parameter"}, func(doc object) bool {
		return with(doc, "UpdateContactData", object{"References": object{}}, nil, "NoMatchingError")
	}},
	{"hours without the closed branch", []string{"missing-condition"}, func(doc object) bool {
		return with(doc, "CheckHoursOfOperation", object{}, []any{conditionTo(first(doc), "Equals", "True")}, "NoMatchingError")
	}},
	{"agents counted", []string{"condition-operator", "condition-operand"}, func(doc object) bool {
		return with(doc, "CheckMetricData", object{"MetricType": "NumberOfAgentsAvailable"}, []any{conditionTo(first(doc), "Equals", "3")}, "NoMatchingError", "NoMatchingCondition")
	}},
	{"queue metric without its no-match branch", []string{"missing-error"}, func(doc object) bool {
		return with(doc, "CheckMetricData", object{"MetricType": "NumberOfContactsInQueue"}, []any{conditionTo(first(doc), "NumberLessThan", "3")}, "NoMatchingError")
	}},
	{"two recording behaviors", []string{"parameter-combination"}, func(doc object) bool {
		return with(doc, "UpdateContactRecordingAndAnalyticsBehavior", object{"VoiceBehavior": object{}, "ScreenRecordingBehavior": object{}}, nil, "NoMatchingError", "ChannelMismatch")
	}},
	{"view without a time limit", []string{"missing-parameter"}, func(doc object) bool {
		return with(doc, "ShowView", object{"ViewResource": object{"Id": "x"}}, nil, "NoMatchingError", "NoMatchingCondition", "TimeLimitExceeded")
	}},
	{"load without its branch for work in progress", []string{"missing-error"}, func(doc object) bool {
		return with(doc, "LoadLambdaFunctionResult", object{"LambdaInvocationId": "$.LambdaInvocation.InvocationId"}, nil, "NoMatchingError")
	}},
	{"id of text and reference", []string{"mixed-reference"}, func(doc object) bool {
		return with(doc, "TransferToFlow", object{"ContactFlowId": "flow/$.External.id"}, nil, "NoMatchingError")
	}},
	{"no keys to untag", []string{"parameter-combination"}, func(doc object) bool {
		return with(doc, "UntagContact", object{"TagKeys": []any{}}, nil, "NoMatchingError")
	}},
	{"long identifier", []string{"identifier"}, func(doc object) bool {
		add(doc, "DisconnectParticipant", object{}, object{})["Identifier"] = strings.Repeat("x", 51)
		return true
	}},
}

// with adds an action with branches, all to the flow's first action.
func with(doc object, kind string, params object, conditions []any, errors ...string) bool {
	transitions := object{"NextAction": first(doc), "Errors": errorsTo(first(doc), errors...)}
	if conditions != nil {
		transitions["Conditions"] = conditions
	}
	return add(doc, kind, params, transitions) != nil
}

func storedInput() object {
	return object{"Text": "Your number.", "StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": object{"CustomValidation": object{"MaximumLength": "8"}}}
}

func compare(doc object, condition object) bool {
	return add(doc, "Compare", object{"ComparisonValue": "$.Channel"}, object{"NextAction": first(doc), "Conditions": []any{condition}, "Errors": errorsTo(first(doc), "NoMatchingCondition")}) != nil
}

func loop(doc object, count, on, done string) bool {
	return add(doc, "Loop", object{"LoopCount": count}, object{"NextAction": first(doc), "Conditions": []any{conditionTo(first(doc), "Equals", on), conditionTo(first(doc), "Equals", done)}}) != nil
}
