package verify_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/verify"
)

// Types of the resources that faults are planted in.
const (
	ofFunction    = "AWS::Lambda::Function"
	ofMachine     = "AWS::StepFunctions::StateMachine"
	ofPermission  = "AWS::Lambda::Permission"
	ofInvoke      = "AWS::Lambda::EventInvokeConfig"
	ofMapping     = "AWS::Lambda::EventSourceMapping"
	ofRule        = "AWS::Events::Rule"
	ofQueue       = "AWS::SQS::Queue"
	ofQueuePolicy = "AWS::SQS::QueuePolicy"
	ofTable       = "AWS::DynamoDB::Table"
	ofRole        = "AWS::IAM::Role"
	ofPolicy      = "AWS::IAM::RolePolicy"
	ofLogGroup    = "AWS::Logs::LogGroup"
	ofQuery       = "AWS::Logs::QueryDefinition"
	ofAlarm       = "AWS::CloudWatch::Alarm"
	ofDashboard   = "AWS::CloudWatch::Dashboard"
	ofFlow        = "AWS::Connect::ContactFlow"
	ofAssociation = "AWS::Connect::IntegrationAssociation"
)

// remove deletes a resource of the stage dev.
func remove(kind, name string) func(*world) {
	return func(w *world) {
		for key := range w.deployed {
			if key == kind+" "+name || strings.HasPrefix(key, kind+" "+name+" ") {
				delete(w.deployed, key)
				return
			}
		}
		w.t.Fatalf("there is no %s %s", kind, name)
	}
}

// set changes a property of a resource, nil takes it away.
func set(kind, name, path string, value any) func(*world) {
	return func(w *world) {
		p := w.find(kind, name)
		if p == nil {
			w.t.Fatalf("there is no %s %s", kind, name)
		}
		planted := value
		if object, ok := value.(properties); ok {
			planted = maps.Clone(object) // a remedy fills it again
		}
		changed(w.t, p, steps(path), planted)
	}
}

// edit replaces text in a property that is a text.
func edit(kind, name, property, old, changed string) func(*world) {
	return func(w *world) {
		p := w.find(kind, name)
		text := fmt.Sprint(p[property])
		if p[property] = strings.ReplaceAll(text, old, changed); p[property] == text {
			w.t.Fatalf("%s of %s does not have %q", property, name, old)
		}
	}
}

func deny(action, role string) func(*world) {
	return func(w *world) { w.denied[action+" arn:aws:iam::111122223333:role/voice/team-"+role] = true }
}

func refuse(action, code string) func(*world) {
	return func(w *world) { w.refused[action] = code }
}

// steps are the steps of a path such as Dimensions[job].Value.
func steps(path string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(path, "[", ".["), func(r rune) bool { return r == '.' })
}

// changed returns a value with what is at a path changed, also inside JSON texts.
func changed(t *testing.T, v any, path []string, value any) any {
	t.Helper()
	if len(path) == 0 {
		return value // of what type, the property says
	}
	step := strings.Trim(path[0], "[]")
	switch v := v.(type) {
	case string:
		var inside any
		if err := json.Unmarshal([]byte(v), &inside); err != nil {
			t.Fatalf("%q has no %v", v, path)
		}
		text, err := json.Marshal(changed(t, inside, path, value))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	case []any:
		i := slices.IndexFunc(v, func(item any) bool {
			o, _ := item.(properties)
			return o["Name"] == step || o["Sid"] == step || o["Id"] == step
		})
		if n, err := strconv.Atoi(step); err == nil {
			i = n
		}
		switch {
		case i < 0:
			return append(v, value)
		case len(path) == 1 && value == nil:
			return slices.Delete(v, i, i+1)
		}
		v[i] = changed(t, v[i], path[1:], value)
		return v
	case properties:
		if len(path) == 1 && value == nil {
			delete(v, step)
			return v
		}
		inner := v[step]
		if inner == nil {
			inner = properties{}
		}
		v[step] = typed(t, step, inner, changed(t, inner, path[1:], value))
		return v
	}
	t.Fatalf("%v has no %v", v, path)
	return nil
}

