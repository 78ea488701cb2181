package deploy_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// The stages of these tests: what an environment of them gives, and a deployment in another partition.
const stagesOfTable = `stages:
  test:
    name: bank
    instance: ` + instanceARN + `
    prompts: {hold-music: 99999999-2222-3333-4444-555555555555}
    functions: {pay: "` + payARN + `"}
    variables:
      kms_key_arn: ` + keyARN + `
      alarm_topic_arn: ` + topicARN + `
      permissions_boundary_arn: ` + boundaryARN + `
      reserved_concurrency: 50
      ends_reserved_concurrency: 20
  gov:
    instance: arn:aws-us-gov:connect:us-gov-west-1:444455556666:instance/11111111-2222-3333-4444-555555555555
    callers: 300
    prompts: {hold-music: 99999999-2222-3333-4444-555555555555}
    functions:
      balance: arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:slow
      look-up: arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:look-up
      pay: arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:pay
      receipt: arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:receipt
    variables: {kms_key_arn: "arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/k"}
`

// staged is the larger project with stages.
func staged(t *testing.T) *deploy.Stack {
	t.Helper()
	return describe(t, tableProject+stagesOfTable, func(s *project.Deploy) {
		s.Encryption, s.RolePath, s.RolePrefix, s.Input = true, "/voice/", "team-", "minimal"
		s.ExecutionName, s.FIPS, s.Tracing = "uuid", true, true
	})
}

// stageReaders read the export of each tool as a stage deploys it, with nothing given but the stage.
var stageReaders = map[string]func(t *testing.T, stack *deploy.Stack, stage string, at site) []readResource{
	"terraform": func(t *testing.T, stack *deploy.Stack, stage string, at site) []readResource {
		return readTerraformAt(t, stack, tfvarsOf(t, stack, stage), at)
	},
	"cloudformation": func(t *testing.T, stack *deploy.Stack, stage string, at site) []readResource {
		return readCloudFormationAt(t, stack, parametersOf(t, stack, stage), at)
	},
	"cdk": func(t *testing.T, stack *deploy.Stack, stage string, _ site) []readResource {
		testrun.Heavy(t)
		return readCDKWith(t, stack, fmt.Sprintf(`{"stage": %q}`, stage), "bank")
	},
	"pulumi": func(t *testing.T, stack *deploy.Stack, _ string, at site) []readResource {
		testrun.Heavy(t)
		return readPulumiWith(t, stack, "{}", at) // the stack of Pulumi is called test there
	},
}

// TestStagesAreDeployedFromTheirFiles deploys a stage with each tool from its file alone: what is created is what the
// values of the stage make when they are given one by one.
func TestStagesAreDeployedFromTheirFiles(t *testing.T) {
	stack := staged(t)
	for _, tool := range deploy.Tools {
		t.Run(tool.Name, func(t *testing.T) {
			t.Parallel()
			got := factsOf(t, stageReaders[tool.Name](t, stack, "test", commercial))
			want := factsOf(t, readTerraformExport(t, stack, environments["table"]))
			if diff := cmp.Diff(instanceIDs(want.sentences), instanceIDs(got.sentences)); diff != "" {
				t.Errorf("given (-), from the file (+):\n%s", diff)
			}
			if diff := cmp.Diff(want.documents, got.documents); diff != "" {
				t.Errorf("documents as given (-), from the file (+):\n%s", diff)
			}
		})
	}
}

// TestTwoStagesOfOneExport deploys the other stage of the same export: it is called otherwise, is in another partition,
// and the flows are the same but for what the stage calls differently.
func TestTwoStagesOfOneExport(t *testing.T) {
	stack := staged(t)
	for _, tool := range []string{"terraform", "cloudformation"} {
		for _, r := range stageReaders[tool](t, stack, "gov", govCloud) {
			eachText(r.properties, func(text string) {
				if strings.Contains(text, "arn:aws:") || strings.Contains(text, "us-east-1") {
					t.Errorf("%s: %s has %s", tool, r.kind, text)
				}
			})
			if name := r.text("name"); name != "" && r.kind == "aws_sfn_state_machine" &&
				!strings.HasPrefix(name, "bank-gov-") {
				t.Errorf("%s is called %s", r.kind, name)
			}
		}
	}
}

// tfvarsOf reads the file of a stage as Terraform does. The account and the Region are the root module's.
func tfvarsOf(t *testing.T, stack *deploy.Stack, stage string) map[string]string {
	t.Helper()
	dir := exportFolder(t, stack, "terraform")
	e := &terraformEvaluator{t: t, context: terraformContext(dir, commercial)}
	declared := declaredVariables(t, stack)
	given := map[string]string{}
	for name, value := range e.attributes(terraformFile(t, filepath.Join(dir, "stages", stage+".tfvars"))) {
		if _, ok := declared[name]; !ok {
			t.Errorf("the stage %s gives %s, which is not declared", stage, name)
		}
		if given[name] = text(value); value.Type() == cty.Number {
			given[name] = value.AsBigFloat().String()
		}
	}
	if len(given["account"]) != 12 || given["region"] == "" {
		t.Errorf("%s: %v", stage, given)
	}
	return given
}

