package verify

import (
	"fmt"
	"strings"
)

// roles asks IAM whether the roles may do what they must. It counts everything that the policies of the account say,
// and is all there is to ask of roles that were given.
func (v *verifier) roles() {
	for _, m := range v.want.Machines {
		v.group = groupOfJob(m.Job.Name)
		machine := v.found["machine."+m.ID]
		for _, function := range m.Functions {
			v.may(machine["RoleArn"], "lambda:InvokeFunction", v.values[function])
		}
		if m.WritesEnd {
			v.may(machine["RoleArn"], "dynamodb:UpdateItem", v.tableARN())
		}
	}
	v.group = groupAsync
	async := v.found[asyncKey]
	for _, m := range v.want.Machines {
		machine := v.values["machine."+m.ID+".arn"]
		v.may(async["Role"], "states:StartExecution", machine)
		v.may(async["Role"], "states:DescribeExecution", executionOf(machine))
		v.may(async["Role"], "states:StopExecution", executionOf(machine))
		if m.HasHistory {
			v.may(async["Role"], "states:GetExecutionHistory", executionOf(machine))
		}
	}
	if v.want.ResultsTable == "" {
		return
	}
	for _, action := range []string{"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"} {
		v.may(async["Role"], action, v.tableARN())
	}
	v.group = groupEnds
	ends := v.found["function.ends"]
	for _, action := range []string{"dynamodb:GetItem", "dynamodb:UpdateItem"} {
		v.may(ends["Role"], action, v.tableARN())
	}
	for _, m := range v.want.Machines {
		v.may(ends["Role"], "states:DescribeExecution", executionOf(v.values["machine."+m.ID+".arn"]))
	}
	v.may(ends["Role"], "sqs:SendMessage", v.values["queue.failed.arn"])
}

func (v *verifier) tableARN() string { return v.values["table.results.arn"] }

// executionOf is the ARN of an execution of a state machine, by which IAM is asked about all of them.
func executionOf(machine string) string {
	return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":verify"
}

// may asks IAM whether the role of something that is there may do something with something whose ARN is known.
func (v *verifier) may(of any, action, resource string) {
	role, there := of.(string)
	if !there || resource == "" {
		return
	}
	const title = "role"
	decision, err := v.cloud.Simulate(v.ctx, role, action, resource)
	switch {
	case isDenied(err):
		v.skip(title, "your credentials lack iam:SimulatePrincipalPolicy")
	case isMissing(err): // the role: what is wrong with it was said
		v.skip(title, "there is no role "+role)
	case err != nil:
		v.unknown(title, err)
	case decision != "allowed":
		v.add(Check{Code: CodeRoleDenied, Title: title, State: Fail, Resource: role,
			Remedy: fmt.Sprintf("Allow %s on %s in the role %s; look for a Deny, a permissions boundary and a service "+
				"control policy too.", action, resource, role),
			Detail: fmt.Sprintf("%s may not %s on %s (%s)", role, action, resource, decision)})
	default:
		v.ok(title, "may %s on %s", action, resource)
	}
}

// roleName is the name in a role's ARN, which may have a path before it.
func roleName(role string) string { return role[strings.LastIndex(role, "/")+1:] }
