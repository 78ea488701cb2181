package deploy

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
)

// cdkJob is the construct of a job: its state machine, with the role and the log of that, and its alarms.
type cdkJob struct {
	machine   stateMachine
	resources []resource
	body      string          // the statements that make them
	uses      map[string]bool // the constants that they use, by the name of the variable or part
}

// cdkTable is a constant of a job for the name of the results table, which is outside.
const cdkTable = "results_table_name"

// cdkJobs are the jobs, by the keys of their resources.
func (s *Stack) cdkJobs(resources []resource) map[string]*cdkJob {
	jobs := map[string]*cdkJob{}
	for _, m := range s.machines {
		keys := map[string]bool{"log." + m.id: true, "role." + m.id: true, "policy." + m.id: true,
			"machine." + m.id: true}
		for _, a := range m.alarms() {
			keys["alarm."+a.id] = true
		}
		j := &cdkJob{machine: m, uses: map[string]bool{nameVariable: true}}
		for _, r := range resources {
			if keys[r.key] {
				jobs[r.key] = j
				j.resources = append(j.resources, r)
			}
		}
		j.write()
	}
	return jobs
}

// write writes the statements, whose IDs are those of the resources without the name of the job.
func (j *cdkJob) write() {
	w := cdkWriter()
	w.reference = j.reference
	var b strings.Builder
	for _, r := range j.resources {
		b.WriteString("\n" + cdkResource(w, r, strings.TrimPrefix(logicalID(r.key), pascal(j.machine.id))))
	}
	j.body = b.String()
}

// reference is cdkReference inside the job, and notes what the job uses from outside.
func (j *cdkJob) reference(name string) string {
	kind, rest, _ := strings.Cut(name, ".")
	switch {
	case kind == "var":
		j.uses[rest] = true
	case name == "table.results.name":
		j.uses[cdkTable] = true
		return camel(cdkTable)
	}
	return cdkReference(name)
}

// cdkOutside is cdkReference outside of the jobs.
func (s *Stack) cdkOutside(name string) string {
	for _, m := range s.machines {
		if name == "machine."+m.id+".arn" {
			return "this." + m.cdkField() + ".stateMachine.stateMachineArn"
		}
	}
	return cdkReference(name)
}

func (m stateMachine) cdkClass() string { return pascal(m.id) + "Job" }

func (m stateMachine) cdkField() string { return camel(m.id) + "Job" }

// constants are those that the job uses, with their types, in the order of the variables.
func (j *cdkJob) constants(s *Stack) []variable {
	var list []variable
	for _, v := range append(s.variables(), variable{name: cdkTable, description: "Name of the results table"}) {
		if j.uses[v.name] {
			list = append(list, v)
		}
	}
	return list
}

// class is the class of the construct, with its properties.
func (j *cdkJob) class(s *Stack) string {
	var props, names strings.Builder
	for i, v := range j.constants(s) {
		kind := "string"
		if v.number {
			kind = "number"
		}
		if i > 0 {
			names.WriteString(", ")
		}
		names.WriteString(camel(v.name))
		fmt.Fprintf(&props, "  /** %s. */\n  readonly %s: %s;\n", v.description, camel(v.name), kind)
	}
	return fmt.Sprintf(cdkJobClass, j.machine.job.Name, j.machine.cdkClass(), props.String(), names.String(), j.body,
		cdkName("machine."+j.machine.id), pascal(j.machine.id))
}

const cdkJobClass = `
/** What the job %[1]s takes from the others. */
export interface %[2]sProps {
%[3]s}

/** The job %[1]s. */
export class %[2]s extends Job {
  readonly stateMachine: stepfunctions.IStateMachine;

  constructor(scope: Construct, id: string, props: %[2]sProps) {
    super(scope, id, props.name, "%[1]s");
    const { %[4]s } = props;
%[5]s
    this.stateMachine = stepfunctions.StateMachine.fromStateMachineArn(this, "Reference", %[6]s.ref);
    keepLogicalIds(this, "%[7]s");
  }
}
`

// statement makes the construct.
func (j *cdkJob) statement(s *Stack) string {
	var b strings.Builder
	class := j.machine.cdkClass()
	fmt.Fprintf(&b, "    this.%s = new %s(this, %q, {\n", j.machine.cdkField(), class, class)
	for _, v := range j.constants(s) {
		b.WriteString("      " + camel(v.name))
		if v.name == cdkTable {
			b.WriteString(": " + cdkReference("table.results.name"))
		}
		b.WriteString(",\n")
	}
	return b.String() + "    });\n"
}

// jobMetric is a metric that the async function writes, as the construct of a job offers it.
type jobMetric struct{ Name, Statistic, Meaning string }

// jobMetrics are all of them; docs/contract.md has their units.
var jobMetrics = []jobMetric{
	{async.MetricStarts, "Sum", "Rounds that began"},
	{async.MetricChecks, "Sum", "Checks of executions"},
	{async.MetricCancels, "Sum", "Executions that were cancelled"},
	{async.MetricFailures, "Average", "Ends by failure, time-out or stop, as a share of all"},
	{async.MetricGiveUps, "Average", "Rounds in which the flow gave up, as a share of all"},
	{async.MetricDegraded, "Average", "Calls that met a passing fault, as a share of all"},
	{async.MetricFaults, "Average", "Calls that failed for good, as a share of all"},
	{async.MetricReplySeconds, "p99", "How long the async function took to reply, without holding a check"},
	{async.MetricHeldSeconds, "Average", "How long checks were held"},
	{async.MetricWaitingAge, "Maximum", "For how long work that is being waited for has run"},
	{async.MetricDetectionDelay, "Maximum", "How late the flow noticed an end"},
	{async.MetricFoundByDoubt, "Sum", "Ends that the results table did not know of"},
	{async.MetricEndDelay, "Maximum", "How late an end was written into the results table"},
}