// parametersOf reads the file of a stage as the AWS CLI does, by the names of variables.
func parametersOf(t *testing.T, stack *deploy.Stack, stage string) map[string]string {
	t.Helper()
	dir := exportFolder(t, stack, "cloudformation")
	var list []struct{ ParameterKey, ParameterValue string }
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "stages", stage+".parameters.json")), &list); err != nil {
		t.Fatal(err)
	}
	given := map[string]string{}
	for _, p := range list {
		given[p.ParameterKey] = p.ParameterValue // parameterName leaves it as it is
	}
	if given["CodeBucket"] != "CODE_BUCKET" || given["CodeKey"] != "CODE_KEY" {
		t.Errorf("the package is at %v", given)
	}
	return given
}

// TestWhatStagesLack says what a stage does not name, and refuses what the export does not accept, at its place.
func TestWhatStagesLack(t *testing.T) {
	for text, want := range map[string][]string{
		"{instance: " + instanceARN + "}": {"warning the stage a does not say the ARN of the function pay",
			"warning the stage a does not say the ARN of the prompt hold-music"},
		"{account: \"444455556666\", region: us-east-1}": {
			"warning the stage a does not say the ARN of the Amazon Connect instance",
			"warning the stage a does not say the ARN of the function balance",
			"warning the stage a does not say the ARN of the function look-up",
			"warning the stage a does not say the ARN of the function pay",
			"warning the stage a does not say the ARN of the function receipt",
			"warning the stage a does not say the ARN of the prompt hold-music"},
		"{instance: " + instanceARN + ", functions: {pay: \"" + payARN + "\"}, prompts: {hold-music: " + musicARN +
			"}, variables: {memory_mb: 64, name: x, nothing: 1}}": {
			`error the stage a cannot have "64" as the Memory of the async function in MB`,
			`error the stage a: the export has no variable "name"`,
			`error the stage a: the export has no variable "nothing"`},
	} {
		stack := describe(t, tableProject+"stages:\n  a: "+text+"\n", nil)
		var got []string
		for _, f := range stack.CheckStages() {
			got = append(got, fmt.Sprintf("%s %s", f.Severity, f.Message))
			if f.Remedy == "" || f.Pos == (source.Pos{}) {
				t.Errorf("no remedy or place: %+v", f)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want (-), got (+):\n%s", text, diff)
		}
	}
}

// TestStagesDeliverToTheirOwnInstance refuses a stage whose late results would begin a task in another instance, or go
// to another partition: nobody there would get them. A replica has the flow of its own Region.
func TestStagesDeliverToTheirOwnInstance(t *testing.T) {
	const (
		elsewhere = "arn:aws:connect:us-east-1:111122223333:instance/99999999-2222-3333-4444-555555555555"
		gov       = "arn:aws-us-gov:connect:us-gov-west-1:111122223333:instance/99999999-2222-3333-4444-555555555555"
		flow      = "/contact-flow/88888888-2222-3333-4444-555555555555"
		given     = ", variables: {balance_deliver_to_arn: "
	)
	const balance, payOut, report = "late results of balance", "late results of pay-out", "late results of report"
	for text, want := range map[string][]string{
		"{instance: " + instanceARN + "}": nil,
		"{instance: " + instanceARN + ", replica: {region: us-west-2, variables: {role_prefix: west-}}}": nil,

		"{account: '111122223333', region: us-east-1}":                nil,
		"{account: '111122223333', region: eu-west-2}":                {balance},
		"{instance: " + elsewhere + "}":                               {balance},
		"{instance: " + elsewhere + given + elsewhere + flow + "}}":   nil,
		"{instance: " + instanceARN + given + elsewhere + flow + "}}": {balance},
		"{instance: " + gov + given + gov + flow + "}}":               {payOut, report},
	} {
		stack := describe(t, lateProject+"stages:\n  a: "+text+"\n", nil)
		var got []string
		for _, f := range stack.CheckStages() {
			if f.Severity == source.Error {
				about, _, _ := strings.Cut(strings.TrimPrefix(f.Message, "the "), " would")
				got = append(got, about)
				if !strings.Contains(f.Remedy, "_deliver_to_arn: ARN}") || f.Pos == (source.Pos{}) {
					t.Errorf("no remedy or place: %+v", f)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want (-), got (+):\n%s", text, diff)
		}
	}
}
