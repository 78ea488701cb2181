package deploy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/deploy"
)

// TestTextsTravel checks that texts are in the environment of the async function as far as there is room, and else
// named there; and that each export reads back as the same.
func TestTextsTravel(t *testing.T) {
	for _, test := range []struct {
		name, first string
		packaged    bool
	}{
		{"few", `It's "$$" ${name} %{if}, ümlaut.`, false},
		{"many", strings.Repeat("A long text. ", 75), true},
	} {
		texts := fmt.Sprintf("{en: {first: %[1]q}, de: {first: %[1]q}, es: {first: %[1]q}, en-GB: {first: %[1]q}}",
			test.first)
		project := strings.Replace(describeProject, "timeout: 2m}", "timeout: 2m, texts: "+texts+"}", 1)
		stack := describe(t, project, nil)
		if stack.PackagesTexts() != test.packaged {
			t.Errorf("%s: packaged is %v", test.name, stack.PackagesTexts())
		}
		for _, r := range readTerraformExport(t, stack, environments["describe"]) {
			if env, ok := r.value("environment.variables").(map[string]any); ok {
				checkTexts(t, env, test.first, test.packaged)
			}
		}
		for _, tool := range deploy.Tools {
			files, err := deploy.Export(stack, tool)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				named := strings.Contains(string(f.Content), `--project "$project"`)
				if f.Name == "README.md" && named != test.packaged {
					t.Errorf("%s: the README of %s names the project: %v", test.name, tool.Name, named)
				}
			}
		}
	}
}

func checkTexts(t *testing.T, env map[string]any, first string, packaged bool) {
	t.Helper()
	text, given := env[async.EnvTexts].(string)
	file := env[async.EnvTextsFile]
	if given == packaged || (file == async.PackagedTexts) != packaged {
		t.Errorf("the environment is %v", env)
	}
	if !given {
		return
	}
	c := async.Config{}
	if err := c.ReadTexts(text); err != nil || c.Texts[0].Languages[0].Sentences[async.TextFirst][0] != first {
		t.Errorf("%v: %v", err, c.Texts)
	}
}
