package flowlang_test

import (
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestLabels: branches have the console's words, and every error of the table has one.
func TestLabels(t *testing.T) {
	f := read(t, `{"Version": "2019-10-30", "StartAction": "menu", "Actions": [
		{"Identifier": "menu", "Type": "GetParticipantInput", "Parameters": {}, "Transitions": {"NextAction": "menu",
			"Conditions": [{"NextAction": "menu", "Condition": {"Operator": "Equals", "Operands": ["1"]}},
				{"NextAction": "menu", "Condition": {"Operator": "Equals", "Operands": ["an intent"]}}],
			"Errors": [{"NextAction": "menu", "ErrorType": "InputTimeLimitExceeded"},
				{"NextAction": "menu", "ErrorType": "NoMatchingCondition"},
				{"NextAction": "menu", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "again", "Type": "Loop", "Parameters": {}, "Transitions": {"NextAction": "menu",
			"Conditions": [{"NextAction": "menu", "Condition": {"Operator": "Equals", "Operands": ["ContinueLooping"]}},
				{"NextAction": "menu", "Condition": {"Operator": "Equals", "Operands": ["DoneLooping"]}}]}},
		{"Identifier": "ask", "Type": "Compare", "Parameters": {}, "Transitions": {
			"Conditions": [{"NextAction": "menu", "Condition": {"Operator": "NumberLessThan", "Operands": ["4"]}}],
			"Errors": [{"NextAction": "menu", "ErrorType": "NoMatchingCondition"},
				{"NextAction": "menu", "ErrorType": "Unheard"}]}}]}`)
	var got []string
	for _, a := range f.Actions {
		for _, b := range a.Branches {
			got = append(got, a.Label(b))
		}
	}
	want := []string{"Pressed 1", "an intent", "Timeout", "Default", "Error", "Success",
		"Looping", "Complete", "Success", "NumberLessThan 4", "No match", "Unheard"}
	if !slices.Equal(got, want) {
		t.Errorf("the labels are %q, want %q", got, want)
	}
	for _, row := range rows() {
		a := flowlang.Action{Type: row.Name}
		for _, name := range slices.Concat(row.Errors, row.FormErrors) {
			if a.Label(&flowlang.Branch{Kind: flowlang.Failure, Name: name}) == name {
				t.Errorf("%s: %s has no label", row.Name, name)
			}
		}
	}
}
