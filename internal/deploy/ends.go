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

	arnRule  = "arn:${partition}:events:${region}:${account}:rule/"
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
	list := []item{queue{name: "undelivered", queueName: undelivered, stack: s},
		queue{name: "failed", queueName: failed, stack: s}, queuePolicy{name: "undelivered", rules: s.ruleNames()}}
	list = append(list, s.looksQueue()...)
	list = append(list, s.endsFunction(), invokeConfig{stack: s})
	for _, r := range s.rules() {
		list = append(list, r, target{rule: r})
	}
	return append(append(list, endsPermission()), s.looksMapping()...)
}

// endsFunction is the function itself: the package of the async function with another environment.
func (s *Stack) endsFunction() lambdaFunction {
	environment := properties(
		async.EnvServes, async.ServesEnds,
		async.EnvDeployment, textOf(base),
		async.EnvStateMachines, s.stateMachines(endsName),
		async.EnvResultsTable, textOf("${table.results.name}"),
		async.EnvRetainSeconds, s.retainSeconds(),
	)
	if s.settings.FIPS {
		environment = environment.with(envFIPS, plain("true"))
	}
	if s.mindsLeavers() {
		environment = environment.with(async.EnvInstanceARN, textOf("${var."+instanceVariable+"}")).
			with(async.EnvLooksQueueURL, textOf("${queue.looks.url}"))
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
	list = append(list, s.leaverStatements()...)
	list = append(list, s.tracingStatements()...)
	return append(list, s.keyStatements()...)
}

// queue keeps events: those that did not become ends in the table, or contacts to look at. They hold data of callers.
type queue struct {
	name, queueName string
	delay, hidden   int         // in seconds, 0 for what SQS does by itself
	failures        deadLetters // the zero value for none
	stack           *Stack
}

// deadLetters is where a queue puts messages that were handed out too often.
type deadLetters struct {
	queue string // in this model
	tries int
}

func (d deadLetters) policy() object {
	return properties("deadLetterTargetArn", textOf("${queue."+d.queue+".arn}"), "maxReceiveCount", d.tries)
}

func (q queue) cloudFormation() resource {
	p := properties("QueueName", textOf(q.queueName), "MessageRetentionPeriod", queueAge)
	if q.delay > 0 {
		p = p.with("DelaySeconds", number(q.delay)).with("VisibilityTimeout", number(q.hidden)).
			with("RedrivePolicy", encoded(q.failures.policy()))
	}
	if q.stack.settings.Encryption {
		p = p.with("KmsMasterKeyId", textOf("${var.kms_key_arn}"))
	} else {
		p = p.with("SqsManagedSseEnabled", truth(true))
	}
	return resource{key: "queue." + q.name, kind: "AWS::SQS::Queue", properties: p}
}

func (q queue) terraform() resource {
	p := properties("name", textOf(q.queueName), "message_retention_seconds", queueAge)
	if q.delay > 0 {
		p = p.with("delay_seconds", number(q.delay)).with("visibility_timeout_seconds", number(q.hidden)).
			with("redrive_policy", encoded(q.failures.policy()))
	}
	if q.stack.settings.Encryption {
		p = p.with("kms_master_key_id", textOf("${var.kms_key_arn}"))
	} else {
		p = p.with("sqs_managed_sse_enabled", truth(true))
	}
	return resource{key: "queue." + q.name, kind: "aws_sqs_queue", properties: p}
}

// queuePolicy lets rules, and nobody else, put events into a queue. Lambda puts those that failed into theirs with the
// function's role.
type queuePolicy struct {
	name  string   // of the queue in this model
	rules []string // names of rules in AWS
}

func (q queuePolicy) document() object {
	var sources value = textOf(arnRule + q.rules[0])
	if len(q.rules) > 1 {
		several := list{}
		for _, name := range q.rules {
			several = append(several, textOf(arnRule+name))
		}
		sources = several
	}
	return properties("Version", "2012-10-17", "Statement", list{properties(
		"Sid", pascal(q.name),
		"Effect", "Allow",
		"Principal", properties("Service", "events.amazonaws.com"),
		"Action", "sqs:SendMessage",
		"Resource", textOf("${queue."+q.name+".arn}"),
		"Condition", properties("ArnEquals", properties("aws:SourceArn", sources)),
	)})
}

func (q queuePolicy) cloudFormation() resource {
	return resource{key: "queuepolicy." + q.name, kind: "AWS::SQS::QueuePolicy", properties: properties(
		"Queues", list{textOf("${queue." + q.name + ".url}")}, "PolicyDocument", encoded(q.document()))}
}

func (q queuePolicy) terraform() resource {
	return resource{key: "queuepolicy." + q.name, kind: "aws_sqs_queue_policy", properties: properties(
		"queue_url", textOf("${queue."+q.name+".url}"), "policy", encoded(q.document()))}
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

// rule is one of EventBridge: it passes on the events that a pattern matches, or one whenever a time has passed.
type rule struct {
	name        string // in this model
	ruleName    string // in AWS
	description string
	pattern     object // nil for a schedule
	schedule    string
	target      string   // what gets the events: the key of a resource in this model
	after       []string // what must be there before its target
}

// rules are those of the stack: the ends of executions, and what queues contacts to look at.
func (s *Stack) rules() []rule {
	ends := rule{name: endsName, ruleName: endsFunction, description: "Ends of executions, for the results table",
		pattern: s.endsPattern(), target: "function." + endsName, after: []string{"queuepolicy.undelivered"}}
	return append([]rule{ends}, s.looksRules()...)
}

// ruleNames are the names of the rules in AWS.
func (s *Stack) ruleNames() []string {
	var names []string
	for _, r := range s.rules() {
		names = append(names, r.ruleName)
	}
	return names
}

// endsPattern matches the ends of executions of our state machines.
func (s *Stack) endsPattern() object {
	machines, statuses := list{}, list{}
	for _, m := range s.machines {
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
	p := properties("Name", textOf(r.ruleName), "Description", r.description)
	if r.pattern != nil {
		p = p.with("EventPattern", encoded(r.pattern))
	} else {
		p = p.with("ScheduleExpression", plain(r.schedule))
	}
	return resource{key: "rule." + r.name, kind: "AWS::Events::Rule", properties: p.with("Targets", list{properties(
		"Id", r.name,
		"Arn", textOf("${"+r.target+".arn}"),
		"RetryPolicy", properties("MaximumEventAgeInSeconds", deliveryAge, "MaximumRetryAttempts", deliveryRetries),
		"DeadLetterConfig", properties("Arn", textOf("${queue.undelivered.arn}")),
	)})}
}

func (r rule) terraform() resource {
	p := properties("name", textOf(r.ruleName), "description", r.description)
	if r.pattern != nil {
		p = p.with("event_pattern", encoded(r.pattern))
	} else {
		p = p.with("schedule_expression", plain(r.schedule))
	}
	return resource{key: "rule." + r.name, kind: "aws_cloudwatch_event_rule", properties: p}
}

// target is the target of a rule, which CloudFormation has in the rule.
type target struct{ rule rule }

func (target) cloudFormation() resource { return resource{} }

func (t target) terraform() resource {
	return resource{key: "target." + t.rule.name, kind: "aws_cloudwatch_event_target", properties: properties(
		"rule", textOf("${rule."+t.rule.name+".name}"),
		"target_id", t.rule.name,
		"arn", textOf("${"+t.rule.target+".arn}"),
		"retry_policy", block(properties("maximum_event_age_in_seconds", deliveryAge,
			"maximum_retry_attempts", deliveryRetries)),
		"dead_letter_config", block(properties("arn", textOf("${queue.undelivered.arn}"))),
	), after: t.rule.after}
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
			"The function for ends gave up on an event: the queue keeps it"),
	}
}
