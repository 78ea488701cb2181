// Package project reads connect-async.yaml, the file that says what is wrapped, and checks it.
//
// What the file may contain is one table (table.go and the files beside it): each key with its meaning, its default and
// how its value is read. Reading follows it, and so do the JSON schema and the reference of the file.
//
// It imports internal/source and internal/form, internal/flowlang for the types of flows, internal/template to
// recognise a flow that is named instead of a project, and internal/arn, internal/awsfacts and internal/async for what
// AWS and the async function accept. A Project is read once and never written to again.
package project

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// FileName is the name of the project file in the user's folder.
const FileName = "connect-async.yaml"

// AsyncFunction is the name by which the async function is meant wherever the name of a function is expected. No
// function of a project may have it.
const AsyncFunction = "async"

// Codes of the findings of this package, beside those of source.
const (
	CodeMissing = "project-missing"
	CodeUnknown = "project-unknown-name"
	CodeMoved   = "project-moved-key" // a key that has another place now, and still works
)

// Project is a checked project file. Paths in it are joined with the folder of the file.
type Project struct {
	File      string
	Name      string // names everything that is created in AWS
	Jobs      []Job  // in the file's order, at least one unless ReadFunctions read it
	Functions []Function
	Flows     []Flow
	Texts     []async.JobTexts  // what replies say, for the jobs that have texts of their own
	Callers   int               // how many callers wait at once at the busiest time
	Retain    time.Duration     // how long the result of an execution is told after its end
	Prompts   map[string]string // audio file by prompt ARN or id
	Scenario  string            // the scenario that `call` plays, "" when there is none
	Lint      *source.Node      // the settings of `lint`, which reads them itself; nil when there are none
	Deploy    Deploy
	Stages    []Stage // where it is deployed, in the file's order; none for a project without stages
}

// Job is one thing that is wrapped: a function or a chain, with one state machine.
type Job struct {
	Name       string
	Was        string        // its name before it was renamed, "" for none: in AWS its resources keep it
	Steps      []string      // names of functions; empty when Definition is set
	Definition string        // path of a state machine of the user's own
	Timeout    time.Duration // of the whole execution
	Results    string        // one of the words below that say how
	Repeatable bool          // may safely run twice
	Reuse      string        // what answers a question that was answered before: async.ReuseAlways or ReuseRunning
	ReuseFor   time.Duration // how long an outcome is the answer to repeats in any case
	Leave      string        // what happens when the caller hangs up: async.LeaveFinish, LeaveCancel or LeaveDeliver
	DeliverTo  string        // with LeaveDeliver the ARN of a flow, a queue or an event bus
	Progress   bool          // replies say which step runs, and how long the work usually takes
}

// MindsLeavers reports whether it matters to the job that its caller hangs up.
func (j Job) MindsLeavers() bool {
	return j.Leave == async.LeaveCancel || j.Leave == async.LeaveDeliver
}

// How the async function learns the end of an execution: it asks DescribeExecution, or reads the results table.
const (
	ResultsDescribed = "describe"
	ResultsInTable   = "table" // written by the state machine, if its definition is not the user's, and by its event
	ResultsByEvent   = "event" // written by its event alone
)

// Answers reports whether flows may call the job so: by its name, or by that which it had before it was renamed.
func (j Job) Answers(name string) bool { return name == j.Name || name != "" && name == j.Was }

// NameInAWS is what the resources of the job are named after.
func (j Job) NameInAWS() string { return cmp.Or(j.Was, j.Name) }

// WritesEnd reports whether a job's state machine writes its end into the results table, where there is one.
func (j Job) WritesEnd() bool { return j.Definition == "" && j.Results != ResultsByEvent }

// WritesEnd reports whether a job's state machine writes its end into the results table that the project has.
func (p *Project) WritesEnd(j Job) bool { return p.ResultsTable() != "" && j.WritesEnd() }

