package verify_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/verify"
)

const (
	account     = "111122223333"
	instanceARN = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
	prodARN     = "arn:aws:connect:us-east-1:111122223333:instance/66666666-7777-8888-9999-000000000000"
	lambdaARN   = "arn:aws:lambda:us-east-1:111122223333:function:"
	musicID     = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	sqsARN      = "arn:aws:sqs:us-east-1:111122223333:"
)

// The projects of these tests: one job that is described, and two with a results table.
const (
	describeProject = `
name: bank
jobs: {balance: {steps: [balance], timeout: 2m}}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow", timeout: 90s}}
flows: [{file: flow.json, managed: true}]
`
	tableProject = `
name: bank
jobs:
  balance: {steps: [balance], timeout: 2m, results: table}
  pay-out: {steps: [look-up, pay, receipt], timeout: 5m, results: table, when_caller_leaves: cancel}
functions:
  balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow:live"}
  look-up: {arn: "arn:aws:lambda:us-east-1:111122223333:function:look-up"}
  pay: {arn: "arn:aws:lambda:us-east-1:111122223333:function:pay"}
  receipt: {arn: "arn:aws:lambda:us-east-1:111122223333:function:receipt", repeatable: true}
flows: [{file: flow.json, managed: true}, {file: wait.json, managed: true, type: inbound}]
deploy: {tags: {cost-centre: "7", team: voice}}
stages:
  dev:
    name: bank
    instance: ` + instanceARN + `
    callers: 77
    prompts: {hold-music: ` + musicID + `}
  prod:
    instance: ` + prodARN + `
    callers: 77
    prompts: {hold-music: ` + musicID + `}
    functions:
      balance: ` + lambdaARN + `prod-slow:blue
      look-up: ` + lambdaARN + `prod-look-up
      pay: ` + lambdaARN + `prod-pay
      receipt: ` + lambdaARN + `prod-receipt
`
)

// describe makes the stack of a project, whose flows are those of our example.
func describe(t *testing.T, text string) *deploy.Stack {
	t.Helper()
	content, err := os.ReadFile("../../examples/balance/flow.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, file := range map[string][]byte{
		project.FileName: []byte(text), "flow.json": content, "wait.json": content,
		"module.json": []byte(moduleContent),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	stack, found := deploy.Describe(p, nil)
	if stack == nil {
		t.Fatal(found)
	}
	return stack
}

// bank is the stack that most tests verify. No test runs in parallel.
var bank *deploy.Stack

func verifiable(t *testing.T) *deploy.Stack {
	t.Helper()
	if bank == nil {
		bank = describe(t, tableProject)
	}
	return bank
}

// stage is a deployment of the stack of these tests.
type stage struct {
	name, instance string
	functions      map[string]string // ARNs by variable
}

var (
	dev = stage{name: "bank", instance: instanceARN, functions: map[string]string{
		"balance_function_arn": lambdaARN + "slow:live", "look_up_function_arn": lambdaARN + "look-up",
		"pay_function_arn": lambdaARN + "pay", "receipt_function_arn": lambdaARN + "receipt",
	}}
	prod = stage{name: "bank-prod", instance: prodARN, functions: map[string]string{
		"balance_function_arn": lambdaARN + "prod-slow:blue", "look_up_function_arn": lambdaARN + "prod-look-up",
		"pay_function_arn": lambdaARN + "prod-pay", "receipt_function_arn": lambdaARN + "prod-receipt",
	}}
)

// place is where a stage is, with everything that its deployment was given. Much of it is not what the export proposes.
func (s stage) place() deploy.Site {
	values := map[string]string{"name": s.name, "instance_arn": s.instance,
		"hold_music_prompt_arn": s.instance + "/prompt/" + musicID,
		"alarm_topic_arn":       "arn:aws:sns:us-east-1:111122223333:" + s.name, "permissions_boundary_arn": "",
		"log_retention_days": "7", "memory_mb": "512", "reserved_concurrency": "200", "role_path": "/voice/",
		"role_prefix": "team-", "ends_reserved_concurrency": "-1", "expected_callers": "77"}
	maps.Copy(values, s.functions)
	return deploy.Site{Account: account, Region: "us-east-1", Values: values}
}

// options verify the stage with what the project file says about it, which is nothing about sizes.
func (s stage) options(t *testing.T) verify.Options {
	t.Helper()
	name := map[string]string{"bank": "dev", "bank-prod": "prod"}[s.name]
	described, err := verifiable(t).ProjectStage(name)
	if err != nil {
		t.Fatal(err)
	}
	return verify.Options{Site: verifiable(t).AtStage(described), Run: true, Callers: 100, Code: packageHash,
		Event: []byte(`{"Details":{"Parameters":{"account":"1"}}}`)}
}

// healthy is the account after a deployment of each of two stages.
func healthy(t *testing.T, stack *deploy.Stack) *world {
	t.Helper()
	w := newWorld(t)
	for _, s := range []stage{dev, prod} {
		w.deploy(stack, s.place(), nil)
	}
	return w
}

// cloud gives what the SDK's client says to verify, as the command does.
type cloud struct{ *remote.Cloud }

func (c cloud) Function(ctx context.Context, name string) (verify.Function, error) {
	f, err := c.Cloud.Function(ctx, name)
	return verify.Function(f), err
}

// asked is the account of the test that runs, and client its client, both made once: reading the configuration and the
// first connection take longer than all that verify asks.
var (
	asked  *world
	client *remote.Cloud
)

func clientIn(t *testing.T, region string) *remote.Cloud {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		asked.ServeHTTP(out, r)
	}))
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": ""} {
		t.Setenv(name, value)
	}
	made, err := remote.NewCloud(t.Context(), region, os.Getenv, hurried{})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// hurried is the real clock, except that nobody sleeps.
