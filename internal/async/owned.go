package async

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// executionPrefix is what the ARNs of the state machine's executions begin with, whether the job names the state
// machine itself, a version or an alias: an execution's ARN has neither. It is empty when the job's ARN is not one of a
// state machine. Source of the forms: IAM service authorization reference, Step Functions.
func (j Job) executionPrefix() string {
	if !validMachineARN(j.StateMachineARN) {
		return ""
	}
	p := strings.Split(j.StateMachineARN, ":")
	return strings.Join(p[:5], ":") + ":execution:" + p[6] + ":"
}

// IsStateMachineARN reports whether arn is that of a state machine, without version or alias.
func IsStateMachineARN(arn string) bool { return validMachineARN(arn) && strings.Count(arn, ":") == 6 }

// validMachineARN reports whether arn is that of a state machine, a version or an alias, and nothing more: a blank at
// its end would be found out by the first caller.
func validMachineARN(arn string) bool {
	p := strings.Split(arn, ":")
	if len(p) < 7 || len(p) > 8 || p[0] != "arn" || p[2] != "states" || p[5] != "stateMachine" {
		return false
	}
	return consistsOf(p[1], letters+digits+"-") && consistsOf(p[3], letters+digits+"-") &&
		len(p[4]) == accountDigits && consistsOf(p[4], digits) && validName(p[6]) &&
		(len(p) == 7 || len(p[7]) <= maxName && consistsOf(p[7], letters+digits+"-_."))
}

const (
	letters       = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digits        = "0123456789"
	accountDigits = 12
)

// consistsOf reports whether text has only characters that are allowed, and at least one.
func consistsOf(text, allowed string) bool { return text != "" && strings.Trim(text, allowed) == "" }

// validName reports whether Step Functions takes a name for a state machine (API reference of CreateStateMachine).
func validName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxName &&
		!strings.ContainsFunc(name, unicode.IsSpace) && !strings.ContainsFunc(name, unicode.IsControl) &&
		!strings.ContainsAny(name, "<>{}[]?*\"#%\\^|~`$&,;:/")
}

// isExpress reports whether an execution is one of an Express state machine. They cannot be described or stopped by
// their name, and the same name may start several.
func isExpress(executionARN string) bool {
	p := strings.Split(executionARN, ":")
	return len(p) > 5 && p[5] == "express"
}

// region is the state machine's.
func (j Job) region() string {
	if p := strings.Split(j.StateMachineARN, ":"); len(p) > 3 {
		return p[3]
	}
	return ""
}

// owned takes the execution_id apart when it is an execution of one of the state machines, and of this contact where
// that is asked for.
func (f *Function) owned(in *invocation) *refusal {
	id := in.executionID
	if !wellFormed(id) {
		return refuse(InvalidExecutionID,
			"execution_id is not the ARN of an execution; pass what the start replied.")
	}
	if !f.findJob(in) {
		return refuse(NotOwnExecution, "execution_id belongs to a state machine that this function does not serve.")
	}
	return f.ownContact(in)
}

// findJob finds the job that started the execution. Of several with one state machine, on two of its aliases for
// instance, it is the one that the execution's name begins with; else the first.
func (f *Function) findJob(in *invocation) (found bool) {
	for _, job := range f.config.Jobs {
		name, ok := strings.CutPrefix(in.executionID, job.executionPrefix())
		named := ok && jobInName(name) == job.inName()
		if named || ok && !found {
			in.job, in.execution, found = job, name, true
		}
		if named {
			break
		}
	}
	return found
}

func (f *Function) ownContact(in *invocation) *refusal {
	if !f.config.OwnContactOnly {
		return nil
	}
	contact, ok := contactInName(in.execution)
	if in.job.ReadOnly && !ok {
		return nil // the name is one that Step Functions chose: it tells no contact, and nobody can guess it
	}
	if id := in.event.contactID(); !ok || id == "" || contact != contactInPart(id) {
		return refuse(NotOwnExecution, "execution_id belongs to another contact.")
	}
	return nil
}

// wellFormed reports whether id is an ARN of an execution of a Standard state machine.
func wellFormed(id string) bool {
	p := strings.Split(id, ":")
	return len(p) == 8 && p[0] == "arn" && p[2] == "states" && p[5] == "execution" && p[6] != "" &&
		p[7] != "" && len(p[7]) <= maxName && !strings.ContainsAny(p[7], "/ \t\r\n\x00")
}