// typed is a value of a property in the type that its service has: numbers, and documents as texts.
func typed(t *testing.T, property string, before, value any) any {
	t.Helper()
	if n, err := strconv.Atoi(fmt.Sprint(value)); err == nil && slices.Contains(numbers, property) {
		return n
	}
	if document, ok := value.(properties); ok && fmt.Sprint(before) == before {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return value
}

// plantedFaults are what can be wrong with a deployment, each with where verify must find it: group, title and code.
var plantedFaults = []struct {
	name  string
	plant func(w *world)
	want  string
}{
	// What is wrapped.
	{"a wrapped function is missing", func(w *world) { delete(w.wrapped, lambdaARN+"pay") },
		"functions: pay: wrapped-function-missing"},
	{"a wrapped function may run longer than its step", func(w *world) { w.wrapped[lambdaARN+"pay"] = 600 },
		"functions: pay: wrapped-function-timeout"},

	// The async function.
	{"the async function is missing", remove(ofFunction, "bank-async"), "async function: function: function-missing"},
	{"the async function is not active", set(ofFunction, "bank-async", "State", "Failed"),
		"async function: function: not-active"},
	{"the async function's timeout is too short", set(ofFunction, "bank-async", "Timeout", 3),
		"async function: function: function-differs"},
	{"the async function is built for another processor", set(ofFunction, "bank-async", "Architectures[0]", "x86_64"),
		"async function: function: function-differs"},
	{"the async function runs in another runtime", set(ofFunction, "bank-async", "Runtime", "provided.al2"),
		"async function: function: function-differs"},
	{"a job is missing from the environment",
		set(ofFunction, "bank-async", "Environment.Variables.STATE_MACHINES.pay-out", nil),
		"async function: environment: function-differs"},
	{"the environment names another state machine",
		set(ofFunction, "bank-async", "Environment.Variables.STATE_MACHINES.pay-out.arn", statesARN+"old"),
		"async function: environment: function-differs"},
	{"the environment names the state machine of another stage",
		set(ofFunction, "bank-async", "Environment.Variables.STATE_MACHINES.balance.arn",
			statesARN+"bank-prod-balance"),
		"async function: environment: function-differs"},
	{"the environment has no results table",
		set(ofFunction, "bank-async", "Environment.Variables.RESULTS_TABLE", nil),
		"async function: environment: function-differs"},
	{"the alarms watch another deployment",
		set(ofFunction, "bank-async", "Environment.Variables.DEPLOYMENT", "bank-staging"),
		"async function: environment: function-differs"},
	{"the callers' data is logged", set(ofFunction, "bank-async", "Environment.Variables.LOG_DATA", "true"),
		"async function: environment: function-differs"},
	{"results are kept for a minute", set(ofFunction, "bank-async", "Environment.Variables.RETAIN_SECONDS", "60"),
		"async function: environment: function-differs"},
	{"the async function has the role of another stage",
		set(ofFunction, "bank-async", "Role", "arn:aws:iam::111122223333:role/voice/team-bank-prod-async"),
		"async function: function: function-differs"},

	{"the async function has older code", set(ofFunction, "bank-async", "CodeSha256", "older"),
		"async function: function: function-differs"},
	{"the function for ends has no tags", set(ofFunction, "bank-ends", "Tags", properties{}),
		"ends: function: function-differs\nends: function: function-differs"},
	{"a log group is another team's", set(ofLogGroup, "/aws/lambda/bank-async", "Tags.team", "web"),
		"async function: log group: log-group-differs"},
	{"a role lacks a tag", set(ofRole, "team-bank-async", "Tags.team", nil), "async function: role: role-differs"},
	{"a flow lacks a tag", set(ofFlow, "bank-flow", "Tags.team", nil), "Amazon Connect: flow: flow-differs"},
	{"an alarm lacks a tag", set(ofAlarm, "bank-async-Faults", "Tags.team", nil), "watching: alarm: alarm-differs"},
	{"tags may not be read", refuse("tag:GetResources", "AccessDeniedException"), "account: tags: access-denied"},

	// State machines.
	{"the state machine is an Express one", set(ofMachine, "bank-balance", "StateMachineType", "EXPRESS"),
		"job balance: state machine: state-machine-differs"},
	{"the state machine is another one",
		set(ofMachine, "bank-balance", "DefinitionString", `{"StartAt":"a","States":{}}`),
		"job balance: state machine: state-machine-differs"},
	{"a retry was edited in the console", edit(ofMachine, "bank-balance", "DefinitionString", `"TimeoutSeconds": 120`,
		`"TimeoutSeconds": 12`), "job balance: state machine: state-machine-differs"},
	{"the state machine invokes another alias",
		edit(ofMachine, "bank-balance", "DefinitionString", "function:slow:live", "function:slow:canary"),
		"job balance: state machine: state-machine-differs"},
	{"the state machine invokes the function of another stage",
		edit(ofMachine, "bank-balance", "DefinitionString", "function:slow:live", "function:prod-slow:blue"),
		"job balance: state machine: state-machine-differs"},
	{"the state machine is being deleted", set(ofMachine, "bank-balance", "State", "DELETING"),
		"job balance: state machine: not-active"},
	{"the state machine's log holds data",
		set(ofMachine, "bank-balance", "LoggingConfiguration.IncludeExecutionData", true),
		"job balance: state machine: state-machine-differs"},
	{"the state machine logs nothing", set(ofMachine, "bank-balance", "LoggingConfiguration.Level", "OFF"),
		"job balance: state machine: state-machine-differs"},
	{"the state machine is missing", remove(ofMachine, "bank-balance"),
		"job balance: state machine: state-machine-missing"},

	// Roles.
	{"a role is missing", remove(ofRole, "team-bank-balance-states"), "job balance: role: role-missing"},
	{"any account's state machine may take the role", edit(ofRole, "team-bank-balance-states",
		"AssumeRolePolicyDocument",
		"111122223333", "444455556666"), "job balance: role: role-differs"},
	{"a policy is missing", remove(ofPolicy, "team-bank-async"), "async function: policy: policy-missing"},
	{"a policy allows more", edit(ofPolicy, "team-bank-async", "PolicyDocument", "states:StartExecution", "states:*"),
		"async function: policy: policy-differs"},
	{"a policy names the functions of another stage",
		edit(ofPolicy, "team-bank-balance-states", "PolicyDocument", "function:slow:live", "function:prod-slow:blue"),
		"job balance: policy: policy-differs"},
	{"the role may not invoke the function", deny("lambda:InvokeFunction", "bank-balance-states"),
		"job balance: role: role-denied"},
	{"the role may not write the result", deny("dynamodb:UpdateItem", "bank-balance-states"),
		"job balance: role: role-denied"},
	{"the async function may not stop executions", deny("states:StopExecution", "bank-async"),
		"async function: role: role-denied\nasync function: role: role-denied"},

	// The results table.
	{"the table is missing", remove(ofTable, "bank-results"), "results table: table: table-missing"},
	{"the table has another key", set(ofTable, "bank-results", "KeySchema[0].AttributeName", "id"),
		"results table: table: table-differs"},
	{"the table never forgets", set(ofTable, "bank-results", "TimeToLiveSpecification.Enabled", false),
		"results table: table: table-differs"},
	{"the table has a fixed capacity", set(ofTable, "bank-results", "BillingMode", "PROVISIONED"),
		"results table: table: table-differs"},

	// Ends.
	{"the function for ends is missing", remove(ofFunction, "bank-ends"), "ends: function: function-missing"},
	{"the function for ends serves callers", set(ofFunction, "bank-ends", "Environment.Variables.SERVES", nil),
		"ends: environment: function-differs"},
	{"the function for ends serves callers, no job, in another table", func(w *world) {
		for name, value := range map[string]any{"SERVES": nil, "STATE_MACHINES": "{}", "RESULTS_TABLE": "old"} {
			set(ofFunction, "bank-ends", "Environment.Variables."+name, value)(w)
		}
	}, strings.Repeat("\nends: environment: function-differs", 4)[1:]}, // the project has two jobs
	{"the function for ends writes elsewhere",
		set(ofFunction, "bank-ends", "Environment.Variables.RESULTS_TABLE", "old"),
		"ends: environment: function-differs"},
	{"the function for ends lacks a job",
		set(ofFunction, "bank-ends", "Environment.Variables.STATE_MACHINES.pay-out", nil),
		"ends: environment: function-differs"},
	{"the function for ends may not write", deny("dynamodb:UpdateItem", "bank-ends"), "ends: role: role-denied"},
	{"the function for ends may not keep what fails", deny("sqs:SendMessage", "bank-ends"),
		"ends: role: role-denied"},
	{"EventBridge may not invoke", remove(ofPermission, "bank-ends"), "ends: permission: permission-missing"},
	{"another rule may invoke", set(ofPermission, "bank-ends", "SourceArn", rulesARN+"old"),
		"ends: permission: permission-differs"},
	{"the rule is missing", remove(ofRule, "bank-ends"), "ends: rule: rule-missing"},
	{"the rule is off", set(ofRule, "bank-ends", "State", "DISABLED"), "ends: rule: not-active"},
	{"the rule leaves out stopped executions", edit(ofRule, "bank-ends", "EventPattern", `"ABORTED"`, `"X"`),
		"ends: rule: rule-differs"},
	{"the rule leaves out a state machine", edit(ofRule, "bank-ends", "EventPattern", "bank-pay-out", "old"),
		"ends: rule: rule-differs"},
	{"the rule matches other events", edit(ofRule, "bank-ends", "EventPattern", "aws.states", "aws.s3"),
		"ends: rule: rule-differs"},
	{"the rule's pattern is none", set(ofRule, "bank-ends", "EventPattern", "["), "ends: rule: rule-differs"},
	{"the rule invokes something else", set(ofRule, "bank-ends", "Targets[ends].Arn", lambdaARN+"old"),
		"ends: target: rule-differs"},
	{"the rule has no target", set(ofRule, "bank-ends", "Targets", []any{}), "ends: target: rule-differs"},
	{"undelivered events are dropped", set(ofRule, "bank-ends", "Targets[ends].DeadLetterConfig", nil),
		"ends: target: rule-differs"},
	{"failed events are dropped", remove(ofInvoke, "bank-ends"),
		"ends: failure destination: failure-destination-missing"},
	{"failed events go elsewhere",
		set(ofInvoke, "bank-ends", "DestinationConfig.OnFailure.Destination", sqsARN+"old"),
		"ends: failure destination: failure-destination-differs"},
	{"failed events are not tried again", set(ofInvoke, "bank-ends", "MaximumRetryAttempts", 0),
		"ends: failure destination: failure-destination-differs"},
	{"a queue is missing", remove(ofQueue, "bank-ends-failed"), "ends: queue: queue-missing"},
	{"a queue is not encrypted", set(ofQueue, "bank-ends-failed", "SqsManagedSseEnabled", false),
		"ends: queue: queue-differs"},
	{"EventBridge may not put events into the queue",
		edit(ofQueuePolicy, "bank-ends-undelivered", "PolicyDocument", "rule/bank-ends", "rule/old"),
		"ends: queue policy: queue-policy-differs"},
	{"contacts are not looked at", remove(ofMapping, "bank-ends"), "ends: event source: event-source-missing"},
	{"too many contacts at once", set(ofMapping, "bank-ends", "ScalingConfig.MaximumConcurrency", 50),
		"ends: event source: event-source-differs"},
	{"lost events are not made up for", set(ofRule, "bank-ends-sweep", "ScheduleExpression", "rate(1 day)"),
		"ends: rule: rule-differs"},
	{"contacts are looked at too early", set(ofQueue, "bank-ends-looks", "DelaySeconds", "0"),
		"ends: queue: queue-differs"},
	{"the table has no index of contacts", set(ofTable, "bank-results", "GlobalSecondaryIndexes", nil),
		"results table: table: table-differs"},
	{"ends were lost", set(ofQueue, "bank-ends-undelivered", "ApproximateNumberOfMessages", "3"),
		"ends: queue: ends-lost"},

	// Amazon Connect.
	{"Connect may not invoke", remove(ofPermission, "bank-async"),
		"Amazon Connect: permission: permission-missing"},
	{"another instance may invoke", set(ofPermission, "bank-async", "SourceArn", prodARN),
		"Amazon Connect: permission: permission-differs"},
	{"an instance of any account may invoke", set(ofPermission, "bank-async", "SourceAccount", nil),
		"Amazon Connect: permission: permission-differs"},
	{"the function is not associated", remove(ofAssociation, lambdaARN+"bank-async"),
		"Amazon Connect: association: association-missing"},
	{"a flow is missing", remove(ofFlow, "bank-flow"), "Amazon Connect: flow: flow-missing"},
	{"a flow is not published", set(ofFlow, "bank-wait", "Status", "SAVED"), "Amazon Connect: flow: not-published"},
	{"a flow is archived", set(ofFlow, "bank-wait", "State", "ARCHIVED"), "Amazon Connect: flow: not-published"},
	{"a flow calls nothing", set(ofFlow, "bank-wait", "Content", "{}"), "Amazon Connect: flow: flow-differs"},
	{"a flow was edited in the console",
		edit(ofFlow, "bank-flow", "Content", `"count_max": "200"`, `"count_max": "2"`),
		"Amazon Connect: flow: flow-differs"},
	{"a flow calls the async function of another stage",
		edit(ofFlow, "bank-flow", "Content", "function:bank-async", "function:bank-prod-async"),
		"Amazon Connect: flow: flow-differs"},

	{"a flow plays the prompt of another stage",
		edit(ofFlow, "bank-flow", "Content", musicID, "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee"),
		"Amazon Connect: flow: flow-differs"},

	// What watches.
	{"a log group is missing", remove(ofLogGroup, "/aws/lambda/bank-async"),
		"async function: log group: log-group-missing"},
	{"the log of a state machine is missing", remove(ofLogGroup, "/aws/vendedlogs/states/bank-balance"),
		"job balance: log group: log-group-missing"},
	{"a log is kept for ever", set(ofLogGroup, "/aws/lambda/bank-ends", "RetentionInDays", nil),
		"ends: log group: log-group-differs"},
	{"an alarm is missing", remove(ofAlarm, "bank-balance-Failures"), "watching: alarm: alarm-missing"},
	{"an alarm watches another stage",
		set(ofAlarm, "bank-balance-Failures", "Dimensions[deployment].Value", "bank-prod"),
		"watching: alarm: alarm-differs"},
	{"an alarm watches the metric without the deployment",
		set(ofAlarm, "bank-balance-Failures", "Dimensions[deployment]", nil), "watching: alarm: alarm-differs"},
	{"an alarm sounds too late", set(ofAlarm, "bank-async-Errors", "Threshold", 0.5),
		"watching: alarm: alarm-differs"},
	{"an alarm sounds without data", set(ofAlarm, "bank-async-Errors", "TreatMissingData", "breaching"),
		"watching: alarm: alarm-differs"},
	{"the dashboard is missing", remove(ofDashboard, "bank"), "watching: dashboard: dashboard-missing"},
	{"the dashboard shows another stage", edit(ofDashboard, "bank", "DashboardBody", `"bank"`, `"bank-prod"`),
		"watching: dashboard: dashboard-differs"},
	{"a saved query is missing", remove(ofQuery, "bank/slow replies"),
		"watching: saved query: saved-query-missing"},
	{"a saved query reads another log", set(ofQuery, "bank/slow replies", "LogGroupNames[0]", "/aws/lambda/old"),
		"watching: saved query: saved-query-differs"},

	// Quotas.
	{"too little is reserved", set(ofFunction, "bank-async", "ReservedConcurrentExecutions", 50),
		"capacity: concurrency: quota-reserved-concurrency"},
	{"the account has too little concurrency", func(w *world) { w.concurrency = 150 },
		"capacity: concurrency: quota-concurrent-executions"},

	// A run.
	{"the start is refused", func(w *world) {
		w.start = map[string]any{"status": "FAILED", "sfn_error": "NotConfigured"}
	}, "run of balance: start: run-start\nrun of pay-out: start: run-start"},
	{"the execution fails", func(w *world) { w.check = map[string]any{"status": "FINISHED", "sfn_result": "FAILURE"} },
		"run of balance: result: run-result\nrun of pay-out: result: run-result"},
	{"a foreign execution can be read", func(w *world) { w.foreign = w.check },
		"run of balance: foreign execution: run-foreign-execution\n" +
			"run of pay-out: foreign execution: run-foreign-execution"},

	// What cannot be looked at.
	{"these are the credentials of another account", func(w *world) { w.account = "444455556666" },
		"account: credentials: wrong-account"},
	{"the credentials have expired", refuse("sts:GetCallerIdentity", "ExpiredToken"),
		"account: credentials: credentials"},
	{"policies of functions may not be read", refuse("lambda:GetPolicy", "AccessDeniedException"),
		"ends: permission: access-denied\nAmazon Connect: permission: access-denied"},
	{"the dashboard may not be read", refuse("cloudwatch:GetDashboard", "AccessDenied"),
		"watching: dashboard: access-denied"},
	{"a role may not be read", refuse("iam:GetRolePolicy", "AccessDenied"),
		"job balance: policy: access-denied\njob pay-out: policy: access-denied\n" +
			"async function: policy: access-denied\nends: policy: access-denied"},
	{"Connect refuses for too many requests", refuse("connect:ListContactFlows", "ThrottlingException"),
		"Amazon Connect: flow: throttled\nAmazon Connect: flow: throttled"},
	{"DynamoDB is out of order", refuse("dynamodb:DescribeTable", "InternalServerError"),
		"results table: table: aws-fault"},
}

const (
	statesARN = "arn:aws:states:us-east-1:111122223333:stateMachine:"
	rulesARN  = "arn:aws:events:us-east-1:111122223333:rule/"
)

// atOnce are faults of which none hides another.
var atOnce = []string{
	"a wrapped function is missing", "the async function's timeout is too short",
	"the environment names the state machine of another stage", "the callers' data is logged",
	"the state machine invokes another alias", "the state machine's log holds data",
	"a policy names the functions of another stage", "the async function may not stop executions",
	"the table never forgets", "the function for ends writes elsewhere", "another rule may invoke",
	"the rule leaves out stopped executions", "undelivered events are dropped", "failed events are dropped",
	"contacts are not looked at", "lost events are not made up for", "the table has no index of contacts",
	"ends were lost", "another instance may invoke", "a flow is missing", "a flow is archived",
	"a log group is missing", "an alarm watches another stage", "a saved query is missing", "too little is reserved",
	"the dashboard may not be read", "the execution fails", "the function for ends has no tags",
	"a role lacks a tag",
}

// TestFindsFaultsAtOnce plants many faults in one of two stages. Each must be reported where it is, and once what the
// remedies say is done, nothing may be wrong any more. What rests on something wrong may be skipped. The heavy test
// does it with each fault by itself.
func TestFindsFaultsAtOnce(t *testing.T) {
	stack := verifiable(t)
	w := healthy(t, stack)
	var want []string
	for _, test := range plantedFaults {
		if slices.Contains(atOnce, test.name) {
			test.plant(w)
			want = append(want, strings.Split(test.want, "\n")...)
		}
	}
	found := wrongIn(run(t, stack, w, dev.options(t)))
	got := strings.Split(summary(found), "\n")
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || len(want) < len(atOnce) {
		t.Fatalf("%s%+v", diff, found)
	}
	for _, c := range found {
		w.apply(t, stack, c)
	}
	if left := wrongIn(run(t, stack, w, dev.options(t))); len(left) > 0 {
		t.Errorf("after what the remedies say: %+v", left)
	}
}

// TestFindsPlantedFaults does so with one fault after the other.
func TestFindsPlantedFaults(t *testing.T) {
	testrun.Heavy(t)
	stack := verifiable(t)
	before, err := json.Marshal(healthy(t, stack).deployed)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range plantedFaults {
		t.Run(test.name, func(t *testing.T) {
			w := healthyCopy(t, before)
			test.plant(w)
			found := wrongIn(run(t, stack, w, dev.options(t)))
			if diff := cmp.Diff(test.want, summary(found)); diff != "" {
				t.Fatalf("%s%+v", diff, found)
			}
			if others := wrongIn(run(t, stack, w, prod.options(t))); affectsOneStage(test.want) && len(others) > 0 {
				t.Errorf("the other stage is called wrong: %+v", others)
			}
			for _, c := range found {
				w.apply(t, stack, c)
			}
			if left := wrongIn(run(t, stack, w, dev.options(t))); len(left) > 0 {
				t.Errorf("after what the remedies say: %+v", left)
			}
		})
	}
}

// affectsOneStage reports whether a fault is in what a stage has for itself.
func affectsOneStage(want string) bool {
	return !regexp.MustCompile(`quota-concurrent|run-|access-denied|throttled|aws-fault|credentials`).MatchString(want)
}

// healthyCopy is a healthy account from its resources as JSON.
func healthyCopy(t *testing.T, deployed []byte) *world {
	t.Helper()
	w := newWorld(t)
	if err := json.Unmarshal(deployed, &w.deployed); err != nil {
		t.Fatal(err)
	}
	for _, s := range []stage{dev, prod} {
		for _, arn := range s.functions {
			w.wrapped[arn] = 20
		}
	}
	return w
}

func wrongIn(checks []verify.Check) (wrong []verify.Check) {
	for _, c := range checks {
		if c.State == verify.Fail || c.State == verify.Unknown {
			wrong = append(wrong, c)
		}
	}
	return wrong
}

func summary(checks []verify.Check) string {
	var lines []string
	for _, c := range checks {
		lines = append(lines, c.Group+": "+c.Title+": "+c.Code)
	}
	return strings.Join(lines, "\n")
}

// remedies are what the words of a remedy mean, done in the account. The first that matches counts.
var remedies = []struct {
	words string
	do    func(w *world, t *testing.T, stack *deploy.Stack, c verify.Check, word []string)
}{
	{`^Allow (\S+) on \S+ for your credentials\.$`,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, word []string) {
			delete(w.refused, word[1])
		}},
	{`^Allow (\S+) on \S+ in the role (\S+);`,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, word []string) {
			delete(w.denied, word[1]+" "+word[2])
		}},
	{`^Run verify again later\.`,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, _ []string) { clear(w.refused) }},
	{`^Log in to the account (\d+) `,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, word []string) { w.account = word[1] }},
	{`^Log in \(`, func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, _ []string) { clear(w.refused) }},
	{`^Ask for (\d+): Service Quotas, AWS Lambda,`,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, word []string) {
			w.concurrency, _ = strconv.Atoi(word[1])
		}},
	{`^Raise reserved_concurrency to (\d+)\.$`,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, word []string) {
			n, _ := strconv.Atoi(word[1])
			set(ofFunction, "bank-async", "ReservedConcurrentExecutions", n)(w)
		}},
	{`^Deploy the function (\S+),`,
		func(w *world, _ *testing.T, _ *deploy.Stack, _ verify.Check, word []string) { w.wrapped[word[1]] = 20 }},
	{`^Give the function a timeout of at most (\S+),`,
		func(w *world, t *testing.T, _ *deploy.Stack, _ verify.Check, word []string) {
			timeout, err := time.ParseDuration(word[1])
			if err != nil {
				t.Fatal(err)
			}
			w.wrapped[lambdaARN+"pay"] = int(timeout.Seconds())
		}},
	{`^Deploy the package with the export`,
		func(w *world, _ *testing.T, _ *deploy.Stack, c verify.Check, _ []string) {
			set(ofFunction, c.Resource, "CodeSha256", c.Want)(w)
		}},
	{`^(Publish it|Enable it|Wait until it is active)\b`, inUse},
	{`^See docs/runbook\.md: mend the cause, then invoke`,
		func(w *world, _ *testing.T, _ *deploy.Stack, c verify.Check, _ []string) {
			set(ofQueue, c.Resource, "ApproximateNumberOfMessages", "0")(w)
		}},
	{`^(Create it: d|AWS cannot change it: delete .* and d|Publish the project's content .* d)eploy the export again`,
		func(w *world, _ *testing.T, stack *deploy.Stack, c verify.Check, _ []string) {
			w.deploy(stack, dev.place(), func(r deploy.Wanted) bool { return isAbout(c, r) })
		}},
	{`^(Set|Remove) `, func(w *world, t *testing.T, stack *deploy.Stack, c verify.Check, _ []string) {
		for _, r := range stack.Wanted(dev.place()) {
			if isAbout(c, r) {
				p := w.deployed[keyOf(r.Type, r.Name, r.Named["Principal"])]
				changed(t, p, steps(c.Property), c.Want)
				return
			}
		}
		t.Errorf("what is to be changed is not there: %+v", c)
	}},
	{`^(sfn_error says what is wrong|Look at the (execution in the console|async function's log))`,
		func(w *world, t *testing.T, _ *deploy.Stack, _ verify.Check, _ []string) {
			fresh := newWorld(t) // whoever looks there finds and mends what the function does
			w.start, w.check, w.foreign = fresh.start, fresh.check, fresh.foreign
		}},
}

