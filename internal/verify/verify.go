// Package verify checks that a deployed set-up works, by asking AWS in the order in which a call goes through it.
//
// It takes a small interface for what it asks, Cloud, and knows no SDK. It imports internal/arn, internal/deploy for
// what should be there, internal/asl, internal/style, internal/project, internal/async for the contract,
// internal/awsfacts for quotas, and internal/clock. Runs share nothing.
package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// Cloud is what is asked of AWS. Its errors may have the methods ErrorCode and ErrorMessage, as those of the SDK have.
type Cloud interface {
	// Region is the Region that is asked.
	Region() string
	// Account is the account of the credentials.
	Account(ctx context.Context) (string, error)
	// Function describes a Lambda function by name or ARN.
	Function(ctx context.Context, name string) (Function, error)
	// Policy is the policy of a function, as JSON.
	Policy(ctx context.Context, function string) (string, error)
	// Concurrency is the account's limit, and what is reserved for a function, -1 for nothing.
	Concurrency(ctx context.Context, function string) (limit, reserved int, err error)
	// Invoke invokes a function and returns what it answered.
	Invoke(ctx context.Context, function string, payload []byte) ([]byte, error)
	// StateMachine describes a state machine.
	StateMachine(ctx context.Context, arn string) (StateMachine, error)
	// Table returns a table's partition key and the attribute by which it forgets items, "" when it does not.
	Table(ctx context.Context, name string) (key, expires string, err error)
	// Rule returns a rule of EventBridge's default bus.
	Rule(ctx context.Context, name string) (Rule, error)
	// OnFailure is where Lambda puts events for which a function failed, "" when it drops them.
	OnFailure(ctx context.Context, function string) (destination string, err error)
	// Messages is about how many messages a queue has.
	Messages(ctx context.Context, queue string) (int, error)
	// Simulate asks whether a role may do something: allowed, implicitDeny or explicitDeny.
	Simulate(ctx context.Context, role, action, resource string) (string, error)
	// AssociatedFunctions are the ARNs of the functions that flows of a Connect instance can choose.
	AssociatedFunctions(ctx context.Context, instance string) ([]string, error)
	// ContactFlows are the ids of an instance's flows by name.
	ContactFlows(ctx context.Context, instance string) (map[string]string, error)
	// ContactFlow returns the status and the content of a flow.
	ContactFlow(ctx context.Context, instance, id string) (status, content string, err error)
}

// Function is a Lambda function as it is deployed.
type Function struct {
	ARN, Role, State string
	Timeout          time.Duration
	Environment      map[string]string
}

// StateMachine is a state machine as it is deployed.
type StateMachine struct {
	Type, Status, Role, Definition string
	LogsData                       bool // its log holds the input and output of executions
}

// State says how a check ended.
type State string

// The states of a check.
const (
	OK   State = "OK"
	Fail State = "FAIL" // wrong; the remedy says what to do
	Skip State = "SKIP" // not looked at, for the reason in the detail
)

// Check is one thing that was looked at.
type Check struct {
	Group  string `json:"group"` // what of the set-up it is about
	Title  string `json:"title"`
	State  State  `json:"state"`
	Detail string `json:"detail"` // what was found, or why nothing was looked at
	Remedy string `json:"remedy,omitempty"`
}

// Options say what is verified.
type Options struct {
	Name        string // of the deployment, default: the project's
	InstanceARN string // of the Connect instance; without it the checks of Connect are skipped
	Callers     int    // how many may wait at once, default: the project's callers
	Run         bool   // start executions; without it nothing is changed or started
	Event       []byte // what a run sends, a Connect event; default: a sample without parameters
}

// Run checks that a deployed set-up works, in the order in which a call goes through it. Checks whose ground
// another check found missing are skipped. The context ends it; faults of AWS itself fail the check.
func Run(ctx context.Context, s *deploy.Stack, cloud Cloud, c clock.Clock, o Options) []Check {
	want := s.Deployment(deploy.Site{Region: cloud.Region(), Values: map[string]string{"name": o.Name}})
	if o.Callers == 0 {
		o.Callers = want.Callers
	}
	v := &verifier{ctx: ctx, want: want, cloud: cloud, clock: c, options: o, machines: map[string]string{}}
	if v.identity() {
		v.wrappedFunctions()
		v.stateMachines()
		v.table()
		v.asyncFunction()
		v.ends()
		v.connect()
		v.capacity()
		v.runs()
	}
	return v.checks
}

// verifier collects checks.
type verifier struct {
	ctx     context.Context
	want    deploy.Deployment
	cloud   Cloud
	clock   clock.Clock
	options Options
	account string
	checks  []Check
	group   string

	async    asyncState
	machines map[string]string // the ARN of each job's state machine, of those that are there
}

func (v *verifier) ok(title, detail string, values ...any) {
	v.add(Check{Title: title, State: OK, Detail: fmt.Sprintf(detail, values...)})
}

func (v *verifier) fail(title, remedy, detail string, values ...any) {
	v.add(Check{Title: title, State: Fail, Detail: fmt.Sprintf(detail, values...), Remedy: remedy})
}

func (v *verifier) skip(title, reason string) {
	v.add(Check{Title: title, State: Skip, Detail: reason})
}

func (v *verifier) add(c Check) {
	c.Group = v.group
	v.checks = append(v.checks, c)
}

// apiError is how the SDK reports the error of a service.
type apiError interface {
	error
	ErrorCode() string
	ErrorMessage() string
}

