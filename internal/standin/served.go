package standin

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/dynamodb"
	"github.com/connect-async/connect-async/internal/messaging"
)

// Served reports whether tasks of an integration are performed on this machine: Lambda functions, nested executions,
// operations of Step Functions, requests to tables that internal/dynamodb knows, and messages.
func Served(service, action string) bool {
	return service == "lambda" && action == "invoke" || service == "states" && action == "startExecution" ||
		TableOperation(service, action) != "" || StatesOperation(service, action) != "" ||
		messaging.Has(service, action)
}

// ServedTask is Served for a task of a definition. The request of an HTTP Task is made when it leads to this machine;
// endpoint is "" when the definition does not say where it leads.
func ServedTask(service, action, endpoint string) bool {
	return Served(service, action) || IsHTTP(service, action) && (endpoint == "" || OnThisMachine(endpoint))
}

// IsHTTP reports whether an integration is the HTTP Task.
func IsHTTP(service, action string) bool { return service == "http" && action == "invoke" }

// ToTables reports whether a service that tasks name is DynamoDB.
func ToTables(service string) bool { return service == "dynamodb" || service == "aws-sdk:dynamodb" }

// TableOperation is the operation on a DynamoDB table that an integration calls, "" when it calls none that is known.
func TableOperation(service, action string) string {
	if !ToTables(service) || !dynamodb.Has(Operation(action)) {
		return ""
	}
	return Operation(action)
}

// StatesOperation is the operation of Step Functions that an integration calls, "" when it calls none that is served.
func StatesOperation(service, action string) string {
	if service != "aws-sdk:sfn" || !slices.Contains(statesOperations, Operation(action)) {
		return ""
	}
	return Operation(action)
}

// StatesOperations are the operations of Step Functions that tasks may call: all that internal/statesapi serves.
func StatesOperations() []string { return slices.Clone(statesOperations) }

var statesOperations = []string{
	"CreateStateMachine", "UpdateStateMachine", "DeleteStateMachine", "DescribeStateMachine",
	"DescribeStateMachineForExecution", "ListStateMachines", "ValidateStateMachineDefinition",
	"PublishStateMachineVersion", "ListStateMachineVersions", "DeleteStateMachineVersion",
	"CreateStateMachineAlias", "DescribeStateMachineAlias", "UpdateStateMachineAlias", "ListStateMachineAliases",
	"DeleteStateMachineAlias",
	"StartExecution", "StartSyncExecution", "StopExecution", "DescribeExecution", "ListExecutions",
	"GetExecutionHistory",
	"RedriveExecution", "TestState",
	"CreateActivity", "DescribeActivity", "ListActivities", "DeleteActivity", "GetActivityTask",
	"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat",
	"TagResource", "UntagResource", "ListTagsForResource",
}

// Operation is the name that a service has for an action, which tasks write with a small first letter.
func Operation(action string) string {
	if action == "" {
		return ""
	}
	return strings.ToUpper(action[:1]) + action[1:]
}
