package deploy

import (
	"context"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/project"
)

// State says how a check of Verify ended.
type State string

// The states of a check.
const (
	OK   State = "OK"
	NG   State = "NG"   // wrong; the remedy says what to do
	Skip State = "SKIP" // not looked at, for the reason in the detail
)

// Check is one thing that Verify looked at.
type Check struct {
	Group  string `json:"group"`
	Title  string `json:"title"`
	State  State  `json:"state"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// VerifyOptions say what is verified.
type VerifyOptions struct {
	Name        string // of the deployment, default: the project's
	InstanceARN string // of the Connect instance; without it the checks of Connect are skipped
	Callers     int    // how many may wait at once, default: the project's expected_callers
	Run         bool   // start executions; without it nothing is changed or started
	Event       []byte // what a run sends, a Connect event; default: a sample without parameters
}

// Verify asks AWS whether a deployed set-up works, in the order in which a call goes through it. Checks whose ground another check
// found missing are skipped. The context ends it; faults of AWS itself are NG.
func Verify(ctx context.Context, s *Stack, cloud *Cloud, o VerifyOptions) []Check {
	if o.Name == "" {
		o.Name = s.project.Name
	}
	if o.Callers == 0 {
		o.Callers = s.settings.ExpectedCallers
	}
	v := &verifier{ctx: ctx, stack: s, cloud: cloud, options: o}
	if v.identity() {
		v.wrappedFunctions()
		v.stateMachines()
		v.table()
		v.asyncFunction()
		v.connect()
		v.capacity()
		v.runs()
	}
	return v.checks
}

// verifier collects checks.
type verifier struct {
	ctx     context.Context
	stack   *Stack
	cloud   *Cloud
	options VerifyOptions
	account string
	checks  []Check
	group   string

	async    asyncState
	machines map[string]string // the ARN of each job's state machine
}

func (v *verifier) ok(title, detail string, values ...any) {
	v.add(Check{Title: title, State: OK, Detail: fmt.Sprintf(detail, values...)})
}

func (v *verifier) ng(title, remedy, detail string, values ...any) {
	v.add(Check{Title: title, State: NG, Detail: fmt.Sprintf(detail, values...), Remedy: remedy})
}

func (v *verifier) skip(title, reason string) {
	v.add(Check{Title: title, State: Skip, Detail: reason})
}

func (v *verifier) add(c Check) {
	c.Group = v.group
	v.checks = append(v.checks, c)
}

const deployRemedy = "Deploy the export again (its README has the commands)."

func (v *verifier) identity() bool {
	v.group = "account"
	account, err := v.cloud.account(v.ctx)
	if err != nil {
		v.ng("credentials", "Log in (aws sso login, aws configure), or set AWS_PROFILE and AWS_REGION.", "%s", reasonOf(err))
		return false
	}
	v.account = account
	v.ok("credentials", "account %s, %s", account, v.cloud.region)
	return true
}

// wrappedFunctions asks for the functions that are wrapped.
func (v *verifier) wrappedFunctions() {
	v.group = "functions"
	for _, f := range v.stack.wrapped {
		if f.ARN == "" {
			v.skip(f.Name, "the project file has no arn for it")
			continue
		}
		v.wrappedFunction(f)
	}
}

func (v *verifier) wrappedFunction(f project.Function) {
	deployed, err := v.cloud.functionOf(v.ctx, f.ARN)
	switch {
	case err != nil:
		v.ng(f.Name, "Correct its arn in the project file, or deploy the function.", "%s: %s", f.ARN, reasonOf(err))
	case deployed.timeout > f.Timeout:
		v.ng(f.Name, fmt.Sprintf("Write timeout: %s in the project file, and export again.", deployed.timeout),
			"it may run for %s, and its step allows %s", deployed.timeout, f.Timeout)
	default:
		v.ok(f.Name, "%s, at most %s", f.ARN, deployed.timeout)
	}
}

// stateMachines asks for the state machine of each job, and whether its role may do what it does.
func (v *verifier) stateMachines() {
	v.machines = map[string]string{}
	for _, m := range v.stack.machines {
		v.group = "job " + m.job.Name
		arn := fmt.Sprintf("arn:%s:states:%s:%s:stateMachine:%s-%s", v.cloud.partition(), v.cloud.region, v.account, v.options.Name, m.job.Name)
		deployed, err := v.cloud.stateMachine(v.ctx, arn)
		if err != nil {
			v.ng("state machine", deployRemedy, "%s: %s", arn, reasonOf(err))
			v.skip("role", "there is no state machine")
			continue
		}
		v.machines[m.job.Name] = arn
		v.stateMachine(m, deployed)
		v.machineRole(m, deployed.role)
	}
}

func (v *verifier) stateMachine(m stateMachine, deployed machineState) {
	want := m.definition.resolve(v.known())
	switch {
	case deployed.kind != "STANDARD":
		v.ng("state machine", "Create a Standard one: Express has no once-only start, no stop and no describe.", "its type is %s", deployed.kind)
	case deployed.status != "ACTIVE":
		v.ng("state machine", deployRemedy, "its status is %s", deployed.status)
	case deployed.logsData:
		v.ng("state machine", "Set includeExecutionData to false.", "its log holds the callers' data")
	case strings.Contains(want, "${"):
		v.skip("definition", "the project file does not say where every function lives (arn)")
	case !equalJSON(want, deployed.definition):
		v.ng("state machine", deployRemedy, "its definition is not the project's")
	default:
		v.ok("state machine", "Standard, with the project's definition")
	}
}

// known are the values of the references in documents, as far as the project file has them.
func (v *verifier) known() map[string]string {
	values := map[string]string{"table.results.name": v.options.Name + "-results"}
	for _, f := range v.stack.wrapped {
		if f.ARN != "" {
			values["var."+functionVariable(f.Name)] = f.ARN
		}
	}
	return values
}

// machineRole asks IAM whether the role may invoke each function and write each result.
func (v *verifier) machineRole(m stateMachine, role string) {
	for _, f := range m.functions {
		if arn := resolve(f, v.known()); isFunctionARN(arn) {
			v.may("role", role, "lambda:InvokeFunction", arn)
		}
	}
	if v.stack.hasTable() {
		v.may("role", role, "dynamodb:UpdateItem", v.tableARN())
	}
}

// may asks IAM whether a role may do something.
func (v *verifier) may(title, role, action, resource string) {
	decision, err := v.cloud.simulate(v.ctx, role, action, resource)
	switch {
	case err != nil && isDenied(err):
		v.skip(title, "your credentials may not ask: iam:SimulatePrincipalPolicy is refused")
	case err != nil:
		v.ng(title, deployRemedy, "%s cannot be asked about: %s", role, reasonOf(err))
	case decision != "allowed":
		v.ng(title, fmt.Sprintf("Allow %s on %s in the role.", action, resource), "%s may not %s on %s (%s)", role, action, resource, decision)
	default:
		v.ok(title, "may %s on %s", action, resource)
	}
}

func (v *verifier) tableARN() string {
	return fmt.Sprintf("arn:%s:dynamodb:%s:%s:table/%s-results", v.cloud.partition(), v.cloud.region, v.account, v.options.Name)
}

// table asks for the results table.
func (v *verifier) table() {
	if !v.stack.hasTable() {
		return
	}
	v.group = "results table"
	name := v.options.Name + "-results"
	key, forgets, err := v.cloud.table(v.ctx, name)
	switch {
	case err != nil:
		v.ng("table", deployRemedy, "%s: %s", name, reasonOf(err))
	case key != "execution":
		v.ng("table", "Create it with the partition key execution (S).", "its key is %q", key)
	case forgets != "expires":
		v.ng("table", "Switch on TTL for the attribute expires.", "it never forgets: TTL is for %q", forgets)
	default:
		v.ok("table", "%s, TTL on", name)
	}
}
