package deploy

import (
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
)

// alarm is an alarm of CloudWatch. It is silent while there is no data, and tells its topic when it begins and when it
// is over.
type alarm struct {
	id          string
	name        text
	description string
	namespace   string
	metric      string
	statistic   string // or a percentile, such as p99
	dimensions  object
	above       float64 // a minute is bad when the statistic is above
}

// An alarm sounds after three bad minutes in a quarter of an hour: not when something goes wrong for one caller, and
// also on a line with few callers when it goes wrong for each of them.
const (
	alarmPeriod     = 60 // in seconds
	alarmPeriods    = 15
	alarmBadPeriods = 3
)

// Above these shares a minute is bad. The metrics are 0 or 1 for each invocation, so that their averages are shares.
const (
	badFailures = 0.1 // of the ends that flows were told
	badGiveUps  = 0.1 // of the rounds
	badDegraded = 0.05
	badFaults   = 0.05
	badErrors   = 0.01
)

const (
	slowReply      = 3   // in seconds: an invocation that holds no check takes less than one
	nearlyTimedOut = 0.9 // of a wrapped function's own timeout
)

// alarms are those of each job, of both functions, of the table and of the wrapped functions. docs/runbook.md says
// what each of them means; docs/contract.md has the metrics of namespace connect-async.
func (s *Stack) alarms() []alarm {
	var list []alarm
	for _, m := range s.machines {
		list = append(list, m.alarms()...)
	}
	list = append(list, s.asyncAlarms()...)
	if s.hasTable() {
		list = append(list, tableAlarms()...)
		list = append(list, endsAlarms()...)
		list = append(list, s.looksAlarms()...)
	}
	for _, f := range s.wrapped {
		list = append(list, wrappedAlarms(f)...)
	}
	return list
}

// newAlarm is an alarm on a metric of something that the stack's resources are named after.
func newAlarm(of, namespace, metric, statistic string, dimensions object, above float64, description string) alarm {
	return alarm{
		id: identifier(of) + "_" + metric, name: textOf(base + "-" + of + "-" + metric),
		description: description, namespace: namespace, metric: metric, statistic: statistic,
		dimensions: dimensions, above: above,
	}
}

func (m stateMachine) alarms() []alarm {
	of, timeout := m.job.NameInAWS(), m.job.Timeout.Seconds()
	machine, ours := properties("StateMachineArn", textOf("${machine."+m.id+".arn}")), jobDimensions(m.job.Name)
	return []alarm{
		newAlarm(of, async.MetricNamespace, async.MetricFailures, "Average", ours, badFailures,
			"Callers are told that the work failed"),
		newAlarm(of, "AWS/States", "ExecutionsTimedOut", "Sum", machine, 0,
			"Executions took longer than the job's timeout"),
		newAlarm(of, "AWS/States", "ExecutionThrottled", "Sum", machine, 0,
			"Step Functions slows executions down: the account's rate of state transitions is used up"),
		newAlarm(of, async.MetricNamespace, async.MetricDegraded, "Average", ours, badDegraded,
			"Checks could not see the execution and assumed that it runs"),
		newAlarm(of, async.MetricNamespace, async.MetricFaults, "Average", ours, badFaults,
			"Starts or checks failed for good: see the async function's log"),
		newAlarm(of, async.MetricNamespace, async.MetricGiveUps, "Average", ours, badGiveUps,
			"Flows gave up on work that was still running"),
		newAlarm(of, async.MetricNamespace, async.MetricWaitingAge, "Maximum", ours, timeout,
			"A caller waits for work that should have ended"),
		newAlarm(of, async.MetricNamespace, async.MetricReplySeconds, "p99", ours, slowReply,
			"The async function is slow to reply: callers hear silence"),
	}
}