type hurried struct{ clock.Real }

func (hurried) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func run(t *testing.T, stack *deploy.Stack, w *world, o verify.Options) []verify.Check {
	t.Helper()
	if client == nil {
		client = clientIn(t, "")
	}
	asked = w
	return verify.Run(t.Context(), stack, cloud{Cloud: client}, hurried{}, o)
}

// TestHealthyDeployments verifies two stages in one account, with what a stage says, and with nothing but a name: then
// every ARN comes from the deployment.
func TestHealthyDeployments(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	for _, test := range []struct {
		stage  stage
		values map[string]string
	}{{dev, dev.options(t).Site.Values}, {prod, prod.options(t).Site.Values},
		{prod, map[string]string{"name": "bank-prod", "instance_arn": prodARN}}} {
		o := test.stage.options(t)
		o.Site.Values = test.values
		checks := run(t, stack, w, o)
		if wrong := wrongIn(checks); len(wrong) > 0 {
			t.Errorf("%s: %+v", test.stage.name, wrong)
		}
		if len(checks) < len(stack.Wanted(test.stage.place())) {
			t.Errorf("%s: only %d checks", test.stage.name, len(checks))
		}
		for _, c := range checks {
			if c.State == verify.Skip {
				t.Errorf("%s: %+v", test.stage.name, c)
			}
		}
	}
}

// newestVersion is the version of the async function that every deployment of these tests publishes.
const newestVersion = "8"

// aliasProject has its releases in an alias.
var aliasProject = describeProject + "deploy: {releases: alias}\n"

