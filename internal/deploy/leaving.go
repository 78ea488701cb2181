package deploy

import (
	"cmp"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
)

// What belongs to jobs that mind when their caller hangs up: the events of contacts, and those of a schedule, go into a
// queue of contacts to look at, which the function for ends takes them from a while later. docs/hanging-up.md describes
// it. Without such a job there is none of this.

const (
	looks        = endsFunction + "-looks"        // the queue
	contactsRule = endsFunction + "-disconnected" // the rules
	sweepRule    = endsFunction + "-sweep"
	lateLooks    = 3 * async.SweepEvery // the age of a message that somebody has to see to
)

// mindsLeavers reports whether there is a job that minds when its caller hangs up.
func (s *Stack) mindsLeavers() bool {
	for _, m := range s.machines {
		if m.job.MindsLeavers() {
			return true
		}
	}
	return false
}

// deliverVariable is the variable of where a job's results go whose caller has hung up.
func deliverVariable(job string) string { return identifier(job) + "_deliver_to_arn" }

// looksQueue is the queue of contacts to look at.
func (s *Stack) looksQueue() []item {
	if !s.mindsLeavers() {
		return nil
	}
	return []item{queue{name: "looks", queueName: looks, stack: s, delay: int(async.LookAfter / time.Second),
		hidden:   int(async.MessageHidden / time.Second),
		failures: deadLetters{queue: "failed", tries: async.MessageTries},
	}, queuePolicy{name: "looks", rules: []string{contactsRule, sweepRule}}}
}

// looksRules are the rules that fill the queue.
func (s *Stack) looksRules() []rule {
	if !s.mindsLeavers() {
		return nil
	}
	after := []string{"queuepolicy.looks", "queuepolicy.undelivered"}
	disconnected := properties(
		"source", list{plain(async.ContactSource)},
		"detail-type", list{plain(async.ContactType)},
		"detail", properties("eventType", list{plain(async.Disconnected)},
			"instanceArn", list{textOf("${var." + instanceVariable + "}")}),
	)
	return []rule{
		{name: "disconnected", ruleName: contactsRule, pattern: disconnected, target: "queue.looks", after: after,
			description: "Contacts that were disconnected, to look at"},
		{name: "sweep", ruleName: sweepRule, target: "queue.looks", after: after,
			schedule:    fmt.Sprintf("rate(%d minutes)", int(async.SweepEvery/time.Minute)),
			description: "When to look at contacts whose events were lost"},
	}
}

// looksMapping has the function for ends take contacts from the queue.
func (s *Stack) looksMapping() []item {
	if !s.mindsLeavers() {
		return nil
	}
	return []item{mapping{stack: s}}
}

// mapping hands the messages of the queue to the function for ends, one at a time.
type mapping struct{ stack *Stack }

// after keeps Lambda from refusing a queue that the function's role may not read yet.
func (m mapping) after() []string { return invokeConfig(m).after() }

func (m mapping) cloudFormation() resource {
	return resource{key: "mapping.looks", kind: "AWS::Lambda::EventSourceMapping", properties: properties(
		"FunctionName", textOf("${function.ends.name}"),
		"EventSourceArn", textOf("${queue.looks.arn}"),
		"BatchSize", 1,
		"ScalingConfig", properties("MaximumConcurrency", async.LooksAtOnce),
	), after: m.after()}
}

func (m mapping) terraform() resource {
	return resource{key: "mapping.looks", kind: "aws_lambda_event_source_mapping", properties: properties(
		"function_name", textOf("${function.ends.name}"),
		"event_source_arn", textOf("${queue.looks.arn}"),
		"batch_size", 1,
		"scaling_config", block(properties("maximum_concurrency", async.LooksAtOnce)),
	), after: m.after()}
}

// leaverStatements are what the function for ends does for callers who hang up.
func (s *Stack) leaverStatements() []statement {
	if !s.mindsLeavers() {
		return nil
	}
	list := []statement{
		{sid: "Looks", actions: []string{"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage",
			"sqs:GetQueueAttributes"}, resources: []text{textOf(arnQueue + looks)}},
		{sid: "Contacts", actions: []string{"dynamodb:DeleteItem"}, resources: []text{textOf(arnTable)}},
		{sid: "Sweep", actions: []string{"dynamodb:Scan"},
			resources: []text{textOf(arnTable + "/index/" + async.ContactsIndex)}},
		{sid: "Present", actions: []string{"connect:ListAssociatedContacts", "connect:DescribeContact"},
			resources: []text{textOf("${var." + instanceVariable + "}/contact/*")}},
	}
	cancelled := s.executionsOf(func(m stateMachine) bool { return m.job.Leave == async.LeaveCancel })
	if len(cancelled) > 0 {
		list = append(list, statement{sid: "Stop", actions: []string{"states:StopExecution"}, resources: cancelled})
	}
	return append(list, s.deliverStatements()...)
}

