package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// everyJob is the name, in the keys of this model, of a resource that is written once for all jobs. No job has it:
// identifiers do not begin with a digit.
const everyJob = "0"

// What is said of the job in such a resource: its name, and its attributes in the local value jobs.
const (
	ofJob  = "each."
	jobKey = ofJob + "key"
)

// The names of resources that there are several of, in the module.
const (
	jobLabel     = "job"
	severalLabel = "this"
)

// terraformModule is the module for Terraform: resources that are alike for every job are written once, with for_each.
type terraformModule struct {
	stack     *Stack
	resources []resource // each by itself
	writer    *hclWriter
}

func newTerraformModule(s *Stack) *terraformModule {
	m := &terraformModule{stack: s, resources: s.terraform(), writer: &hclWriter{addresses: map[string]string{},
		arns: map[string]string{}, jobName: "each.key", jobValue: "each.value"}}
	for _, r := range m.resources {
		m.writer.addresses[r.key] = m.address(r)
		m.writer.knowARN(r)
	}
	for _, job := range s.machines {
		address := m.writer.addresses["machine."+job.id]
		m.writer.machines = append(m.writer.machines, address)
		m.writer.arns[arnExecution+job.job.NameInAWS()] = `replace(` + address +
			`.arn, ":stateMachine:", ":execution:")`
	}
	for _, r := range m.everyJob() {
		m.writer.addresses[r.key] = r.kind + "." + jobLabel
		if strings.HasPrefix(r.key, "log.") { // the role of a machine names the machine before it is there
			m.writer.knowARN(r)
		}
	}
	return m
}

// address is the name of a resource in the module.
func (m *terraformModule) address(r resource) string {
	kind, id, _ := strings.Cut(r.key, ".")
	if job := m.job(r); job != nil {
		return fmt.Sprintf("%s.%s[%q]", r.kind, jobLabel, job.job.NameInAWS())
	}
	switch kind {
	case "alarm":
		return fmt.Sprintf("%s.%s[%q]", r.kind, severalLabel, alarmKey(r.properties.get("alarm_name").(text)))
	case "query":
		return fmt.Sprintf("%s.%s[%q]", r.kind, severalLabel, id)
	}
	return r.kind + "." + id
}

// oldAddress is the name that the resource had when each was written by itself.
func oldAddress(r resource) string {
	_, id, _ := strings.Cut(r.key, ".")
	return r.kind + "." + id
}

// job is the job whose resource this is, nil for any other resource.
func (m *terraformModule) job(r resource) *stateMachine {
	kind, id, _ := strings.Cut(r.key, ".")
	if !slices.Contains([]string{"log", "role", "policy", "machine"}, kind) {
		return nil
	}
	i := slices.IndexFunc(m.stack.machines, func(job stateMachine) bool { return job.id == id })
	if i < 0 {
		return nil
	}
	return &m.stack.machines[i]
}

// knowARN notes what the ARN of a resource is called where the model puts it together from its name.
func (w *hclWriter) knowARN(r resource) {
	kind, id, _ := strings.Cut(r.key, ".")
	service, of := kinds[kind].service, kinds[kind].resource
	if kind == "log" {
		service, of = "logs", "log-group:"
	}
	name, _ := cmp.Or(r.properties.get("name"), r.properties.get("function_name")).(text)
	if service == "" || kind == "role" || name == nil {
		return
	}
	address := w.addresses[r.key]
	if id == everyJob {
		address += "[" + w.jobName + "]"
	}
	w.arns["arn:${partition}:"+service+":${region}:${account}:"+of+name.String()] = address + ".arn"
}

// main are the resources of the module.
func (m *terraformModule) main() string {
	var b strings.Builder
	b.WriteString(terraformPlaces)
	if len(m.stack.machines) > 0 {
		b.WriteString("\n" + m.jobs())
		for _, r := range m.everyJob() {
			b.WriteString("\n" + m.writer.resource(r, jobLabel, "for_each = local.jobs\n\n"))
		}
	}
	for _, r := range m.resources {
		kind, id, _ := strings.Cut(r.key, ".")
		if m.job(r) == nil && kind != "alarm" && kind != "query" {
			b.WriteString("\n" + m.writer.resource(r, id, ""))
		}
	}
	if m.stack.settings.Alarms {
		b.WriteString("\n" + m.alarms() + "\n" + m.queries())
	}
	return b.String()
}

