package verify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/style"
)

// asyncState is the async function as it is deployed.
type asyncState struct {
	arn, role string
	there     bool
}

// asyncFunction asks for the async function, what it is configured with and what its role may do.
func (v *verifier) asyncFunction() {
	v.group = "async function"
	name := v.want.AsyncFunction
	deployed, err := v.cloud.Function(v.ctx, name)
	if err != nil {
		v.fail("function", deployRemedy, "%s: %s", name, reasonOf(err))
		return
	}
	v.async = asyncState{arn: deployed.ARN, role: deployed.Role, there: true}
	if deployed.State != "Active" && deployed.State != "" {
		v.fail("function", "Wait until it is Active, or look at its last update in the console.", "its state is %s",
			deployed.State)
	} else {
		v.ok("function", "%s", deployed.ARN)
	}
	v.environment(deployed.Environment)
	v.asyncRole()
}

// environment compares the variables that decide where executions and results are.
func (v *verifier) environment(env map[string]string) {
	jobs, err := jobsOf(env)
	if err != nil {
		v.fail("environment", deployRemedy, "%s cannot be read: %v", async.EnvStateMachines, err)
		return
	}
	wrong := false
	for _, problem := range v.wrongJobs(jobs) {
		wrong = true
		v.fail("environment", deployRemedy, "%s", problem)
	}
	if table := env[async.EnvResultsTable]; table != v.want.ResultsTable {
		wrong = true
		v.fail("environment", deployRemedy, "%s is %q, and the project wants %q", async.EnvResultsTable, table,
			v.want.ResultsTable)
	}
	if name := env[async.EnvDeployment]; name != v.want.Name {
		wrong = true
		v.fail("environment", deployRemedy, "%s is %q, and the alarms watch the metrics of %q",
			async.EnvDeployment, name, v.want.Name)
	}
	if env[async.EnvLogData] == "true" {
		wrong = true
		v.fail("environment", "Remove "+async.EnvLogData+", except while you look for a fault.",
			"the log holds the callers' data")
	}
	if !wrong {
		v.ok("environment", "knows every job")
	}
}

// jobsOf reads STATE_MACHINES: for each job an ARN, or an object with arn.
func jobsOf(env map[string]string) (map[string]string, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(env[async.EnvStateMachines]), &raw); err != nil {
		return nil, err
	}
	jobs := map[string]string{}
	for name, value := range raw {
		var object struct{ ARN string }
		var arn string
		if json.Unmarshal(value, &arn) != nil {
			if err := json.Unmarshal(value, &object); err != nil {
				return nil, err
			}
			arn = object.ARN
		}
		jobs[name] = arn
	}
	return jobs, nil
}

// wrongJobs says for each job that a function knows otherwise than it is deployed what is wrong. Jobs without a state
// machine are not asked about.
func (v *verifier) wrongJobs(jobs map[string]string) []string {
	var wrong []string
	for _, m := range v.want.Machines {
		if arn := v.machines[m.Job.Name]; arn != "" && jobs[m.Job.Name] != arn {
			wrong = append(wrong, fmt.Sprintf("the job %s is %q there, and the state machine is %s", m.Job.Name,
				jobs[m.Job.Name], arn))
		}
	}
	return wrong
}

// executionOf is the ARN of an execution of a state machine, by which IAM is asked about all of them.
func executionOf(machine string) string {
	return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":verify"
}

func (v *verifier) asyncRole() {
	for _, m := range v.want.Machines {
		arn := v.machines[m.Job.Name]
		if arn == "" {
			v.skip("role", "the job "+m.Job.Name+" has no state machine")
			continue
		}
		execution := executionOf(arn)
		v.may("role", v.async.role, "states:StartExecution", arn)
		v.may("role", v.async.role, "states:DescribeExecution", execution)
		v.may("role", v.async.role, "states:StopExecution", execution)
	}
	if v.want.ResultsTable != "" {
		for _, action := range []string{"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"} {
			v.may("role", v.async.role, action, v.tableARN())
		}
	}
}

// connect asks for the permission, the association and the published flows.
func (v *verifier) connect() {
	v.group = "Amazon Connect"
	switch {
	case !v.want.Connect:
		v.skip("instance", "the project does not deploy to Connect (deploy: {connect: false})")
		return
	case v.options.InstanceARN == "":
		v.skip("instance", "give the instance with --instance ARN")
		return
	case !v.async.there:
		v.skip("instance", "there is no async function")
		return
	}
	v.permission()
	v.association()
	v.flows()
}

func (v *verifier) permission() {
	policy, err := v.policyOf(v.async.arn)
	remedy := "Deploy the export again, or add a permission for connect.amazonaws.com with the instance as source ARN."
	switch {
	case err != nil:
		v.fail("permission", remedy, "Connect may not invoke the async function: %s", reasonOf(err))
	case !policy.allows("connect.amazonaws.com", v.options.InstanceARN):
		v.fail("permission", remedy, "no statement lets Connect invoke it for this instance alone")
	default:
		v.ok("permission", "Connect may invoke it for this instance")
	}
}

