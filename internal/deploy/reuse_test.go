package deploy_test

import (
	"strings"
	"testing"
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
