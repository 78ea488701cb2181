package deploy

import "strconv"

// variable is what differs between environments.
type variable struct {
	name        string
	description string
	number      bool
	value       string // the default; required when there is none
	required    bool
	written     string // what a flow has where it is filled in, "" for a placeholder
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

// variables are those of every tool. What only one tool has (where the package is) its renderer adds.
func (s *Stack) variables() []variable {
	set := s.settings
	list := []variable{{name: "name", description: "Names everything that is created", value: s.project.Name}}
	if set.Connect {
		list = append(list, variable{name: "instance_arn", description: "ARN of the Amazon Connect instance",
			required: true})
	}
	for _, f := range s.wrapped {
		list = append(list, variable{
			name: functionVariable(f.Name), value: f.ARN, required: f.ARN == "",
			description: "ARN of the function " + f.Name + ", with version or alias where one is used",
		})
	}
	list = append(list, s.named...)
	if set.Encryption {
		list = append(list, variable{name: "kms_key_arn",
			description: "ARN of the customer managed key that encrypts data at rest", required: true})
	}
	if s.hasTable() {
		list = append(list, variable{name: "ends_reserved_concurrency", number: true, value: unset,
			description: "Reserved concurrency of the function for ends, -1 for none"})
	}
	return append(list,
		variable{name: "alarm_topic_arn", description: "ARN of the SNS topic that alarms are sent to, or empty"},
		variable{name: "permissions_boundary_arn", description: "ARN of the policy that bounds the roles, or empty"},
		variable{name: "log_retention_days", description: "Days for which logs are kept", number: true,
			value: strconv.Itoa(set.LogRetentionDays)},
		variable{name: "memory_mb", description: "Memory of the async function in MB", number: true,
			value: strconv.Itoa(set.MemoryMB)},
		variable{name: "reserved_concurrency", description: "Reserved concurrency of the async function, -1 for none",
			number: true, value: unset},
		variable{name: "expected_callers", description: "How many callers may wait at once", number: true,
			value: strconv.Itoa(s.project.Callers)},
	)
}

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
