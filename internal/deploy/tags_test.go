package deploy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// oddTags have what languages and shells read as their own.
var oddTags = []project.Tag{{Key: "cost:centre 7@é", Value: `it's "${name}" $(x) \`}, {Key: "team", Value: "voice"}}

// takesNoTags are the resources that AWS has no tags for.
var takesNoTags = []string{
	"AWS::IAM::RolePolicy", "aws_iam_role_policy", "AWS::Lambda::Permission", "aws_lambda_permission",
	"AWS::Connect::IntegrationAssociation", "aws_connect_lambda_function_association",
	"AWS::CloudWatch::Dashboard", "aws_cloudwatch_dashboard",
	"AWS::Logs::QueryDefinition", "aws_cloudwatch_query_definition", "aws_cloudwatch_event_target",
	"AWS::Lambda::EventInvokeConfig", "aws_lambda_function_event_invoke_config",
	"AWS::SQS::QueuePolicy", "aws_sqs_queue_policy",
}

// TestTagsAreOnTheResources reads every export back: each resource that takes tags has the project's, word for word, so
// that no command and no root has to add them.
func TestTagsAreOnTheResources(t *testing.T) {
	want := map[string]any{}
	for _, tag := range oddTags {
		want[tag.Key] = tag.Value
	}
	stack := stacks(t)["table"]
	for _, tool := range deploy.Tools {
		t.Run(tool.Name, func(t *testing.T) {
			for _, r := range readers[tool.Name](t, stack, environments["table"]) {
				if slices.Contains(takesNoTags, r.kind) {
					if got := tagsOf(r); len(got) > 0 {
						t.Errorf("%s has tags, which it does not take", r.kind)
					}
				} else if diff := cmp.Diff(want, tagsOf(r)); diff != "" {
					t.Errorf("%s: wanted (-), got (+):\n%s", r.kind, diff)
				}
			}
		})
	}
}

// tagsOf reads the tags of a resource in either vocabulary.
func tagsOf(r readResource) map[string]any {
	if tags, ok := r.properties["tags"].(map[string]any); ok {
		return tags
	}
	tags := map[string]any{}
	items, _ := r.properties["Tags"].([]any)
	for _, item := range items {
		tag, _ := item.(map[string]any)
		if key, ok := tag["Key"].(string); ok {
			tags[key] = tag["Value"]
		}
	}
	return tags
}
