package deploy_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// terraformChecks are what Terraform itself is asked about every example, and then about two stages side by side.
var terraformChecks = []string{"fmt", "init", "validate", "plan"}

// terraform runs Terraform with the provider of testdata/provider, against an account of the emulator.
type terraform struct {
	dir     string   // of the root module
	env     []string // says where the provider, the account and what the provider keeps are
	kept    string   // the file of what the provider keeps
	account moto
}

// terraformProvider builds the provider for everything that exports use, and writes a mirror of it, in which Terraform
// finds it without a network. It returns the file of Terraform's settings and the file of the schema.
func terraformProvider(t *testing.T, stacks ...*deploy.Stack) (settings, schema string) {
	t.Helper()
	types := map[string][]string{}
	for _, stack := range stacks {
		for _, used := range usedTypes(t, stack) {
			types[used.what] = append(types[used.what], used.kind)
		}
	}
	dir := t.TempDir()
	text, version := awsSchema(t, types["resource"], types["data"])
	write(t, dir, "schema.json", text)
	mirror := filepath.Join(dir, "mirror")
	program := filepath.Join(mirror, "registry.terraform.io", "hashicorp", "aws", version,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-aws_v"+version)
	build := testrun.Command(t, "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("testdata", "provider")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the provider of the tests cannot be built: %v\n%s", err, out)
	}
	write(t, dir, "settings.tfrc", fmt.Appendf(nil,
		"provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror))
	return filepath.Join(dir, "settings.tfrc"), filepath.Join(dir, "schema.json")
}

// usedType is a type of the provider that an export uses: a resource or data.
type usedType struct{ what, kind string }

var blockOfAType = regexp.MustCompile(`(?m)^(resource|data) "(aws_\w+)" `)

// usedTypes are the types that the Terraform export of a stack uses, each once.
func usedTypes(t *testing.T, stack *deploy.Stack) []usedType {
	t.Helper()
	files, err := deploy.Export(stack, toolNamed(t, "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	var list []usedType
	for _, f := range files {
		for _, m := range blockOfAType.FindAllStringSubmatch(string(f.Content), -1) {
			used := usedType{what: m[1], kind: m[2]}
			if path.Ext(f.Name) == ".tf" && !slices.Contains(list, used) {
				list = append(list, used)
			}
		}
	}
	return list
}

// terraformFor exports a stack for Terraform, with a deployment package.
func terraformFor(t *testing.T, stack *deploy.Stack, settings, schema string, account moto) *terraform {
	t.Helper()
	dir := t.TempDir()
	export(t, stack, "terraform", dir)
	write(t, dir, "async-function.zip", smallPackage(t))
	kept := filepath.Join(t.TempDir(), "kept.json")
	return &terraform{dir: dir, kept: kept, account: account, env: append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings,
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "PROVIDER_SCHEMA="+schema, "PROVIDER_STORE="+kept,
		"AWS_ENDPOINT_URL="+string(account), "AWS_REGION=us-east-1")}
}

// smallPackage is a deployment package, of which only Lambda reads what is in it.
func smallPackage(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create("bootstrap")
	if err == nil {
		_, err = f.Write([]byte("#!/bin/sh\n"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// run runs a command and returns what it prints and its exit code.
func (tf *terraform) run(t *testing.T, arguments ...string) (string, int) {
	t.Helper()
	cmd := testrun.Command(t, "terraform", append(arguments, "-no-color")...)
	cmd.Dir, cmd.Env = tf.dir, tf.env
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// must runs a command that has to succeed.
func (tf *terraform) must(t *testing.T, arguments ...string) string {
	t.Helper()
	out, code := tf.run(t, arguments...)
	if code != 0 {
		t.Fatalf("terraform %s: %d\n%s", strings.Join(arguments, " "), code, out)
	}
	return out
}

// journal are the changes that the provider has made: what was done, the kind and the name.
func (tf *terraform) journal(t *testing.T) []string {
	t.Helper()
	var kept struct{ Journal []string }
	if err := json.Unmarshal(readFile(t, tf.kept), &kept); err != nil {
		t.Fatal(err)
	}
	return kept.Journal
}

// needTerraform skips a number of checks, and says how many, where Terraform is not installed. It is not on every
// machine, and no registry of packages has it.
func needTerraform(t *testing.T, checks int) {
	t.Helper()
	testrun.Heavy(t)
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skipf("terraform is not installed: %d CHECKS WERE SKIPPED", checks)
	}
}

// exampleStacks are what our examples need in AWS, by their names.
func exampleStacks(t *testing.T) map[string]*deploy.Stack {
	t.Helper()
	files, err := filepath.Glob("../../examples/*/" + project.FileName)
	if err != nil || len(files) == 0 {
		t.Fatal("there is no example", err)
	}
	list := map[string]*deploy.Stack{}
	for _, file := range files {
		p, found := project.Read(file)
		if p == nil {
			t.Fatal(found)
		}
		stack, found := deploy.Describe(p, nil)
		if stack == nil {
			t.Fatal(found)
		}
		list[filepath.Base(filepath.Dir(file))] = stack
	}
	return list
}

// requiredValues are values for the variables of an export that have no default, in JSON.
func requiredValues(t *testing.T, stack *deploy.Stack) []byte {
	t.Helper()
	values := map[string]string{}
	for name, value := range declaredVariables(t, stack) {
		switch {
		case name == "instance_arn":
			values[name] = instanceARN
		case value != "":
		case name == "kms_key_arn":
			values[name] = keyARN
		case strings.HasSuffix(name, "_function_arn"):
			values[name] = lambdaARN + strings.TrimSuffix(name, "_function_arn")
		case strings.HasSuffix(name, "_prompt_arn"):
			values[name] = musicARN
		case strings.HasSuffix(name, "_queue_arn"):
			values[name] = strings.Replace(musicARN, "/prompt/", "/queue/", 1)
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestTerraformPlansExamples has Terraform format, initialise, validate and plan every example, and both projects of
// these tests. Nothing is created, and every ARN is unknown.
func TestTerraformPlansExamples(t *testing.T) {
	all := exampleStacks(t)
	for name, stack := range stacks(t) {
		all[name] = stack
	}
	needTerraform(t, len(all)*len(terraformChecks))
	var list []*deploy.Stack
	for _, stack := range all {
		list = append(list, stack)
	}
	account := moto(startMoto(t))
	settings, schema := terraformProvider(t, list...)
	for name, stack := range all {
		t.Run(name, func(t *testing.T) {
			tf := terraformFor(t, stack, settings, schema, account)
			write(t, tf.dir, "terraform.tfvars.json", requiredValues(t, stack))
			tf.must(t, "fmt", "-check", "-diff", "-recursive")
			tf.must(t, "init")
			tf.must(t, "validate")
			out := tf.must(t, "plan")
			for _, want := range []string{" 0 to change, 0 to destroy", "+ arn ", "(known after apply)"} {
				if !strings.Contains(out, want) {
					t.Errorf("the plan lacks %q:\n%s", want, out)
				}
			}
		})
	}
}

// stageOfOneAccount is what a stage of a project says that has another one in the same account: all but the name is the
// same.
const stageOfOneAccount = `
    instance: ` + instanceARN + `
    prompts: {hold-music: 99999999-2222-3333-4444-555555555555}
    functions: {pay: "` + payARN + `"}
    variables: {kms_key_arn: ` + keyARN + `, alarm_topic_arn: ` + topicARN + `, reserved_concurrency: 5}
`

// twoStages is the larger project with two stages in one account.
func twoStages(t *testing.T) *deploy.Stack {
	t.Helper()
	return inTwoStages(t, tableProject)
}

// inTwoStages is a project with two stages in one account.
func inTwoStages(t *testing.T, text string) *deploy.Stack {
	t.Helper()
	stages := "stages:\n  dev:" + stageOfOneAccount + "  prod:" + stageOfOneAccount
	return describe(t, text+stages, func(s *project.Deploy) {
		s.Encryption, s.RolePath, s.RolePrefix, s.Tracing, s.Tags = true, "/voice/", "team-", true, oddTags
	})
}

// inStage does what the README says about a stage: every command has its workspace and its values.
func (tf *terraform) inStage(t *testing.T, stage string) {
	t.Helper()
	tf.must(t, "workspace", "select", "-or-create", stage)
}

// plan plans a stage. The exit code is 0 when nothing changes, 2 when something does.
func (tf *terraform) plan(t *testing.T, stage string, more ...string) (string, int) {
	t.Helper()
	tf.inStage(t, stage)
	arguments := []string{"plan", "-detailed-exitcode", "-var-file", "stages/" + stage + ".tfvars"}
	return tf.run(t, append(arguments, more...)...)
}

// terraformSteps are what Terraform does with two stages of a project in one account, and what it has to refuse.
var terraformSteps = []struct {
	name string
	run  func(tf *terraform, t *testing.T)
}{
	{"dev is created", func(tf *terraform, t *testing.T) { tf.deploys(t, "dev") }},
	{"prod is created beside it", func(tf *terraform, t *testing.T) { tf.deploys(t, "prod") }},
	{"everything is there twice", (*terraform).isThereTwice},
	{"a second plan of dev is empty", func(tf *terraform, t *testing.T) { tf.unchanged(t, "dev") }},
	{"a second plan of prod is empty", func(tf *terraform, t *testing.T) { tf.unchanged(t, "prod") }},
	{"the same once more is refused", (*terraform).refusesTheSame},
	{"dev is deleted while callers wait", (*terraform).destroysWithCallers},
	{"prod is as it was", func(tf *terraform, t *testing.T) { tf.unchanged(t, "prod") }},
	{"what was changed elsewhere is seen", (*terraform).seesDrift},
	{"a role with a policy stays", (*terraform).refusesRoleWithPolicy},
	{"nothing is left", (*terraform).leavesNothing},
}

func (tf *terraform) deploys(t *testing.T, stage string) {
	t.Helper()
	if out, code := tf.plan(t, stage, "-out", "plan"); code != 2 {
		t.Fatalf("the plan ends with %d, 2 says that there are changes\n%s", code, out)
	}
	tf.must(t, "apply", "plan")
}

func (tf *terraform) unchanged(t *testing.T, stage string) {
	t.Helper()
	if out, code := tf.plan(t, stage); code != 0 {
		t.Errorf("the plan ends with %d, 0 says that nothing changes\n%s", code, out)
	}
}

// destroy deletes a stage as the README says, and returns what Terraform prints and its exit code.
func (tf *terraform) destroy(t *testing.T, stage string) (string, int) {
	t.Helper()
	tf.inStage(t, stage)
	return tf.run(t, "destroy", "-auto-approve", "-var-file", "stages/"+stage+".tfvars")
}

// isThereTwice asks the account, and checks that nothing of the export was left out.
func (tf *terraform) isThereTwice(t *testing.T) {
	for what, listed := range tf.account.lists(t) {
		for _, stage := range []string{"bank-dev", "bank-prod"} {
			if !strings.Contains(listed, stage) {
				t.Errorf("%s: %s is not among %s", what, stage, listed)
			}
		}
	}
	t.Logf("in the provider of the tests, since the emulator does not know it: %s", strings.Join(tf.kinds(t), ", "))
}

// refusesTheSame deploys a stage from another state.
func (tf *terraform) refusesTheSame(t *testing.T) {
	again := *tf
	again.dir = t.TempDir()
	export(t, twoStages(t), "terraform", again.dir)
	write(t, again.dir, "async-function.zip", smallPackage(t))
	again.must(t, "init")
	again.inStage(t, "dev")
	before := len(tf.journal(t))
	out, code := again.run(t, "apply", "-auto-approve", "-var-file", "stages/dev.tfvars")
	if code == 0 || !strings.Contains(out, "exists already") || len(tf.journal(t)) != before {
		t.Errorf("%d, %d changes\n%s", code, len(tf.journal(t))-before, out)
	}
}

// destroysWithCallers deletes a stage whose executions run. Terraform has to wait for them, and a time that is shorter
// than the job's is not enough.
func (tf *terraform) destroysWithCallers(t *testing.T) {
	machine := "arn:aws:states:us-east-1:" + testAccount + ":stateMachine:bank-dev-pay-out"
	tf.account.call(t, "states", "AWSStepFunctions.StartExecution", `{"stateMachineArn":"`+machine+`","input":"{}"}`)
	main := filepath.Join(tf.dir, "module", "main.tf")
	text := string(readFile(t, main))
	short := regexp.MustCompile(`(?m)^(\s+delete_timeout += )"[0-9]+s"`).ReplaceAllString(text, `$1"60s"`)
	if short == text {
		t.Fatal("no resource says how long it may take to delete it")
	}
	write(t, tf.dir, "module/main.tf", []byte(short))
	tf.deploys(t, "dev")
	if out, code := tf.destroy(t, "dev"); code == 0 || !strings.Contains(out, "waiting for state to become 'DELETED'") {
		t.Errorf("%d\n%s", code, out)
	}
	write(t, tf.dir, "module/main.tf", []byte(text))
	tf.deploys(t, "dev")
	if out, code := tf.destroy(t, "dev"); code != 0 {
		t.Errorf("%d\n%s", code, out)
	}
}

// seesDrift changes a function without Terraform, which then changes it back.
func (tf *terraform) seesDrift(t *testing.T) {
	tf.account.send(t, "lambda", http.MethodPut, "/2015-03-31/functions/bank-prod-async/configuration",
		"application/json", "", `{"MemorySize": 3008}`)
	if out, code := tf.plan(t, "prod"); code != 2 || !strings.Contains(out, "memory_size") ||
		!strings.Contains(out, "3008") {
		t.Errorf("%d\n%s", code, out)
	}
	tf.deploys(t, "prod")
	tf.unchanged(t, "prod")
}

// refusesRoleWithPolicy deletes a stage of which a policy is forgotten: IAM keeps the role, and the rest goes once the
// policy has gone.
func (tf *terraform) refusesRoleWithPolicy(t *testing.T) {
	tf.inStage(t, "prod")
	policy := ""
	for _, address := range strings.Fields(tf.must(t, "state", "list")) {
		if strings.Contains(strings.TrimPrefix(address, "module.connect_async."), "async") &&
			strings.Contains(address, "aws_iam_role_policy") {
			policy = address
		}
	}
	tf.must(t, "state", "rm", policy)
	if out, code := tf.destroy(t, "prod"); code == 0 || !strings.Contains(out, "DeleteConflict") {
		t.Errorf("%d\n%s", code, out)
	}
	tf.account.query(t, "iam", "Action=DeleteRolePolicy&Version=2010-05-08&RoleName=team-bank-prod-async&"+
		"PolicyName=connect-async")
	if out, code := tf.destroy(t, "prod"); code != 0 {
		t.Errorf("%d\n%s", code, out)
	}
}

// leavesNothing asks the account once everything is deleted. The provider fails to delete what is not there, so that
// what was created last was deleted last.
func (tf *terraform) leavesNothing(t *testing.T) {
	for what, listed := range tf.account.lists(t) {
		if strings.Contains(listed, "bank-") {
			t.Errorf("%s: %s", what, listed)
		}
	}
	if kinds := tf.kinds(t); len(kinds) > 0 {
		t.Errorf("the provider still has %v", kinds)
	}
}

// kinds are the types of which the provider itself keeps something.
func (tf *terraform) kinds(t *testing.T) []string {
	t.Helper()
	var kept struct{ Kept map[string]map[string]any }
	if err := json.Unmarshal(readFile(t, tf.kept), &kept); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for kind, list := range kept.Kept {
		if len(list) > 0 {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// TestTerraformDeploysTwoStages deploys a project that needs everything there is twice into one account, and removes it
// again.
func TestTerraformDeploysTwoStages(t *testing.T) {
	needTerraform(t, len(terraformSteps)+1)
	stack := twoStages(t)
	account := moto(startMoto(t))
	settings, schema := terraformProvider(t, stack, exampleStacks(t)["menu"])
	tf := terraformFor(t, stack, settings, schema, account)
	tf.must(t, "init")
	created := func(used usedType) bool {
		return used.what == "data" || strings.Contains(strings.Join(tf.journal(t), "\n"), "create "+used.kind+" ")
	}
	for _, step := range terraformSteps {
		if !t.Run(step.name, func(t *testing.T) { step.run(tf, t) }) {
			return // the next steps begin where this one has ended
		}
	}
	menu := exampleStacks(t)["menu"] // which has modules
	t.Run("modules", func(t *testing.T) { tf.deploysOnce(t, menu) })
	for name, stack := range exampleStacks(t) {
		for _, used := range usedTypes(t, stack) {
			if !created(used) {
				t.Errorf("%s: nothing of the type %s was created", name, used.kind)
			}
		}
	}
}

// deploysOnce deploys another project with the same provider, plans it again and removes it.
func (tf *terraform) deploysOnce(t *testing.T, stack *deploy.Stack) {
	other := *tf
	other.dir = t.TempDir()
	export(t, stack, "terraform", other.dir)
	write(t, other.dir, "async-function.zip", smallPackage(t))
	write(t, other.dir, "terraform.tfvars.json", requiredValues(t, stack))
	other.must(t, "init")
	other.must(t, "apply", "-auto-approve")
	other.must(t, "plan", "-detailed-exitcode")
	other.must(t, "destroy", "-auto-approve")
}
