package deploy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/deploy"
)

// renamedProject is the larger project, with one of its jobs renamed.
func renamedProject(t *testing.T) string {
	t.Helper()
	renamed := strings.Replace(tableProject, "  balance: {steps", "  account: {was: balance, steps", 1)
	if renamed == tableProject {
		t.Fatal("there is nothing to rename")
	}
	return renamed
}

// TestRenamedJobsAreNotReplaced: with the name that it had, a renamed job keeps the addresses and logical IDs of its
// resources, and every name in AWS. The async function knows both names, and its metrics have the new one.
func TestRenamedJobsAreNotReplaced(t *testing.T) {
	before, after := describe(t, tableProject, nil), describe(t, renamedProject(t), nil)
	var names, ids, found [2][]string
	for i, stack := range []*deploy.Stack{before, after} {
		dir := exportFolder(t, stack, "terraform")
		found[i] = addresses(t, dir, environments["table"])
		ids[i] = logicalIDs(t, stack)
		for _, r := range readTerraformExport(t, stack, environments["table"]) {
			for _, key := range []string{"name", "alarm_name", "function_name"} {
				names[i] = append(names[i], r.kind+" "+r.text(key))
			}
		}
		slices.Sort(names[i])
	}
	for what, of := range map[string][2][]string{"addresses": found, "logical IDs": ids, "names": names} {
		if diff := cmp.Diff(of[0], of[1]); diff != "" || len(of[0]) == 0 {
			t.Errorf("%s before (-) and after (+):\n%s", what, diff)
		}
	}
	facts := strings.Join(factsOf(t, readTerraformExport(t, after, environments["table"])).sentences, "\n")
	for _, want := range []string{
		`"` + async.MetricJob + `":"account"`,
		`\"account\":{\"arn\":\"arn:aws:states:us-east-1:111122223333:stateMachine:bank-balance\"`,
		`\"was\":\"balance\"`,
	} {
		if !strings.Contains(facts, want) {
			t.Errorf("%s is not in\n%s", want, facts)
		}
	}
	if metric := `"` + async.MetricJob + `":"balance"`; strings.Contains(facts, metric) {
		t.Errorf("an alarm watches the metrics of the name before: %s", facts)
	}
}

// TestRenamedJobsAreCancelled: what the function for ends may stop has the name in AWS, too.
func TestRenamedJobsAreCancelled(t *testing.T) {
	renamed := strings.Replace(lateProject, "  search: {", "  find: {was: search, ", 1)
	resources := readCloudFormationExport(t, describe(t, renamed, nil), environments["late"])
	const want = "bank-ends may states:StopExecution on arn:aws:states:us-east-1:111122223333:execution:bank-search:*"
	if facts := factsOf(t, resources).sentences; !slices.Contains(facts, want) {
		t.Errorf("%q is not in\n%s", want, strings.Join(facts, "\n"))
	}
}

// logicalIDs are those of the template.
func logicalIDs(t *testing.T, stack *deploy.Stack) []string {
	t.Helper()
	var doc struct{ Resources map[string]any }
	if err := json.Unmarshal(templateText(t, stack), &doc); err != nil {
		t.Fatal(err)
	}
	var list []string
	for id := range doc.Resources {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}
