package deploy

import (
	"encoding/json"

	"github.com/connect-async/connect-async/internal/async"
)

// dashboard shows what callers meet, in one row per job.
type dashboard struct{ stack *Stack }

type widget struct {
	Type       string       `json:"type"`
	X          int          `json:"x"`
	Y          int          `json:"y"`
	Width      int          `json:"width"`
	Height     int          `json:"height"`
	Properties widgetGraphs `json:"properties"`
}

type widgetGraphs struct {
	Title   string  `json:"title"`
	Region  string  `json:"region"`
	Stat    string  `json:"stat"`
	Period  int     `json:"period"`
	Metrics [][]any `json:"metrics"`
}

// body is the dashboard's document (CloudWatch API reference, dashboard body structure).
func (d dashboard) body() document {
	var widgets []widget
	add := func(row, column int, title, stat string, metrics ...[]any) {
		widgets = append(widgets, widget{Type: "metric", X: 8 * column, Y: 6 * row, Width: 8, Height: 6,
			Properties: widgetGraphs{Title: title, Region: "${region}", Stat: stat, Period: 60, Metrics: metrics}})
	}
	for row, m := range d.stack.machines {
		ours := func(metric string) []any {
			return []any{async.MetricNamespace, metric, async.MetricDeployment, base, async.MetricJob, m.job.Name}
		}
		theirs := func(metric string) []any {
			return []any{"AWS/States", metric, "StateMachineArn", "${machine." + m.id + ".arn}"}
		}
		add(row, 0, m.job.Name+": executions", "Sum", theirs("ExecutionsStarted"), theirs("ExecutionsSucceeded"),
			theirs("ExecutionsFailed"), theirs("ExecutionsTimedOut"))
		add(row, 1, m.job.Name+": starts, checks, give-ups", "Sum", ours(async.MetricStarts), ours(async.MetricChecks),
			ours(async.MetricGiveUps), ours(async.MetricDegraded), ours(async.MetricFaults))
		add(row, 2, m.job.Name+": the longest wait and detection delay", "Maximum", ours(async.MetricWaitingAge),
			ours(async.MetricDetectionDelay))
	}
	lambda := func(metric string) []any {
		return []any{"AWS/Lambda", metric, "FunctionName", "${function.async.name}"}
	}
	last := len(d.stack.machines)
	add(last, 0, "Async function: invocations", "Sum", lambda("Invocations"), lambda("Errors"), lambda("Throttles"))
	add(last, 1, "Async function: concurrency", "Maximum", lambda("ConcurrentExecutions"))
	add(last, 2, "Async function: duration", "p99", lambda("Duration"))
	text, err := json.MarshalIndent(map[string]any{"widgets": widgets}, "", "  ")
	if err != nil {
		panic(err) // only texts and numbers
	}
	references := []string{"region", "var.name", "function.async.name"}
	for _, m := range d.stack.machines {
		references = append(references, "machine."+m.id+".arn")
	}
	return newDocument("dashboard.json", text, references...)
}

func (d dashboard) cloudFormation() resource {
	return resource{key: "dashboard.main", kind: "AWS::CloudWatch::Dashboard", properties: properties(
		"DashboardName", textOf(base), "DashboardBody", d.body())}
}

func (d dashboard) terraform() resource {
	return resource{key: "dashboard.main", kind: "aws_cloudwatch_dashboard", properties: properties(
		"dashboard_name", textOf(base), "dashboard_body", d.body())}
}
