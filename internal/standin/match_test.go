package standin_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/standin"
)

func TestChoose(t *testing.T) {
	all := []string{"Charge card", "Charge *", "*", "arn:aws:states:::aws-sdk:*", "arn:aws:states:::aws-sdk:s3:*",
		"*:sns:publish"}
	for _, c := range []struct{ state, resource, want string }{
		{"Charge card", "arn:aws:states:::sns:publish", "Charge card"},
		{"Charge later", "arn:aws:states:::sqs:sendMessage", "Charge *"},
		{"Tell", "arn:aws:states:::sns:publish", "*:sns:publish"},
		{"Tell", "arn:aws:states:::sns:publish.waitForTaskToken", "*:sns:publish"},
		{"Get", "arn:aws:states:::aws-sdk:s3:getObject", "arn:aws:states:::aws-sdk:s3:*"},
		{"Get", "arn:aws:states:::aws-sdk:ses:sendEmail", "arn:aws:states:::aws-sdk:*"},
		{"Each", "", "*"},
	} {
		if got, _ := standin.Choose(all, c.state, c.resource); got != c.want {
			t.Errorf("for %s, %s: %q, want %q", c.state, c.resource, got, c.want)
		}
	}
	if got, ok := standin.Choose([]string{"a", "b*c*d", "*:x:y"}, "bcd e", "arn:aws:states:::x:z"); ok {
		t.Errorf("%q was chosen", got)
	}
}

func TestServed(t *testing.T) {
	for task, want := range map[[2]string]bool{
		{"lambda", "invoke"}: true, {"states", "startExecution"}: true, {"dynamodb", "getItem"}: true,
		{"aws-sdk:dynamodb", "putItem"}: true, {"aws-sdk:dynamodb", "listBackups"}: false, {"map", "run"}: false,
		{"sns", "publish"}: true, {"aws-sdk:eventbridge", "putEvents"}: true,
		{"aws-sdk:sfn", "startExecution"}: true, {"aws-sdk:sfn", "describeMapRun"}: false, {"ecs", "runTask"}: false,
		{"aws-sdk:lambda", "invoke"}: false, {"dynamodb", ""}: false,
	} {
		if got := standin.Served(task[0], task[1]); got != want {
			t.Errorf("%v: %v", task, got)
		}
	}
}