// TestAlias verifies a deployment whose flows invoke an alias, and plants faults of releases in it. Once it is deployed
// again, as the remedies say, nothing may be wrong any more.
func TestAlias(t *testing.T) {
	stack := describe(t, aliasProject)
	o := dev.options(t)
	o.Callers = 20
	const alias = "AWS::Lambda::Alias"
	const permission = ofPermission + " " + lambdaARN + "bank-async:live connect.amazonaws.com"
	for want, plant := range map[string]func(w *world){
		"":                                     func(*world) {},
		"async function: alias: alias-missing": remove(alias, "bank-async:live"),
		"async function: alias: release-half-way": set(alias, "bank-async:live", "RoutingConfig",
			properties{"AdditionalVersionWeights": []any{properties{"FunctionVersion": "8", "FunctionWeight": 0.1}}}),
		// A release was taken back by hand.
		"async function: alias: alias-differs": set(alias, "bank-async:live", "FunctionVersion", "7"),
		"Amazon Connect: permission: permission-missing": func(w *world) {
			w.deployed[ofPermission+" bank-async connect.amazonaws.com"] = w.deployed[permission]
			delete(w.deployed, permission)
		},
		"Amazon Connect: flow: flow-differs": edit(ofFlow, "bank-flow", "Content", "bank-async:live", "bank-async"),
	} {
		w := newWorld(t)
		w.deploy(stack, dev.place(), nil)
		plant(w)
		checks := run(t, stack, w, o)
		if got := summary(wrongIn(checks)); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
		named := slices.ContainsFunc(checks, func(c verify.Check) bool {
			return strings.Contains(c.Detail, "alias_association")
		})
		if named == strings.HasSuffix(want, "alias-missing") {
			t.Errorf("%s: the assumption is named: %v", want, named)
		}
		w.deploy(stack, dev.place(), nil) // as each remedy says
		if wrong := wrongIn(run(t, stack, w, o)); len(wrong) > 0 {
			t.Errorf("%s: deployed again: %+v", want, wrong)
		}
	}
}

// progressProject tells progress from the table, from histories and by a function that reports.
const progressProject = `
name: bank
jobs:
  balance: {steps: [balance], results: table, progress: true}
  other: {steps: [balance], results: event, progress: true}
functions: {balance: {arn: "` + lambdaARN + `slow:live", progress_role: slow-role}}
`

// TestProgress plants faults in what progress needs. Each is reported where it is, and its remedy mends it.
func TestProgress(t *testing.T) {
	stack := describe(t, progressProject)
	o := dev.options(t)
	o.Callers = 20
	o.Site.Values = maps.Clone(o.Site.Values)
	site := dev.place()
	for _, values := range []map[string]string{o.Site.Values, site.Values} {
		values["balance_progress_role_name"] = "slow-role"
	}
	const prefix = "progress:balance:*"
	for want, plant := range map[string]func(w *world){
		"":                                  func(*world) {},
		"functions: policy: policy-missing": remove(ofPolicy, "slow-role"),
		"functions: policy: policy-differs": edit(ofPolicy, "slow-role", "PolicyDocument", prefix, "progress:*"),
		"functions: balance: wrapped-function-role": func(w *world) {
			w.roles[lambdaARN+"slow:live"] = "arn:aws:iam::111122223333:role/team/other"
		},
		"async function: role: role-denied": deny("states:GetExecutionHistory", "bank-async"),
	} {
		w := newWorld(t)
		w.deploy(stack, site, nil)
		w.roles[lambdaARN+"slow:live"] = "arn:aws:iam::111122223333:role/team/slow-role"
		plant(w)
		found := wrongIn(run(t, stack, w, o))
		if got := summary(found); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
		const remedy = "Write progress_role: other for the function in the project file, or " +
			"balance_progress_role_name under variables of the stage, "
		if strings.HasSuffix(want, "-role") && !strings.HasPrefix(found[0].Remedy, remedy) {
			t.Errorf("the remedy is %s", found[0].Remedy)
		}
	}
}

// TestCallsThroughTheAlias checks that the assumption is settled by a call in the log, and by nothing else.
func TestCallsThroughTheAlias(t *testing.T) {
	stack := describe(t, aliasProject)
	for name, c := range map[string]struct {
		plant func(w *world)
		state verify.State
		says  string
	}{
		"a call": {func(w *world) {
			w.logged = []properties{{"message": `{"contact_id":"c","function_version":"7"}`}}
		}, verify.OK, "invoked version 7"},
		"no call":       {func(*world) {}, verify.Skip, "none of the last 24 hours: make one"},
		"another entry": {func(w *world) { w.logged = []properties{{"message": "x"}} }, verify.Skip, "make one"},
		"a log that may not be read": {func(w *world) {
			w.refused["logs:FilterLogEvents"] = "AccessDeniedException"
		}, verify.Skip, "cannot be searched (AccessDeniedException"},
	} {
		w := newWorld(t)
		w.deploy(stack, dev.place(), nil)
		c.plant(w)
		checks := run(t, stack, w, dev.options(t))
		i := slices.IndexFunc(checks, func(c verify.Check) bool { return c.Title == "calls through the alias" })
		if i < 0 || checks[i].State != c.state || !strings.Contains(checks[i].Detail, c.says) ||
			!strings.Contains(checks[i].Detail, "alias_association") {
			t.Errorf("%s: %+v", name, checks[max(i, 0)])
		}
	}
}

