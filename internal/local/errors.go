package local

import (
	"encoding/json"
	"fmt"
)

// Error is a refusal of one of the account's services, with the service's own code.
type Error struct {
	Code    string
	Message string
	Reasons json.RawMessage // why each action of a transaction on tables did not happen
	Item    json.RawMessage // the item whose condition failed, when a request to a table asked for it
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// The refusals of Step Functions, in the service's words (recorded).

func errMachineMissing(arn string) error {
	return &Error{Code: "StateMachineDoesNotExist", Message: fmt.Sprintf("State Machine Does Not Exist: '%s'", arn)}
}

func errMachineExists(arn string) error {
	return &Error{Code: "StateMachineAlreadyExists", Message: fmt.Sprintf("State Machine Already Exists: '%s'", arn)}
}

func errDeleting(arn string) error {
	return &Error{Code: "StateMachineDeleting", Message: fmt.Sprintf("State Machine is being deleted: '%s'", arn)}
}

func errActivityMissing(arn string) error { // wording that of the other resources
	return &Error{Code: "ActivityDoesNotExist", Message: fmt.Sprintf("Activity Does Not Exist: '%s'", arn)}
}

func errNoResource(arn string) error {
	return &Error{Code: "ResourceNotFound", Message: fmt.Sprintf("Resource not found: '%s'", arn)}
}

func errExecutionMissing(arn string) error {
	return &Error{Code: "ExecutionDoesNotExist", Message: fmt.Sprintf("Execution Does Not Exist: '%s'", arn)}
}

func errExecutionExists(arn string) error {
	return &Error{Code: "ExecutionAlreadyExists", Message: fmt.Sprintf("Execution Already Exists: '%s'", arn)}
}

func errName(name string) error {
	return &Error{Code: "InvalidName", Message: fmt.Sprintf("Invalid Name: '%s'", name)}
}

func errARN(format string, args ...any) error {
	return &Error{Code: "InvalidArn", Message: fmt.Sprintf("Invalid Arn: '"+format+"'", args...)}
}

func errInput(problem string) error {
	return &Error{
		Code:    "InvalidExecutionInput",
		Message: fmt.Sprintf("Invalid State Machine Execution Input: '%s'", problem),
	}
}

func errKind() error {
	return &Error{
		Code:    "StateMachineTypeNotSupported",
		Message: "This operation is not supported by this type of state machine",
	}
}

func errValidation(format string, args ...any) error {
	return &Error{Code: "ValidationException", Message: "1 validation error detected: " + fmt.Sprintf(format, args...)}
}
