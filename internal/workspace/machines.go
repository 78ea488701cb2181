package workspace

import (
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// Machine is a state machine and the job that the async function knows it as.
type Machine struct {
	File string // for findings
	Name string // in the account
	*asl.Machine

	job        string // "" for the one of Options.StateMachine
	writesEnd  bool   // into the results table
	timeout    time.Duration
	reuse      string
	reuseFor   time.Duration
	was        string
	leave      string // what happens when the caller hangs up, "" for nothing
	deliverTo  string
	progress   bool
	steps      []string // that its history tells, where progress does not come from the results table
	stepsVary  bool
	reports    []string // the steps whose functions report
	definition string
}

// addMachines reads the state machine of every job.
func (w *Workspace) addMachines() {
	p := w.options.Project
	if file := w.options.StateMachine; file != "" {
		w.addMachine("job", project.Job{Definition: file})
		return
	}
	if p == nil { // a flow that does not call the async function needs none
		return
	}
	for _, j := range p.Jobs {
		w.addMachine(p.StateMachineName(j), j)
	}
}

func (w *Workspace) addMachine(name string, j project.Job) {
	file, doc, err := w.definition(j)
	if err != nil {
		w.note(file, err)
		return
	}
	doc = invoking(doc, w.Names)
	parsed, found := asl.Parse(file, doc)
	w.found = append(w.found, found...)
	if parsed == nil {
		return
	}
	text, err := doc.MarshalJSON()
	if err != nil {
		w.note(file, err)
		return
	}
	var steps []string
	var vary bool
	if j.Progress && !w.writesEnd(j) {
		steps, vary, err = machine.HistorySteps(j.Steps, text)
	}
	if err != nil {
		w.found = append(w.found, noSteps(j, file, err))
		return
	}
	leave := j.Leave
	if !j.MindsLeavers() {
		leave = ""
	}
	w.Machines = append(w.Machines, Machine{
		File: file, Name: name, Machine: parsed,
		job: j.Name, timeout: j.Timeout, definition: string(text), writesEnd: w.writesEnd(j),
		reuse: j.Reuse, reuseFor: j.ReuseFor, was: j.Was, leave: leave, deliverTo: j.DeliverTo,
		progress: j.Progress, steps: steps, stepsVary: vary, reports: w.reportingSteps(j),
	})
}

// writesEnd reports whether the state machine of a job writes its end into the results table of the account.
func (w *Workspace) writesEnd(j project.Job) bool { return w.Table != "" && j.WritesEnd() }

// reportingSteps are the steps of a job whose functions report how far they are.
func (w *Workspace) reportingSteps(j project.Job) []string {
	if w.options.Project == nil {
		return nil
	}
	return w.options.Project.ReportingSteps(j)
}

// noSteps is the finding about a definition without steps that can be told.
func noSteps(j project.Job, file string, err error) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Severity: source.Error, File: file,
		Message: project.NoSteps(j, err).Error(), Remedy: project.NoStepsRemedy}
}

// invoking returns a definition that invokes the functions of the account, by what the definition calls them. The same
// texts elsewhere, such as names of states, mean something else.
func invoking(n *source.Node, names map[string]string) *source.Node {
	if !n.Is(source.Object) && !n.Is(source.Array) {
		return n
	}
	copied := *n
	copied.Members, copied.Items = slices.Clone(n.Members), slices.Clone(n.Items)
	for i, m := range copied.Members {
		if m.Key == "Resource" || m.Key == "FunctionName" {
			copied.Members[i].Value = m.Value.ReplaceStrings(names)
			continue
		}
		copied.Members[i].Value = invoking(m.Value, names)
	}
	for i, item := range copied.Items {
		copied.Items[i] = invoking(item, names)
	}
	return &copied
}

// EndByEvent reports whether only an event can have told the results table how an execution ended: its state machine
// writes nothing there, or could not write how it ended.
func (w *Workspace) EndByEvent(executionARN string, status asl.Status) bool {
	if w.Table == "" {
		return false
	}
	if status == asl.TimedOut || status == asl.Aborted {
		return true
	}
	return slices.ContainsFunc(w.Machines, func(m Machine) bool {
		return !m.writesEnd && strings.Contains(executionARN, ":execution:"+m.Name+":")
	})
}

// definition returns the state machine of a job, and the name of its file for findings: the user's own definition, from
// whatever kind of file, or one that is written now.
func (w *Workspace) definition(j project.Job) (file string, doc *source.Node, err error) {
	if j.Definition != "" {
		doc, err = template.ReadStateMachine(j.Definition)
		return j.Definition, doc, err
	}
	job := machine.Job{Name: j.Name, Timeout: j.Timeout}
	if w.writesEnd(j) {
		job.ResultsTable, job.Progress, job.Endpoint = w.Table, j.Progress, w.options.TableEndpoint
	}
	for _, name := range j.Steps {
		f, _ := w.options.Project.Function(name) // project.Read has checked the name
		job.Steps = append(job.Steps, machine.Step{
			Name: name, FunctionARN: w.arns.FunctionARN(name), Timeout: f.Timeout, Repeatable: f.Repeatable,
			Reports: w.options.Project.Reports(j, name),
		})
	}
	file = "the state machine of " + j.Name
	text, err := machine.Definition(job)
	if err != nil {
		return file, nil, err
	}
	doc, err = source.ParseJSON(file, text)
	return file, doc, err
}