// inARN is the beginning of the ARN of a function in a flow.
var inARN = regexp.MustCompile(`arn:aws:lambda:[^:]*:`)

// TestReplica verifies a stage in the Region of its replica, whose flows name the Region in which they run. One that
// names the other Region would call it when that is lost.
func TestReplica(t *testing.T) {
	stack := describe(t, strings.Replace(tableProject, "  prod:\n",
		"    replica: {region: us-west-2, variables: {role_prefix: west-}}\n  prod:\n", 1))
	stage, err := stack.ProjectStage("dev")
	if err != nil {
		t.Fatal(err)
	}
	replica, ok := stage.InReplica()
	if !ok {
		t.Fatal("the stage has no replica")
	}
	site, given := stack.AtStage(replica), dev.place().Values
	for name, value := range site.Values {
		given[name] = value
	}
	w := newWorld(t)
	w.deploy(stack, deploy.Site{Account: account, Region: "us-west-2", Values: given}, nil)
	client = clientIn(t, "us-west-2")
	defer func() { client = nil }()
	for _, reference := range []string{"us-west-2", "$['AwsRegion']", "$.AwsRegion"} { // the export has the last
		if wrong := wrongIn(run(t, stack, w, verify.Options{Site: site})); len(wrong) > 0 {
			t.Errorf("before %s: %+v", reference, wrong)
		}
		p := w.find(ofFlow, "bank-flow")
		p["Content"] = inARN.ReplaceAllLiteralString(p["Content"].(string), "arn:aws:lambda:"+reference+":")
	}
	edit(ofFlow, "bank-flow", "Content", "$.AwsRegion", "us-east-1")(w)
	got := summary(wrongIn(run(t, stack, w, verify.Options{Site: site})))
	if got != "Amazon Connect: flow: flow-differs" {
		t.Errorf("with the ARN of the other Region: %s", got)
	}
}

// TestEveryTypeIsRead checks that every type of resource that a stack can have was read.
func TestEveryTypeIsRead(t *testing.T) {
	stack := verifiable(t)
	checked := map[string]bool{}
	for _, c := range run(t, stack, healthy(t, stack), dev.options(t)) {
		checked[c.Title] = true
	}
	for _, w := range stack.Wanted(dev.place()) {
		if !checked[w.Noun] {
			t.Errorf("no check is about a %s", w.Noun)
		}
	}
}

//go:generate go test . -run ^Test(Actions|Codes)AreDocumented$ -count=1 -update

// TestActionsAreDocumented compares the actions that verify performs with the list in the code, and that with the table
// in docs/verifying.md.
func TestActionsAreDocumented(t *testing.T) {
	w := healthy(t, verifiable(t))
	run(t, verifiable(t), w, dev.options(t))
	described, module := describe(t, describeProject), describe(t, moduleProject)
	for _, stack := range []*deploy.Stack{described, module, describe(t, aliasProject)} {
		w.deploy(stack, dev.place(), nil)
		run(t, stack, w, dev.options(t))
	}
	listed := map[string]bool{}
	table := "| action | for |\n|---|---|\n"
	for _, a := range remote.VerifyActions {
		listed[a.Name] = true
		table += "| `" + a.Name + "` | " + a.For + " |\n"
	}
	if diff := cmp.Diff(listed, w.calls); diff != "" {
		t.Errorf("listed (-), performed (+):\n%s", diff)
	}
	testrun.GeneratedPart(t, docsFile, "actions", table)
}

// docsFile documents verify.
const docsFile = "../../docs/verifying.md"

// moduleProject deploys a module beside a flow.
const moduleProject = `
name: bank
jobs: {balance: {steps: [balance], timeout: 2m}}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow:live", timeout: 90s}}
flows: [{file: flow.json, managed: true}, {file: module.json, managed: true, type: module}]
`