// asyncAlarms are those of the async function as a whole. Faults without a job are those of calls that were refused
// before one was known, as all are when the configuration is wrong.
func (s *Stack) asyncAlarms() []alarm {
	function := properties("FunctionName", textOf("${function.async.name}"))
	return []alarm{
		newAlarm(project.AsyncFunction, async.MetricNamespace, async.MetricFaults, "Average",
			jobDimensions(async.None), badFaults, "Calls are refused: the configuration or a flow is wrong"),
		newAlarm(project.AsyncFunction, "AWS/Lambda", "Errors", "Average", function, badErrors,
			"The async function ended with an error: callers take the Error branch"),
		newAlarm(project.AsyncFunction, "AWS/Lambda", "Throttles", "Sum", function, 0,
			"The async function was refused for lack of concurrency: callers take the Error branch"),
	}
}

func tableAlarms() []alarm {
	table := properties("TableName", textOf("${table.results.name}"))
	return []alarm{
		newAlarm("results", "AWS/DynamoDB", "ReadThrottleEvents", "Sum", table, 0,
			"The results table refuses reads: checks ask Step Functions"),
		newAlarm("results", "AWS/DynamoDB", "WriteThrottleEvents", "Sum", table, 0,
			"The results table refuses writes: ends are noticed late"),
	}
}

// wrappedAlarms are those of a wrapped function, which is named by its ARN.
func wrappedAlarms(f project.Function) []alarm {
	function := properties("FunctionName", textOf("${arn_name."+functionVariable(f.Name)+"}"))
	milliseconds := float64(f.Timeout.Milliseconds())
	return []alarm{
		newAlarm(f.Name, "AWS/Lambda", "Throttles", "Sum", function, 0,
			"The wrapped function was refused for lack of concurrency: the work begins late or fails"),
		newAlarm(f.Name, "AWS/Lambda", "Duration", "Maximum", function, nearlyTimedOut*milliseconds,
			"The wrapped function takes nearly as long as its timeout in the project file"),
	}
}

// jobDimensions are those of the async function's metrics for a job.
func jobDimensions(job string) object {
	return properties(async.MetricDeployment, textOf(base), async.MetricJob, job)
}

func (a alarm) dimensionList() list {
	var l list
	for _, d := range a.dimensions {
		l = append(l, properties("Name", d.key, "Value", d.value))
	}
	return l
}

// isPercentile reports whether the statistic has a property of its own.
func (a alarm) isPercentile() bool { return strings.HasPrefix(a.statistic, "p") }

var alarmTopic = optional{variable: "alarm_topic_arn", value: list{textOf("${var.alarm_topic_arn}")}}

func (a alarm) cloudFormation() resource {
	statistic := "Statistic"
	if a.isPercentile() {
		statistic = "ExtendedStatistic"
	}
	return resource{key: "alarm." + a.id, kind: "AWS::CloudWatch::Alarm", properties: properties(
		"AlarmName", a.name,
		"AlarmDescription", a.description,
		"Namespace", a.namespace,
		"MetricName", a.metric,
		"Dimensions", a.dimensionList(),
		statistic, a.statistic,
		"Period", alarmPeriod,
		"EvaluationPeriods", alarmPeriods,
		"DatapointsToAlarm", alarmBadPeriods,
		"Threshold", decimal(a.above),
		"ComparisonOperator", "GreaterThanThreshold",
		"TreatMissingData", "notBreaching",
		"AlarmActions", alarmTopic,
		"OKActions", alarmTopic,
	)}
}

func (a alarm) terraform() resource {
	statistic := "statistic"
	if a.isPercentile() {
		statistic = "extended_statistic"
	}
	return resource{key: "alarm." + a.id, kind: "aws_cloudwatch_metric_alarm", properties: properties(
		"alarm_name", a.name,
		"alarm_description", a.description,
		"namespace", a.namespace,
		"metric_name", a.metric,
		"dimensions", verbatim(a.dimensions),
		statistic, a.statistic,
		"period", alarmPeriod,
		"evaluation_periods", alarmPeriods,
		"datapoints_to_alarm", alarmBadPeriods,
		"threshold", decimal(a.above),
		"comparison_operator", "GreaterThanThreshold",
		"treat_missing_data", "notBreaching",
		"alarm_actions", alarmTopic,
		"ok_actions", alarmTopic,
	)}
}
