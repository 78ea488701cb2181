package verify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/verify"
)

// world is an account as the endpoints of these tests answer for it, in the shapes of the SDK's models. A fault changes
// it.
type world struct {
	functions    map[string]map[string]any // GetFunctionConfiguration by name or ARN
	machines     map[string]map[string]any // DescribeStateMachine by ARN
	table, ttl   map[string]any
	policy       string
	endsPolicy   string
	rule, tells  map[string]any // DescribeRule, and its first target
	onFailure    string
	messages     map[string]string // by queue
	reserved     any
	concurrency  int
	denied       map[string]bool // action → implicitDeny
	associated   []string
	flows        []map[string]string
	flow         map[string]string
	start, check map[string]any
	foreign      map[string]any

	mu    sync.Mutex
	calls map[string]bool // the actions that were asked for
}

const (
	account     = "111122223333"
	instanceARN = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
	payARN      = lambdaARN + "pay"
	lambdaARN   = "arn:aws:lambda:us-east-1:111122223333:function:"
	statesARN   = "arn:aws:states:us-east-1:111122223333:stateMachine:"
)

// healthy is the account after a deployment of the project that keeps its results in a table, all of its functions
// known.
func healthy(t *testing.T, stack *deploy.Stack) *world {
	t.Helper()
	w := &world{functions: map[string]map[string]any{}, machines: map[string]map[string]any{},
		denied: map[string]bool{}, concurrency: 1000, calls: map[string]bool{}}
	for _, name := range []string{"slow:live", "look-up", "pay", "receipt"} {
		w.functions[lambdaARN+name] = map[string]any{"FunctionArn": lambdaARN + name, "Timeout": 20}
	}
	env := map[string]string{"RESULTS_TABLE": "bank-results", "DEPLOYMENT": "bank",
		"STATE_MACHINES": `{"balance":{"arn":"` + statesARN +
			`bank-balance","timeout_seconds":120},"pay-out":{"arn":"` + statesARN + `bank-pay-out"}}`}
	w.functions["bank-async"] = map[string]any{"FunctionArn": lambdaARN + "bank-async",
		"Role": "arn:aws:iam::111122223333:role/bank-async", "State": "Active",
		"Timeout": 60, "Environment": map[string]any{"Variables": env}}
	for job, definition := range definitions(t, stack) {
		w.machines[statesARN+"bank-"+job] = map[string]any{"stateMachineArn": statesARN + "bank-" + job,
			"name": "bank-" + job, "type": "STANDARD", "status": "ACTIVE",
			"definition": definition, "roleArn": "arn:aws:iam::111122223333:role/bank-" + job, "creationDate": 1.7e9,
			"loggingConfiguration": map[string]any{"level": "ERROR"}}
	}
	w.table = map[string]any{"KeySchema": []any{map[string]any{"AttributeName": "execution", "KeyType": "HASH"}},
		"TableStatus": "ACTIVE"}
	w.ttl = map[string]any{"AttributeName": "expires", "TimeToLiveStatus": "ENABLED"}
	w.policy = connectPolicy(instanceARN)
	w.healthyEnds(env)
	w.associated = []string{lambdaARN + "other", lambdaARN + "bank-async"}
	w.flows = []map[string]string{{"Id": "f1", "Name": "bank-flow"}, {"Id": "f2", "Name": "bank-wait"}}
	w.flow = map[string]string{"Status": "PUBLISHED", "Content": `{"LambdaFunctionARN":"` + lambdaARN + `bank-async"}`}
	w.start = map[string]any{"status": "CREATED"}
	w.check = map[string]any{"status": "FINISHED", "sfn_result": "SUCCESS"}
	w.foreign = map[string]any{"status": "FAILED", "sfn_error": "NotOwnExecution"}
	return w
}

const endsARN = lambdaARN + "bank-ends"

