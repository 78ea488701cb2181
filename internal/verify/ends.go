package verify

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
)

// Rule is a rule of EventBridge as it is deployed, with its first target.
type Rule struct {
	State, Pattern      string
	Target, DeadLetters string // ARNs; empty when there is none
}

// ends asks for all that writes the ends of executions into the results table: the function, the rule that invokes it,
// and the queues that keep what was lost. The rule must know every state machine.
func (v *verifier) ends() {
	if v.want.ResultsTable == "" {
		return
	}
	v.group = "ends"
	name := v.want.EndsFunction
	deployed, err := v.cloud.Function(v.ctx, name)
	if err != nil {
		v.fail("function", deployRemedy, "%s: %s", name, reasonOf(err))
		v.skip("rule", "there is no function for ends")
		return
	}
	v.ok("function", "%s", deployed.ARN)
	v.endsEnvironment(deployed.Environment)
	v.endsRole(deployed.Role)
	v.endsPermission(deployed.ARN)
	v.rule(deployed.ARN)
	v.onFailure(deployed.ARN)
	for _, queue := range []string{v.want.UndeliveredQueue, v.want.FailedQueue} {
		v.queue(queue)
	}
}

func (v *verifier) endsEnvironment(env map[string]string) {
	var problems []string
	if serves := env[async.EnvServes]; serves != async.ServesEnds {
		problems = append(problems, fmt.Sprintf("%s is %q, and must be %s", async.EnvServes, serves, async.ServesEnds))
	}
	if table := env[async.EnvResultsTable]; table != v.want.ResultsTable {
		problems = append(problems, fmt.Sprintf("%s is %q, and the project wants %q", async.EnvResultsTable, table,
			v.want.ResultsTable))
	}
	if jobs, err := jobsOf(env); err != nil {
		problems = append(problems, fmt.Sprintf("%s cannot be read: %v", async.EnvStateMachines, err))
	} else {
		problems = append(problems, v.wrongJobs(jobs)...)
	}
	for _, problem := range problems {
		v.fail("environment", deployRemedy, "%s", problem)
	}
	if len(problems) == 0 {
		v.ok("environment", "knows every job and the table")
	}
}

func (v *verifier) endsRole(role string) {
	for _, action := range []string{"dynamodb:GetItem", "dynamodb:UpdateItem"} {
		v.may("role", role, action, v.tableARN())
	}
	for _, m := range v.want.Machines {
		if arn := v.machines[m.Job.Name]; arn != "" {
			v.may("role", role, "states:DescribeExecution", executionOf(arn))
		}
	}
	v.may("role", role, "sqs:SendMessage", v.arn("sqs", v.want.FailedQueue))
}

func (v *verifier) ruleARN() string { return v.arn("events", "rule/"+v.want.EndsFunction) }

func (v *verifier) endsPermission(function string) {
	policy, err := v.policyOf(function)
	switch {
	case err != nil:
		v.fail("permission", deployRemedy, "EventBridge may not invoke the function: %s", reasonOf(err))
	case !policy.allows("events.amazonaws.com", v.ruleARN()):
		v.fail("permission", deployRemedy, "no statement lets EventBridge invoke it for the rule alone")
	default:
		v.ok("permission", "EventBridge may invoke it for the rule")
	}
}

// rule asks for the rule: it must be on, match every end of every state machine, and lead to the function.
func (v *verifier) rule(function string) {
	rule, err := v.cloud.Rule(v.ctx, v.want.EndsFunction)
	if err != nil {
		v.fail("rule", deployRemedy, "%s: %s", v.want.EndsFunction, reasonOf(err))
		return
	}
	unmatched := v.unmatched(rule.Pattern)
	switch {
	case rule.State != "ENABLED":
		v.fail("rule", "Enable it.", "its state is %s", rule.State)
	case unmatched != "":
		v.fail("rule", deployRemedy, "it does not match %s", unmatched)
	default:
		v.ok("rule", "matches the ends of every state machine")
	}
	switch {
	case rule.Target != function:
		v.fail("target", deployRemedy, "the rule invokes %q", rule.Target)
	case rule.DeadLetters != v.arn("sqs", v.want.UndeliveredQueue):
		v.fail("target", deployRemedy, "events that cannot be delivered go to %q", rule.DeadLetters)
	default:
		v.ok("target", "the function, and %s for what cannot be delivered", v.want.UndeliveredQueue)
	}
}

// unmatched is what a pattern does not match and must, empty when there is nothing.
func (v *verifier) unmatched(pattern string) string {
	var p struct {
		Source     []string
		DetailType []string `json:"detail-type"`
		Detail     struct{ Status, StateMachineARN []string }
	}
	if err := json.Unmarshal([]byte(pattern), &p); err != nil {
		return "anything: its pattern cannot be read"
	}
	if !slices.Contains(p.Source, async.EventSource) || !slices.Contains(p.DetailType, async.EventType) {
		return "the events of Step Functions"
	}
	for _, status := range async.EndStatuses {
		if !slices.Contains(p.Detail.Status, status) {
			return "executions that end as " + status
		}
	}
	for _, m := range v.want.Machines {
		if arn := v.machines[m.Job.Name]; arn != "" && !slices.Contains(p.Detail.StateMachineARN, arn) {
			return "the state machine of the job " + m.Job.Name
		}
	}
	return ""
}

// onFailure asks where events go for which the function failed.
func (v *verifier) onFailure(function string) {
	destination, err := v.cloud.OnFailure(v.ctx, function)
	switch {
	case err != nil:
		v.fail("failures", deployRemedy, "nothing keeps events for which it fails: %s", reasonOf(err))
	case destination != v.arn("sqs", v.want.FailedQueue):
		v.fail("failures", deployRemedy, "events for which it fails go to %q", destination)
	default:
		v.ok("failures", "go to %s", v.want.FailedQueue)
	}
}

// queue asks whether a queue is there and empty: each message is an end that nobody has written.
func (v *verifier) queue(name string) {
	messages, err := v.cloud.Messages(v.ctx, name)
	switch {
	case err != nil:
		v.fail("queue", deployRemedy, "%s: %s", name, reasonOf(err))
	case messages > 0:
		v.fail("queue", "See docs/runbook.md: mend the cause, then invoke the function with each event.",
			"%s has %d events whose ends were not written", name, messages)
	default:
		v.ok("queue", "%s is empty", name)
	}
}
