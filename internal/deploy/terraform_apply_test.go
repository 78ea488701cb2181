package deploy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// terraformChecks are what Terraform itself is asked about every example, and then about two stages side by side.
var terraformChecks = []string{"fmt", "init", "validate", "plan"}

// TestTerraformPlansExamples has Terraform format, initialise, validate and plan every example, and both projects of
// these tests. Nothing is created, and every ARN is unknown.
func TestTerraformPlansExamples(t *testing.T) {
	all := stacks(t)
	for name, example := range examples(t) {
		all[name] = example.stack
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
	{"what an earlier export created stays", (*terraform).movesWhatIsThere},
	{"the same once more is refused", (*terraform).refusesTheSame},
	{"values that are wrong are refused", (*terraform).refusesValues},
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

// refusesValues gives values that the variables do not accept.
func (tf *terraform) refusesValues(t *testing.T) {
	wrong := []string{"memory_mb=64", "log_retention_days=2", "name=9", "instance_arn=1", "role_path=x"}
	var arguments []string
	for _, value := range wrong {
		arguments = append(arguments, "-var", value)
	}
	out, code := tf.plan(t, "dev", arguments...)
	if code != 1 || strings.Count(out, "Error: Invalid value for variable") != len(wrong) {
		t.Errorf("%d, of %d wrong values\n%s", code, len(wrong), out)
	}
}

// movesWhatIsThere gives the resources of a stage the addresses that they had in an earlier export. Terraform finds
// each where it is now, and neither creates nor deletes.
func (tf *terraform) movesWhatIsThere(t *testing.T) {
	earlier := map[string]string{}
	for from, to := range moves(t, tf.dir) {
		earlier[to] = from
	}
	tf.inStage(t, "dev")
	state := asObject(t, tf.must(t, "state", "pull"))
	resources, moved := addressedAs(state["resources"].([]any), earlier)
	state["resources"], state["serial"] = resources, state["serial"].(float64)+1
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	write(t, tf.dir, "earlier.tfstate", text)
	tf.must(t, "state", "push", "earlier.tfstate")
	before := len(tf.journal(t))
	out, _ := tf.plan(t, "dev", "-out", "plan")
	if moved != len(earlier) || strings.Count(out, " has moved to ") != moved ||
		!strings.Contains(out, "0 to add, 0 to change, 0 to destroy") {
		t.Errorf("%d of %d addresses\n%s", moved, len(earlier), out)
	}
	tf.must(t, "apply", "plan")
	if after := len(tf.journal(t)); after != before {
		t.Errorf("%d changes", after-before)
	}
	tf.unchanged(t, "dev")
}

// addressedAs are the resources of a state under other addresses, and how many of them have one.
func addressedAs(resources []any, addresses map[string]string) (list []any, moved int) {
	for _, each := range resources {
		resource := each.(map[string]any)
		var stay []any
		for _, instance := range resource["instances"].([]any) {
			instance := instance.(map[string]any)
			address := fmt.Sprintf("%s.%s", resource["type"], resource["name"])
			if key := instance["index_key"]; key != nil {
				address += fmt.Sprintf("[%q]", key)
			}
			to, ok := addresses[address]
			if !ok {
				stay = append(stay, instance)
				continue
			}
			moved++
			delete(instance, "index_key")
			other := maps.Clone(resource)
			_, other["name"], _ = strings.Cut(to, ".")
			delete(other, "each")
			other["instances"] = []any{instance}
			list = append(list, other)
		}
		if len(stay) > 0 {
			resource["instances"] = stay
			list = append(list, resource)
		}
	}
	return list, moved
}

// destroysWithCallers deletes a stage whose executions run. Terraform has to wait for them, and a time that is shorter
// than the job's is not enough. Nobody needs the deployment package for it.
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
	deployed := filepath.Join(tf.dir, "async-function.zip")
	if err := os.Rename(deployed, deployed+".elsewhere"); err != nil {
		t.Fatal(err)
	}
	if out, code := tf.destroy(t, "dev"); code != 0 {
		t.Errorf("%d\n%s", code, out)
	}
	if out, code := tf.plan(t, "dev"); code != 1 || !strings.Contains(out, "package does not exist") {
		t.Errorf("%d\n%s", code, out)
	}
	if err := os.Rename(deployed+".elsewhere", deployed); err != nil {
		t.Fatal(err)
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
	needTerraform(t, len(terraformSteps)+2) // and modules in two partitions
	stack := twoStages(t)
	account := moto(startMoto(t))
	settings, schema := terraformProvider(t, stack, examples(t)["menu"].stack)
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
	menu := examples(t)["menu"].stack // which has modules
	for _, at := range []site{commercial, govCloud} {
		t.Run("modules in "+at.region, func(t *testing.T) { tf.deploysOnce(t, menu, at) })
	}
	for name, example := range examples(t) {
		for _, used := range usedTypes(t, example.stack) {
			if !created(used) {
				t.Errorf("%s: nothing of the type %s was created", name, used.kind)
			}
		}
	}
}

// deploysOnce deploys another project with the same provider, plans it again and removes it. No ARN is one of another
// partition.
func (tf *terraform) deploysOnce(t *testing.T, stack *deploy.Stack, at site) {
	other := *tf
	other.dir, other.env = t.TempDir(), append(slices.Clone(tf.env), "AWS_REGION="+at.region)
	export(t, stack, "terraform", other.dir)
	write(t, other.dir, "async-function.zip", smallPackage(t))
	values := strings.ReplaceAll(string(requiredValues(t, stack)), "arn:aws:", "arn:"+at.partition+":")
	write(t, other.dir, "terraform.tfvars.json", []byte(strings.ReplaceAll(values, commercial.region, at.region)))
	other.must(t, "init")
	other.must(t, "apply", "-auto-approve")
	other.must(t, "plan", "-detailed-exitcode")
	arns := 0
	for line := range strings.Lines(other.must(t, "state", "pull")) {
		for _, m := range elsewhere.FindAllStringSubmatch(line, -1) {
			if arns++; m[1] != at.partition {
				t.Errorf("in %s there is an ARN of %s: %s", at.region, m[1], line)
			}
		}
	}
	if arns < 10 {
		t.Errorf("%d ARNs", arns)
	}
	other.must(t, "destroy", "-auto-approve")
}