// healthyEnds adds the function for ends and what belongs to it.
func (w *world) healthyEnds(env map[string]string) {
	env = maps.Clone(env)
	env["SERVES"] = "ends"
	w.functions["bank-ends"] = map[string]any{"FunctionArn": endsARN,
		"Role":  "arn:aws:iam::111122223333:role/bank-ends",
		"State": "Active", "Timeout": 30, "Environment": map[string]any{"Variables": env}}
	w.endsPolicy = strings.ReplaceAll(connectPolicy("arn:aws:events:us-east-1:111122223333:rule/bank-ends"),
		"connect.amazonaws.com", "events.amazonaws.com")
	w.rule = map[string]any{"State": "ENABLED", "EventPattern": `{"source":["aws.states"],` +
		`"detail-type":["Step Functions Execution Status Change"],"detail":{` +
		`"status":["SUCCEEDED","FAILED","TIMED_OUT","ABORTED"],` +
		`"stateMachineArn":["` + statesARN + `bank-balance","` + statesARN + `bank-pay-out"]}}`}
	w.tells = map[string]any{"Id": "ends", "Arn": endsARN,
		"DeadLetterConfig": map[string]any{"Arn": sqsARN + "bank-ends-undelivered"}}
	w.onFailure = sqsARN + "bank-ends-failed"
	w.messages = map[string]string{"bank-ends-undelivered": "0", "bank-ends-failed": "0"}
}

const sqsARN = "arn:aws:sqs:us-east-1:111122223333:"

func connectPolicy(instance string) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"connect","Effect":"Allow",` +
		`"Principal":{"Service":"connect.amazonaws.com"},"Action":"lambda:InvokeFunction",` +
		`"Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"},"ArnLike":{"AWS:SourceArn":"` + instance +
		`"}}}]}`
}

// exports are the files of stacks that were exported before; most tests share one. No test runs in parallel.
var exports = map[*deploy.Stack][]deploy.File{}

func exported(stack *deploy.Stack) (files []deploy.File, err error) {
	if _, ok := exports[stack]; !ok {
		exports[stack], err = deploy.Export(stack, deploy.Tools[0])
	}
	return exports[stack], err
}

// definitions are the state machines as Terraform would create them: the files of the export with their references
// replaced.
func definitions(t *testing.T, stack *deploy.Stack) map[string]string {
	t.Helper()
	files, err := exported(stack)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.NewReplacer(
		"${table.results.name}", "bank-results", "${partition}", "aws",
		"${var.balance_function_arn}", lambdaARN+"slow:live",
		"${var.look_up_function_arn}", lambdaARN+"look-up",
		"${var.pay_function_arn}", payARN,
		"${var.receipt_function_arn}", lambdaARN+"receipt",
	)
	out := map[string]string{}
	for _, f := range files {
		if job, ok := strings.CutSuffix(f.Name, ".asl.json"); ok {
			out[path.Base(job)] = known.Replace(string(f.Content))
		}
	}
	return out
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		w.target(out, target, body)
		return
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		w.query(out, form)
		return
	}
	w.rest(out, r, strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/"), body)
}

func (w *world) called(action string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls[action] = true
}

// services are those of the operations that a header names.
var services = map[string]string{"AWSStepFunctions": "states", "DynamoDB_20120810": "dynamodb", "AWSEvents": "events",
	"AmazonSQS": "sqs"}

// target answers Step Functions, DynamoDB, EventBridge and SQS.
func (w *world) target(out http.ResponseWriter, target string, body []byte) {
	var in struct{ StateMachineArn, TableName, QueueName, QueueURL string }
	_ = json.Unmarshal(body, &in)
	service, operation, _ := strings.Cut(target, ".")
	w.called(services[service] + ":" + operation)
	answer := map[string]map[string]any{"DescribeStateMachine": w.machines[in.StateMachineArn],
		"DescribeTable": {"Table": w.table}, "DescribeTimeToLive": {"TimeToLiveDescription": w.ttl},
		"DescribeRule": w.rule, "ListTargetsByRule": {"Targets": []any{w.tells}},
		"GetQueueAttributes": {"Attributes": map[string]string{
			"ApproximateNumberOfMessages": w.messages[path.Base(in.QueueURL)]}}}[operation]
	if _, there := w.messages[in.QueueName]; there {
		answer = map[string]any{"QueueUrl": "https://sqs/111122223333/" + in.QueueName}
	}
	if answer == nil || w.table == nil && operation == "DescribeTable" {
		fault(out, 400, "ResourceNotFoundException")
		return
	}
	text, _ := json.Marshal(answer)
	out.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE(text))) // DynamoDB sends it, and the SDK looks at it
	_, _ = out.Write(text)
}

