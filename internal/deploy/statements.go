package deploy

// The ARNs of what the stack creates. They are put together from names, so that a role can name what does not exist
// yet. Forms: IAM service authorization reference of each service.
const (
	arnMachine    = "arn:${partition}:states:${region}:${account}:stateMachine:" + base + "-"
	arnExecutions = "arn:${partition}:states:${region}:${account}:execution:"
	arnExecution  = arnExecutions + base + "-"
	arnTable      = "arn:${partition}:dynamodb:${region}:${account}:table/" + resultsTable
	arnLogGroup   = "arn:${partition}:logs:${region}:${account}:log-group:"
)

// asyncStatements are what the async function does. StartExecution is listed as authorising states:DescribeExecution
// too (IAM service authorization reference, 2026), which the second statement grants.
func (s *Stack) asyncStatements() []statement {
	var machines []text
	for _, m := range s.machines {
		machines = append(machines, textOf(arnMachine+m.job.NameInAWS()))
	}
	list := []statement{
		{sid: "Start", actions: []string{"states:StartExecution"}, resources: machines},
		{sid: "CheckAndCancel", actions: []string{"states:DescribeExecution", "states:StopExecution"},
			resources: s.executions()},
	}
	if told := s.executionsOf(func(m stateMachine) bool { return len(m.steps) > 0 }); len(told) > 0 {
		list = append(list,
			statement{sid: "Progress", actions: []string{"states:GetExecutionHistory"}, resources: told})
	}
	if len(s.settings.ReadOnly) > 0 {
		var read []text
		for _, v := range s.readOnlyVariables() {
			read = append(read, textOf(arnExecutions+"${arn_name."+v.name+"}:*"))
		}
		list = append(list, statement{sid: "Check", actions: []string{"states:DescribeExecution"}, resources: read})
	}
	if s.hasTable() {
		list = append(list, statement{sid: "Results",
			actions:   []string{"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
			resources: []text{textOf(arnTable)}})
	}
	list = append(list, logStatement(asyncLogGroup))
	list = append(list, s.tracingStatements()...)
	return append(list, s.keyStatements()...)
}

// executions are the ARNs of all executions of the jobs.
func (s *Stack) executions() []text { return s.executionsOf(func(stateMachine) bool { return true }) }

// executionsOf are the ARNs of all executions of some jobs.
func (s *Stack) executionsOf(wanted func(stateMachine) bool) []text {
	var list []text
	for _, m := range s.machines {
		if wanted(m) {
			list = append(list, textOf(arnExecution+m.job.NameInAWS()+":*"))
		}
	}
	return list
}

// logStatement lets a function write its log.
func logStatement(group string) statement {
	return statement{sid: "Log", actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		resources: []text{textOf(arnLogGroup + group + ":*")}}
}

// tracingStatements let a role write traces, and do more with X-Ray.
func (s *Stack) tracingStatements(more ...string) []statement {
	if !s.settings.Tracing {
		return nil
	}
	actions := append([]string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, more...)
	return []statement{{sid: "Trace", actions: actions, resources: []text{textOf("*")},
		reason: "These actions of X-Ray have no resource types: IAM accepts only * for them."}}
}

// keyStatements let a role use the customer managed key: Step Functions and DynamoDB use it in the caller's name.
func (s *Stack) keyStatements() []statement {
	if !s.settings.Encryption {
		return nil
	}
	return []statement{{sid: "Key", actions: []string{"kms:Decrypt", "kms:GenerateDataKey"},
		resources: []text{textOf("${var.kms_key_arn}")}}}
}

// logDelivery is what a state machine's role needs to write its log. Source: Step Functions developer guide, "Using
// CloudWatch Logs to log execution history".
var logDelivery = statement{
	sid:    "LogDelivery",
	reason: "These actions of CloudWatch Logs have no resource types: IAM accepts only * for them.",
	actions: []string{"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery",
		"logs:DeleteLogDelivery", "logs:ListLogDeliveries",
		"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"},
	resources: []text{textOf("*")},
}

// role is the role of the state machine: it invokes the job's functions and, with a results table, writes the end.
func (m stateMachine) role() role {
	var functions []text
	for _, variable := range m.functions {
		functions = append(functions, textOf("${var."+variable+"}"))
	}
	statements := []statement{{sid: "Invoke", actions: []string{"lambda:InvokeFunction"}, resources: functions}}
	if m.writesEnd() {
		statements = append(statements,
			statement{sid: "Results", actions: []string{"dynamodb:UpdateItem"}, resources: []text{textOf(arnTable)}})
	}
	statements = append(statements, logDelivery)
	statements = append(statements, m.stack.tracingStatements("xray:GetSamplingRules",
		"xray:GetSamplingTargets")...)
	return role{name: m.id, service: "states.amazonaws.com", stack: m.stack,
		roleName: textOf(m.stack.names().MachineRole(base, m.job.NameInAWS())),
		condition: properties("StringEquals", properties("aws:SourceAccount", textOf("${account}")),
			"ArnLike", properties("aws:SourceArn", textOf(arnMachine+m.job.NameInAWS()))),
		statements: append(statements, m.stack.keyStatements()...)}
}