// reasonOf is an error as the service words it, without the SDK's own wrapping.
func reasonOf(err error) string {
	var api apiError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return err.Error()
}

func isDenied(err error) bool {
	var api apiError
	return errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "AccessDenied")
}

const deployRemedy = "Deploy the export again (its README has the commands)."

func (v *verifier) identity() bool {
	v.group = "account"
	account, err := v.cloud.Account(v.ctx)
	if err != nil {
		v.fail("credentials", "Log in (aws sso login, aws configure), or set AWS_PROFILE and AWS_REGION.", "%s",
			reasonOf(err))
		return false
	}
	v.account = account
	v.ok("credentials", "account %s, %s", account, v.cloud.Region())
	return true
}

// wrappedFunctions asks for the functions that are wrapped.
func (v *verifier) wrappedFunctions() {
	v.group = "functions"
	for _, f := range v.want.Functions {
		if f.ARN == "" {
			v.skip(f.Name, "the project file has no arn for it")
			continue
		}
		v.wrappedFunction(f)
	}
}

func (v *verifier) wrappedFunction(f project.Function) {
	deployed, err := v.cloud.Function(v.ctx, f.ARN)
	switch {
	case err != nil:
		v.fail(f.Name, "Correct its arn in the project file, or deploy the function.", "%s: %s", f.ARN, reasonOf(err))
	case deployed.Timeout > f.Timeout:
		v.fail(f.Name, fmt.Sprintf("Write timeout: %s in the project file, and export again.", deployed.Timeout),
			"it may run for %s, and its step allows %s", deployed.Timeout, f.Timeout)
	default:
		v.ok(f.Name, "%s, at most %s", f.ARN, deployed.Timeout)
	}
}

// stateMachines asks for the state machine of each job, and whether its role may do what it does.
func (v *verifier) stateMachines() {
	for _, m := range v.want.Machines {
		v.group = "job " + m.Job.Name
		arn := v.arn("states", "stateMachine:"+m.Name)
		deployed, err := v.cloud.StateMachine(v.ctx, arn)
		if err != nil {
			v.fail("state machine", deployRemedy, "%s: %s", arn, reasonOf(err))
			v.skip("role", "there is no state machine")
			continue
		}
		v.machines[m.Job.Name] = arn
		v.stateMachine(m, deployed)
		v.machineRole(m, deployed.Role)
	}
}

// arn is the ARN of something of the account in the Region.
func (v *verifier) arn(service, resource string) string {
	region := v.cloud.Region()
	return arn.ARN{Partition: arn.Partition(region), Service: service, Region: region, Account: v.account,
		Resource: resource}.String()
}

func (v *verifier) stateMachine(m deploy.DeployedMachine, deployed StateMachine) {
	const title = "state machine"
	switch {
	case deployed.Type != string(asl.Standard):
		v.fail(title, "Create a Standard one: Express has no once-only start, no stop and no describe.",
			"its type is %s", deployed.Type)
	case deployed.Status != "ACTIVE":
		v.fail(title, deployRemedy, "its status is %s", deployed.Status)
	case deployed.LogsData:
		v.fail(title, "Set includeExecutionData to false.", "its log holds the callers' data")
	case strings.Contains(m.Definition, "${"):
		v.skip("definition", "the project file does not say where every function lives (arn)")
	case !equalJSON(m.Definition, deployed.Definition):
		v.fail(title, deployRemedy, "its definition is not the project's")
	default:
		v.ok(title, "Standard, with the project's definition")
	}
}

// equalJSON reports whether two texts are the same JSON document.
func equalJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// machineRole asks IAM whether the role may invoke each function and write each result.
func (v *verifier) machineRole(m deploy.DeployedMachine, role string) {
	for _, arn := range m.Functions {
		v.may("role", role, "lambda:InvokeFunction", arn)
	}
	if m.WritesEnd {
		v.may("role", role, "dynamodb:UpdateItem", v.tableARN())
	}
}

// may asks IAM whether a role may do something.
func (v *verifier) may(title, role, action, resource string) {
	decision, err := v.cloud.Simulate(v.ctx, role, action, resource)
	switch {
	case err != nil && isDenied(err):
		v.skip(title, "your credentials lack iam:SimulatePrincipalPolicy")
	case err != nil:
		v.fail(title, deployRemedy, "%s cannot be asked about: %s", role, reasonOf(err))
	case decision != "allowed":
		v.fail(title, fmt.Sprintf("Allow %s on %s in the role.", action, resource), "%s may not %s on %s (%s)", role,
			action, resource, decision)
	default:
		v.ok(title, "may %s on %s", action, resource)
	}
}

func (v *verifier) tableARN() string { return v.arn("dynamodb", "table/"+v.want.ResultsTable) }

// table asks for the results table.
func (v *verifier) table() {
	name := v.want.ResultsTable
	if name == "" {
		return
	}
	v.group = "results table"
	key, expires, err := v.cloud.Table(v.ctx, name)
	switch {
	case err != nil:
		v.fail("table", deployRemedy, "%s: %s", name, reasonOf(err))
	case key != async.ItemExecution:
		v.fail("table", "Create it with the partition key "+async.ItemExecution+" (S).", "its key is %q", key)
	case expires != async.ItemExpires:
		v.fail("table", "Switch on TTL for the attribute "+async.ItemExpires+".", "it never forgets: TTL is for %q",
			expires)
	default:
		v.ok("table", "%s, TTL on", name)
	}
}