// query answers IAM and STS.
func (w *world) query(out http.ResponseWriter, form url.Values) {
	if form.Get("Action") == "GetCallerIdentity" {
		w.called("sts:GetCallerIdentity")
		fmt.Fprint(out, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>`+account+
			`</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		return
	}
	decision, action := "allowed", form.Get("ActionNames.member.1")
	w.called("iam:SimulatePrincipalPolicy")
	if w.denied[action+" "+form.Get("PolicySourceArn")] {
		decision = "implicitDeny"
	}
	if w.denied["iam:SimulatePrincipalPolicy"] {
		out.WriteHeader(403)
		fmt.Fprint(out, `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>`+
			`<Message>no</Message></Error></ErrorResponse>`)
		return
	}
	fmt.Fprintf(out, `<SimulatePrincipalPolicyResponse `+
		`xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><EvaluationResults><member>`+
		`<EvalActionName>%s</EvalActionName><EvalDecision>%s</EvalDecision></member></EvaluationResults>`+
		`</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`, action, decision)
}

// rest answers Lambda and Connect.
func (w *world) rest(out http.ResponseWriter, r *http.Request, path []string, body []byte) {
	switch {
	case path[0] == "lambda-functions":
		w.called("connect:ListLambdaFunctions")
		w.associatedPage(out, r.URL.Query().Get("nextToken"))
	case path[0] == "contact-flows-summary":
		w.called("connect:ListContactFlows")
		reply(out, map[string]any{"ContactFlowSummaryList": w.flows})
	case path[0] == "contact-flows":
		w.called("connect:DescribeContactFlow")
		reply(out, map[string]any{"ContactFlow": w.flow})
	case path[1] == "account-settings":
		w.called("lambda:GetAccountSettings")
		reply(out, map[string]any{"AccountLimit": map[string]any{"ConcurrentExecutions": w.concurrency}})
	case r.Method == http.MethodPost:
		w.called("lambda:InvokeFunction")
		w.invoke(out, body)
	default:
		w.function(out, path[2], path[3])
	}
}

// associatedPage answers with one function a page; the token is the number of the next.
func (w *world) associatedPage(out http.ResponseWriter, token string) {
	page, _ := strconv.Atoi(token)
	first, last := min(page, len(w.associated)), min(page+1, len(w.associated))
	answer := map[string]any{"LambdaFunctions": w.associated[first:last]}
	if page+1 < len(w.associated) {
		answer["NextToken"] = strconv.Itoa(page + 1)
	}
	reply(out, answer)
}

func (w *world) function(out http.ResponseWriter, name, what string) {
	w.called(map[string]string{"policy": "lambda:GetPolicy", "concurrency": "lambda:GetFunctionConcurrency",
		"configuration":       "lambda:GetFunctionConfiguration",
		"event-invoke-config": "lambda:GetFunctionEventInvokeConfig"}[what])
	policy := w.policy
	if name == endsARN {
		policy = w.endsPolicy
	}
	if what == "policy" && policy != "" {
		reply(out, map[string]any{"Policy": policy})
	} else if what == "event-invoke-config" && w.onFailure != "" {
		reply(out, map[string]any{"DestinationConfig": map[string]any{
			"OnFailure": map[string]any{"Destination": w.onFailure}}})
	} else if what == "concurrency" {
		reply(out, map[string]any{"ReservedConcurrentExecutions": w.reserved})
	} else if f := w.functions[name]; what == "configuration" && f != nil {
		reply(out, f)
	} else {
		fault(out, 404, "ResourceNotFoundException")
	}
}

func (w *world) invoke(out http.ResponseWriter, body []byte) {
	var event struct {
		Details struct{ Parameters map[string]any }
	}
	_ = json.Unmarshal(body, &event)
	id, isCheck := event.Details.Parameters["execution_id"].(string)
	switch {
	case !isCheck:
		started := maps.Clone(w.start)
		started["execution_id"] = fmt.Sprintf("arn:aws:states:us-east-1:111122223333:execution:bank-%v:e",
			event.Details.Parameters["job"])
		reply(out, started)
	case strings.Contains(id, "not-of-this-project"):
		reply(out, w.foreign)
	default:
		reply(out, w.check)
	}
}

func reply(out http.ResponseWriter, v any) { _ = json.NewEncoder(out).Encode(v) }

func fault(out http.ResponseWriter, status int, code string) {
	text := fmt.Sprintf(`{"__type":%q,"Message":"there is none"}`, code)
	out.Header().Set("X-Amzn-Errortype", code)
	out.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE([]byte(text))))
	out.WriteHeader(status)
	fmt.Fprint(out, text)
}

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
  pay-out: {steps: [look-up, pay, receipt], timeout: 5m, results: table}
