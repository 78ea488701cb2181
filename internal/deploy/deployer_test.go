package deploy_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// The policies of docs/deploying-ci.md, for the role with which a CI job deploys.

type policyDocument struct{ Statement []policyStatement }

type policyStatement struct {
	Sid, Effect string
	Action      oneOrMore
	Resource    oneOrMore
	Principal   map[string]string
	Condition   map[string]map[string]oneOrMore
}

// oneOrMore are several texts, or one alone.
type oneOrMore []string

func (l *oneOrMore) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*l = oneOrMore{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(l))
}

// documentedPolicy reads a policy of the document, by the name of its block.
func documentedPolicy(t *testing.T, name string) (policyDocument, string) {
	t.Helper()
	page := string(readFile(t, "../../docs/deploying-ci.md"))
	m := regexp.MustCompile("(?s)```json " + name + "\n(.*?)```").FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("there is no policy %s", name)
	}
	var p policyDocument
	if err := json.Unmarshal([]byte(m[1]), &p); err != nil {
		t.Fatal(err)
	}
	return p, m[1]
}

// TestRoleOfCITrustsOnePlace: the role is for one branch or environment of one repository, and for no key.
func TestRoleOfCITrustsOnePlace(t *testing.T) {
	for name, sub := range map[string]string{
		"trust-github": "token.actions.githubusercontent.com:sub", "trust-gitlab": "gitlab.com:sub",
	} {
		p, text := documentedPolicy(t, name)
		s := p.Statement[0]
		equals := s.Condition["StringEquals"]
		provider := "arn:aws:iam::111122223333:oidc-provider/" + strings.TrimSuffix(sub, ":sub")
		if len(p.Statement) != 1 || s.Action[0] != "sts:AssumeRoleWithWebIdentity" || len(s.Condition) != 1 ||
			s.Principal["Federated"] != provider || len(s.Principal) != 1 || len(equals[sub]) != 1 ||
			len(equals[strings.TrimSuffix(sub, "sub")+"aud"]) != 1 || strings.Contains(text, "*") {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// deployerActions are what deploying and removing a resource takes at least, by its kind, and what its ARN is made of
// where the model does not say it.
var deployerActions = map[string]struct{ actions, arn string }{
	"alias": {"lambda:CreateAlias lambda:GetAlias lambda:UpdateAlias lambda:DeleteAlias", lambdaARN + "bank-async"},
	"alarm": {"cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms cloudwatch:TagResource",
		"arn:aws:cloudwatch:us-east-1:111122223333:alarm:NAME"},
	"association": {"connect:AssociateLambdaFunction connect:DisassociateLambdaFunction", instanceARN},
	"dashboard": {"cloudwatch:PutDashboard cloudwatch:DeleteDashboards",
		"arn:aws:cloudwatch::111122223333:dashboard/NAME"},
	"flow": {"connect:CreateContactFlow connect:DescribeContactFlow connect:UpdateContactFlowContent " +
		"connect:DeleteContactFlow connect:TagResource", instanceARN + "/contact-flow/1"},
	"function": {"lambda:CreateFunction lambda:GetFunction lambda:UpdateFunctionCode " +
		"lambda:UpdateFunctionConfiguration lambda:DeleteFunction lambda:TagResource", ""},
	"invoke": {"lambda:PutFunctionEventInvokeConfig lambda:DeleteFunctionEventInvokeConfig",
		lambdaARN + "bank-ends"},
	"log": {"logs:CreateLogGroup logs:PutRetentionPolicy logs:DeleteLogGroup logs:TagResource",
		"arn:aws:logs:us-east-1:111122223333:log-group:NAME"},
	"machine": {"states:CreateStateMachine states:UpdateStateMachine states:DeleteStateMachine states:TagResource", ""},
	"mapping": {"lambda:CreateEventSourceMapping lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping " +
		"lambda:DeleteEventSourceMapping lambda:TagResource", "any"},
	"permission": {"lambda:AddPermission lambda:GetPolicy lambda:RemovePermission",
		lambdaARN + "NAME"},
	"policy": {"iam:PutRolePolicy iam:GetRolePolicy iam:DeleteRolePolicy", "arn:aws:iam::111122223333:role/NAME"},
	"query":  {"logs:PutQueryDefinition logs:DeleteQueryDefinition", "any"},
	"queue":  {"sqs:CreateQueue sqs:GetQueueAttributes sqs:DeleteQueue sqs:TagQueue", ""},
	"queuepolicy": {"sqs:SetQueueAttributes",
		"arn:aws:sqs:us-east-1:111122223333:bank-ends-undelivered"},
	"role":    {"iam:CreateRole iam:GetRole iam:PassRole iam:DeleteRole iam:TagRole", ""},
	"rule":    {"events:PutRule events:PutTargets events:RemoveTargets events:DeleteRule events:TagResource", ""},
	"version": {"lambda:PublishVersion", lambdaARN + "bank-async"},
	"table":   {"dynamodb:CreateTable dynamodb:UpdateTimeToLive dynamodb:DeleteTable dynamodb:TagResource", ""},
}

// besides are the actions of the document's table of what is needed besides.
func besides(t *testing.T) []string {
	t.Helper()
	page := string(readFile(t, "../../docs/deploying-ci.md"))
	_, table, _ := strings.Cut(page, "| for | the role may also | on |")
	table, _, _ = strings.Cut(table, "\n\n")
	return regexp.MustCompile("[a-z0-9]+:[A-Z][A-Za-z]+").FindAllString(table, -1)
}

// TestRoleOfCIMayDeploy goes through what an export with everything creates: the documented role may create, change and
// remove each of it, and has no resource that is not among it.
func TestRoleOfCIMayDeploy(t *testing.T) {
	p, _ := documentedPolicy(t, "permissions")
	used, also := map[string]bool{}, besides(t)
	everything := strings.Replace(tableProject, "results: table", "results: table, when_caller_leaves: cancel", 1)
	stack := describe(t, everything, func(d *project.Deploy) { d.Releases = project.ReleasesAlias })
	wanted := stack.Wanted(deploy.Site{Account: "111122223333", Region: "us-east-1",
		Values: map[string]string{"instance_arn": instanceARN, "role_prefix": "", "role_path": "/"}})
	for _, w := range wanted {
		needs, ok := deployerActions[w.Kind()]
		if !ok {
			t.Errorf("nothing is known of a %s: add it here, and to docs/deploying-ci.md", w.Kind())
		}
		resource := w.Named["Arn"]
		if w.Kind() == "permission" && strings.HasPrefix(w.Name, lambdaARN) { // that is on the alias
			resource = w.Name
		}
		if resource == "" {
			resource = strings.ReplaceAll(needs.arn, "NAME", w.Name)
		}
		optional := slices.Contains([]string{"alias", "version", "mapping"}, w.Kind())
		for action := range strings.FieldsSeq(needs.actions) {
			if optional && slices.Contains(also, action) {
				continue
			}
			if !slices.ContainsFunc(p.Statement, func(s policyStatement) bool {
				return s.allows(action, resource, used)
			}) {
				t.Errorf("%s: the role may not %s on %q", w.Key, action, resource)
			}
		}
	}
	for _, s := range p.Statement {
		for _, pattern := range s.Resource {
			of := strings.Contains(pattern, "/flow-module/") || strings.Contains(pattern, "/integration-association/")
			if !used[pattern] && !of {
				t.Errorf("%s: no resource is %s", s.Sid, pattern)
			}
		}
	}
}

// allows reports whether a statement allows an action on a resource, and notes by what.
func (s policyStatement) allows(action, resource string, used map[string]bool) bool {
	if s.Effect != "Allow" || !slices.Contains(s.Action, action) {
		return false
	}
	for _, pattern := range s.Resource {
		expression := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
		if regexp.MustCompile(expression).MatchString(resource) {
			used[pattern] = true
			return true
		}
	}
	return false
}

// TestRoleOfCIIsNarrow: * is only for actions without resources, no action has a wildcard, and roles are passed to two
// services.
func TestRoleOfCIIsNarrow(t *testing.T) {
	p, text := documentedPolicy(t, "permissions")
	for _, s := range p.Statement {
		wild := strings.Contains(strings.Join(s.Action, ""), "*")
		if slices.Contains(s.Resource, "*") != (s.Sid == "NoResources") || wild {
			t.Errorf("%s may %v on %v", s.Sid, s.Action, s.Resource)
		}
		passed := s.Condition["StringEquals"]["iam:PassedToService"]
		if slices.Contains(s.Action, "iam:PassRole") && (len(s.Action) != 1 || len(passed) != 2) {
			t.Errorf("%s passes roles to %v", s.Sid, passed)
		}
	}
	const most = 6144 // of a managed policy, without white space (IAM user guide, "IAM and AWS STS quotas")
	if size := len(strings.Join(strings.Fields(text), "")); size > most {
		t.Errorf("the policy has %d characters", size)
	}
}

// TestRoleOfCINamesRealActions has cfn-lint, which knows every action of IAM and which take resources, read the policy.
func TestRoleOfCINamesRealActions(t *testing.T) {
	testrun.Heavy(t)
	if _, err := exec.LookPath("cfn-lint"); err != nil {
		t.Skip("cfn-lint is not installed (pip install cfn-lint)")
	}
	_, policy := documentedPolicy(t, "permissions")
	dir := t.TempDir()
	write(t, dir, "template.json", []byte(`{"Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", `+
		`"Properties": {"PolicyDocument": `+policy+`}}}}`))
	if out, err := testrun.Command(t, "cfn-lint", filepath.Join(dir, "template.json")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
