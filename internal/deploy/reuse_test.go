package deploy_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
)

// TestReuseIsInTheEnvironment: the deployed function is told what the project file says, and defaults are left out.
func TestReuseIsInTheEnvironment(t *testing.T) {
	stack, found := inFolder(t, `name: shop
jobs:
  pay: {steps: [pay]}
  look: {steps: [look], reuse_seconds: 90}
functions:
  pay: {arn: "arn:aws:lambda:us-east-1:111122223333:function:pay"}
  look: {arn: "arn:aws:lambda:us-east-1:111122223333:function:look", repeatable: true}
`, nil)
	if found.HasErrors() {
		t.Fatal(found)
	}
	facts := strings.Join(factsOf(t, readTerraformExport(t, stack, environments["describe"])).sentences, "\n")
	for text, want := range map[string]bool{
		`"reuse":"running"`: true, `"reuse_seconds":90`: true, `"reuse":"always"`: false, `"reuse_seconds":60`: false,
	} {
		if strings.Contains(strings.ReplaceAll(facts, `\"`, `"`), text) != want {
			t.Errorf("%s is there: %v\n%s", text, !want, facts)
		}
	}
}

// oldARN is the state machine of the original.
const oldARN = "arn:aws:states:us-east-1:111122223333:stateMachine:AsyncWrap"

// TestReadOnlyMachines lets the function check executions of the original's state machine, and nothing more.
func TestReadOnlyMachines(t *testing.T) {
	const old = oldARN
	stack := describe(t, describeProject, func(s *project.Deploy) {
		s.ReadOnly, s.Parameters = []string{old}, "prefixed"
	})
	facts := strings.Join(factsOf(t, readTerraformExport(t, stack, environments["describe"])).sentences, "\n")
	for _, want := range []string{
		`read-only-1`, `read_only`, old, "PARAMETERS", "states:DescribeExecution",
		"arn:aws:states:us-east-1:111122223333:execution:AsyncWrap:*",
	} {
		if !strings.Contains(facts, want) {
			t.Errorf("%s is not in\n%s", want, facts)
		}
	}
	for line := range strings.Lines(facts) {
		if strings.Contains(line, "execution:AsyncWrap") && strings.Contains(line, "StopExecution") {
			t.Errorf("it may be stopped: %s", line)
		}
	}
	given := map[string]string{"read_only_1_arn": strings.Replace(old, "AsyncWrap", "Other", 1)}
	maps.Copy(given, environments["describe"])
	for _, tool := range []string{"terraform", "cloudformation"} {
		facts := strings.Join(factsOf(t, readers[tool](t, stack, given)).sentences, "\n")
		for text, want := range map[string]int{"stateMachine:Other": 1, "execution:Other:*": 1, "AsyncWrap": 0} {
			if n := strings.Count(facts, text); n != want {
				t.Errorf("%s: %s is there %d times, want %d\n%s", tool, text, n, want, facts)
			}
		}
	}
}
