package deploy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestWhatIsKept: the logs and the table are kept in every tool where the project asks for it, and only then.
func TestWhatIsKept(t *testing.T) {
	places := map[string]struct{ file, logs, table string }{
		"terraform": {"module/main.tf", "skip_destroy      = true", "deletion_protection_enabled = true"},
		"cloudformation": {"template.yaml", "::LogGroup\n    DeletionPolicy: Retain",
			"DeletionProtectionEnabled: true"},
		"cdk": {"lib/connect-async.ts", "LogGroup.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);",
			"deletionProtectionEnabled: true"},
		"pulumi": {"connect-async.ts", "skipDestroy: true", "deletionProtectionEnabled: true"},
	}
	for _, kept := range []bool{true, false} {
		stack := describe(t, tableProject, func(d *project.Deploy) { d.KeepLogs, d.ProtectTable = kept, kept })
		for _, tool := range deploy.Tools {
			place, dir := places[tool.Name], t.TempDir()
			export(t, stack, tool.Name, dir)
			text := string(readFile(t, filepath.Join(dir, place.file)))
			logs, tables := 0, 0
			if kept {
				logs, tables = 4, 1 // of two state machines and two functions
			}
			if tool.Name == "terraform" {
				if got := logsKept(t, stack); got != logs {
					t.Errorf("Terraform keeps %d log groups", got)
				}
				logs = min(logs, 3) // those of the state machines are written once
			}
			if strings.Count(text, place.logs) != logs || strings.Count(text, place.table) != tables {
				t.Errorf("%s, kept is %v: %d of %d log groups, %d of %d tables", tool.Name, kept,
					strings.Count(text, place.logs), logs, strings.Count(text, place.table), tables)
			}
		}
	}
}

// logsKept counts the log groups that Terraform leaves when it destroys the rest.
func logsKept(t *testing.T, stack *deploy.Stack) int {
	t.Helper()
	n := 0
	for _, r := range readTerraformExport(t, stack, environments["table"]) {
		if r.kind == "aws_cloudwatch_log_group" && r.properties["skip_destroy"] == true {
			n++
		}
	}
	return n
}

// TestDeletingWaitsAsLongAsAJob: Step Functions deletes a state machine when its last execution has ended.
func TestDeletingWaitsAsLongAsAJob(t *testing.T) {
	stack := describe(t, describeProject, nil) // the job has 2 minutes
	for _, r := range readTerraformExport(t, stack, environments["describe"]) {
		if delay := r.value("timeouts.delete"); r.kind == "aws_sfn_state_machine" && delay != "420s" {
			t.Errorf("deleting may take %v", delay)
		}
	}
	dir := exportFolder(t, stack, "pulumi")
	text := string(readFile(t, dir+"/connect-async.ts"))
	if strings.Count(text, `customTimeouts: { delete: "420s", }`) != 1 {
		t.Error(text)
	}
}

// TestDestroyingNeedsNoPackage: the CDK synthesises without it, with an error that only deploying minds, and without a
// call that is deprecated. Terraform does not read it.
func TestDestroyingNeedsNoPackage(t *testing.T) {
	stack := describe(t, describeProject, nil)
	dir := exportFolder(t, stack, "terraform")
	main := string(readFile(t, dir+"/module/main.tf"))
	if strings.Count(main, "filebase64sha256(") != strings.Count(main, "fileexists(var.package) ? filebase64sha256(") ||
		!strings.Contains(main, "precondition") {
		t.Error(main)
	}
	testrun.Heavy(t)
	dir = t.TempDir()
	export(t, stack, "cdk", dir)
	compileCDK(t, dir)
	context := givenAs("nothing", environments["describe"])
	node(t, dir, []string{"CDK_CONTEXT_JSON=" + context, "CDK_OUTDIR=out", "JSII_DEPRECATED=fail"}, "bin/app.js")
	metadata := string(readFile(t, filepath.Join(dir, "out", "Bank.metadata.json")))
	if !strings.Contains(metadata, "async-function.zip does not exist") {
		t.Error(metadata)
	}
}

// TestWhatGitLeavesOut: every export says what the tools make in its folder.
func TestWhatGitLeavesOut(t *testing.T) {
	for tool, names := range map[string][]string{
		"terraform":      {".terraform/", "*.tfstate", "plan", "async-function.zip"},
		"cloudformation": {"parameters.json", "async-function.zip"},
		"cdk":            {"node_modules/", "cdk.out/", "/bin/*.js", "/lib/*.js", "async-function.zip"},
		"pulumi":         {"node_modules/", "async-function.zip"},
	} {
		dir := exportFolder(t, describe(t, describeProject, nil), tool)
		lines := "\n" + string(readFile(t, filepath.Join(dir, deploy.IgnoreFile)))
		for _, name := range names {
			if !strings.Contains(lines, "\n"+name+"\n") {
				t.Errorf("%s: Git keeps %s", tool, name)
			}
		}
	}
}
