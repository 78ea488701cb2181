package deploy_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// constrained is a project whose export has all variables there are.
func constrained(t *testing.T) []*deploy.Stack {
	t.Helper()
	created := describe(t, tableProject, func(d *project.Deploy) {
		d.Encryption, d.Releases = true, project.ReleasesAlias
	})
	told := strings.NewReplacer("timeout: 2m, results: table", "results: table, progress: true",
		`function:slow:live"`, `function:slow:live", progress_role: slow-role`).Replace(tableProject)
	given := describe(t, told, func(d *project.Deploy) {
		const role = "arn:aws:iam::111122223333:role/r"
		d.RoleARN, d.EndsRoleARN, d.StateMachineRoleARN = role, role, role
		d.ReadOnly = []string{oldARN}
	})
	return []*deploy.Stack{created, given}
}

// values are those that each variable accepts, and those that it refuses.
var values = map[string]struct{ good, bad []string }{
	"name": {[]string{"bank", "B-1_x"}, []string{"", "1bank", "a b", strings.Repeat("x", 41)}},
	"instance_arn": {
		[]string{instanceARN, strings.Replace(instanceARN, "arn:aws:", "arn:aws-us-gov:", 1)},
		[]string{"", "REPLACE_ME", "11111111-2222-3333-4444-555555555555", instanceARN + "/queue/x",
			strings.Replace(instanceARN, "arn:aws:", "arn:aws-cn:", 1), "arn:aws:connect:us-east-1:ACCOUNT:instance/ID",
			"${instance}", " " + instanceARN},
	},
	"balance_function_arn": {[]string{payARN, payARN + ":live", payARN + ":$LATEST"},
		[]string{"", "pay", "arn:aws:lambda:us-east-1:111122223333:layer:pay", "<arn>", payARN + ":a:b"}},
	"hold_music_prompt_arn": {[]string{musicARN, "99999999-2222-3333-4444-555555555555"}, []string{"", "hold-music",
		"${prompt:hold-music}", strings.Replace(musicARN, "/prompt/", "/queue/", 1), payARN}},
	"kms_key_arn": {[]string{keyARN, strings.Replace(keyARN, "/", "/mrk-", 1)}, []string{"", "alias/x", payARN,
		"arn:aws:kms:us-east-1:111122223333:alias/x"}},
	"alarm_topic_arn": {[]string{"", topicARN}, []string{"alarms", payARN}},
	"permissions_boundary_arn": {[]string{"", boundaryARN, "arn:aws:iam::aws:policy/PowerUserAccess"},
		[]string{"boundary", "arn:aws:iam::111122223333:role/r"}},
	"role_path":   {[]string{"/", "/teams/voice/"}, []string{"", "voice", "/voice", "/a b/"}},
	"role_prefix": {[]string{"", "team-", "a.b@c"}, []string{"a b", "a/b", strings.Repeat("x", 65)}},
	"balance_progress_role_name": {[]string{"slow-role", "a.b@c"}, []string{"", "a b", "team/slow", boundaryARN,
		strings.Repeat("x", 65)}},
	"role_arn": {[]string{"arn:aws:iam::111122223333:role/a/b"}, []string{"", "r", boundaryARN}},
	"read_only_1_arn": {[]string{oldARN}, []string{"", "AsyncWrap", payARN, oldARN + ":x",
		strings.Replace(oldARN, ":stateMachine:", ":execution:", 1)}},
	"ends_role_arn":             {[]string{"arn:aws:iam::111122223333:role/a"}, []string{"", "r", boundaryARN}},
	"state_machine_role_arn":    {[]string{"arn:aws-us-gov:iam::111122223333:role/a"}, []string{"", "r", boundaryARN}},
	"log_retention_days":        {[]string{"1", "30", "3653"}, []string{"0", "2", "31", "-1"}},
	"memory_mb":                 {[]string{"128", "10240"}, []string{"0", "127", "10241", "128.5"}},
	"reserved_concurrency":      {[]string{"-1", "0", "50"}, []string{"-2", "1.5"}},
	"ends_reserved_concurrency": {[]string{"-1", "1"}, []string{"-2"}},
	"expected_callers":          {[]string{"1", "1000000"}, []string{"0", "-1", "1000001"}},
	"previous_version":          {[]string{"", "1", "70"}, []string{"0", "07", "$LATEST", "live", "1.5"}},
	"new_version_weight":        {[]string{"", "0.1", "0.25", "0.999"}, []string{"0", "1", "1.5", "0,1", "10%"}},
	"look_up_function_arn":      {good: []string{payARN}}, "pay_function_arn": {good: []string{payARN}},
	"receipt_function_arn": {good: []string{payARN}}, "package": {}, // which must be a file
	"account": {}, "region": {}, // of the root module
}