// policyOf reads who may invoke a function.
func (v *verifier) policyOf(function string) (p resourcePolicy, err error) {
	text, err := v.cloud.Policy(v.ctx, function)
	if err != nil {
		return p, err
	}
	err = json.Unmarshal([]byte(text), &p)
	return p, err
}

// resourcePolicy is the policy of a Lambda function. Where a policy may have a text or a list, both are read.
type resourcePolicy struct {
	Statement []struct {
		Effect    string
		Principal any
		Action    any
		Condition map[string]map[string]any
	}
}

// allows reports whether a service may invoke for one source. The keys of a condition have no fixed case.
func (p resourcePolicy) allows(service, source string) bool {
	for _, s := range p.Statement {
		principal, _ := s.Principal.(map[string]any)
		if s.Effect != "Allow" || !names(principal["Service"], service) || !names(s.Action, "lambda:InvokeFunction") {
			continue
		}
		for _, values := range s.Condition {
			for key, value := range values {
				if strings.EqualFold(key, "AWS:SourceArn") && names(value, source) {
					return true
				}
			}
		}
	}
	return false
}

// names reports whether a value of a policy, a text or a list of texts, has a text.
func names(value any, want string) bool {
	if list, ok := value.([]any); ok {
		return slices.Contains(list, any(want))
	}
	return value == want
}

func (v *verifier) association() {
	arns, err := v.cloud.AssociatedFunctions(v.ctx, v.instanceID())
	if err != nil {
		v.fail("association", "Allow connect:ListLambdaFunctions for your credentials, and check the instance.", "%s",
			reasonOf(err))
		return
	}
	for _, arn := range arns {
		if arn == v.async.arn {
			v.ok("association", "flows of the instance can choose it")
			return
		}
	}
	v.fail("association", deployRemedy, "the instance does not know the async function")
}

func (v *verifier) instanceID() string {
	return v.options.InstanceARN[strings.LastIndex(v.options.InstanceARN, "/")+1:]
}

// flows asks whether each managed flow is published and calls the async function.
func (v *verifier) flows() {
	if len(v.want.Flows) == 0 {
		v.skip("flow", "the project manages no flow")
		return
	}
	published, err := v.cloud.ContactFlows(v.ctx, v.instanceID())
	if err != nil {
		v.fail("flow", "Allow connect:ListContactFlows for your credentials.", "%s", reasonOf(err))
		return
	}
	for _, f := range v.want.Flows {
		if f.Module {
			v.skip("flow", f.Name+" is a module: modules are not looked at; the flow that invokes it is yours")
			continue
		}
		v.flow(f.Name, published[f.Name])
	}
}

func (v *verifier) flow(name, id string) {
	if id == "" {
		v.fail("flow", deployRemedy, "the instance has no flow %s", name)
		return
	}
	status, content, err := v.cloud.ContactFlow(v.ctx, v.instanceID(), id)
	switch {
	case err != nil:
		v.fail("flow", "Allow connect:DescribeContactFlow for your credentials.", "%s: %s", name, reasonOf(err))
	case status != "PUBLISHED":
		v.fail("flow", "Publish it.", "%s is %s", name, status)
	case !strings.Contains(content, v.async.arn):
		v.fail("flow", deployRemedy, "%s does not call %s", name, v.async.arn)
	default:
		v.ok("flow", "%s is published and calls the async function", name)
	}
}

// capacity compares quotas and concurrency with the number of callers.
func (v *verifier) capacity() {
	v.group = "capacity"
	callers := v.options.Callers
	limit, reserved, err := v.cloud.Concurrency(v.ctx, v.async.arn)
	switch {
	case err != nil:
		v.fail("concurrency", "Allow lambda:GetAccountSettings and lambda:GetFunctionConcurrency for your credentials.",
			"%s", reasonOf(err))
	case reserved >= 0 && reserved < callers:
		v.fail("concurrency", "Raise reserved_concurrency.",
			"%d are reserved for the async function, and %d callers may wait", reserved, callers)
	case limit < 2*callers:
		v.fail("concurrency", "Ask for more: Service Quotas, AWS Lambda, Concurrent executions.",
			"the account has %d, and %d callers may hold a check and a running function each", limit, callers)
	default:
		v.ok("concurrency", "%d for %d callers", limit, callers)
	}
	v.describeQuota(callers)
}

// describeQuota asks whether checks in the style poll, each one a DescribeExecution, stay below its rate.
func (v *verifier) describeQuota(callers int) {
	rate := awsfacts.DescribeExecutionRate(v.cloud.Region()).PerSecond
	served := int(rate * style.PollSeconds)
	switch {
	case v.want.ResultsTable != "":
		v.ok("checks", "read the results table, which serves any number of callers")
	case callers > served:
		v.fail("checks", "Write results: table in the project file, or ask for a higher quota of DescribeExecution.",
			"DescribeExecution serves %.0f a second, %d callers who check every %d s; %d may wait",
			rate, served, style.PollSeconds, callers)
	default:
		v.ok("checks", "DescribeExecution serves %d callers who check every %d s", served, style.PollSeconds)
	}
}
