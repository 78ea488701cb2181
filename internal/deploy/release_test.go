package deploy_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// published is a project's stack with an alias and everything that a version can keep.
func published(t *testing.T, text string) *deploy.Stack {
	t.Helper()
	return describe(t, text, func(d *project.Deploy) {
		d.Releases, d.Encryption, d.RoleARN = project.ReleasesAlias, true, "arn:aws:iam::111122223333:role/r"
	})
}

// writtenTemplate is the template of a stack as it is written, not resolved.
func writtenTemplate(t *testing.T, stack *deploy.Stack) map[string]any {
	t.Helper()
	text, _ := templateOf(t, stack, nil)
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

var parameterReference = regexp.MustCompile(`"Ref":"([A-Z]\w+)"|\$\{([A-Z]\w+)\}`)

// TestVersionIsOfWhatItKeeps: CloudFormation publishes a version when its description changes. It must change with
// every parameter of the function and with the export, and so must the function, since AWS refuses to publish one that
// has not changed.
func TestVersionIsOfWhatItKeeps(t *testing.T) {
	template := writtenTemplate(t, published(t, tableProject))
	resources := readResource{properties: template["Resources"].(map[string]any)}
	description := resources.text("AsyncVersion.Properties.Description")
	if own := resources.text("AsyncFunction.Properties.Description"); own != description {
		t.Errorf("the function is described as %s, the version as %s", own, description)
	}
	if resources.text("AsyncVersion.UpdateReplacePolicy") != "Retain" ||
		resources.text("AsyncVersion.DeletionPolicy") != "Retain" {
		t.Error("the version before is deleted, so that nothing can go back to it")
	}
	function := maps.Clone(resources.value("AsyncFunction.Properties").(map[string]any))
	delete(function, "Description")
	delete(function, "ReservedConcurrentExecutions") // of all versions together
	text, _ := json.Marshal(function)
	said := 0
	for _, m := range parameterReference.FindAllStringSubmatch(string(text), -1) {
		parameter := m[1] + m[2]
		_, isParameter := template["Parameters"].(map[string]any)[parameter]
		if !isParameter || slices.Contains([]string{"Name", "CodeBucket"}, parameter) {
			continue // another name is another function
		}
		if said++; !strings.Contains(description, "${"+parameter+"}") {
			t.Errorf("the description does not say %s: %s", parameter, description)
		}
	}
	if said != 5 { // package, memory, callers, role and key
		t.Errorf("%d parameters in %s", said, text)
	}
	other := published(t, strings.Replace(tableProject, "timeout: 2m", "timeout: 3m", 1))
	changed := readResource{properties: writtenTemplate(t, other)["Resources"].(map[string]any)}
	if again := changed.text("AsyncVersion.Properties.Description"); again == description {
		t.Errorf("another export has the same description: %s", again)
	}
}

// TestAliasOfARelease evaluates the alias in each step of a release: the version before it has all calls, both have
// some, the new one has all.
func TestAliasOfARelease(t *testing.T) {
	steps := []struct {
		given map[string]string
		want  string
	}{
		{map[string]string{"previous_version": "7"}, "7, and for none"},
		{map[string]string{"previous_version": "7", "new_version_weight": "0.25"}, `7, and for {"8":0.25}`},
		{nil, "8, and for none"},
	}
	stack := stacks(t)["alias"]
	for _, step := range steps {
		given := maps.Clone(environments["describe"])
		maps.Copy(given, step.given)
		for tool, read := range readers {
			if (tool == "cdk" || tool == "pulumi") && !testrun.IsHeavy() {
				continue
			}
			said := factsOf(t, read(t, stack, given)).sentences
			want := "alias live of bank-async: What contact flows invoke, " + step.want
			if !slices.Contains(said, want) {
				t.Errorf("%s, %v: want %q in\n%s", tool, step.given, want, strings.Join(said, "\n"))
			}
		}
	}
}

// TestFlowsNameTheAlias: the flow and the output have the alias's ARN, and the instance is told of the function itself.
func TestFlowsNameTheAlias(t *testing.T) {
	for tool, read := range map[string]string{"terraform": "content", "cloudformation": "Content"} {
		functions := 0
		for _, r := range readers[tool](t, stacks(t)["alias"], environments["alias"]) {
			content, isFlow := r.properties[read].(string)
			if !isFlow {
				continue
			}
			functions += strings.Count(content, lambdaARN+"bank-async:live\"")
			if strings.Count(content, lambdaARN) != functions {
				t.Errorf("%s: %s", tool, content)
			}
		}
		if functions == 0 {
			t.Errorf("%s: no flow names the alias", tool)
		}
	}
	outputs := readResource{properties: writtenTemplate(t, stacks(t)["alias"])["Outputs"].(map[string]any)}
	if got := outputs.text("AsyncFunctionArn.Value.Ref") + " " + outputs.text("AsyncFunctionVersion.Value"); got !=
		`AsyncAlias {"Fn::GetAtt":["AsyncVersion","Version"]}` {
		t.Errorf("the outputs are %s", got)
	}
}

// TestWeightNeedsAVersionForTheOtherCalls: without previous_version the new version would have all of them.
func TestWeightNeedsAVersionForTheOtherCalls(t *testing.T) {
	stack := stacks(t)["alias"]
	tests := []struct {
		previous, weight string
		accepted         bool
	}{{"", "", true}, {"7", "", true}, {"7", "0.1", true}, {"", "0.1", false}}
	dir := exportFolder(t, stack, "terraform")
	for _, test := range tests {
		e := &terraformEvaluator{t: t, context: terraformContext(dir, commercial)}
		e.context.Variables["var"] = cty.ObjectVal(map[string]cty.Value{
			"previous_version": orNull(test.previous), "new_version_weight": orNull(test.weight)})
		for _, b := range terraformFile(t, dir+"/module/main.tf").Blocks {
			if len(b.Labels) == 0 || b.Labels[0] != "aws_lambda_alias" {
				continue
			}
			lifecycle := b.Body.Blocks[len(b.Body.Blocks)-1]
			condition := lifecycle.Body.Blocks[0].Body.Attributes["condition"]
			if e.evaluate(condition.Expr).True() != test.accepted {
				t.Errorf("terraform: %+v", test)
			}
		}
		given := maps.Clone(environments["describe"])
		given["previous_version"], given["new_version_weight"] = test.previous, test.weight
		text, values := templateOf(t, stack, given)
		if refused := openTemplate(t, text, values, commercial).refusals(); len(refused) == 0 != test.accepted {
			t.Errorf("cloudformation: %+v: %v", test, refused)
		}
	}
	for tool, want := range map[string]string{
		"cdk":    `check("newVersionWeight", newVersionWeight, newVersionWeight === "" || previousVersion !== "", `,
		"pulumi": `needing(checked("newVersionWeight", args.newVersionWeight ?? "", `,
	} {
		export(t, stack, tool, dir)
		file := map[string]string{"cdk": "lib/connect-async.ts", "pulumi": "connect-async.ts"}[tool]
		if text := string(readFile(t, filepath.Join(dir, file))); !strings.Contains(text, want) {
			t.Errorf("%s does not check whether there is a version for the other calls", tool)
		}
	}
}

// orNull is a text, null for none.
func orNull(text string) cty.Value {
	if text == "" {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(text)
}