// TestValuesOfVariables evaluates what Terraform and CloudFormation say of good and bad values of each variable, and
// what a stage of the project file may say. No variable is without one, and none that is declared is unused.
func TestValuesOfVariables(t *testing.T) {
	seen := map[string]bool{}
	for _, stack := range constrained(t) {
		dir := exportFolder(t, stack, "terraform")
		main := string(readFile(t, dir+"/module/main.tf"))
		provider, _, _ := strings.Cut(string(readFile(t, dir+"/main.tf")), "module \"")
		parameters := templateConstraints(t, stack)
		for _, b := range terraformFile(t, dir+"/variables.tf").Blocks {
			name := b.Labels[0]
			want, ok := values[name]
			if !ok {
				t.Errorf("the variable %s is not in this test", name)
			}
			seen[name] = true
			if !regexp.MustCompile(`var\.` + name + `\b`).MatchString(main + provider) {
				t.Errorf("the variable %s is not used", name)
			}
			for value, accepted := range accepting(want.good, want.bad) {
				given := cty.StringVal(value)
				switch {
				case isNumber(b.Body):
					given = cty.MustParseNumberVal(value)
				case accepted && value == "" && name != "role_prefix": // none, which is null in Terraform
					if given = cty.NullVal(cty.String); terraformAccepts(t, dir, b.Body, name, cty.StringVal("")) {
						t.Errorf("terraform: %s may be empty", name)
					}
				}
				if terraformAccepts(t, dir, b.Body, name, given) != accepted {
					t.Errorf("terraform: %s = %q: accepted is %v", name, value, !accepted)
				}
				if parameters[parameterName(name)].accepts(value) != accepted {
					t.Errorf("cloudformation: %s = %q: accepted is %v", name, value, !accepted)
				}
			}
		}
	}
	for name := range values {
		if !seen[name] {
			t.Errorf("there is no variable %s", name)
		}
	}
}

func accepting(good, bad []string) map[string]bool {
	all := map[string]bool{}
	for _, value := range good {
		all[value] = true
	}
	for _, value := range bad {
		all[value] = false
	}
	return all
}

// terraformAccepts evaluates the validation of a variable.
func terraformAccepts(t *testing.T, dir string, body *hclsyntax.Body, name string, given cty.Value) bool {
	t.Helper()
	e := &terraformEvaluator{t: t, context: terraformContext(dir, commercial)}
	e.context.Variables["var"] = cty.ObjectVal(map[string]cty.Value{name: given})
	accepted := true
	for _, b := range body.Blocks {
		if message := e.evaluate(b.Body.Attributes["error_message"].Expr); !strings.HasSuffix(message.AsString(), ".") {
			t.Errorf("%s: the message is %s", name, message.AsString())
		}
		accepted = accepted && e.evaluate(b.Body.Attributes["condition"].Expr).True()
	}
	return accepted
}

func isNumber(body *hclsyntax.Body) bool {
	return len(body.Attributes["type"].Expr.Variables()) > 0 &&
		body.Attributes["type"].Expr.Variables()[0].RootName() == "number"
}

// templateParameter is what CloudFormation checks of a parameter.
type templateParameter struct {
	Type, AllowedPattern  string
	ConstraintDescription string
	MinValue, MaxValue    *float64
	AllowedValues         []float64
}

func templateConstraints(t *testing.T, stack *deploy.Stack) map[string]templateParameter {
	t.Helper()
	var doc struct {
		Parameters map[string]templateParameter
	}
	if err := json.Unmarshal(templateText(t, stack), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Parameters
}

// accepts is what CloudFormation answers: a pattern must match the whole value.
func (p templateParameter) accepts(value string) bool {
	if p.Type == "String" {
		return regexp.MustCompile("^(?:"+p.AllowedPattern+")$").MatchString(value) || p.AllowedPattern == ""
	}
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || n != float64(int(n)) && p.AllowedValues == nil:
		return false // a fraction is refused by the service that gets it
	case p.AllowedValues != nil:
		return slices.Contains(p.AllowedValues, n)
	}
	return (p.MinValue == nil || n >= *p.MinValue) && (p.MaxValue == nil || n <= *p.MaxValue)
}

// tsChecks find the checks of the two programs: the name of a value, what it is called in the check, and the check.
var tsChecks = map[string]struct {
	file  string
	check *regexp.Regexp
}{
	"cdk": {"lib/connect-async.ts", regexp.MustCompile(`(?m)^ *check\("(\w+)", (\w+), (.*), ".*"\);$`)},
	"pulumi": {"connect-async.ts",
		regexp.MustCompile(`(?m)^ *const \w+ = checked\("(\w+)", args.+?, \((\w+)\) => (.*), ".*"\);$`)},
}

// TestChecksInTypeScript runs the checks of the two programs in Node with good and bad values.
func TestChecksInTypeScript(t *testing.T) {
	testrun.Heavy(t)
	for _, stack := range constrained(t) {
		for tool, written := range tsChecks {
			dir := exportFolder(t, stack, tool)
			program := string(readFile(t, filepath.Join(dir, written.file)))
			var script strings.Builder
			checks := 0
			for name, want := range values {
				for _, m := range written.check.FindAllStringSubmatch(program, -1) {
					if m[1] != camelCase(name) || strings.Contains(m[3], " || ") { // that one is about two values
						continue
					}
					checks++
					for value, accepted := range accepting(want.good, want.bad) {
						if text, _ := json.Marshal(value); strings.Contains(m[3], "RegExp") {
							value = string(text)
						}
						fmt.Fprintf(&script, "{const %s = %s; if ((%s) !== %v) console.log(%q, %s)}\n", m[2], value,
							m[3], accepted, name, m[2])
					}
				}
			}
			if checks < 10 {
				t.Errorf("%s: %d checks", tool, checks)
			}
			write(t, dir, "checks.js", []byte(script.String()))
			if out := node(t, dir, nil, "checks.js"); len(out) > 0 {
				t.Errorf("%s: accepted or refused wrongly:\n%s", tool, out)
			}
		}
	}
}
