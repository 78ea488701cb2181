package remote

// Action is an action of IAM that the command line needs.
type Action struct{ Name, For string }

// VerifyActions are the actions that verify needs. What refuses one of them is reported with its name.
var VerifyActions = []Action{
	{Name: "sts:GetCallerIdentity", For: "the account"},
	{Name: "lambda:GetFunctionConfiguration", For: "the functions"},
	{Name: "lambda:GetFunctionConcurrency", For: "what is reserved for them"},
	{Name: "lambda:GetAlias", For: "the alias, with `releases: alias`"},
	{Name: "lambda:ListVersionsByFunction", For: "has the alias the newest version? With `releases: alias`"},
	{Name: "lambda:GetAccountSettings", For: "how many functions the account runs at once"},
	{Name: "lambda:GetPolicy", For: "who may invoke them"},
	{Name: "lambda:GetFunctionEventInvokeConfig", For: "where ends go that could not be written"},
	{Name: "lambda:ListEventSourceMappings", For: "does the function for ends take contacts to look at?"},
	{Name: "lambda:InvokeFunction", For: "only when a run is asked for"},
	{Name: "states:DescribeStateMachine", For: "the state machines"},
	{Name: "dynamodb:DescribeTable", For: "the results table"},
	{Name: "dynamodb:DescribeTimeToLive", For: "does it forget?"},
	{Name: "iam:GetRole", For: "the roles"},
	{Name: "iam:GetRolePolicy", For: "what they allow"},
	{Name: "iam:SimulatePrincipalPolicy", For: "may the roles do what they must? Without it these checks are skipped"},
	{Name: "logs:DescribeLogGroups", For: "the log groups"},
	{Name: "logs:DescribeQueryDefinitions", For: "the saved queries"},
	{Name: "logs:FilterLogEvents", For: "has Amazon Connect invoked the alias? With `releases: alias`"},
	{Name: "cloudwatch:DescribeAlarms", For: "the alarms"},
	{Name: "cloudwatch:GetDashboard", For: "the dashboard"},
	{Name: "events:DescribeRule", For: "the rule for ends"},
	{Name: "events:ListTargetsByRule", For: "what it invokes"},
	{Name: "sqs:GetQueueUrl", For: "the queues of what was lost"},
	{Name: "sqs:GetQueueAttributes", For: "have ends been lost?"},
	{Name: "connect:ListLambdaFunctions", For: "the association"},
	{Name: "connect:ListContactFlows", For: "the flows"},
	{Name: "connect:DescribeContactFlow", For: "are they published, and the project's?"},
	{Name: "connect:ListContactFlowModules", For: "the modules"},
	{Name: "connect:DescribeContactFlowModule", For: "are they published, and the project's?"},
	{Name: "servicequotas:ListServiceQuotas", For: "the quotas of the account"},
	{Name: "tag:GetResources", For: "the tags, only when the project has any"},
}

// callError is an error of AWS, with the action that was asked for and what it was asked of.
type callError struct {
	action, resource string
	err              error
}

// Error implements error.
func (e *callError) Error() string { return e.err.Error() }

// Unwrap implements errors.Unwrap.
func (e *callError) Unwrap() error { return e.err }

// Action is the action that was asked for, as IAM names it.
func (e *callError) Action() string { return e.action }

// Resource is the name or ARN of what it was asked of, as IAM takes it; * where there are no resources.
func (e *callError) Resource() string { return e.resource }

// asked adds to an error of AWS what was asked for. nil stays nil.
func asked(action, resource string, err error) error {
	if err == nil {
		return nil
	}
	return &callError{action: action, resource: resource, err: err}
}
