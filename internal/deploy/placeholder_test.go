package deploy_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/flowlang"
)

const placeholderProject = `name: shop
jobs: {a: {steps: [f]}}
functions:
  f: {arn: "arn:aws:lambda:eu-west-2:888866667777:function:f"}
  g: {code: g, runtime: go}
flows: [{file: one.json, managed: true}, {file: two.json, managed: true}]
`

// flowWith is a flow that names a queue, functions, a module and a recording.
func flowWith(queue, prompt string) string {
	return `{"Version": "2019-10-30", "StartAction": "q", "Metadata": {}, "Actions": [
{"Identifier": "q", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "` + queue + `"},
 "Transitions": {"NextAction": "f", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "f"}]}},
{"Identifier": "f", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "${function:f}",
  "InvocationTimeLimitSeconds": "3"},
 "Transitions": {"NextAction": "g", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "g"}]}},
{"Identifier": "g", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "${function:g}",
  "InvocationTimeLimitSeconds": "3"},
 "Transitions": {"NextAction": "a", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "a"}]}},
{"Identifier": "a", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "${async}",
  "InvocationTimeLimitSeconds": "3"},
 "Transitions": {"NextAction": "p", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "p"}]}},
{"Identifier": "p", "Type": "MessageParticipant", "Parameters": {"PromptId": "` + prompt + `"},
 "Transitions": {"NextAction": "end", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]}},
{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`
}

// TestPlaceholdersAreVariables: every tool's export asks once for what the flows name, and fills it in.
func TestPlaceholdersAreVariables(t *testing.T) {
	stack, found := inFolder(t, placeholderProject, map[string]string{"g": "",
		"one.json": flowWith("${queue:first-line}", "${prompt:music}"),
		"two.json": flowWith("${queue:second-line}", "${prompt:music}")})
	if stack == nil {
		t.Fatal(found)
	}
	given := map[string]string{"instance_arn": instanceARN, "first_line_queue_arn": instanceARN + "/queue/1",
		"second_line_queue_arn": instanceARN + "/queue/2", "music_prompt_arn": musicARN,
		"g_function_arn": lambdaARN + "g"}
	for name, read := range map[string]func(*testing.T, *deploy.Stack, map[string]string) []readResource{
		"terraform": readTerraformExport, "cloudformation": readCloudFormationExport} {
		flows := 0
		for _, r := range read(t, stack, given) {
			content, _ := r.properties[documentProperties[r.kind]].(string)
			if !strings.HasPrefix(r.kind, "aws_connect_contact_flow") && r.kind != "AWS::Connect::ContactFlow" {
				continue
			}
			flows++
			for _, want := range []string{instanceARN + "/queue/", musicARN, lambdaARN + "g\"",
				lambdaARN + "shop-async", "arn:aws:lambda:eu-west-2:888866667777:function:f"} {
				if !strings.Contains(content, want) || strings.Contains(content, "${") {
					t.Errorf("%s: %s is missing, or something is not filled in:\n%s", name, want, content)
				}
			}
		}
		if flows != 2 {
			t.Errorf("%s: %d flows", name, flows)
		}
	}
	for _, tool := range deploy.Tools {
		files, err := deploy.Export(stack, tool)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.Name == "variables.tf" && strings.Count(string(f.Content), "variable \"music_prompt_arn\"") != 1 ||
				f.Name == "template.yaml" && strings.Count(string(f.Content), "MusicPromptArn:") != 1 {
				t.Errorf("%s: %s does not ask once for the prompt", tool.Name, f.Name)
			}
		}
	}
}

// TestPlaceholdersThatClash: two names that are one variable in some tool are refused.
func TestPlaceholdersThatClash(t *testing.T) {
	stack, found := inFolder(t, placeholderProject, map[string]string{"g": "",
		"one.json": flowWith("${queue:first-line}", "${prompt:music}"),
		"two.json": flowWith("${queue:first_line}", "${prompt:music}")})
	if stack != nil || len(found) != 1 || found[0].Code != deploy.CodeNameClash {
		t.Errorf("%v", found)
	}
}

// invoking is a flow or a module that invokes another module.
func invoking(module string, isModule bool) string {
	end, settings := flowlang.DisconnectParticipant, ""
	if isModule {
		end, settings = flowlang.EndFlowModuleExecution, `"Settings": {"InputParameters": [], "OutputParameters": []}, `
	}
	return `{"Version": "2019-10-30", "StartAction": "m", "Metadata": {}, ` + settings + `"Actions": [
{"Identifier": "m", "Type": "InvokeFlowModule", "Parameters": {"FlowModuleId": "` + module + `"},
 "Transitions": {"NextAction": "end", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]}},
{"Identifier": "end", "Type": "` + end + `", "Parameters": {}, "Transitions": {}}]}`
}

// TestModulesOfTheExport: a module that is exported, too, is referred to, and comes before what refers to it; any other
// one, and one that leads back, is a variable.
func TestModulesOfTheExport(t *testing.T) {
	yaml := "name: shop\njobs: {a: {steps: [f]}}\n" +
		"functions: {f: {arn: \"arn:aws:lambda:eu-west-2:888866667777:function:f\"}}\n" +
		"flows:\n  - {file: main.json, managed: true}\n  - {file: wait.json, type: module, managed: true}\n" +
		"  - {file: ring.json, type: module, managed: true}\n  - {file: kept.json, type: module}\n"
	stack, found := inFolder(t, yaml, map[string]string{
		"main.json": invoking("${module:wait}", false), "wait.json": invoking("${module:ring}", true),
		"ring.json": invoking("${module:wait}", true), "kept.json": invoking("${module:kept}", true)})
	if stack == nil {
		t.Fatal(found)
	}
	for tool, want := range map[string][]string{ // in this order
		"terraform": {"var.wait_module_arn", "aws_connect_contact_flow_module.ring.arn",
			"aws_connect_contact_flow_module.wait.arn"},
		"cloudformation": {`"${WaitModuleArn}"`, `"${RingFlow}"`, `"${WaitFlow}"`},
		"cdk":            {"ringFlow = ", `": waitModuleArn}`, "waitFlow = ", `": ringFlow.ref}`, `": waitFlow.ref}`},
		"pulumi":         {"ringFlow = ", `": waitModuleArn}`, "waitFlow = ", `": ringFlow.arn}`, `": waitFlow.arn}`},
	} {
		files, err := deploy.Export(stack, toolNamed(t, tool))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, f := range files {
			all.Write(f.Content)
		}
		rest := all.String()
		for _, text := range want {
			_, after, found := strings.Cut(rest, text)
			if !found {
				t.Fatalf("%s: no %s, or not in this order:\n%s", tool, text, all.String())
			}
			rest = after
		}
		for _, never := range []string{"ring_module_arn", "ringModuleArn", "RingModuleArn"} {
			if strings.Contains(all.String(), never) {
				t.Errorf("%s asks for %s", tool, never)
			}
		}
	}
}