// moved are the names that resources had in earlier exports, so that nothing is replaced.
func (m *terraformModule) moved() string {
	var b strings.Builder
	b.WriteString("# Names of resources in earlier versions of this module.\n")
	for _, r := range m.resources {
		if from, to := oldAddress(r), m.writer.addresses[r.key]; from != to {
			fmt.Fprintf(&b, "\nmoved {\nfrom = %s\nto = %s\n}\n", from, to)
		}
	}
	return b.String()
}

func (m *terraformModule) outputs() string {
	var b strings.Builder
	for i, o := range m.stack.outputs() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "output %q {\ndescription = %s\nvalue = %s\n}\n", o.name, quoted(o.description),
			m.writer.text(o.value))
	}
	return b.String()
}

// jobs are the local values of which the resources of jobs are made: what differs between the jobs, and what their
// definitions may name.
func (m *terraformModule) jobs() string {
	var b strings.Builder
	b.WriteString("locals {\n" +
		"# A key names the state machine of a job, its role and its log, also when the job is renamed.\njobs = {\n")
	var named []string
	for _, job := range m.stack.machines {
		named = append(named, job.definition.references...)
		var functions list
		for _, variable := range job.functions {
			functions = append(functions, textOf("${var."+variable+"}"))
		}
		attributes := object{}
		if m.someRenamed() {
			attributes = properties("name", job.job.Name)
		}
		attributes = attributes.with("functions", functions)
		if m.someResults() {
			results := list{}
			if job.writesEnd() {
				results = append(results, textOf("${table.results.arn}"))
			}
			attributes = attributes.with("results_tables", results)
		}
		attributes = attributes.with("timeout_seconds", number(job.job.Timeout.Seconds())).
			with("delete_timeout", plain(job.deleteTimeout()))
		fmt.Fprintf(&b, "%s = %s\n", m.writer.key(job.job.NameInAWS()), m.writer.object(attributes))
	}
	slices.Sort(named)
	b.WriteString("}\n\n# What the definitions in state-machines/ name.\ndefinition_values = {\n")
	for _, name := range slices.Compact(named) {
		fmt.Fprintf(&b, "%s = %s\n", templateName(name), m.writer.reference(name))
	}
	b.WriteString("}\n}\n")
	return b.String()
}

// someRenamed reports whether some jobs are called otherwise in AWS.
func (m *terraformModule) someRenamed() bool {
	return slices.ContainsFunc(m.stack.machines, func(job stateMachine) bool { return job.job.Was != "" })
}

// someResults reports whether some jobs write their ends into the results table, and others do not.
func (m *terraformModule) someResults() bool {
	return slices.ContainsFunc(m.stack.machines, stateMachine.writesEnd) &&
		slices.ContainsFunc(m.stack.machines, func(job stateMachine) bool { return !job.writesEnd() })
}

// everyJob are the resources that every job has, as they are written once for all.
func (m *terraformModule) everyJob() []resource {
	s := m.stack
	if len(s.machines) == 0 {
		return nil
	}
	like := s.machines[0]
	if i := slices.IndexFunc(s.machines, stateMachine.writesEnd); i >= 0 {
		like = s.machines[i]
	}
	job := stateMachine{id: everyJob, job: like.job, stack: s}
	job.job.Name, job.job.Was = "${"+jobKey+"}", ""
	list := []resource{s.tagged(logGroup{name: everyJob, group: job.logGroup(), stack: s}.terraform())}
	if s.settings.StateMachineRoleARN == "" {
		r := job.role()
		r.statements[0].resources = []text{textOf("${" + ofJob + "functions}")}
		if m.someResults() {
			r.statements[1].resources = []text{textOf("${" + ofJob + "results_tables}")}
		}
		list = append(list, s.tagged(r.terraform()), m.everyPolicy(r.policy().terraform()))
	}
	machine := job.terraform()
	machine.properties = machine.properties.
		set("definition", expression(`templatefile("${path.module}/state-machines/${each.key}.asl.json", `+
			`local.definition_values)`)).
		set("timeouts", block(properties("delete", expression("each.value.delete_timeout"))))
	return append(list, s.tagged(machine))
}

// everyPolicy leaves out of a policy, for each job, the statements that have no resources there.
func (m *terraformModule) everyPolicy(r resource) resource {
	noFunctions := func(job stateMachine) bool { return len(job.functions) == 0 }
	if !m.someResults() && !slices.ContainsFunc(m.stack.machines, noFunctions) {
		return r
	}
	document := r.properties.get("policy").(encoded)
	statements := m.writer.list(object(document).get("Statement").(list))
	r.properties = r.properties.set("policy", encoded(object(document).set("Statement", expression(
		"[for statement in "+statements+" : statement if length(statement.Resource) > 0]"))))
	return r
}
