package deploy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// TestModulesHaveTheirSettings: every export creates the module of an example with its settings, and the flow that
// calls it with its ARN, so that the first deployment publishes both.
func TestModulesHaveTheirSettings(t *testing.T) {
	const folder = "../../examples/module/"
	files := map[string]string{}
	for _, name := range []string{"flow.json", "module.json", "module-settings.json", "scenario.yaml"} {
		files[name] = string(readFile(t, folder+name))
	}
	text := strings.Replace(string(readFile(t, folder+project.FileName)), "name: orders", "name: bank\n"+
		"deploy: {tags: {team: voice}}", 1)
	stack, found := inFolder(t, text, files)
	if stack == nil {
		t.Fatal(found)
	}
	settings := parsed(files["module-settings.json"])
	for _, tool := range deploy.Tools {
		t.Run(tool.Name, func(t *testing.T) {
			modules := 0
			for _, r := range readers[tool.Name](t, stack, environments["describe"]) {
				switch r.kind {
				case "AWS::Connect::ContactFlowModule":
					modules++
					if diff := cmp.Diff(settings, parsed(r.properties["Settings"])); diff != "" {
						t.Errorf("the settings differ:\n%s", diff)
					}
					if diff := cmp.Diff(map[string]any{"team": "voice"}, tagsOf(r)); diff != "" {
						t.Errorf("the tags differ:\n%s", diff)
					}
				case "AWS::Connect::ContactFlow", "aws_connect_contact_flow":
					content := r.text(documentProperties[r.kind])
					if strings.Contains(content, "${") || !strings.Contains(content, `"FlowModuleId":`) {
						t.Errorf("the flow does not have the ARN of the module:\n%s", content)
					}
				}
			}
			if modules != 1 {
				t.Errorf("%d modules", modules)
			}
		})
	}
}

// TestModulesWithoutSettings: the provider's own resource creates them.
func TestModulesWithoutSettings(t *testing.T) {
	const content = `{"Version":"2019-10-30","StartAction":"a","Settings":{"InputParameters":[],` +
		`"OutputParameters":[],"Transitions":[]},"Metadata":{},"Actions":[` +
		`{"Identifier":"a","Type":"EndFlowModuleExecution","Parameters":{},"Transitions":{}}]}`
	stack, found := inFolder(t, "name: shop\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: \""+payARN+"\"}}\n"+
		"flows: [{file: two.json, type: module, managed: true}]\n", map[string]string{"two.json": content})
	if stack == nil {
		t.Fatal(found)
	}
	count := kinds(t, stack, environments["describe"])
	if count["aws_connect_contact_flow_module"] != 1 || count["AWS::Connect::ContactFlowModule"] != 0 {
		t.Error(count)
	}
}
