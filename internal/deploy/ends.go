package deploy

import (
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/project"
)

// What belongs to the function for ends: EventBridge's rule passes it every end of an execution of ours, and two queues
// keep what was lost on the way. docs/deploying.md describes it.

const (
	endsName     = "ends"                        // of its resources, in this model
	endsFunction = base + project.EndsSuffix     // in AWS
	undelivered  = endsFunction + "-undelivered" // events that EventBridge could not pass on
	failed       = endsFunction + "-failed"      // events for which the function failed
	endsLogGroup = "/aws/lambda/" + endsFunction

	arnRule  = "arn:${partition}:events:${region}:${account}:rule/" + endsFunction
	arnQueue = "arn:${partition}:sqs:${region}:${account}:"
)

// How long AWS tries, in seconds: as long as it can. What is kept for a person to look at holds data of callers, so
// that it is not kept for as long as it could be.
const (
	deliveryAge     = int(24 * time.Hour / time.Second) // of EventBridge
	deliveryRetries = 185
	invocationAge   = int(6 * time.Hour / time.Second) // of Lambda
	queueAge        = int(4 * 24 * time.Hour / time.Second)
)

// endItems are all that belongs to the function for ends. Roles, logs and alarms are with the others.
func (s *Stack) endItems() []item {
	if !s.hasTable() {
		return nil
	}
	return []item{queue{name: "undelivered", queueName: undelivered, stack: s},
		queue{name: "failed", queueName: failed, stack: s}, queuePolicy{},
		s.endsFunction(), invokeConfig{stack: s}, rule{stack: s}, target{}, endsPermission()}
}

// endsFunction is the function itself: the package of the async function with another environment.
func (s *Stack) endsFunction() lambdaFunction {
	environment := properties(
		async.EnvServes, async.ServesEnds,
		async.EnvDeployment, textOf(base),
		async.EnvStateMachines, s.stateMachines(),
		async.EnvResultsTable, textOf("${table.results.name}"),
		async.EnvRetainSeconds, s.retainSeconds(),
	)
	if s.settings.FIPS {
		environment = environment.with(envFIPS, plain("true"))
	}
	return lambdaFunction{
		name: endsName, functionName: endsFunction, stack: s, timeout: async.EndsTimeout,
		description: "Writes the ends of executions into the results table",
		concurrency: "ends_reserved_concurrency", role: roleGiven(endsRole, s.settings.EndsRoleARN),
		environment: verbatim(environment),
	}
}

// endsStatements are what the function for ends does: it writes ends, and reads what an event has left out.
func (s *Stack) endsStatements() []statement {
	list := []statement{
		{sid: "LeftOut", actions: []string{"states:DescribeExecution"}, resources: s.executions()},
		{sid: "Results", actions: []string{"dynamodb:GetItem", "dynamodb:UpdateItem"},
			resources: []text{textOf(arnTable)}},
		{sid: "Failed", actions: []string{"sqs:SendMessage"}, resources: []text{textOf(arnQueue + failed)}},
		logStatement(endsLogGroup),
	}
	list = append(list, s.tracingStatements()...)
	return append(list, s.keyStatements()...)
}

// queue keeps events that did not become ends in the table. They hold what the execution was given and returned.
type queue struct {
	name, queueName string
	stack           *Stack
}

func (q queue) cloudFormation() resource {
	p := properties("QueueName", textOf(q.queueName), "MessageRetentionPeriod", queueAge)
	if q.stack.settings.Encryption {
		p = p.with("KmsMasterKeyId", textOf("${var.kms_key_arn}"))
	} else {
		p = p.with("SqsManagedSseEnabled", truth(true))
	}
	return resource{key: "queue." + q.name, kind: "AWS::SQS::Queue", properties: p}
}

func (q queue) terraform() resource {
	p := properties("name", textOf(q.queueName), "message_retention_seconds", queueAge)
	if q.stack.settings.Encryption {
		p = p.with("kms_master_key_id", textOf("${var.kms_key_arn}"))
	} else {
		p = p.with("sqs_managed_sse_enabled", truth(true))
	}
	return resource{key: "queue." + q.name, kind: "aws_sqs_queue", properties: p}
}

// queuePolicy lets the rule, and nobody else, put events into the queue of what it could not deliver. Lambda puts those
// that failed there with the function's role.
type queuePolicy struct{}

func (queuePolicy) document() object {
	return properties("Version", "2012-10-17", "Statement", list{properties(
		"Sid", "Undelivered",
		"Effect", "Allow",
		"Principal", properties("Service", "events.amazonaws.com"),
		"Action", "sqs:SendMessage",
		"Resource", textOf("${queue.undelivered.arn}"),
		"Condition", properties("ArnEquals", properties("aws:SourceArn", textOf(arnRule))),
	)})
}

func (p queuePolicy) cloudFormation() resource {
	return resource{key: "queuepolicy.undelivered", kind: "AWS::SQS::QueuePolicy", properties: properties(
		"Queues", list{textOf("${queue.undelivered.url}")}, "PolicyDocument", encoded(p.document()))}
}

