package deploy_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// kinds counts the resources of a Terraform export by type.
func kinds(t *testing.T, stack *deploy.Stack, given map[string]string) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, r := range readTerraformExport(t, stack, given) {
		count[r.kind]++
	}
	return count
}

func TestSettingsDecideWhatIsCreated(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*project.Deploy)
		want   map[string]int
	}{
		"no connect": {func(s *project.Deploy) { s.Connect = false },
			map[string]int{"aws_lambda_permission": 0, "aws_connect_contact_flow": 0, "aws_iam_role": 2}},
		"no alarms": {func(s *project.Deploy) { s.Alarms = false },
			map[string]int{"aws_cloudwatch_metric_alarm": 0, "aws_cloudwatch_dashboard": 0, "aws_iam_role": 2}},
		"a role": {func(s *project.Deploy) { s.RoleARN = "arn:aws:iam::1:role/r" },
			map[string]int{"aws_iam_role": 1, "aws_iam_role_policy": 1}},
		"machine's too": {func(s *project.Deploy) { s.RoleARN, s.StateMachineRoleARN = "arn:a", "arn:b" },
			map[string]int{"aws_iam_role": 0, "aws_iam_role_policy": 0}},
	} {
		got := kinds(t, describe(t, describeProject, test.change), environments["describe"])
		for kind, want := range test.want {
			if got[kind] != want {
				t.Errorf("%s: %d of %s, want %d", name, got[kind], kind, want)
			}
		}
	}
}

func TestGivenRolesAreUsed(t *testing.T) {
	stack := describe(t, describeProject, func(s *project.Deploy) {
		s.RoleARN, s.StateMachineRoleARN, s.Architecture = "arn:of:async", "arn:of:machine", "x86_64"
	})
	facts := strings.Join(factsOf(t, readTerraformExport(t, stack, environments["describe"])).sentences, "\n")
	for _, want := range []string{`["x86_64"] 128 MB 60 s as arn:of:async,`, "STANDARD as arn:of:machine,"} {
		if !strings.Contains(facts, want) {
			t.Errorf("%s is not in\n%s", want, facts)
		}
	}
}

// inFolder describes a project whose folder has more files.
func inFolder(t *testing.T, text string, files map[string]string) (*deploy.Stack, source.Findings) {
	t.Helper()
	dir := projectFolder(t, text)
	for name, content := range files {
		write(t, dir, name, []byte(content))
	}
	p, found := project.Read(dir)
	if found.HasErrors() {
		t.Fatal(found)
	}
	return deploy.Describe(p, nil)
}

func TestWhatCannotBeDescribed(t *testing.T) {
	const functions = "functions: {f: {arn: x}}\nflows: [{file: flow.json, managed: true}]\n"
	project := func(jobs string) string { return "name: shop\njobs: " + jobs + "\n" + functions }
	own := project("{a: {definition: own.json}}")
	for _, test := range []struct{ text, definition, want string }{
		{project("{a: {steps: [f]}, A: {steps: [f]}}"), "{}", deploy.CodeNameClash},
		{project("{a-b: {steps: [f]}, ab: {steps: [f]}}"), "{}", deploy.CodeNameClash},
		{own, `{"StartAt":"a","States":{"a":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}`,
			deploy.CodeNeedsRole},
		{own, `{"StartAt":"a","States":{"a":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",` +
			`"Parameters":{"FunctionName.$":"$.f"},"End":true}}}`, deploy.CodeNeedsRole},
		{project("{async: {steps: [f]}}"), "{}", deploy.CodeNameClash},
		{strings.Replace(project("{a: {steps: [ends], results: table}}"), "{f:", "{ends:", 1), "{}",
			deploy.CodeNameClash},
		{own, `{"StartAt":`, source.CodeSyntax},
		{strings.Replace(project("{a: {steps: [f]}}"), "flow.json,", "own.json,", 1), `{"Version":"2019-10-30"}`,
			"template-none"},
	} {
		stack, found := inFolder(t, test.text, map[string]string{"own.json": test.definition})
		if stack != nil || len(found) != 1 || found[0].Code != test.want || found[0].Remedy == "" {
			t.Errorf("%s\n%s\ngot %v, want one finding %s with a remedy", test.text, test.definition, found, test.want)
		}
	}
}

// TestOwnDefinitionGetsItsRole checks that the functions which a definition of the user's names, however deep, are what
// its role may invoke.
func TestOwnDefinitionGetsItsRole(t *testing.T) {
	const a, b = "arn:aws:lambda:us-east-1:111122223333:function:a:live",
		"arn:aws:lambda:us-east-1:111122223333:function:b"
	stack, found := inFolder(t, "name: shop\njobs: {own: {definition: own.json}}\n",
		map[string]string{"own.json": `{"StartAt":"p","States":{"p":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"x","States":{"x":{"Type":"Task","Resource":"` + b + `","End":true}}},
		{"StartAt":"y","States":{"y":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
			"Parameters":{"FunctionName":"` + a + `"},"End":true}}}]}}}`})
	if stack == nil {
		t.Fatal(found)
	}
	var may []string
	given := map[string]string{"instance_arn": instanceARN, "a_live_function_arn": a, "b_function_arn": b}
	for _, s := range factsOf(t, readTerraformExport(t, stack, given)).sentences {
		if strings.HasPrefix(s, "shop-own-states may lambda:") {
			may = append(may, s[strings.LastIndex(s, " ")+1:])
		}
	}
	if !slices.Equal(may, []string{a, b}) {
		t.Errorf("the role may invoke %v", may)
	}
}