// deliverStatements allow what delivers the results of each job.
func (s *Stack) deliverStatements() []statement {
	var list []statement
	for _, m := range s.machines {
		if m.job.Leave != async.LeaveDeliver {
			continue
		}
		to := textOf("${var." + deliverVariable(m.job.Name) + "}")
		d := statement{sid: "Deliver" + pascal(m.job.Name), resources: []text{to}}
		switch async.DeliverKind(m.job.DeliverTo) {
		case async.DeliverQueue:
			d.actions = []string{"sqs:SendMessage"}
		case async.DeliverBus:
			d.actions = []string{"events:PutEvents"}
		default:
			d.actions = []string{"connect:StartTaskContact"}
			d.resources = append(d.resources, textOf("${var."+instanceVariable+"}/contact/*"))
		}
		list = append(list, d)
	}
	return list
}

// deliverRule is what the ARN of where results go must be: of the kind that the project has, since the function's role
// follows from it.
func deliverRule(to string) constraint {
	switch async.DeliverKind(to) {
	case async.DeliverQueue:
		return constraint{pattern: "^arn:" + anyPartition + ":sqs" + placePattern + "[A-Za-z0-9_-]+([.]fifo)?$",
			remedy: "Use arn:aws:sqs:REGION:ACCOUNT:NAME."}
	case async.DeliverBus:
		return constraint{pattern: "^arn:" + anyPartition + ":events" + placePattern + "event-bus/.+$",
			remedy: "Use arn:aws:events:REGION:ACCOUNT:event-bus/NAME."}
	}
	return constraint{pattern: "^arn:" + connectPartition + ":connect" + placePattern + "instance/" + idPattern +
		"/contact-flow/.+$", remedy: "Use arn:aws:connect:REGION:ACCOUNT:instance/ID/contact-flow/ID."}
}

// deliverVariables are where results go whose caller has hung up.
func (s *Stack) deliverVariables() []variable {
	var list []variable
	for _, m := range s.machines {
		if m.job.Leave == async.LeaveDeliver {
			kind := map[string]string{async.DeliverTask: "flow", async.DeliverQueue: "queue",
				async.DeliverBus: "event bus"}[async.DeliverKind(m.job.DeliverTo)]
			list = append(list, variable{name: deliverVariable(m.job.Name), value: m.job.DeliverTo,
				delivers: m.job.Name, accepts: deliverRule(m.job.DeliverTo),
				description: "ARN of the " + kind + " that late results of " + m.job.Name + " go to"})
		}
	}
	return list
}

// deliveryIn is where late results go in a stage that does not say it: a flow that is replicated there, "" for what the
// export has.
func (v variable) deliveryIn(stage project.Stage) string {
	to, _ := arn.Parse(v.value)
	instance, _ := arn.Parse(stage.Instance)
	if v.delivers == "" || to.Instance() == "" || to.Instance() != instance.Instance() || to.Region == stage.Region {
		return ""
	}
	to.Region = stage.Region
	return to.String()
}

// deliversElsewhere reports late results that nobody in a stage would get: a task begins in the instance of the contact
// only, and a role sends to its own partition only.
func (v variable) deliversElsewhere(value string, stage project.Stage) (message, remedy string) {
	text := cmp.Or(value, v.value)
	to, ok := arn.Parse(text)
	if v.delivers == "" || !ok {
		return "", ""
	}
	place := cmp.Or(stage.Instance, stage.Account+" in "+stage.Region)
	switch partition := arn.Partition(stage.Region); {
	case to.Partition != partition:
		place = "the partition " + partition
	case async.DeliverKind(text) != async.DeliverTask || fits(text, stage):
		return "", ""
	case stage.Instance == "" && to.Account == stage.Account && to.Region == stage.Region: // which is asked for
		return "", ""
	}
	return fmt.Sprintf("the late results of %s would go to %s, and the stage %s is in %s", v.delivers, text, stage.Name,
		place), fmt.Sprintf("Add variables: {%s: ARN} to the stage, with the ARN of one there.", v.name)
}

// looksAlarms sound when contacts are not looked at in time.
func (s *Stack) looksAlarms() []alarm {
	if !s.mindsLeavers() {
		return nil
	}
	return []alarm{newAlarm("ends-looks", "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum",
		properties("QueueName", textOf(looks)), lateLooks.Seconds(),
		"Contacts wait to be looked at: results reach nobody whose caller has hung up")}
}
