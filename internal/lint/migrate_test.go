package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
)

// original is a flow for the original's wrapper: it sends data under names that are parameters now, starts twice,
// relies on error branches, and compares keys that its function returns.
const original = `{"Version": "2019-10-30", "StartAction": "start", "Actions": [
	{"Identifier": "start", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "wrapper",
		"LambdaInvocationAttributes": {"request": «"balance"», "account": "$.Attributes.account"}},
		"Transitions": {"NextAction": "check", "Errors": [{"NextAction": «"sorry"», "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "check", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "wrapper",
		"LambdaInvocationAttributes": {"execution_id": "$.External.execution_id", "count": "$.External.count"}},
		"Transitions": {"NextAction": "compare",
			"Errors": [{"NextAction": "compare", "ErrorType": "NoMatchingError"}]}},
	{"Identifier": "compare", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.sfn_result"},
		"Transitions": {"NextAction": "check", "Errors": [{"NextAction": "check", "ErrorType": "NoMatchingCondition"}],
			"Conditions": [
				{"NextAction": "status", "Condition": {"Operator": "Equals", "Operands": ["SUCCESS"]}},
				{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": [«"PENDING"»]}}]}},
	{"Identifier": "status", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.status"},
		"Transitions": {"NextAction": "start", "Errors": [{"NextAction": "start", "ErrorType": "NoMatchingCondition"}],
			"Conditions": [
				{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": [«"shipped"»]}},
				{"NextAction": "sorry", "Condition": {"Operator": "Equals", "Operands": ["FINISHED"]}}]}},
	{"Identifier": "sorry", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`

func TestMigrate(t *testing.T) {
	text := strings.NewReplacer("«", "", "»", "").Replace(original)
	doc := read(t, "flow.json", text)
	var got []string
	for _, f := range lint.Migrate(doc.Flows[0]) {
		line := strings.Split(text, "\n")[f.Line-1]
		got = append(got, f.Code+" "+f.Subject)
		if f.Code != lint.CodeMigrateStartAgain && !strings.Contains(strings.Split(original, "\n")[f.Line-1],
			"«"+line[f.Column-1:][:strings.Index(line[f.Column:], `"`)+2]) {
			t.Errorf("%v is at %q", f, line[f.Column-1:])
		}
		if f.Remedy == "" {
			t.Errorf("%v has no remedy", f)
		}
	}
	want := "[migrate-data-name start migrate-error-branch start migrate-start-again start migrate-own-key compare " +
		"migrate-own-key status]"
	if fmt.Sprint(got) != want {
		t.Errorf("found\n%v\nwant\n%s", got, want)
	}
}

// TestMigrateFindsNothingElsewhere: functions that nobody checks are not the async function.
func TestMigrateFindsNothingElsewhere(t *testing.T) {
	text := strings.NewReplacer("«", "", "»", "", `"execution_id": "$.External.execution_id", `, "",
		`"PENDING"`, `"FAILURE"`, `"shipped"`, `"CREATED"`).Replace(original)
	if found := lint.Migrate(read(t, "flow.json", text).Flows[0]); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}
