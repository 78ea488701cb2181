package async

import "strings"

// executionPrefix is what the ARNs of the state machine's executions begin with, whether the job names the state
// machine itself, a version or an alias: an execution's ARN has neither. It is empty when the job's ARN is not one of a
// state machine. Source of the forms: IAM service authorization reference, Step Functions.
func (j Job) executionPrefix() string {
	p := strings.Split(j.StateMachineARN, ":")
	if len(p) < 7 || len(p) > 8 || p[0] != "arn" || p[2] != "states" || p[5] != "stateMachine" || p[6] == "" {
		return ""
	}
	return strings.Join(p[:5], ":") + ":execution:" + p[6] + ":"
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
		if !ok || found && jobInName(name) != job.inName() {
			continue
		}
		in.job, in.execution, found = job, name, true
	}
	return found
}

func (f *Function) ownContact(in *invocation) *refusal {
	if !f.config.OwnContactOnly {
		return nil
	}
	contact, ok := contactInName(in.execution)
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
