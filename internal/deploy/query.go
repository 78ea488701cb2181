package deploy

// query is a saved query of CloudWatch Logs Insights over the async function's log. docs/contract.md has the log's
// members, docs/runbook.md says when to run which.
type query struct {
	id, title, text string
}

var queries = []query{
	{
		id: "faults", title: "what has to be fixed",
		text: `fields @timestamp, job, sfn_error, operation, reason, contact_id, execution, xray_trace_id
| filter level = "ERROR"
| sort @timestamp desc
| limit 100`,
	},
	{
		id: "errors", title: "errors by code",
		text: `filter sfn_error != "none"
| stats count(*) as calls by sfn_error, job, bin(5m)
| sort calls desc`,
	},
	{
		id: "contact", title: "one contact",
		text: `fields @timestamp, action, count, status, sfn_result, sfn_status, sfn_error, degraded, duration_ms
| filter contact_id = "CONTACT_ID"
| sort @timestamp asc`,
	},
	{
		id: "slow", title: "slow replies",
		text: `fields @timestamp, job, action, duration_ms - held_ms as took_ms, aws_calls, cold_start, sfn_error
| filter took_ms > 1000
| sort took_ms desc
| limit 100`,
	},
	{
		id: "delay", title: "how late results are noticed",
		text: `filter ispresent(DetectionDelay)
| stats pct(DetectionDelay, 50) as half, pct(DetectionDelay, 99) as p99, max(DetectionDelay) as worst by job, bin(5m)`,
	},
}

func (q query) name() text { return textOf(base + "/" + q.title) }

func (q query) cloudFormation() resource {
	return resource{key: "query." + q.id, kind: "AWS::Logs::QueryDefinition", properties: properties(
		"Name", q.name(),
		"QueryString", q.text,
		"LogGroupNames", list{textOf(asyncLogGroup)},
	), after: []string{"log.async"}}
}

func (q query) terraform() resource {
	return resource{key: "query." + q.id, kind: "aws_cloudwatch_query_definition", properties: properties(
		"name", q.name(),
		"query_string", q.text,
		"log_group_names", list{textOf(asyncLogGroup)},
	), after: []string{"log.async"}}
}