// Function is a user's function: local code and how to run it, or where it lives in AWS, or both.
type Function struct {
	Name       string
	Code       string // folder or file, "" when there is no local code
	Handler    string
	Runtime    string
	Timeout    time.Duration
	MemoryMB   int
	EnvFile    string
	Repeatable bool // may safely run twice
	ARN        string
	Remote     bool // invoked in AWS by `call`
	// ProgressRole is the name of its role in AWS, which may then report how far it is; "" when it does not report.
	ProgressRole string
	Node         *source.Node // as it is written, for places in findings
}

// Flow is a contact flow of the project.
type Flow struct {
	File    string
	Type    flowlang.Type // "" for what the document says
	Managed bool          // exported together with the others

	Generate *Generate // what the file is generated from, nil when it is written by hand
}

// Read reads and checks the project file in a folder, or a project file of another name. The project is nil when a
// finding is of severity error.
func Read(path string) (*Project, source.Findings) {
	return readFile(path, &reader{exists: form.OnDisk})
}

// ReadToGenerate reads the project file as Read does, whether or not the flows that are generated exist already.
func ReadToGenerate(path string) (*Project, source.Findings) {
	return readFile(path, &reader{exists: form.OnDisk, generates: true})
}

// ReadFunctions reads the project file as Read does, for verbs that run functions: it needs no jobs.
func ReadFunctions(path string) (*Project, source.Findings) {
	return readFile(path, &reader{exists: form.OnDisk, jobless: true})
}

// Parse reads a project file before it is written. Only what exists says whether a file or folder will be there; flows
// that are generated may be missing.
func Parse(file string, text []byte, exists func(path string) bool) (*Project, source.Findings) {
	node, err := source.ParseYAML(file, text)
	if err != nil {
		return nil, source.Findings{source.AsFinding(file, err)}
	}
	return (&reader{file: file, exists: exists, generates: true}).read(node)
}

func readFile(path string, r *reader) (*Project, source.Findings) {
	r.file = File(path)
	node, err := source.ReadFile(r.file)
	if err != nil {
		return nil, source.Findings{unread(r.file, err)}
	}
	return r.read(node)
}

func (r *reader) read(node *source.Node) (*Project, source.Findings) {
	var found source.Findings
	r.found = &found
	in := source.Read(r.file, node, &found)
	if found.HasErrors() { // not an object
		return nil, found
	}
	if template.IsFlow(node) {
		in.Report(source.CodeWrongKind, node.Pos, "this is a contact flow, not a project file",
			"Play a flow with `connect-async call --flow FILE`.")
		return nil, found
	}
	p := r.project(in)
	found.Sort()
	if found.HasErrors() {
		return nil, found
	}
	return p, found
}

// File is the project file that a path means: the one in a folder, or the path itself.
func File(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return path
	}
	return filepath.Join(path, FileName)
}

// unread is why a project file could not be read. Of a file that does not exist it says how to get one.
func unread(file string, err error) source.Finding {
	f := source.AsFinding(file, err)
	if f.Code == source.CodeUnreadable {
		such := ""
		if above := Nearest(filepath.Dir(file)); above != "" {
			such = ", such as " + source.Argument(filepath.ToSlash(filepath.Dir(above)))
		}
		f.Remedy = fmt.Sprintf("Name a folder that holds a %s%s. `connect-async init` writes one.", FileName, such)
	}
	return f
}

// Nearest returns the project file that a folder belongs to: its own, or that of the nearest folder above, up to the
// root of a repository; "" when there is none.
func Nearest(folder string) string {
	for {
		file := filepath.Join(folder, FileName)
		if form.OnDisk(file) {
			return file
		}
		above := filepath.Join(folder, "..")
		if form.OnDisk(filepath.Join(folder, ".git")) || isRoot(folder, above) {
			return ""
		}
		folder = above
	}
}

// isRoot reports whether there is no folder above another one.
func isRoot(folder, above string) bool {
	here, err := os.Stat(folder)
	over, errOver := os.Stat(above)
	return errOver != nil || err == nil && os.SameFile(here, over)
}

