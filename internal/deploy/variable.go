package deploy

import (
	"fmt"
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// variable is what differs between environments.
type variable struct {
	name        string
	description string
	number      bool
	value       string // the default; required when there is none
	required    bool
	accepts     constraint           // what its value must be
	thing       flowlang.Placeholder // that it is the ARN of, whose kind is "" for any other variable
	delivers    string               // job whose late results go there, "" for any other variable
	needs       string               // the variable without which it means nothing, "" for none
	written     string               // what a flow has where it is filled in, "" for a placeholder
}

// unset is the value of a number that is not set.
const unset = "-1"

// empty is the value with which a variable counts as not set.
func (v variable) empty() string {
	if v.number {
		return unset
	}
	return ""
}

// variables are those of every tool. What only one tool has (where the package is) its renderer adds. Each is used by
// what is created: a setting that leaves something out leaves its variables out.
func (s *Stack) variables() []variable {
	set := s.settings
	list := []variable{{name: nameVariable, description: "Names everything that is created", value: s.project.Name,
		accepts: s.nameRule()}}
	if set.Connect || s.mindsLeavers() {
		list = append(list, variable{name: instanceVariable, description: "ARN of the Amazon Connect instance",
			required: true, accepts: instanceRule})
	}
	for _, f := range s.wrapped {
		list = append(list, variable{
			name: functionVariable(f.Name), value: f.ARN, required: f.ARN == "", accepts: functionRule,
			thing:       flowlang.Placeholder{Kind: flowlang.FunctionKind, Name: f.Name},
			description: "ARN of the function " + f.Name + ", with version or alias where one is used",
		})
	}
	list = append(list, s.named...)
	list = append(list, s.deliverVariables()...)
	list = append(list, s.reportVariables()...)
	if set.Encryption {
		list = append(list, variable{name: "kms_key_arn", accepts: keyRule,
			description: "ARN of the customer managed key that encrypts data at rest", required: true})
	}
	list = append(list, s.readOnlyVariables()...)
	list = append(list, s.roleVariables()...)
	if s.hasTable() {
		list = append(list, variable{name: "ends_reserved_concurrency", number: true, value: unset,
			accepts: concurrencyRule, description: "Reserved concurrency of the function for ends, -1 for none"})
	}
	list = append(list, s.releaseVariables()...)
	if set.Alarms {
		list = append(list, variable{name: "alarm_topic_arn", accepts: topicRule.orEmpty(),
			description: "ARN of the SNS topic that alarms are sent to, or empty"})
	}
	return append(list,
		variable{name: "log_retention_days", description: "Days for which logs are kept", number: true,
			value: strconv.Itoa(set.LogRetentionDays), accepts: retentionRule},
		variable{name: "memory_mb", description: "Memory of the async function in MB", number: true,
			value: strconv.Itoa(set.MemoryMB), accepts: memoryRule},
		variable{name: "reserved_concurrency", description: "Reserved concurrency of the async function, -1 for none",
			number: true, value: unset, accepts: concurrencyRule},
		variable{name: callersVariable, description: "How many callers may wait at once", number: true,
			value: strconv.Itoa(s.project.Callers), accepts: callersRule},
	)
}

// Variables that a stage has keys for.
const (
	nameVariable     = "name"
	instanceVariable = "instance_arn"
	callersVariable  = "expected_callers"
)

// readOnlyVariables are those of the state machines whose executions are only checked.
func (s *Stack) readOnlyVariables() []variable {
	var list []variable
	for i, machine := range s.settings.ReadOnly {
		list = append(list, variable{name: fmt.Sprintf("read_only_%d_arn", i+1), value: machine, accepts: machineRule,
			description: fmt.Sprintf("ARN of state machine %d whose executions are only checked", i+1)})
	}
	return list
}

// roleVariables are those of the roles: those that were given, and what the ones that are created are called and
// bounded by.
func (s *Stack) roleVariables() []variable {
	var list []variable
	given := func(name, arn, of string) {
		if arn != "" {
			list = append(list, variable{name: name, value: arn, accepts: roleRule,
				description: "ARN of the role of " + of})
		}
	}
	given(asyncRole, s.settings.RoleARN, "the async function")
	if s.hasTable() {
		given(endsRole, s.settings.EndsRoleARN, "the function for ends")
	}
	given(machineRole, s.settings.StateMachineRoleARN, "the state machines")
	if len(s.roles()) == 0 {
		return list
	}
	return append(list,
		variable{name: "role_path", description: "Path of the roles that are created", value: s.settings.RolePath,
			accepts: rolePathRule},
		variable{name: rolePrefixVariable, value: s.settings.RolePrefix, accepts: s.rolePrefixRule(),
			description: "What the names of the roles that are created begin with"},
		variable{name: "permissions_boundary_arn", accepts: boundaryRule.orEmpty(),
			description: "ARN of the policy that bounds the roles, or empty"})
}

const rolePrefixVariable = "role_prefix"

// The variables of roles that were given.
const (
	asyncRole   = "role_arn"
	endsRole    = "ends_role_arn"
	machineRole = "state_machine_role_arn"
)

// roleGiven is the variable of a role, "" for one that is created.
func roleGiven(variable, arn string) string {
	if arn == "" {
		return ""
	}
	return variable
}

// names are the settings with which names of roles are made of variables.
func (s *Stack) names() project.Deploy { return project.Deploy{RolePrefix: "${var.role_prefix}"} }

func functionVariable(function string) string { return identifier(function) + "_function_arn" }

// fromVariable is a value that is a variable's, left out when that is empty.
func fromVariable(name string) optional {
	return optional{variable: name, value: textOf("${var." + name + "}")}
}

// fromNumber is a value that is a variable's, left out when that is unset.
func fromNumber(name string) optional {
	o := fromVariable(name)
	o.number = true
	return o
}

// empty is the value with which the variable counts as not set, as Terraform and TypeScript write it.
func (o optional) empty() string {
	if o.number {
		return unset
	}
	return `""`
}
