package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
)

// alarmKey is the end of the name of an alarm: what it is of, and its metric.
func alarmKey(name text) string { return strings.TrimPrefix(name.String(), base+"-") }

// alarms are what the alarms watch, of each job and of everything else, and the one resource that is made of it.
func (m *terraformModule) alarms() string {
	var b strings.Builder
	b.WriteString("locals {\n")
	all, watched := m.stack.alarms(), "local.alarms"
	r := m.stack.tagged(all[0].terraform())
	if len(m.stack.machines) > 0 {
		b.WriteString(m.jobAlarms())
		watched = "merge(local.job_alarms, local.alarms)"
	}
	b.WriteString("# Alarms of everything else.\nalarms = {\n")
	for _, a := range all {
		if !slices.ContainsFunc(m.stack.machines, func(job stateMachine) bool { return job.watchedBy(a) }) {
			m.writer.alarm(&b, a, decimal(a.above))
		}
	}
	b.WriteString("}\n}\n\n")
	const percentile = `startswith(each.value.statistic, "p")`
	of := properties("alarm_name", textOf(base+"-${"+jobKey+"}"),
		"alarm_description", expression("each.value.description"),
		"namespace", expression("each.value.namespace"), "metric_name", expression("each.value.metric"),
		"dimensions", expression("each.value.dimensions"),
		"statistic", expression(percentile+" ? null : each.value.statistic"),
		"extended_statistic", expression(percentile+" ? each.value.statistic : null"),
		"threshold", expression("each.value.threshold"))
	for _, f := range r.properties { // what is the same for all
		if of.get(f.key) == nil {
			of = append(of, f)
		}
	}
	r.properties = of
	b.WriteString(m.writer.resource(r, severalLabel, "for_each = "+watched+"\n\n"))
	return b.String()
}

// watchedBy reports whether an alarm is one of those that every job has.
func (m stateMachine) watchedBy(a alarm) bool {
	return slices.ContainsFunc(m.alarms(), func(own alarm) bool { return own.id == a.id })
}

// jobAlarms are the alarms that every job has, as a local value.
func (m *terraformModule) jobAlarms() string {
	var b strings.Builder
	b.WriteString("# Alarms of each job. A key is the end of the alarm's name.\n" +
		"job_alarms = merge([for key, job in local.jobs : {\n")
	inLoop := *m.writer
	inLoop.jobName, inLoop.jobValue = "key", "job"
	job := stateMachine{id: everyJob, job: project.Job{Name: "${" + jobKey + "}"}, stack: m.stack}
	if m.someRenamed() {
		job.job = project.Job{Name: "${" + ofJob + "name}", Was: job.job.Name}
	}
	for _, a := range job.alarms() {
		var threshold value = decimal(a.above)
		if a.metric == async.MetricWaitingAge {
			threshold = expression("job.timeout_seconds")
		}
		inLoop.alarm(&b, a, threshold)
	}
	b.WriteString("}]...)\n\n")
	return b.String()
}

// alarm writes what an alarm watches, as a member of an object.
func (w *hclWriter) alarm(b *strings.Builder, a alarm, threshold value) {
	var dimensions verbatim
	for _, d := range a.dimensions {
		if literal, ok := d.value.(plain); ok { // the name of the job, where it is a reference
			d.value = textOf(string(literal))
		}
		dimensions = append(dimensions, d)
	}
	fmt.Fprintf(b, "%s = %s\n", w.key(alarmKey(a.name)), w.object(properties("description", a.description,
		"namespace", a.namespace, "metric", a.metric, "dimensions", dimensions, "statistic", a.statistic,
		"threshold", threshold)))
}

// queries are the saved queries, as a local value and the one resource that is made of it.
func (m *terraformModule) queries() string {
	var b strings.Builder
	b.WriteString("locals {\n# Queries of CloudWatch Logs Insights.\nqueries = {\n")
	for _, q := range queries {
		const margin = "\n        " // which <<- removes
		fmt.Fprintf(&b, "%s = {\ntitle = %s\ntext = chomp(<<-EOT%s\n      EOT\n)\n}\n", q.id, quoted(q.title),
			margin+strings.ReplaceAll(q.text, "\n", margin))
	}
	b.WriteString("}\n}\n\n")
	r := queries[0].terraform()
	r.properties = r.properties.set("name", textOf(base+"/${"+ofJob+"title}")).
		set("query_string", expression("each.value.text"))
	b.WriteString(m.writer.resource(r, severalLabel, "for_each = local.queries\n\n"))
	return b.String()
}