// Function returns the function of that name.
func (p *Project) Function(name string) (Function, bool) {
	for _, f := range p.Functions {
		if f.Name == name {
			return f, true
		}
	}
	return Function{}, false
}

type reader struct {
	file      string
	exists    func(path string) bool // of what the project file names
	generates bool                   // flows that are generated need not exist
	jobless   bool                   // there need not be a job
	found     *source.Findings
}

func (r *reader) project(in *source.Reader) *Project {
	c := standard()
	c.File = r.file
	table(nil).Read(form.File{Name: r.file, Found: r.found, Exists: r.exists}, in, &c)
	p := &c.Project
	if p.Name == "" {
		in.Report(CodeMissing, in.Place("name"), "the project has no name",
			"Add name: NAME; everything in AWS is named after it. "+NameForm)
	}
	for _, j := range c.jobs {
		r.checkWas(in, j, c.jobs)
		r.checkSteps(in, j, p)
		checkLeaving(in, j)
		checkProgress(in, j)
		r.addJob(j, p)
	}
	if jobs := in.Node("jobs"); !r.jobless && (jobs == nil || jobs.Is(source.Object) && len(p.Jobs) == 0) {
		in.Report(CodeMissing, in.Place("jobs"), "the project has no jobs",
			"Add a job: jobs: {NAME: {steps: [FUNCTION]}}.")
	}
	for _, f := range c.flows {
		r.checkFlowFile(f)
		f.Generate = r.generate(f, p)
		p.Flows = append(p.Flows, f.Flow)
	}
	p.Callers = r.callers(in, p.Callers)
	r.checkAWSNames(in, c.jobs, p)
	checkFlowTags(in, p)
	r.checkStages(in, c.jobs, p)
	checkOrigins(in, p)
	checkReports(in, p)
	return p
}

// addJob adds a job with what its functions decide, and its texts. What may run twice is asked again after a while, and
// nothing else.
func (r *reader) addJob(j jobEntry, p *Project) {
	j.Repeatable = p.stepsAreRepeatable(j.Job)
	if j.repeatable != nil {
		j.Repeatable = *j.repeatable
	}
	switch {
	case j.Reuse != "":
	case j.Repeatable:
		j.Reuse = async.ReuseRunning
	default:
		j.Reuse = async.ReuseAlways
	}
	p.Jobs = append(p.Jobs, j.Job)
	if len(j.texts) > 0 {
		p.Texts = append(p.Texts, async.JobTexts{Job: j.Name, Languages: j.texts})
	}
}

// stepsAreRepeatable reports whether a job is written from functions that may all run twice.
func (p *Project) stepsAreRepeatable(j Job) bool {
	for _, step := range j.Steps {
		if f, ok := p.Function(step); !ok || !f.Repeatable {
			return false
		}
	}
	return len(j.Steps) > 0
}

// checkWas reports a former name of a job that cannot have been one, or that is another job's.
func (r *reader) checkWas(in *source.Reader, j jobEntry, jobs []jobEntry) {
	if j.Was == "" {
		return
	}
	at := in.Node("jobs").Get(j.Name).Get(async.MachineWas).Place()
	checkName(in, at, "job", j.Was)
	for _, other := range jobs {
		if j.Was == other.Name || j.Was == other.Was && j.Name != other.Name {
			in.Report(source.CodeBadValue, at,
				fmt.Sprintf("the job %s was %q, which is the job %s", j.Name, j.Was, other.Name),
				"Write the name that this job had before, which no other job has, or leave was out.")
			return
		}
	}
}

