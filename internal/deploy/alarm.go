package deploy

import "github.com/connect-async/connect-async/internal/async"

// alarm is an alarm of CloudWatch. It is silent while there is no data.
type alarm struct {
	id          string
	name        text
	description string
	namespace   string
	metric      string
	statistic   string
	dimensions  object
	above       int // the alarm sounds when the metric is above
}

const alarmPeriod = 300 // in seconds

// alarms are those of each job and of the async function. docs/contract.md has the metrics of namespace connect-async.
func (s *Stack) alarms() []alarm {
	var list []alarm
	for _, m := range s.machines {
		list = append(list, m.alarms()...)
	}
	for _, a := range []struct{ metric, description string }{
		{metric: "Errors", description: "The async function ended with an error: callers take the Error branch"},
		{metric: "Throttles",
			description: "The async function was refused for lack of concurrency: callers take the Error branch"},
	} {
		list = append(list, alarm{
			id: "async_" + a.metric, name: textOf("${var.name}-async-" + a.metric), description: a.description,
			namespace: "AWS/Lambda", metric: a.metric, statistic: "Sum",
			dimensions: properties("FunctionName", textOf("${function.async.name}")),
		})
	}
	return list
}

func (m stateMachine) alarms() []alarm {
	var list []alarm
	add := func(namespace, metric, statistic string, dimensions object, above int, description string) {
		list = append(list, alarm{
			id: m.id + "_" + metric, name: textOf("${var.name}-" + m.job.Name + "-" + metric), description: description,
			namespace: namespace, metric: metric, statistic: statistic,
			dimensions: dimensions, above: above,
		})
	}
	arn, job := properties("StateMachineArn", textOf("${machine."+m.id+".arn}")), jobDimensions(m.job.Name)
	add("AWS/States", "ExecutionsFailed", "Sum", arn, 0, "Executions failed")
	add("AWS/States", "ExecutionsTimedOut", "Sum", arn, 0,
		"Executions took longer than the job's timeout")
	add(async.MetricNamespace, async.MetricDegraded, "Sum", job, 10,
		"Checks could not see the execution and assumed that it runs")
	add(async.MetricNamespace, async.MetricFaults, "Sum", job, 0,
		"Starts or checks failed for good: see the async function's log")
	add(async.MetricNamespace, async.MetricGiveUps, "Sum", job, 0,
		"Flows gave up on work that was still running")
	add(async.MetricNamespace, async.MetricWaitingAge, "Maximum", job,
		int(m.job.Timeout.Seconds()), "A caller waits for work that should have ended")
	return list
}

// jobDimensions are those of the async function's metrics for a job.
func jobDimensions(job string) object {
	return properties(async.MetricDeployment, textOf("${var.name}"), async.MetricJob, job)
}

func (a alarm) dimensionList() list {
	var l list
	for _, d := range a.dimensions {
		l = append(l, properties("Name", d.key, "Value", d.value))
	}
	return l
}

func (a alarm) cloudFormation() resource {
	return resource{key: "alarm." + a.id, kind: "AWS::CloudWatch::Alarm", properties: properties(
		"AlarmName", a.name,
		"AlarmDescription", a.description,
		"Namespace", a.namespace,
		"MetricName", a.metric,
		"Dimensions", a.dimensionList(),
		"Statistic", a.statistic,
		"Period", alarmPeriod,
		"EvaluationPeriods", 1,
		"Threshold", a.above,
		"ComparisonOperator", "GreaterThanThreshold",
		"TreatMissingData", "notBreaching",
		"AlarmActions", optional{variable: "alarm_topic_arn", value: list{textOf("${var.alarm_topic_arn}")}},
	)}
}

func (a alarm) terraform() resource {
	return resource{key: "alarm." + a.id, kind: "aws_cloudwatch_metric_alarm", properties: properties(
		"alarm_name", a.name,
		"alarm_description", a.description,
		"namespace", a.namespace,
		"metric_name", a.metric,
		"dimensions", verbatim(a.dimensions),
		"statistic", a.statistic,
		"period", alarmPeriod,
		"evaluation_periods", 1,
		"threshold", a.above,
		"comparison_operator", "GreaterThanThreshold",
		"treat_missing_data", "notBreaching",
		"alarm_actions", optional{variable: "alarm_topic_arn", value: list{textOf("${var.alarm_topic_arn}")}},
	)}
}
