package deploy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/project"
)

// TestNamesFit exports the longest names that a project file may have. What reading the file lets pass AWS takes, and
// one character more is refused when the file is read. The other limits are from the API references of each service.
func TestNamesFit(t *testing.T) {
	limits := map[string]int{
		"aws_iam_role.name": awsfacts.RoleName, "aws_sfn_state_machine.name": awsfacts.StateMachineName,
		"aws_lambda_function.function_name": 64, "aws_cloudwatch_event_rule.name": 64, "aws_sqs_queue.name": 80,
		"aws_dynamodb_table.name": 255, "aws_cloudwatch_metric_alarm.alarm_name": 255,
		"aws_cloudwatch_dashboard.dashboard_name": 255, "aws_cloudwatch_log_group.name": 512,
		"aws_iam_role.path": awsfacts.RolePath,
	}
	text := func(job string) string {
		return "name: " + strings.Repeat("p", project.MaxNameLength) + "\njobs:\n  " + job +
			": {steps: [f], results: table}\nfunctions: {f: {arn: \"" + lambdaARN + "f\"}}\n" +
			"deploy: {role_prefix: team-}\n"
	}
	job := strings.Repeat("j", awsfacts.RoleName-len("team-")-project.MaxNameLength-len("--states"))
	stack, found := inFolder(t, text(job), nil)
	if stack == nil {
		t.Fatal(found)
	}
	longest := map[string]int{}
	for _, r := range readTerraformExport(t, stack, environments["table"]) {
		for property, value := range r.properties {
			key := r.kind + "." + property
			if name, ok := value.(string); ok && limits[key] > 0 {
				longest[key] = max(longest[key], utf8.RuneCountInString(name))
			}
		}
	}
	for key, limit := range limits {
		if longest[key] == 0 || longest[key] > limit {
			t.Errorf("%s has %d characters, and AWS allows %d", key, longest[key], limit)
		}
	}
	if longest["aws_iam_role.name"] != awsfacts.RoleName {
		t.Errorf("the longest name of a role has %d characters", longest["aws_iam_role.name"])
	}
	if p, found := project.Read(projectFolder(t, text(job+"j"))); p != nil {
		t.Errorf("a longer name is read: %v", found)
	}
}
