package deploy_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestTemplateRefusesAnotherPlace: the parameters of a stage are refused in another account or Region, before anything
// is created. Without a stage any place is accepted.
func TestTemplateRefusesAnotherPlace(t *testing.T) {
	stack := staged(t) // the stage test is in the account and Region of commercial, the stage gov in others
	const region = "The parameter Region names another region than this one."
	const account = "The parameter Account names another account than this one."
	elsewhere := site{partition: "aws", region: "us-west-2"}
	for _, c := range []struct {
		stage string
		at    site
		want  []string
	}{
		{stage: "", at: commercial},
		{stage: "", at: elsewhere},
		{stage: "test", at: commercial},
		{stage: "test", at: elsewhere, want: []string{region}},
		{stage: "gov", at: govCloud, want: []string{account}},
		{stage: "gov", at: commercial, want: []string{account, region}},
	} {
		given := environments["table"]
		if c.stage != "" {
			given = parametersOf(t, stack, c.stage)
		}
		text, values := templateOf(t, stack, given)
		got := openTemplate(t, text, values, c.at).refusals()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("the stage %q in %s: wanted (-), got (+):\n%s", c.stage, c.at.region, diff)
		}
	}
}

// TestEveryParameterIsChecked: no parameter accepts just anything, and each says what it accepts.
func TestEveryParameterIsChecked(t *testing.T) {
	for _, stack := range append(constrained(t), staged(t)) {
		for name, p := range templateConstraints(t, stack) {
			checked := p.AllowedPattern != "" || p.MinValue != nil || len(p.AllowedValues) > 0
			if !checked || !strings.Contains(p.ConstraintDescription, name) {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	for name, values := range map[string]struct{ good, bad []string }{
		"CodeBucket": {[]string{"my-packages", "a.b.c"}, []string{"", "CODE_BUCKET", "ab", "-x-", "s3://bucket"}},
		"CodeKey":    {[]string{"async-function.zip", "a/b c"}, []string{""}},
		"Account":    {[]string{"", "111122223333"}, []string{"1111", "11112222333a", "prod"}},
		"Region":     {[]string{"", "us-east-1", "us-gov-west-1"}, []string{"east", "us-east-1a"}},
	} {
		p := templateConstraints(t, staged(t))[name]
		for value, accepted := range accepting(values.good, values.bad) {
			if p.accepts(value) != accepted {
				t.Errorf("%s = %q: accepted is %v", name, value, !accepted)
			}
		}
	}
}

// TestWhatHoldsDataSaysWhatBecomesOfIt: a template keeps logs and results where the project asks for it, also when a
// resource is replaced, and says so where it does not.
func TestWhatHoldsDataSaysWhatBecomesOfIt(t *testing.T) {
	for _, kept := range []bool{true, false} {
		stack := describe(t, tableProject, func(d *project.Deploy) { d.KeepLogs, d.ProtectTable = kept, kept })
		text, _ := templateOf(t, stack, nil)
		got := map[string]int{}
		for _, r := range resourcesOf(t, text) {
			if r.DeletionPolicy != r.UpdateReplacePolicy {
				t.Errorf("%s: %q, and %q when it is replaced", r.Type, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
			if r.DeletionPolicy != "" {
				got[r.Type+" "+r.DeletionPolicy]++
			}
		}
		policy := map[bool]string{true: "Retain", false: "Delete"}[kept]
		want := map[string]int{"AWS::Logs::LogGroup " + policy: 4, "AWS::DynamoDB::Table " + policy: 1,
			"AWS::SQS::Queue Delete": 2}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("kept is %v: wanted (-), got (+):\n%s", kept, diff)
		}
	}
}

// TestTemplatesPassCfnLint has cfn-lint, an independent linter with the published schemas of all resources, read the
// templates in each Region that the stages of these tests are in. Nothing that it reports is left out.
func TestTemplatesPassCfnLint(t *testing.T) {
	testrun.Heavy(t)
	if _, err := exec.LookPath("cfn-lint"); err != nil {
		t.Skip("cfn-lint is not installed (pip install cfn-lint)")
	}
	plain := func(d *project.Deploy) { d.Tags = []project.Tag{{Key: "team", Value: "voice"}} }
	all := func(d *project.Deploy) {
		plain(d)
		d.Encryption, d.Tracing, d.FIPS, d.KeepLogs, d.ProtectTable = true, true, true, true, true
	}
	for name, stack := range map[string]*deploy.Stack{
		"plain": describe(t, tableProject, plain), "all": describe(t, tableProject, all),
		"alias": published(t, tableProject),
	} {
		dir := exportFolder(t, stack, "cloudformation")
		out, err := testrun.Command(t, "cfn-lint", "--include-checks", "I", "--regions", commercial.region,
			govCloud.region, "--format", "json", "--", filepath.Join(dir, "template.yaml")).Output()
		var found []struct {
			Rule    struct{ Id string }
			Message string
		}
		if err := errors.Join(err, json.Unmarshal(out, &found)); len(found) > 0 || err != nil {
			t.Errorf("%s: %v %+v", name, err, found)
		}
	}
}

var stackNames = regexp.MustCompile(`--stack-name (.+?)(?: \\| --query .*)?\n`)

// TestStackNamesAreValid runs the shell on what the README calls the stack: CloudFormation takes letters, digits and
// hyphens, and the names of projects and stages may have underscores.
func TestStackNamesAreValid(t *testing.T) {
	valid := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)
	for _, c := range []struct{ name, stages, stage, want string }{
		{name: "shop_2", want: "shop-2"},
		{name: "shop_2", stages: "stages: {prod: {instance: @}}", stage: "prod", want: "shop-2-prod"},
		{name: "shop", stages: "stages: {pre_prod: {instance: @}, dev: {instance: @}}", stage: "pre_prod",
			want: "shop-pre-prod"},
		{name: "shop", stages: "stages: {pre_prod: {instance: @}, dev: {instance: @}}", stage: "dev", want: "shop-dev"},
	} {
		stack, found := inFolder(t, "name: "+c.name+"\njobs: {a: {steps: [f]}}\n"+
			"functions: {f: {arn: \""+payARN+"\"}}\n"+strings.ReplaceAll(c.stages, "@", "\""+instanceARN+"\""), nil)
		if stack == nil {
			t.Fatal(found)
		}
		dir := exportFolder(t, stack, "cloudformation")
		names := stackNames.FindAllStringSubmatch(string(readFile(t, filepath.Join(dir, "README.md"))), -1)
		if len(names) != 4 {
			t.Errorf("%s: %v", c.stage, names)
		}
		for _, m := range names {
			got, err := testrun.Command(t, "sh", "-c", "stage="+c.stage+"; printf %s "+m[1]).Output()
			if err != nil || string(got) != c.want || !valid.Match(got) {
				t.Errorf("%s is %q, want %q (%v)", m[1], got, c.want, err)
			}
		}
	}
}

// TestTemplateNamesAreUnique: CloudFormation wants a parameter's name to be unique among all logical names of the
// template (user guide, "CloudFormation template Parameters syntax"). Outputs are names of their own.
func TestTemplateNamesAreUnique(t *testing.T) {
	for _, stack := range constrained(t) {
		template, section := writtenTemplate(t, stack), map[string]string{}
		for _, in := range []string{"Parameters", "Rules", "Conditions", "Resources"} {
			for name := range template[in].(map[string]any) {
				if other := section[name]; other != "" {
					t.Errorf("%s is in both %s and %s", name, other, in)
				}
				section[name] = in
			}
		}
	}
}