// moduleContent is a module that invokes the async function.
const moduleContent = `{"Version": "2019-10-30", "StartAction": "run", "Settings": {"InputParameters": [],
"OutputParameters": [], "Transitions": []}, "Actions": [
{"Identifier": "run", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "${async}",
 "InvocationTimeLimitSeconds": "3"}, "Transitions": {"NextAction": "end",
 "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "end", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {}}]}`

// TestCodesAreDocumented compares the codes of findings with the table in docs/verifying.md.
func TestCodesAreDocumented(t *testing.T) {
	table := "| code | says |\n|---|---|\n"
	seen := map[string]bool{}
	for _, f := range verify.Findings() {
		if seen[f.Code] {
			t.Errorf("the code %s has two meanings", f.Code)
		}
		seen[f.Code] = true
		table += "| `" + f.Code + "` | " + f.Says + " |\n"
	}
	testrun.GeneratedPart(t, docsFile, "codes", table)
	for _, test := range plantedFaults {
		for _, line := range strings.Split(test.want, "\n") {
			if code := line[strings.LastIndex(line, " ")+1:]; !seen[code] {
				t.Errorf("%s: the code %s is not listed", test.name, code)
			}
		}
	}
}

// TestRunKeepsTheFunctionsData: where the short names of parameters are data, what the event has under them reaches the
// function; else it would differ from what verify sends under the long ones.
func TestRunKeepsTheFunctionsData(t *testing.T) {
	for settings, want := range map[string]any{"": nil, "deploy: {parameters: prefixed}\n": "theirs"} {
		stack := describe(t, describeProject+settings)
		w := newWorld(t)
		w.deploy(stack, dev.place(), nil)
		o := dev.options(t)
		o.Event = []byte(`{"Details": {"Parameters": {"job": "theirs", "count_max": "9", "sfn_keys": "prefixed"}}}`)
		run(t, stack, w, o)
		if len(w.sent) != 3 {
			t.Fatalf("%d invocations", len(w.sent))
		}
		for _, sent := range w.sent {
			if sent["job"] != want || sent["sfn_job"] != "balance" || sent["sfn_keys"] != nil {
				t.Errorf("%q: %v", settings, sent)
			}
		}
		if check := w.sent[1]; check["count_max"] != nil || check["sfn_count_max"] == nil {
			t.Errorf("%q: %v", settings, check)
		}
	}
}

func TestRunsOnlyWhatIsAllowed(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	w.start = nil // any start would be a fault
	for _, o := range []verify.Options{{}, {Run: true}} {
		for _, c := range run(t, stack, w, o) {
			if strings.HasPrefix(c.Group, "run of") && c.State != verify.Skip {
				t.Errorf("%+v: %+v", o, c)
			}
		}
	}
}

// TestSaysWhatItMayNotAsk checks that credentials which may not simulate policies make skips, not faults.
func TestSaysWhatItMayNotAsk(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	w.refused["iam:SimulatePrincipalPolicy"] = "AccessDenied"
	skipped := false
	for _, c := range run(t, stack, w, dev.options(t)) {
		skipped = skipped || c.State == verify.Skip
		if c.State == verify.Fail || c.State == verify.Unknown {
			t.Errorf("%+v", c)
		}
	}
	if !skipped {
		t.Error("nothing was skipped")
	}
}

// TestCountsCallers checks that DescribeExecution's quota is compared with the callers where there is no table: the
// account's own quota where Service Quotas tells it, else the default.
func TestCountsCallers(t *testing.T) {
	stack := describe(t, describeProject)
	for _, test := range []struct {
		quotas  map[string]float64
		callers int
		want    verify.State
	}{
		{callers: 45, want: verify.OK}, {callers: 46, want: verify.Fail},
		{quotas: map[string]float64{"another": 1, "DescribeExecution throttle token refill rate per second": 100},
			callers: 300, want: verify.OK},
		{quotas: map[string]float64{"DescribeExecution throttle token refill rate per second": 5}, callers: 16,
			want: verify.Fail},
	} {
		w := healthy(t, verifiable(t))
		w.quotas = test.quotas
		for _, c := range run(t, stack, w, verify.Options{Callers: test.callers}) {
			if c.Title == "checks" && c.State != test.want {
				t.Errorf("%d callers: %+v", test.callers, c)
			}
		}
	}
}
