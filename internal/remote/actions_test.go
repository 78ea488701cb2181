package remote_test

import (
	"encoding/json"
	"testing"

	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestInstanceActionsAreDocumented keeps the policy in docs/instance.md in step with the actions.
func TestInstanceActionsAreDocumented(t *testing.T) {
	type statement struct {
		Sid, Effect string
		Action      []string
		Resource    string
	}
	policy := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17", Statement: []statement{
		{Sid: "Read", Effect: "Allow", Action: remote.InstanceActions.Read, Resource: "*"},
		{Sid: "Push", Effect: "Allow", Action: remote.InstanceActions.Write, Resource: "*"},
	}}
	text, err := json.MarshalIndent(policy, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testrun.GeneratedPart(t, "../../docs/instance.md", "actions", "```json\n"+string(text)+"\n```\n")
}
