package deploy

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// Codes of the findings of Describe.
const (
	CodeNameClash = "deploy-name-clash"
	CodeNeedsRole = "deploy-needs-role"
	CodeNoFlow    = "deploy-bad-flow"
	// CodeEndByEvent is the code of the information that a state machine of the user's own does not write its end.
	CodeEndByEvent = "deploy-end-by-event"
)

// Stack is everything that a project needs in AWS. It is made by Describe.
type Stack struct {
	project  *project.Project
	settings project.Deploy
	wrapped  []project.Function // the functions that state machines invoke, in the project's order
	machines []stateMachine
	flows    []contactFlow
	named    []variable // what the flows name by placeholders, each once
}

// Describe works out what a project needs in AWS. verdict, which may be nil, says which findings about publishing its
// flows count. The Stack is nil when a finding is of severity error.
func Describe(p *project.Project, verdict workspace.Verdict) (*Stack, source.Findings) {
	d := &describer{project: p, verdict: verdict, stack: &Stack{project: p, settings: p.Deploy}}
	d.checkNames()
	d.wrapped()
	for _, j := range p.Jobs {
		d.stateMachine(j)
	}
	if p.Deploy.Connect {
		d.contactFlows()
	}
	if d.found.HasErrors() {
		return nil, d.found
	}
	return d.stack, d.found
}

// describer collects what is wrong while a Stack is made.
type describer struct {
	project *project.Project
	verdict workspace.Verdict
	stack   *Stack
	managed []*managedFlow // in the project's order
	found   source.Findings
}

func (d *describer) report(code, file, message, remedy string) {
	d.found = append(d.found, source.Finding{Code: code, Severity: source.Error, File: cmp.Or(file, d.project.File),
		Message: message, Remedy: remedy})
}

// note adds an error. One that is not a finding yet becomes one with this code and remedy.
func (d *describer) note(code, file string, err error, remedy string) {
	f := source.AsFinding(cmp.Or(file, d.project.File), err)
	if f.Code == source.CodeFailed {
		f.Code, f.Remedy = code, remedy
	}
	d.found = append(d.found, f)
}

// checkNames refuses names that differ only in what some tool does not allow in a name.
func (d *describer) checkNames() {
	var jobs, functions []string
	for _, j := range d.project.Jobs {
		jobs = append(jobs, j.NameInAWS())
	}
	for _, f := range d.project.Functions {
		functions = append(functions, f.Name)
	}
	d.checkClash("job", jobs, project.AsyncFunction, endsName)
	var ours []string
	if d.stack.hasTable() { // its function has alarms under this name, too
		ours = append(ours, endsName)
	}
	d.checkClash("function", functions, ours...)
}

func (d *describer) checkClash(kind string, names []string, taken ...string) {
	seen := map[string]string{}
	for _, name := range taken {
		seen[name] = name
	}
	for _, name := range names {
		short := strings.ToLower(strings.Join(words(name), ""))
		if other, ok := seen[short]; ok || short == "" {
			d.report(CodeNameClash, "",
				fmt.Sprintf("the %s %q cannot be told from %q in every tool", kind, name, other),
				"Choose another name: letters and digits must differ.")
		}
		seen[short] = name
	}
}

// wrapped finds the functions that the jobs with steps invoke.
func (d *describer) wrapped() {
	used := map[string]bool{}
	for _, j := range d.project.Jobs {
		for _, step := range j.Steps {
			used[step] = true
		}
	}
	for _, f := range d.project.Functions {
		if used[f.Name] {
			d.stack.wrapped = append(d.stack.wrapped, f)
		}
	}
}

// hasTable reports whether there is a results table.
func (s *Stack) hasTable() bool { return s.project.ResultsTable() != "" }

// items are all resources, each after what it needs.
func (s *Stack) items() []item {
	var list []item
	for _, m := range s.machines {
		list = append(list, logGroup{name: m.id, group: m.logGroup(), stack: s})
	}
	list = append(list, logGroup{name: "async", group: asyncLogGroup, stack: s})
	if s.hasTable() {
		list = append(list, logGroup{name: endsName, group: endsLogGroup, stack: s}, table{stack: s})
	}
	for _, r := range s.roles() {
		list = append(list, r, r.policy())
	}
	list = append(list, s.reportPolicies()...)
	for _, m := range s.machines {
		list = append(list, m)
	}
	list = append(list, s.asyncFunction())
	list = append(list, s.releaseItems()...)
	list = append(list, s.endItems()...)
	if s.settings.Connect {
		list = append(list, s.connectPermission(), association{})
	}
	for _, f := range s.flows {
		list = append(list, f)
	}
	if s.settings.Alarms {
		for _, a := range s.alarms() {
			list = append(list, a)
		}
		list = append(list, dashboard{stack: s})
		for _, q := range queries {
			list = append(list, q)
		}
	}
	return list
}

// output is what a deployed stack tells.
type output struct {
	name        string
	description string
	value       text
}

func (s *Stack) outputs() []output {
	list := []output{{
		name: "async_function_arn", value: textOf("${" + s.asyncTarget() + "}"),
		description: "ARN of the async function, for the flow's Lambda blocks",
	}}
	if s.publishes() {
		list = append(list, output{name: "async_function_version", value: textOf(asyncVersion),
			description: "Number of the newest version of the async function"})
	}
	for _, m := range s.machines {
		list = append(list, output{
			name: m.id + "_state_machine_arn", value: textOf("${machine." + m.id + ".arn}"),
			description: "ARN of the state machine of the job " + m.job.Name,
		})
	}
	if s.hasTable() {
		list = append(list, output{name: "results_table_name", description: "Name of the results table",
			value: textOf("${table.results.name}")})
	}
	for _, f := range s.flows {
		list = append(list, output{name: f.id + "_flow_arn", description: "ARN of the " + f.noun(),
			value: textOf("${" + f.arn() + "}")})
	}
	return list
}

// noun says what the document is.
func (f contactFlow) noun() string {
	if f.kind == flowlang.Module {
		return "flow module " + f.id
	}
	return "contact flow " + f.id
}
