package lint_test

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// plants are kinds of faults that publishing refuses.
var plants = []plant{
	{name: "wrong version", rules: []string{"version"}, into: func(doc object) bool {
		doc["Version"] = "2020-01-01"
		return true
	}},
	{name: "start action that does not exist", rules: []string{"start-action"}, into: func(doc object) bool {
		doc["StartAction"] = "nowhere to be found"
		return true
	}},
	{name: "no start action", rules: []string{"start-action"}, into: func(doc object) bool {
		delete(doc, "StartAction")
		return true
	}},
	{name: "unknown action type", rules: []string{"action-type"}, into: func(doc object) bool {
		actions(doc)[0].(object)["Type"] = "StoreUserInput"
		return true
	}},
	{name: "type in another case", rules: []string{"action-type"}, into: func(doc object) bool {
		a := actions(doc)[0].(object)
		a["Type"] = strings.ToLower(a["Type"].(string))
		return true
	}},
	{name: "action without type", rules: []string{"malformed"}, into: func(doc object) bool {
		delete(actions(doc)[0].(object), "Type")
		return true
	}},
	{name: "identifier given twice", rules: []string{"duplicate-identifier"}, into: func(doc object) bool {
		doc["Actions"] = append(actions(doc), actions(doc)[0])
		return true
	}},
	{name: "forbidden character in an identifier", rules: []string{"identifier"}, into: func(doc object) bool {
		add(doc, flowlang.DisconnectParticipant, object{}, object{})["Identifier"] = "what (is) this"
		return true
	}},
	{name: "key directly on an action", rules: []string{"unknown-key"}, into: func(doc object) bool {
		actions(doc)[0].(object)["Metadata"] = object{}
		return true
	}},
	{name: "parameters as a list", rules: []string{"malformed"}, into: func(doc object) bool {
		actions(doc)[0].(object)["Parameters"] = []any{}
		return true
	}},
	{name: "dangling branch", rules: []string{"dangling-branch"}, into: func(doc object) bool {
		return each(doc, func(_, _, transitions object) bool {
			_, ok := transitions["NextAction"]
			transitions["NextAction"] = "nowhere to be found"
			return ok
		}) || add(doc, flowlang.MessageParticipant, object{"Text": "Hello"},
			object{"NextAction": "nowhere to be found"}) != nil
	}},
	{name: "no next action", rules: []string{"next-action"}, into: func(doc object) bool {
		return add(doc, flowlang.MessageParticipant, object{"Text": "Hello"}, object{}) != nil
	}},
	{name: "missing required error", rules: []string{"missing-error"}, into: func(doc object) bool {
		return each(doc, func(a, params, transitions object) bool {
			if a["Type"] != flowlang.Compare && a["Type"] != flowlang.ShowView {
				return false
			}
			delete(transitions, "Errors")
			return true
		}) || add(doc, flowlang.UpdateFlowAttributes, object{"FlowAttributes": object{"a": object{"Value": "b"}}},
			object{"NextAction": first(doc)}) != nil
	}},
	{name: "error that cannot be", rules: []string{"impossible-error"}, into: func(doc object) bool {
		return each(doc, func(a, _, transitions object) bool {
			list, ok := transitions["Errors"].([]any)
			transitions["Errors"] = append(list, errorsTo(first(doc), "InvalidPhoneNumber")...)
			return ok && len(list) > 0 && a["Type"] != flowlang.GetParticipantInput
		}) || add(doc, flowlang.UpdateFlowLoggingBehavior, object{"FlowLoggingBehavior": "Enabled"},
			object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{name: "conditions without a result", rules: []string{"conditions-not-allowed"}, into: func(doc object) bool {
		return add(doc, flowlang.MessageParticipant, object{"Text": "Hello"},
			object{"NextAction": first(doc), "Conditions": []any{conditionTo(first(doc), "Equals", "x")}}) != nil
	}},
	{name: "operator that does not exist", rules: []string{"condition-operator"}, into: func(doc object) bool {
		return each(doc, func(_, _, transitions object) bool {
			list, _ := transitions["Conditions"].([]any)
			if len(list) == 0 {
				return false
			}
			list[0].(object)["Condition"].(object)["Operator"] = "Contains"
			return true
		}) || compare(doc, conditionTo(first(doc), "And", "x"))
	}},
	{name: "empty operand", rules: []string{"condition-operand"}, into: func(doc object) bool {
		return compare(doc, conditionTo(first(doc), "Equals", ""))
	}},
	{name: "two operands", rules: []string{"condition-operand"}, into: func(doc object) bool {
		return compare(doc, conditionTo(first(doc), "Equals", "a", "b"))
	}},
	{name: "unknown parameter", rules: []string{"unknown-parameter"}, into: func(doc object) bool {
		params, ok := actions(doc)[0].(object)["Parameters"].(object)
		if !ok {
			params = object{}
			actions(doc)[0].(object)["Parameters"] = params
		}
		params["VoiceId"] = "Amy"
		return true
	}},
	{name: "missing parameter", rules: []string{"missing-parameter"}, into: func(doc object) bool {
		return add(doc, flowlang.TransferToFlow, object{}, object{"NextAction": first(doc),
			"Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{name: "empty text in a parameter", rules: []string{"empty-value"}, into: func(doc object) bool {
		return add(doc, flowlang.UpdateContactAttributes, object{"Attributes": object{"tier": ""}},
			object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{name: "number out of range", rules: []string{"parameter-value"}, into: func(doc object) bool {
		return loop(doc, "101", flowlang.ContinueLooping, flowlang.DoneLooping)
	}},
	{name: "loop with the old names",
		rules: []string{"condition-operand", "missing-condition"},
		into: func(doc object) bool {
			return loop(doc, "3", "Looping", "Complete")
		}},
	{name: "static callback number", rules: []string{"parameter-value"}, into: func(doc object) bool {
		return add(doc, flowlang.UpdateContactCallbackNumber, object{"CallbackNumber": "+15550100"},
			object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "InvalidCallbackNumber",
				"CallbackNumberNotDialable")}) != nil
	}},
	{name: "text and SSML together", rules: []string{"parameter-combination"}, into: func(doc object) bool {
		return add(doc, flowlang.MessageParticipant, object{"Text": "Hello", "SSML": "<speak>Hello</speak>"},
			object{"NextAction": first(doc)}) != nil
	}},
	{name: "seven tags", rules: []string{"parameter-combination"}, into: func(doc object) bool {
		tags := object{}
		for i := range 7 {
			tags[fmt.Sprint(i)] = "x"
		}
		return add(doc, flowlang.TagContact, object{"Tags": tags},
			object{"NextAction": first(doc), "Errors": errorsTo(first(doc), "NoMatchingError")}) != nil
	}},
	{name: "too many actions", rules: []string{"size"}, into: func(doc object) bool {
		for i := range 251 {
			add(doc, flowlang.DisconnectParticipant, object{}, object{})["Identifier"] = fmt.Sprintf("planted %d", i)
		}
		return true
	}},
	{name: "settings in a flow", rules: []string{"module-settings"}, into: func(doc object) bool {
		if doc["Settings"] != nil {
			delete(doc, "Settings")
			doc["Metadata"] = object{"type": "contactFlowModule"}
			return true
		}
		doc["Settings"] = object{}
		doc["Metadata"] = object{"type": "contactFlow"}
		return true
	}},
	{name: "documented parameter of Wait", rules: []string{"unknown-parameter"}, into: func(doc object) bool {
		return with(doc, "Wait", object{"TimeLimitSeconds": "5", "TimeoutSeconds": "5"},
			[]any{conditionTo(first(doc), "Equals", flowlang.WaitCompleted)}, "NoMatchingError")
	}},
	{name: "documented name of UntagContact", rules: []string{"action-type"}, into: func(doc object) bool {
		return with(doc, "UnTagContact", object{"TagKeys": []any{"a"}}, nil, "NoMatchingError")
	}},
	{name: "transfer without a time limit", rules: []string{"missing-parameter"}, into: func(doc object) bool {
		return with(doc, flowlang.TransferParticipantToThirdParty,
			object{"ThirdPartyPhoneNumber": "+15550100", flowlang.ContinueFlowExecution: "False"}, nil,
			"NoMatchingError")
	}},
	{name: "branches of a transfer that does not come back",
		rules: []string{"impossible-error"},
		into: func(doc object) bool {
			return with(doc, flowlang.TransferParticipantToThirdParty,
				object{"ThirdPartyPhoneNumber": "+15550100", flowlang.ContinueFlowExecution: "False",
					"ThirdPartyConnectionTimeLimitSeconds": "30"}, nil, "NoMatchingError", "CallFailed")
		}},
	{name: "timeout branch of stored input", rules: []string{"impossible-error"}, into: func(doc object) bool {
		return with(doc, flowlang.GetParticipantInput, storedInput(), nil, "NoMatchingError", "InputTimeLimitExceeded")
	}},
	{name: "conditions of stored input", rules: []string{"conditions-not-allowed"}, into: func(doc object) bool {
		return with(doc, flowlang.GetParticipantInput, storedInput(), []any{conditionTo(first(doc), "Equals", "1")},
			"NoMatchingError")
	}},
	{name: "menu without its timeout branch", rules: []string{"missing-error"}, into: func(doc object) bool {
		return with(doc, flowlang.GetParticipantInput, object{"Text": "Press 1.", "InputTimeLimitSeconds": "5"},
			[]any{conditionTo(first(doc), "Equals", "1")}, "NoMatchingError", "NoMatchingCondition")
	}},
	{name: "menu of two keys", rules: []string{"condition-operand"}, into: func(doc object) bool {
		return with(doc, flowlang.GetParticipantInput, object{"Text": "Press 12.", "InputTimeLimitSeconds": "5"},
			[]any{conditionTo(first(doc), "Equals", "12")}, "NoMatchingError", "NoMatchingCondition",
			"InputTimeLimitExceeded")
	}},
	{name: "namespace without a key", rules: []string{"parameter-value"}, into: func(doc object) bool {
		return with(doc, flowlang.Compare, object{"ComparisonValue": "$.External"},
			[]any{conditionTo(first(doc), "Equals", "1")}, "NoMatchingCondition")
	}},
	{name: "nested condition",
		rules: []string{"condition-operand", "condition-operator"},
		into: func(doc object) bool {
			return compare(doc, conditionTo(first(doc), "Not", object{"Operator": "Equals", "Operands": []any{"a"}}))
		}},
	{name: "flat flow attribute", rules: []string{"parameter-combination"}, into: func(doc object) bool {
		return with(doc, flowlang.UpdateFlowAttributes, object{"FlowAttributes": object{"a": "b"}}, nil,
			"NoMatchingError")
	}},
	{name: "parameter that event hooks do not have", rules: []string{"unknown-parameter"}, into: func(doc object) bool {
		return with(doc, flowlang.UpdateContactEventHooks,
			object{"EventHooks": object{"CustomerQueue": "x"}, "EventHook": "x"}, nil, "NoMatchingError")
	}},
	{name: "references of the contact's data", rules: []string{"unknown-parameter"}, into: func(doc object) bool {
		return with(doc, flowlang.UpdateContactData, object{"References": object{}}, nil, "NoMatchingError")
	}},
	{name: "hours without the closed branch", rules: []string{"missing-condition"}, into: func(doc object) bool {
		return with(doc, flowlang.CheckHoursOfOperation, object{}, []any{conditionTo(first(doc), "Equals", "True")},
			"NoMatchingError")
	}},
	{name: "agents counted", rules: []string{"condition-operator", "condition-operand"}, into: func(doc object) bool {
		return with(doc, flowlang.CheckMetricData, object{"MetricType": "NumberOfAgentsAvailable"},
			[]any{conditionTo(first(doc), "Equals", "3")}, "NoMatchingError", "NoMatchingCondition")
	}},
	{name: "queue metric without its no-match branch", rules: []string{"missing-error"}, into: func(doc object) bool {
		return with(doc, flowlang.CheckMetricData, object{"MetricType": "NumberOfContactsInQueue"},
			[]any{conditionTo(first(doc), flowlang.NumberLessThan, "3")}, "NoMatchingError")
	}},
	{name: "two recording behaviors", rules: []string{"parameter-combination"}, into: func(doc object) bool {
		return with(doc, flowlang.UpdateContactRecordingAndAnalyticsBehavior,
			object{"VoiceBehavior": object{}, "ScreenRecordingBehavior": object{}}, nil, "NoMatchingError",
			"ChannelMismatch")
	}},
	{name: "view without a time limit", rules: []string{"missing-parameter"}, into: func(doc object) bool {
		return with(doc, flowlang.ShowView, object{"ViewResource": object{"Id": "x"}}, nil, "NoMatchingError",
			"NoMatchingCondition", "TimeLimitExceeded")
	}},
	{name: "load without its branch for work in progress",
		rules: []string{"missing-error"},
		into: func(doc object) bool {
			return with(doc, flowlang.LoadLambdaFunctionResult,
				object{"LambdaInvocationId": "$.LambdaInvocation.InvocationId"},
				nil, "NoMatchingError")
		}},
	{name: "id of text and reference", rules: []string{"mixed-reference"}, into: func(doc object) bool {
		return with(doc, flowlang.TransferToFlow, object{"ContactFlowId": "flow/$.External.id"}, nil, "NoMatchingError")
	}},
	{name: "no keys to untag", rules: []string{"parameter-combination"}, into: func(doc object) bool {
		return with(doc, flowlang.UntagContact, object{"TagKeys": []any{}}, nil, "NoMatchingError")
	}},
	{name: "long identifier", rules: []string{"identifier"}, into: func(doc object) bool {
		add(doc, flowlang.DisconnectParticipant, object{}, object{})["Identifier"] = strings.Repeat("x", 51)
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
	return object{"Text": "Your number.", "StoreInput": "True", "InputTimeLimitSeconds": "5",
		"InputValidation": object{"CustomValidation": object{"MaximumLength": "8"}}}
}

func compare(doc object, condition object) bool {
	return add(doc, flowlang.Compare, object{"ComparisonValue": "$.Channel"},
		object{"NextAction": first(doc), "Conditions": []any{condition},
			"Errors": errorsTo(first(doc), "NoMatchingCondition")}) != nil
}

func loop(doc object, count, on, done string) bool {
	return add(doc, flowlang.Loop, object{"LoopCount": count}, object{"NextAction": first(doc),
		"Conditions": []any{conditionTo(first(doc), "Equals", on), conditionTo(first(doc), "Equals", done)}}) != nil
}