func (p queuePolicy) terraform() resource {
	return resource{key: "queuepolicy.undelivered", kind: "aws_sqs_queue_policy", properties: properties(
		"queue_url", textOf("${queue.undelivered.url}"), "policy", encoded(p.document()))}
}

// invokeConfig says what Lambda does with an event for which the function failed.
type invokeConfig struct{ stack *Stack }

// after keeps Lambda from refusing a destination that the function's role may not send to yet.
func (c invokeConfig) after() []string {
	if c.stack.settings.EndsRoleARN != "" {
		return nil
	}
	return []string{"policy.ends"}
}

func (c invokeConfig) cloudFormation() resource {
	return resource{key: "invoke.ends", kind: "AWS::Lambda::EventInvokeConfig", properties: properties(
		"FunctionName", textOf("${function.ends.name}"),
		"Qualifier", "$LATEST",
		"MaximumRetryAttempts", awsfacts.EventTries-1,
		"MaximumEventAgeInSeconds", invocationAge,
		"DestinationConfig", properties("OnFailure", properties("Destination", textOf("${queue.failed.arn}"))),
	), after: c.after()}
}

func (c invokeConfig) terraform() resource {
	return resource{key: "invoke.ends", kind: "aws_lambda_function_event_invoke_config", properties: properties(
		"function_name", textOf("${function.ends.name}"),
		"maximum_retry_attempts", awsfacts.EventTries-1,
		"maximum_event_age_in_seconds", invocationAge,
		"destination_config", block(properties("on_failure",
			block(properties("destination", textOf("${queue.failed.arn}"))))),
	), after: c.after()}
}

// rule matches the ends of executions of our state machines.
type rule struct{ stack *Stack }

const ruleDescription = "Ends of executions, for the results table"

func (r rule) pattern() object {
	machines, statuses := list{}, list{}
	for _, m := range r.stack.machines {
		machines = append(machines, textOf("${machine."+m.id+".arn}"))
	}
	for _, status := range async.EndStatuses {
		statuses = append(statuses, plain(status))
	}
	return properties(
		"source", list{plain(async.EventSource)},
		"detail-type", list{plain(async.EventType)},
		"detail", properties("status", statuses, "stateMachineArn", machines),
	)
}

func (r rule) cloudFormation() resource {
	return resource{key: "rule.ends", kind: "AWS::Events::Rule", properties: properties(
		"Name", textOf(endsFunction),
		"Description", ruleDescription,
		"EventPattern", encoded(r.pattern()),
		"Targets", list{properties(
			"Id", endsName,
			"Arn", textOf("${function.ends.arn}"),
			"RetryPolicy", properties("MaximumEventAgeInSeconds", deliveryAge, "MaximumRetryAttempts", deliveryRetries),
			"DeadLetterConfig", properties("Arn", textOf("${queue.undelivered.arn}")),
		)},
	)}
}

func (r rule) terraform() resource {
	return resource{key: "rule.ends", kind: "aws_cloudwatch_event_rule", properties: properties(
		"name", textOf(endsFunction), "description", ruleDescription, "event_pattern", encoded(r.pattern()))}
}

// target is the rule's target, which CloudFormation has in the rule.
type target struct{}

func (target) cloudFormation() resource { return resource{} }

func (target) terraform() resource {
	return resource{key: "target.ends", kind: "aws_cloudwatch_event_target", properties: properties(
		"rule", textOf("${rule.ends.name}"),
		"target_id", endsName,
		"arn", textOf("${function.ends.arn}"),
		"retry_policy", block(properties("maximum_event_age_in_seconds", deliveryAge,
			"maximum_retry_attempts", deliveryRetries)),
		"dead_letter_config", block(properties("arn", textOf("${queue.undelivered.arn}"))),
	), after: []string{"queuepolicy.undelivered"}}
}

// endsPermission lets the rule, and nobody else, invoke the function for ends.
func endsPermission() permission {
	return permission{name: "events", function: endsName, service: "events.amazonaws.com",
		source: textOf("${rule.ends.arn}")}
}

// endsAlarms sound when an end is not written: the first while Lambda still tries, the others when nothing does.
func endsAlarms() []alarm {
	function := properties("FunctionName", textOf("${function.ends.name}"))
	kept := func(queueName string) object { return properties("QueueName", textOf(queueName)) }
	const visible = "ApproximateNumberOfMessagesVisible"
	return []alarm{
		newAlarm(endsName, "AWS/Lambda", "Errors", "Average", function, badErrors,
			"Ends cannot be written into the results table: they are noticed late"),
		newAlarm(endsName, "AWS/Lambda", "Throttles", "Sum", function, 0,
			"The function for ends was refused for lack of concurrency: ends are noticed late"),
		newAlarm("ends-undelivered", "AWS/SQS", visible, "Maximum", kept(undelivered), 0,
			"EventBridge could not pass the end of an execution on: the queue keeps its event"),
		newAlarm("ends-failed", "AWS/SQS", visible, "Maximum", kept(failed), 0,
			"The function for ends failed three times: the queue keeps its event"),
	}
}
