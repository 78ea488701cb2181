package local

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/source"
)

// StateMachine is a Standard state machine of the account.
type StateMachine struct {
	ARN     string
	Name    string
	Machine *asl.Machine
}

// CodeUnknownFunction is the code of the finding for a task whose function the account does not have.
const CodeUnknownFunction = "local-unknown-function"

// AddStateMachine adds a state machine under a name and returns its ARN. What its tasks need must be there: a task that cannot
// be performed is a finding of severity error, and then nothing is added.
func (a *Account) AddStateMachine(file, name string, m *asl.Machine) (string, source.Findings) {
	var found source.Findings
	for _, task := range m.Tasks() {
		if finding, bad := a.checkTask(file, task); bad {
			found = append(found, finding)
		}
	}
	if found.HasErrors() {
		return "", found
	}
	arn := a.StateMachineARN(name)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.machines[arn] = &StateMachine{ARN: arn, Name: name, Machine: m}
	return arn, nil
}

// StartExecution starts an execution of a state machine, given by ARN. Without a name it gets a random one. As documented for
// Standard state machines, the same name with the same input returns the running execution; any other repetition of a name is
// ExecutionAlreadyExists.
func (a *Account) StartExecution(machineARN, name string, input json.RawMessage) (*Execution, error) {
	a.mu.Lock()
	machine, ok := a.machines[machineARN]
	a.mu.Unlock()
	if !ok {
		return nil, &Error{"StateMachineDoesNotExist", fmt.Sprintf("State Machine Does Not Exist: '%s'", machineARN)}
	}
	if name == "" {
		name = a.NewID()
	}
	arn := strings.Replace(machineARN, ":stateMachine:", ":execution:", 1) + ":" + name
	a.mu.Lock()
	if earlier, exists := a.executions[arn]; exists {
		a.mu.Unlock()
		return earlier.repeated(input)
	}
	e, err := a.newExecution(machine, arn, name, input)
	if err != nil {
		a.mu.Unlock()
		return nil, &Error{"InvalidExecutionInput", err.Error()}
	}
	a.executions[arn] = e
	a.mu.Unlock()
	a.options.Observe(e)
	e.advance(asl.Started{At: a.options.Clock.Now()})
	return e, nil
}

// Execution returns an execution by ARN.
func (a *Account) Execution(arn string) (*Execution, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.executions[arn]; ok {
		return e, nil
	}
	return nil, &Error{"ExecutionDoesNotExist", fmt.Sprintf("Execution Does Not Exist: '%s'", arn)}
}

// checkTask says what the account lacks for a task.
func (a *Account) checkTask(file string, task asl.Task) (f source.Finding, bad bool) {
	f = source.Finding{Code: CodeUnknownFunction, Severity: source.Error, File: file, Pos: task.Pos}
	switch {
	case task.Service != "lambda":
		f.Message = fmt.Sprintf("the state %s calls %s, which has no local stand-in", task.State, task.Resource)
		f.Remedy = "Call a Lambda function there, or test this state machine without it."
		return f, true
	case task.FunctionName == "": // known only when it runs
		return f, false
	}
	if _, ok := a.FunctionName(task.FunctionName); ok {
		return f, false
	}
	f.Message = fmt.Sprintf("the state %s calls %s, which is no function of this project", task.State, task.FunctionName)
	f.Remedy = "Say in the scenario which function it is, under names: {ARN: FUNCTION}."
	return f, true
}