functions:
  balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:slow:live"}
  look-up: {arn: "arn:aws:lambda:us-east-1:111122223333:function:look-up"}
  pay: {arn: "arn:aws:lambda:us-east-1:111122223333:function:pay"}
  receipt: {arn: "arn:aws:lambda:us-east-1:111122223333:function:receipt", repeatable: true}
flows: [{file: flow.json, managed: true}, {file: wait.json, managed: true, type: inbound}]
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

// cloud gives what the SDK's client says to verify, as the command does.
type cloud struct{ *remote.Cloud }

func (c cloud) Function(ctx context.Context, name string) (verify.Function, error) {
	f, err := c.Cloud.Function(ctx, name)
	return verify.Function(f), err
}

func (c cloud) Rule(ctx context.Context, name string) (verify.Rule, error) {
	r, err := c.Cloud.Rule(ctx, name)
	return verify.Rule(r), err
}

func (c cloud) StateMachine(ctx context.Context, arn string) (verify.StateMachine, error) {
	m, err := c.Cloud.StateMachine(ctx, arn)
	return verify.StateMachine(m), err
}

// asked is the account of the test that runs, and client its client, both made once: reading the configuration and the
// first connection take longer than all that verify asks.
var (
	asked  *world
	client *remote.Cloud
)

func newClient(t *testing.T) *remote.Cloud {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		asked.ServeHTTP(out, r)
	}))
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": ""} {
		t.Setenv(name, value)
	}
	made, err := remote.NewCloud(t.Context(), os.Getenv, clock.Real{})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func run(t *testing.T, stack *deploy.Stack, w *world, o verify.Options) []verify.Check {
	t.Helper()
	if client == nil {
		client = newClient(t)
	}
	asked = w
	return verify.Run(t.Context(), stack, cloud{Cloud: client}, clock.Real{}, o)
}

var wholeRun = verify.Options{InstanceARN: instanceARN, Run: true,
	Event: []byte(`{"Details":{"Parameters":{"account":"1"}}}`), Callers: 100}

func TestAHealthyDeployment(t *testing.T) {
	stack := verifiable(t)
	for _, c := range run(t, stack, healthy(t, stack), wholeRun) {
		if c.State != verify.OK {
			t.Errorf("%+v", c)
		}
	}
}

