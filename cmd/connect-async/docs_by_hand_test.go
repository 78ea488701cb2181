package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// block is a row of the table in docs/flows.md that says how to build a flow by hand.
type block struct{ id, kind, settings, then string }

// blocksByHand reads the table.
func blocksByHand(t *testing.T) (blocks []block) {
	t.Helper()
	text, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "### The poll style by hand")
	row := regexp.MustCompile(`(?m)^\| (\d) \| (.*?) \|(.*?)\|(.*?)\|$`)
	for _, m := range row.FindAllStringSubmatch(part, -1) {
		blocks = append(blocks, block{id: m[1], kind: m[2], settings: m[3], then: m[4]})
	}
	return blocks
}

var (
	assigned = regexp.MustCompile("`([a-z_]+)` = `([^`]*)`")
	quoted   = regexp.MustCompile("`([^`]*)`")
	branch   = regexp.MustCompile("`?([A-Za-z ]+?)`?: (\\d)")
)

// action makes the action that the designer makes of a block.
func (b block) action(t *testing.T) map[string]any {
	t.Helper()
	values := map[string]any{}
	for _, m := range assigned.FindAllStringSubmatch(b.settings, -1) {
		values[m[1]] = m[2]
	}
	first := ""
	if m := quoted.FindStringSubmatch(b.settings); m != nil {
		first = m[1]
	}
	made, known := map[string]struct {
		actionType string
		parameters map[string]any
	}{
		"AWS Lambda function": {flowlang.InvokeLambdaFunction, map[string]any{
			"LambdaFunctionARN":          "arn:aws:lambda:us-east-1:111122223333:function:bank-async",
			"InvocationTimeLimitSeconds": "3", "InvocationType": flowlang.TypeSynchronous,
			"LambdaInvocationAttributes": values, "ResponseValidation": map[string]any{"ResponseType": "STRING_MAP"},
		}},
		"Set contact attributes": {flowlang.UpdateContactAttributes,
			map[string]any{"Attributes": values, "TargetContact": "Current"}},
		"Check contact attributes": {flowlang.Compare, map[string]any{"ComparisonValue": first}},
		"Play prompt":              {flowlang.MessageParticipant, map[string]any{"Text": first}},
		"Disconnect":               {flowlang.DisconnectParticipant, map[string]any{}},
	}[b.kind]
	if !known {
		t.Fatalf("this test does not know the block %q", b.kind)
	}
	return map[string]any{"Identifier": b.id, "Type": made.actionType, "Parameters": made.parameters,
		"Transitions": b.transitions()}
}

// transitions are the branches of a block.
func (b block) transitions() map[string]any {
	t, conditions := map[string]any{}, []any{}
	for _, m := range branch.FindAllStringSubmatch(b.then, -1) {
		switch name, to := strings.TrimSpace(m[1]), m[2]; name {
		case "success":
			t["NextAction"] = to
		case "error":
			t["Errors"] = []any{map[string]any{"ErrorType": flowlang.NoMatchingError, "NextAction": to}}
		case "no match":
			t["NextAction"] = to
			t["Errors"] = []any{map[string]any{"ErrorType": flowlang.NoMatchingCondition, "NextAction": to}}
		default:
			conditions = append(conditions, map[string]any{"NextAction": to,
				"Condition": map[string]any{"Operator": flowlang.Equals, "Operands": []string{name}}})
		}
	}
	if len(conditions) > 0 {
		t["Conditions"] = conditions
	}
	return t
}

// flowByHand is the flow that docs/flows.md describes.
func flowByHand(t *testing.T) string {
	t.Helper()
	var actions []any
	for _, b := range blocksByHand(t) {
		actions = append(actions, b.action(t))
	}
	flow, err := json.Marshal(map[string]any{"Version": flowlang.Version, "StartAction": "1",
		"Metadata": map[string]any{}, "Actions": actions})
	if err != nil {
		t.Fatal(err)
	}
	return string(flow)
}

// TestPollByHand builds the flow that docs/flows.md describes: it has no findings, and calls end as they should.
func TestPollByHand(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"flow.json": flowByHand(t),
		project.FileName: "name: bank\njobs: {balance: {steps: [balance], timeout: 5m}}\n" +
			"functions: {balance: {arn: \"arn:aws:lambda:us-east-1:111122223333:function:balance\", timeout: 4m}}\n" +
			"flows: [{file: flow.json, type: inbound}]\n",
		"scenarios/good.yaml": "functions: {balance: {takes: 40s, returns: {balance: \"42.10\"}}}\n" +
			"expect:\n  heard: [Thanks., Your balance is 42.10 dollars.]\n" +
			"  longest_silence: 700ms\n  detection_delay: 3.8s\n",
		"scenarios/fails.yaml": "functions: {balance: {takes: 9s, fails: {error: Boom}}}\n" +
			"expect: {heard: [your request could not be carried out], executions: 1}\n",
		"scenarios/down.yaml": "functions: {balance: {takes: 9s, returns: {}}}\n" +
			"faults: [{service: lambda, takes: 1m}]\n" +
			"expect: {heard: [I cannot do this at the moment], executions: 0}\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, command := range []string{"lint --format json .", "test scenarios"} {
		code, out, errs := typed(t, strings.Fields(command)...)
		if code != exitGood {
			t.Fatalf("%s: exit code %d: %s%s", command, code, out, errs)
		}
		if strings.Contains(out, `"severity"`) {
			t.Errorf("%s: %s", command, out)
		}
	}
}

// TestOfferThatNobodyAsks adds a way out to the flow without a block that listens.
func TestOfferThatNobodyAsks(t *testing.T) {
	flow := strings.Replace(flowByHand(t), `"count_max":`, `"count_offer":"14","count_max":`, 1)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("flow.json", []byte(flow), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, errs := typed(t, "lint", "flow.json")
	if !strings.Contains(out, "count_offer is given, but nothing compares $.External.sfn_next [comfort]") {
		t.Errorf("%s%s", out, errs)
	}
}