// checkSteps reports steps that do not exist, and those that are there twice.
func (r *reader) checkSteps(in *source.Reader, j jobEntry, p *Project) {
	written := in.Node("jobs").Get(j.Name).Get("steps").Elements()
	for i, step := range j.Steps {
		if _, ok := p.Function(step); !ok {
			in.Report(CodeUnknown, written[i].Pos, fmt.Sprintf("unknown function %q", step), addFunction(p))
		}
		if slices.Contains(j.Steps[:i], step) {
			in.Report(source.CodeBadValue, written[i].Pos,
				fmt.Sprintf("the function %q is a step of this job twice", step),
				"Write each step once; the states of the state machine are named after them.")
		}
	}
}

// addFunction is the remedy for a function that does not exist. It names those that do.
func addFunction(p *Project) string {
	var names []string
	for _, f := range p.Functions {
		names = append(names, f.Name)
	}
	if len(names) == 0 {
		return "Add it under functions."
	}
	return "Add it under functions, or use one that is there: " + strings.Join(names, ", ") + "."
}

// checkFunction reports what cannot be true of a function, or is missing.
func checkFunction(in *source.Reader, at source.Pos, f Function) {
	if f.Name == AsyncFunction {
		in.Report(source.CodeBadValue, at, fmt.Sprintf("no function can be called %q", f.Name),
			"Choose another name: it means the async function itself.")
	}
	checkName(in, at, "function", f.Name)
	if f.Code != "" && f.Runtime == "" {
		in.Report(CodeMissing, at, fmt.Sprintf("the function %s has code but no runtime", f.Name),
			"Add runtime: go, python3.14, nodejs24.x or provided.al2023.")
	}
	if f.Remote && f.ARN == "" {
		in.Report(CodeMissing, in.Place("remote"), fmt.Sprintf("the function %s is remote but has no arn", f.Name),
			"Add arn: ARN.")
	}
}

// checkOrigins reports functions of which neither the project nor a stage says where they are.
func checkOrigins(in *source.Reader, p *Project) {
	for _, m := range in.Node("functions").Entries() {
		f, read := p.Function(m.Key)
		inStage := slices.ContainsFunc(p.Stages, func(s Stage) bool { return s.Functions[m.Key] != "" })
		if read && f.Code == "" && f.ARN == "" && !inStage {
			in.Report(CodeMissing, m.Pos, fmt.Sprintf("the function %s has neither code nor an arn", f.Name),
				"Add code: FOLDER, or arn: ARN, here or in a stage.")
		}
	}
}

// checkFlowFile reports a flow that does not exist. One that is generated may not exist yet.
func (r *reader) checkFlowFile(f flowEntry) {
	if f.File == "" || r.exists(f.File) {
		return
	}
	in := source.Read(r.file, f.node, r.found)
	switch written := f.node.Get("file").Str(); {
	case f.generate == nil:
		in.Report(source.CodeNoFile, in.Place("file"), fmt.Sprintf("file: %q does not exist", written),
			"Check the path; it is relative to this file.")
	case !r.generates:
		in.Report(source.CodeNoFile, in.Place("file"), fmt.Sprintf("file: %q has not been generated yet", written),
			"Run `connect-async generate`.")
	}
}

// NameForm says which names ValidName accepts.
const NameForm = "Use 1 to 40 letters, digits, hyphens and underscores."

// nameForm is the form of a name.
func nameForm(kind string) form.Form[string] {
	return form.Text().Checked(func(name string) (message, remedy string) {
		if name == "" || ValidName(name) {
			return "", ""
		}
		return fmt.Sprintf("%q is not a valid %s name", name, kind), NameForm
	}).Described(func(s *form.Schema) { s.Words, s.Pattern, s.PatternRemedy = "name", namePattern, NameForm })
}

// names says of an object that its keys are names.
func names(s *form.Schema) { s.KeyPattern, s.PatternRemedy = namePattern, NameForm }

// checkName reports a name that cannot be part of every name that is made of it in AWS.
func checkName(in *source.Reader, at source.Pos, kind, name string) {
	if !ValidName(name) {
		in.Report(source.CodeBadValue, at, fmt.Sprintf("%q is not a valid %s name", name, kind), NameForm)
	}
}