// TestActionsAreDocumented compares the actions that verify performs with the table in docs/deploying.md.
func TestActionsAreDocumented(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	run(t, stack, w, wholeRun)
	text, err := os.ReadFile("../../docs/deploying.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "these actions for `verify`")
	table, _, _ = strings.Cut(table, "## What is created")
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z]+:[A-Za-z]+)`").FindAllStringSubmatch(table, -1) {
		documented[m[1]] = true
	}
	if diff := cmp.Diff(documented, w.calls); diff != "" {
		t.Errorf("documented (-), performed (+):\n%s", diff)
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

const balanceMachine = statesARN + "bank-balance"

func environmentOf(w *world) map[string]string {
	return w.functions["bank-async"]["Environment"].(map[string]any)["Variables"].(map[string]string)
}

func endsEnvironment(w *world) map[string]string {
	return w.functions["bank-ends"]["Environment"].(map[string]any)["Variables"].(map[string]string)
}

func (w *world) changePattern(old, changed string) {
	w.rule["EventPattern"] = strings.ReplaceAll(w.rule["EventPattern"].(string), old, changed)
}

// plantedFaults are what can be wrong with a deployment, each with where verify must find it: group and title of what
// fails.
var plantedFaults = []struct {
	name  string
	plant func(w *world)
	want  string
}{
	{"a wrapped function is missing", func(w *world) { delete(w.functions, payARN) }, "functions: pay"},
	{"a wrapped function may run longer than its step", func(w *world) { w.functions[payARN]["Timeout"] = 600 },
		"functions: pay"},
	{"the async function is missing", func(w *world) { delete(w.functions, "bank-async") }, "async function: function"},
	{"the async function is not active", func(w *world) { w.functions["bank-async"]["State"] = "Failed" },
		"async function: function"},
	{"a job is missing from the environment",
		func(w *world) { environmentOf(w)["STATE_MACHINES"] = `{"balance":"` + balanceMachine + `"}` },
		"async function: environment"},
	{"the environment names another state machine", func(w *world) {
		environmentOf(w)["STATE_MACHINES"] = strings.ReplaceAll(environmentOf(w)["STATE_MACHINES"], "bank-pay-out",
			"old")
	}, "async function: environment"},
	{"the environment has no results table", func(w *world) { delete(environmentOf(w), "RESULTS_TABLE") },
		"async function: environment"},
	{"the alarms watch another deployment", func(w *world) { environmentOf(w)["DEPLOYMENT"] = "bank-staging" },
		"async function: environment"},
	{"the callers' data is logged", func(w *world) { environmentOf(w)["LOG_DATA"] = "true" },
		"async function: environment"},
	{"the state machine is an Express one", func(w *world) { w.machines[balanceMachine]["type"] = "EXPRESS" },
		"job balance: state machine"},
	{"the state machine is another one",
		func(w *world) { w.machines[balanceMachine]["definition"] = `{"StartAt":"a","States":{}}` },
		"job balance: state machine"},
	{"the state machine is being deleted", func(w *world) { w.machines[balanceMachine]["status"] = "DELETING" },
		"job balance: state machine"},
	{"the state machine's log holds data", func(w *world) {
		w.machines[balanceMachine]["loggingConfiguration"] = map[string]any{"includeExecutionData": true}
	}, "job balance: state machine"},
	{"the state machine is missing", func(w *world) { delete(w.machines, balanceMachine) },
		"job balance: state machine"},
	{"the role may not invoke the function",
		func(w *world) { w.denied["lambda:InvokeFunction arn:aws:iam::111122223333:role/bank-balance"] = true },
		"job balance: role"},
	{"the role may not write the result",
		func(w *world) { w.denied["dynamodb:UpdateItem arn:aws:iam::111122223333:role/bank-balance"] = true },
		"job balance: role"},
	{"the async function may not stop executions",
		func(w *world) { w.denied["states:StopExecution arn:aws:iam::111122223333:role/bank-async"] = true },
		"async function: role\nasync function: role"},
	{"the table is missing", func(w *world) { w.table = nil }, "results table: table"},
	{"the table has another key", func(w *world) {
		w.table["KeySchema"].([]any)[0].(map[string]any)["AttributeName"] = "id"
	}, "results table: table"},
	{"the table never forgets", func(w *world) { w.ttl = map[string]any{"TimeToLiveStatus": "DISABLED"} },
		"results table: table"},
	{"the function for ends is missing", func(w *world) { delete(w.functions, "bank-ends") }, "ends: function"},
	{"the function for ends serves callers", func(w *world) { delete(endsEnvironment(w), "SERVES") },
		"ends: environment"},
	{"the function for ends serves callers, no job, in another table", func(w *world) {
		env := endsEnvironment(w)
		delete(env, "SERVES")
		env["STATE_MACHINES"], env["RESULTS_TABLE"] = `{}`, "old"
	}, strings.Repeat("\nends: environment", 4)[1:]}, // the project has two jobs
	{"the function for ends writes elsewhere", func(w *world) { endsEnvironment(w)["RESULTS_TABLE"] = "old" },
		"ends: environment"},
	{"the function for ends lacks a job",
		func(w *world) { endsEnvironment(w)["STATE_MACHINES"] = `{"balance":"` + balanceMachine + `"}` },
		"ends: environment"},
	{"the function for ends may not write",
		func(w *world) { w.denied["dynamodb:UpdateItem arn:aws:iam::111122223333:role/bank-ends"] = true },
		"ends: role"},
	{"the function for ends may not keep what fails",
		func(w *world) { w.denied["sqs:SendMessage arn:aws:iam::111122223333:role/bank-ends"] = true }, "ends: role"},
	{"EventBridge may not invoke", func(w *world) { w.endsPolicy = "" }, "ends: permission"},
	{"another rule may invoke", func(w *world) { w.endsPolicy = strings.ReplaceAll(w.endsPolicy, "bank-ends", "old") },
		"ends: permission"},
	{"the rule is missing", func(w *world) { w.rule = nil }, "ends: rule"},
	{"the rule is off", func(w *world) { w.rule["State"] = "DISABLED" }, "ends: rule"},
	{"the rule leaves out stopped executions", func(w *world) { w.changePattern(`,"ABORTED"`, "") }, "ends: rule"},
	{"the rule leaves out a state machine", func(w *world) { w.changePattern("bank-pay-out", "old") }, "ends: rule"},
	{"the rule matches other events", func(w *world) { w.changePattern("aws.states", "aws.s3") }, "ends: rule"},
	{"the rule's pattern is none", func(w *world) { w.rule["EventPattern"] = "[" }, "ends: rule"},
	{"the rule invokes something else", func(w *world) { w.tells["Arn"] = lambdaARN + "old" }, "ends: target"},
	{"the rule has no target", func(w *world) { w.tells = map[string]any{} }, "ends: target"},
	{"undelivered events are dropped", func(w *world) { delete(w.tells, "DeadLetterConfig") }, "ends: target"},
	{"failed events are dropped", func(w *world) { w.onFailure = "" }, "ends: failures"},
	{"failed events go elsewhere", func(w *world) { w.onFailure = sqsARN + "old" }, "ends: failures"},
	{"a queue is missing", func(w *world) { delete(w.messages, "bank-ends-failed") }, "ends: queue"},
	{"ends were lost", func(w *world) { w.messages["bank-ends-undelivered"] = "3" }, "ends: queue"},
	{"Connect may not invoke", func(w *world) { w.policy = "" }, "Amazon Connect: permission"},
	{"another instance may invoke", func(w *world) { w.policy = connectPolicy(instanceARN + "0") },
		"Amazon Connect: permission"},
	{"the function is not associated", func(w *world) { w.associated = nil }, "Amazon Connect: association"},
	{"a flow is missing", func(w *world) { w.flows = w.flows[:1] }, "Amazon Connect: flow"},
	{"the flows are not published", func(w *world) { w.flow["Status"] = "SAVED" },
		"Amazon Connect: flow\nAmazon Connect: flow"},
	{"the flows call something else", func(w *world) { w.flow["Content"] = "{}" },
		"Amazon Connect: flow\nAmazon Connect: flow"},
	{"too little is reserved", func(w *world) { w.reserved = 50 }, "capacity: concurrency"},
	{"the account has too little concurrency", func(w *world) { w.concurrency = 150 }, "capacity: concurrency"},
	{"the start is refused", func(w *world) {
		w.start = map[string]any{"status": "FAILED",
			"sfn_error": "NotConfigured"}
	}, "run of balance: start\nrun of pay-out: start"},
	{"the execution fails", func(w *world) { w.check = map[string]any{"status": "FINISHED", "sfn_result": "FAILURE"} },
		"run of balance: result\nrun of pay-out: result"},
	{"a foreign execution can be read", func(w *world) { w.foreign = w.check },
		"run of balance: foreign execution\nrun of pay-out: foreign execution"},
}

// TestFindsPlantedFaults plants one fault after the other. Each must be reported where it is, with a remedy, and alone:
// what rests on it may be skipped.
func TestFindsPlantedFaults(t *testing.T) {
	stack := verifiable(t)
	for _, test := range plantedFaults {
		t.Run(test.name, func(t *testing.T) {
			w := healthy(t, stack)
			test.plant(w)
			var wrong []string
			for _, c := range run(t, stack, w, wholeRun) {
				if c.State == verify.Fail {
					wrong = append(wrong, c.Group+": "+c.Title)
					if c.Remedy == "" || c.Detail == "" {
						t.Errorf("no remedy or no detail: %+v", c)
					}
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(wrong, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReadsPoliciesOfEveryForm checks that a policy with lists, and with statements for others, is read.
func TestReadsPoliciesOfEveryForm(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	w.policy = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"lambda:*"},{"Effect":"Allow",` +
		`"Principal":{"Service":["events.amazonaws.com","connect.amazonaws.com"]},` +
		`"Action":["lambda:InvokeFunction"],"Condition":{"ArnLike":{"aws:sourcearn":["` + instanceARN +
		`"]},"Bool":{"aws:SecureTransport":true}}}]}`
	for _, c := range run(t, stack, w, wholeRun) {
		if c.State != verify.OK {
			t.Errorf("%+v", c)
		}
	}
}

// TestSaysWhatItMayNotAsk checks that credentials which may not simulate policies make skips, not faults.
func TestSaysWhatItMayNotAsk(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	w.denied["iam:SimulatePrincipalPolicy"] = true
	for _, c := range run(t, stack, w, wholeRun) {
		if c.Title == "role" && c.State != verify.Skip || c.State == verify.Fail {
			t.Errorf("%+v", c)
		}
	}
}

// TestCountsCallers checks that DescribeExecution's quota is compared with the callers where there is no table.
func TestCountsCallers(t *testing.T) {
	stack := describe(t, describeProject)
	for callers, want := range map[int]verify.State{45: verify.OK, 46: verify.Fail} {
		for _, c := range run(t, stack, healthy(t, verifiable(t)), verify.Options{Callers: callers}) {
			if c.Title == "checks" && c.State != want {
				t.Errorf("%d callers: %+v", callers, c)
			}
		}
	}
}
