package async

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/arn"
)

// executionPrefix is what the ARNs of the state machine's executions begin with, whether the job names the state
// machine itself, a version or an alias: an execution's ARN has neither. It is empty when the job's ARN is not one of a
// state machine. Source of the forms: IAM service authorization reference, Step Functions.
func (j Job) executionPrefix() string {
	if !validMachineARN(j.StateMachineARN) {
		return ""
	}
	a, _ := arn.Parse(j.StateMachineARN)
	a.Resource = "execution:" + a.Path()[1] + ":"
	return a.String()
}

// IsStateMachineARN reports whether a text is the ARN of a state machine, without version or alias.
func IsStateMachineARN(text string) bool {
	return validMachineARN(text) && strings.Count(text, ":") == 6
}

// validMachineARN reports whether a text is the ARN of a state machine, a version or an alias, and nothing more: a
// blank at its end would be found out by the first caller.
func validMachineARN(text string) bool {
	a, ok := arn.Parse(text)
	path := a.Path()
	if !ok || a.Service != "states" || path[0] != "stateMachine" || len(path) < 2 || len(path) > 3 {
		return false
	}
	return consistsOf(a.Partition, letters+digits+"-") && consistsOf(a.Region, letters+digits+"-") &&
		len(a.Account) == accountDigits && consistsOf(a.Account, digits) && validName(path[1]) &&
		(len(path) == 2 || len(path[2]) <= maxName && consistsOf(path[2], letters+digits+"-_."))
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
	a, _ := arn.Parse(executionARN)
	return a.Path()[0] == "express"
}

// region is the state machine's.
func (j Job) region() string { return arn.Region(j.StateMachineARN) }

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
	a, _ := arn.Parse(id)
	path := a.Path()
	return a.Service == "states" && len(path) == 3 && path[0] == "execution" && path[1] != "" && path[2] != "" &&
		len(path[2]) <= maxName && !strings.ContainsAny(path[2], "/ \t\r\n\x00")
}
