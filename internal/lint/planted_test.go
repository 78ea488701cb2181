package lint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
)

// object is a decoded JSON object.
type object = map[string]any

// plant changes a flow so that publishing refuses it. It returns false when the flow has no place for this fault.
type plant struct {
	name  string
	rules []string // one of which must find it
	into  func(doc object) bool
}

func actions(doc object) []any { return doc["Actions"].([]any) }

// each calls change for the actions in turn until one was changed.
func each(doc object, change func(a, params, transitions object) bool) bool {
	for _, item := range actions(doc) {
		a := item.(object)
		params, _ := a["Parameters"].(object)
		transitions, _ := a["Transitions"].(object)
		if transitions != nil && change(a, params, transitions) {
			return true
		}
	}
	return false
}

// add appends an action that a fault can be planted in, so that every flow has a place for it.
func add(doc object, kind string, params object, transitions object) object {
	a := object{"Identifier": "planted", "Type": kind, "Parameters": params, "Transitions": transitions}
	doc["Actions"] = append(actions(doc), a)
	return a
}

func last(doc object) string { return actions(doc)[0].(object)["Identifier"].(string) }

func errorsTo(next string, types ...string) []any {
	list := []any{}
	for _, t := range types {
		list = append(list, object{"ErrorType": t, "NextAction": next})
	}
	return list
}

func conditionTo(next, operator string, operands ...any) object {
	return object{"NextAction": next, "Condition": object{"Operator": operator, "Operands": operands}}
}

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
		}) || add(doc, "UpdateFlowAttributes", object{"FlowAttributes": object{"a": object{"Value": "b"}}}, object{"NextAction": last(doc)}) != nil
	}},
	{"error that cannot be", []string{"impossible-error"}, func(doc object) bool {
		return each(doc, func(a, _, transitions object) bool {
			list, ok := transitions["Errors"].([]any)
			transitions["Errors"] = append(list, errorsTo(last(doc), "InvalidPhoneNumber")...)
			return ok && len(list) > 0 && a["Type"] != "GetParticipantInput"
		}) || add(doc, "UpdateFlowLoggingBehavior", object{"FlowLoggingBehavior": "Enabled"}, object{"NextAction": last(doc), "Errors": errorsTo(last(doc), "NoMatchingError")}) != nil
	}},
	{"conditions without a result", []string{"conditions-not-allowed"}, func(doc object) bool {
		return add(doc, "MessageParticipant", object{"Text": "Hello"}, object{"NextAction": last(doc), "Conditions": []any{conditionTo(last(doc), "Equals", "x")}}) != nil
	}},
	{"operator that does not exist", []string{"condition-operator"}, func(doc object) bool {
		return each(doc, func(_, _, transitions object) bool {
			list, _ := transitions["Conditions"].([]any)
			if len(list) == 0 {
				return false
			}
			list[0].(object)["Condition"].(object)["Operator"] = "Contains"
			return true
		}) || compare(doc, conditionTo(last(doc), "And", "x"))
	}},
	{"empty operand", []string{"condition-operand"}, func(doc object) bool { return compare(doc, conditionTo(last(doc), "Equals", "")) }},
	{"two operands", []string{"condition-operand"}, func(doc object) bool { return compare(doc, conditionTo(last(doc), "Equals", "a", "b")) }},
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
		return add(doc, "TransferToFlow", object{}, object{"NextAction": last(doc), "Errors": errorsTo(last(doc), "NoMatchingError")}) != nil
	}},
	{"empty text in a parameter", []string{"empty-value"}, func(doc object) bool {
		return add(doc, "UpdateContactAttributes", object{"Attributes": object{"tier": ""}}, object{"NextAction": last(doc), "Errors": errorsTo(last(doc), "NoMatchingError")}) != nil
	}},
	{"number out of range", []string{"parameter-value"}, func(doc object) bool {
		return loop(doc, "101", "ContinueLooping", "DoneLooping")
	}},
	{"loop with the old names", []string{"condition-operand", "missing-condition"}, func(doc object) bool { return loop(doc, "3", "Looping", "Complete") }},
	{"static callback number", []string{"parameter-value"}, func(doc object) bool {
		return add(doc, "UpdateContactCallbackNumber", object{"CallbackNumber": "+15550100"}, object{"NextAction": last(doc), "Errors": errorsTo(last(doc), "InvalidCallbackNumber", "CallbackNumberNotDialable")}) != nil
	}},
	{"text and SSML together", []string{"parameter-combination"}, func(doc object) bool {
		return add(doc, "MessageParticipant", object{"Text": "Hello", "SSML": "<speak>Hello</speak>"}, object{"NextAction": last(doc)}) != nil
	}},
	{"seven tags", []string{"parameter-combination"}, func(doc object) bool {
		tags := object{}
		for i := range 7 {
			tags[fmt.Sprint(i)] = "x"
		}
		return add(doc, "TagContact", object{"Tags": tags}, object{"NextAction": last(doc), "Errors": errorsTo(last(doc), "NoMatchingError")}) != nil
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
}

func compare(doc object, condition object) bool {
	return add(doc, "Compare", object{"ComparisonValue": "$.Channel"}, object{"NextAction": last(doc), "Conditions": []any{condition}, "Errors": errorsTo(last(doc), "NoMatchingCondition")}) != nil
}

func loop(doc object, count, on, done string) bool {
	return add(doc, "Loop", object{"LoopCount": count}, object{"NextAction": last(doc), "Conditions": []any{conditionTo(last(doc), "Equals", on), conditionTo(last(doc), "Equals", done)}}) != nil
}

// TestRecordedFlowsPlantedFaults plants every kind of fault into every flow, one at a time: each is found as an error that was not
// there before.
func TestRecordedFlowsPlantedFaults(t *testing.T) {
	files := recorded(t, "RECORDED_FLOWS", "current/*.json")
	planted := 0
	for _, file := range files {
		before := count(lintText(t, file, readFile(t, file)))
		for _, p := range plants {
			doc := decode(t, readFile(t, file))
			if !p.into(doc) {
				t.Errorf("%s: no place for: %s", filepath.Base(file), p.name)
				continue
			}
			text, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			planted++
			after := count(lintText(t, file, text))
			if !slices.ContainsFunc(p.rules, func(rule string) bool { return after[rule] > before[rule] }) {
				t.Errorf("%s: not found: %s", filepath.Base(file), p.name)
			}
		}
	}
	t.Logf("%d faults of %d kinds planted in %d flows", planted, len(plants), len(files))
}

// count counts errors by rule.
func count(found []lint.Finding) map[string]int {
	errors := map[string]int{}
	for _, f := range found {
		if f.Severity == "error" {
			errors[f.Rule]++
		}
	}
	return errors
}

func decode(t *testing.T, text []byte) object {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var doc object
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}