// TestFlowsAreWhatTheServiceTakes checks that keys which publishing refuses are dropped, that modules keep their
// settings, and that what looks like a reference in the user's own text stays.
func TestFlowsAreWhatTheServiceTakes(t *testing.T) {
	const content = `{"Version":"2019-10-30","StartAction":"a","Settings":{"InputParameters":[]},"name":"x",
		"Metadata":{"name":"x"},"Actions":[
		{"Identifier":"a","Type":"MessageParticipant","Metadata":{"x":1},
		"Parameters":{"Text":"${region} ${function.async.name}"},
		 "Transitions":{"NextAction":"b","Errors":[{"ErrorType":"NoMatchingError","NextAction":"b"}]}},
		{"Identifier":"b","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`
	stack, found := inFolder(t, "name: shop\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: "+
		"\"arn:aws:lambda:us-east-1:111122223333:function:f\"}}\n"+
		"flows: [{file: one.json, managed: true}, {file: two.json, type: module, managed: true}]\n",
		map[string]string{"one.json": strings.Replace(content, `"Settings":{"InputParameters":[]},`, "", 1),
			"two.json": content})
	if stack == nil {
		t.Fatal(found)
	}
	resources := append(readTerraformExport(t, stack, environments["describe"]),
		readCloudFormationExport(t, stack, environments["describe"])...)
	for _, r := range resources {
		property := documentProperties[r.kind]
		if strings.ToLower(property) != "content" {
			continue
		}
		var doc struct {
			Settings any `json:"Settings"`
			Name     any `json:"name"`
			Actions  []map[string]any
		}
		if err := json.Unmarshal([]byte(r.properties[property].(string)), &doc); err != nil {
			t.Fatal(err)
		}
		text := doc.Actions[0]["Parameters"].(map[string]any)["Text"]
		if doc.Name != nil || doc.Actions[0]["Metadata"] != nil || text != "${region} ${function.async.name}" ||
			(doc.Settings != nil) != strings.HasSuffix(strings.ToLower(r.kind), "module") {
			t.Errorf("%s: %s", r.kind, r.properties[property])
		}
	}
}

// TestExamplesCanBeExported exports every example to every tool, and evaluates what Terraform would.
func TestExamplesCanBeExported(t *testing.T) {
	for name, example := range examples(t) {
		p, stack := example.project, example.stack
		given := map[string]string{"instance_arn": instanceARN, "hold_music_prompt_arn": musicARN,
			"agents_queue_arn": instanceARN + "/queue/1"}
		for _, f := range p.Functions {
			given[strings.ReplaceAll(f.Name, "-", "_")+"_function_arn"] = lambdaARN + f.Name
		}
		for _, tool := range deploy.Tools {
			if _, err := deploy.Export(stack, tool); err != nil {
				t.Errorf("%s, %s: %v", name, tool.Name, err)
			}
		}
		for _, r := range readTerraformExport(t, stack, given) {
			if !strings.HasPrefix(r.kind, "aws_connect_contact_flow") && r.kind != "AWS::Connect::ContactFlowModule" {
				continue
			}
			content := r.value(documentProperties[r.kind]).(string)
			if !strings.Contains(content, lambdaARN+p.Name+"-async") &&
				!strings.Contains(content, "arn of "+cloudControl) { // the module, which calls it
				t.Errorf("%s: the flow does not call the async function", name)
			}
			if strings.Contains(content, "${") {
				t.Errorf("%s: the flow still has placeholders:\n%s", name, content)
			}
		}
	}
}

// TestStarsHaveReasons checks that whoever reads an export finds the reason beside every resource that is *.
func TestStarsHaveReasons(t *testing.T) {
	places := map[string]struct{ file, star, reason string }{
		"terraform":      {"module/main.tf", `["*"]`, "# These actions"},
		"cloudformation": {"template.yaml", `- "*"`, "# These actions"},
		"cdk":            {"lib/connect-async.ts", `["*"]`, "// These actions"},
		"pulumi":         {"connect-async.ts", `["*"]`, "// These actions"},
	}
	for name, stack := range stacks(t) {
		for _, tool := range deploy.Tools {
			place, dir := places[tool.Name], t.TempDir()
			export(t, stack, tool.Name, dir)
			text := string(readFile(t, filepath.Join(dir, place.file)))
			stars, reasons := strings.Count(text, place.star), strings.Count(text, place.reason)
			if stars == 0 || stars != reasons {
				t.Errorf("%s, %s: %d resources are *, and %d reasons are written", name, tool.Name, stars, reasons)
			}
		}
	}
}