// inUse puts a resource to use.
func inUse(w *world, _ *testing.T, stack *deploy.Stack, c verify.Check, _ []string) {
	for _, r := range stack.Wanted(dev.place()) {
		if isAbout(c, r) {
			w.defaults(r, w.deployed[keyOf(r.Type, r.Name, r.Named["Principal"])], stack.Values(dev.place()))
		}
	}
}

// isAbout reports whether a check is about a resource: it says its kind and its name.
func isAbout(c verify.Check, r deploy.Wanted) bool {
	code := strings.ReplaceAll(r.Noun, " ", "-")
	return c.Resource == r.Name && (c.Code == code+"-missing" || c.Code == code+"-differs" || c.Title == r.Noun) &&
		(r.Noun != "permission" || strings.Contains(c.Detail, r.Named["Principal"]) || c.Group == "ends" ==
			(r.Named["Principal"] == "events.amazonaws.com"))
}

// apply does what a remedy says.
func (w *world) apply(t *testing.T, stack *deploy.Stack, c verify.Check) {
	t.Helper()
	if c.Remedy == "" || c.Detail == "" {
		t.Errorf("no remedy or no detail: %+v", c)
	}
	for _, r := range remedies {
		if word := regexp.MustCompile(r.words).FindStringSubmatch(c.Remedy); word != nil {
			r.do(w, t, stack, c, word)
			return
		}
	}
	t.Errorf("nobody knows how to do this: %s", c.Remedy)
}
