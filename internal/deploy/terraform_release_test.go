package deploy_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/project"
)

// releaseSteps are the rows of the table in docs/deploying.md: what is given, and which versions then get which share
// of the calls. The package changes at the second step.
var releaseSteps = []struct {
	name, previous, weight string
	program                string
	main                   string
	newest                 map[string]any
}{
	{name: "the first deployment", program: "one", main: "1", newest: map[string]any{}},
	{name: "published, without calls yet", previous: "1", program: "two", main: "1", newest: map[string]any{}},
	{name: "a tenth of the calls", previous: "1", weight: "0.1", program: "two", main: "1",
		newest: map[string]any{"2": 0.1}},
	{name: "all calls", program: "two", main: "2", newest: map[string]any{}},
	{name: "back", previous: "1", program: "two", main: "1", newest: map[string]any{}},
}

// TestTerraformShiftsARelease deploys a project that publishes versions, and shifts a release as docs/deploying.md
// says. After each step nothing is left to change.
func TestTerraformShiftsARelease(t *testing.T) {
	needTerraform(t, len(releaseSteps))
	stack := describe(t, describeProject, func(s *project.Deploy) { s.Releases = project.ReleasesAlias })
	settings, schema := terraformProvider(t, stack)
	tf := terraformFor(t, stack, settings, schema, moto(startMoto(t)))
	write(t, tf.dir, "terraform.tfvars.json", requiredValues(t, stack))
	tf.must(t, "init")
	for _, step := range releaseSteps {
		var given []string
		variables := map[string]string{"previous_version": step.previous, "new_version_weight": step.weight}
		for name, value := range variables {
			if value != "" {
				given = append(given, "-var", name+"="+value)
			}
		}
		write(t, tf.dir, "async-function.zip", packageOf(t, step.program))
		tf.must(t, append([]string{"apply", "-auto-approve"}, given...)...)
		tf.must(t, append([]string{"plan", "-detailed-exitcode"}, given...)...)
		var alias struct {
			FunctionVersion string
			RoutingConfig   struct{ AdditionalVersionWeights map[string]any }
		}
		const path = "/2015-03-31/functions/bank-async/aliases/live"
		text := tf.account.send(t, "lambda", http.MethodGet, path, "", "", "")
		if err := json.Unmarshal([]byte(text), &alias); err != nil {
			t.Fatal(err)
		}
		weights := alias.RoutingConfig.AdditionalVersionWeights
		if weights == nil {
			weights = map[string]any{}
		}
		if diff := cmp.Diff(step.newest, weights); diff != "" || alias.FunctionVersion != step.main {
			t.Errorf("%s: version %s, and %v\n%s", step.name, alias.FunctionVersion, weights, text)
		}
	}
	tf.must(t, "destroy", "-auto-approve")
}
