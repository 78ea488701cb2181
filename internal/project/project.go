// Package project reads connect-async.yaml, the file that says what is wrapped, and checks it.
//
// It imports internal/source, internal/flowlang for the types of flows, internal/template to recognise a flow that is
// named instead of a project, and internal/awsfacts and internal/async for limits. A Project is read once and never
// written to again.
package project

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
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
	Deploy    *source.Node      // the settings of `export`, which deploy reads itself; nil when there are none
}

// Job is one thing that is wrapped: a function or a chain, with one state machine.
type Job struct {
	Name       string
	Steps      []string      // names of functions; empty when Definition is set
	Definition string        // path of a state machine of the user's own
	Timeout    time.Duration // of the whole execution
	Results    string        // one of the words below that say how
	Repeatable bool          // may safely run twice
	Reuse      string        // what answers a question that was answered before: async.ReuseAlways or ReuseRunning
	ReuseFor   time.Duration // how long an outcome is the answer to repeats in any case
}

// How the async function learns the end of an execution: it asks DescribeExecution, or reads the results table.
const (
	ResultsDescribed = "describe"
	ResultsInTable   = "table" // written by the state machine, if its definition is not the user's, and by its event
	ResultsByEvent   = "event" // written by its event alone
)

// WritesEnd reports whether a job's state machine writes its end into the results table, where there is one.
func (j Job) WritesEnd() bool { return j.Definition == "" && j.Results != ResultsByEvent }

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
	Remote     bool         // invoked in AWS by `call`
	Node       *source.Node // as it is written, for places in findings
}

// Flow is a contact flow of the project.
type Flow struct {
	File    string
	Type    flowlang.Type // "" for what the document says
	Managed bool          // exported together with the others

	Generate *Generate // what the file is generated from, nil when it is written by hand
}

// Defaults of fields that are left out. Lambda's own default timeout is 3 s, too short for anything worth wrapping.
const (
	defaultJobTimeout      = 5 * time.Minute
	defaultFunctionTimeout = 30 * time.Second
)

// Read reads and checks the project file in a folder, or a project file of another name. The project is nil when a
// finding is of severity error.
func Read(path string) (*Project, source.Findings) {
	return readFile(path, &reader{exists: isThere})
}

// ReadToGenerate reads the project file as Read does, whether or not the flows that are generated exist already.
func ReadToGenerate(path string) (*Project, source.Findings) {
	return readFile(path, &reader{exists: isThere, generates: true})
}

// ReadFunctions reads the project file as Read does, for verbs that run functions: it needs no jobs.
func ReadFunctions(path string) (*Project, source.Findings) {
	return readFile(path, &reader{exists: isThere, jobless: true})
}

// Parse reads a project file before it is written. Only what exists says whether a file or folder will be there; flows
// that are generated may be missing.
func Parse(file string, text []byte, exists func(path string) bool) (*Project, source.Findings) {
	node, err := source.ParseYAML(file, text)
	if err != nil {
		return nil, source.Findings{source.AsFinding(file, err)}
	}
	return (&reader{dir: filepath.Dir(file), file: file, exists: exists, generates: true}).read(node)
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func readFile(path string, r *reader) (*Project, source.Findings) {
	r.file = File(path)
	r.dir = filepath.Dir(r.file)
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
		f.Remedy = "Name a folder that holds a " + FileName + ". `connect-async init` writes one."
	}
	return f
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
	dir, file string
	exists    func(path string) bool // of what the project file names
	generates bool                   // flows that are generated need not exist
	jobless   bool                   // there need not be a job
	found     *source.Findings
}

func (r *reader) project(in *source.Reader) *Project {
	p := &Project{File: r.file, Prompts: map[string]string{}}
	p.Name = in.String("name", "")
	if p.Name == "" {
		in.Report(CodeMissing, in.Place("name"), "the project has no name",
			"Add name: NAME; everything in AWS is named after it. "+NameForm)
	} else {
		checkName(in, in.Place("name"), "project", p.Name)
	}
	for _, m := range in.Members("functions") {
		p.Functions = append(p.Functions, r.function(m))
	}
	for _, m := range in.Members("jobs") {
		p.Jobs = append(p.Jobs, r.job(m, p))
	}
	if jobs := in.Node("jobs"); !r.jobless && (jobs == nil || jobs.Is(source.Object) && len(p.Jobs) == 0) {
		in.Report(CodeMissing, in.Place("jobs"), "the project has no jobs",
			"Add a job: jobs: {NAME: {steps: [FUNCTION]}}.")
	}
	for _, item := range in.Items("flows") {
		p.Flows = append(p.Flows, r.flow(item, p))
	}
	for _, m := range in.Members("prompts") {
		p.Prompts[m.Key] = r.path(m.Value.Str())
	}
	p.Callers = r.callers(in)
	p.Retain = retain(in)
	p.Scenario = r.optionalPath(in, "scenario")
	p.Lint = in.Node("lint")
	p.Deploy = in.Node("deploy")
	in.Done()
	return p
}

func (r *reader) job(m source.Member, p *Project) Job {
	in := source.Read(r.file, m.Value, r.found)
	j := Job{Name: m.Key, Steps: in.Strings("steps"), Definition: r.optionalPath(in, "definition")}
	j.Timeout = in.Duration("timeout", defaultJobTimeout)
	if j.Timeout > awsfacts.ExecutionTimeout || j.Timeout < time.Second {
		in.Report(source.CodeBadValue, in.Place("timeout"), fmt.Sprintf("a job cannot have a timeout of %v", j.Timeout),
			fmt.Sprintf("Write a timeout from 1s to %.0fh.", awsfacts.ExecutionTimeout.Hours()))
	}
	r.texts(in, j.Name, p)
	j.Results = in.OneOf("results", ResultsDescribed, ResultsDescribed, ResultsInTable, ResultsByEvent)
	r.reuse(in, &j, p)
	checkName(in, m.Pos, "job", j.Name)
	if (len(j.Steps) == 0) == (j.Definition == "") {
		in.Report(CodeMissing, m.Pos, fmt.Sprintf("the job %s must have either steps or a definition", j.Name),
			"Write steps: [FUNCTION, …], or definition: FILE.")
	}
	for i, step := range j.Steps {
		if _, ok := p.Function(step); !ok {
			in.Report(CodeUnknown, in.Node("steps").Items[i].Pos, fmt.Sprintf("unknown function %q", step),
				addFunction(p))
		}
		if slices.Contains(j.Steps[:i], step) {
			in.Report(source.CodeBadValue, in.Node("steps").Items[i].Pos,
				fmt.Sprintf("the function %q is a step of this job twice", step),
				"Write each step once; the states of the state machine are named after them.")
		}
	}
	in.Done()
	return j
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

func (r *reader) function(m source.Member) Function {
	in := source.Read(r.file, m.Value, r.found)
	f := Function{
		Name:       m.Key,
		Node:       m.Value,
		Code:       r.optionalPath(in, "code"),
		Handler:    in.String("handler", ""),
		Runtime:    in.String("runtime", ""),
		Timeout:    in.Duration("timeout", defaultFunctionTimeout),
		MemoryMB:   in.Int("memory_mb", awsfacts.MinMemoryMB, awsfacts.MinMemoryMB, awsfacts.MaxMemoryMB),
		EnvFile:    r.optionalPath(in, "env_file"),
		Repeatable: in.Bool("repeatable", false),
		ARN:        in.String("arn", ""),
		Remote:     in.Bool("remote", false),
	}
	r.checkFunction(in, m.Pos, f)
	in.Done()
	return f
}

// checkFunction reports what cannot be true of a function, or is missing.
func (r *reader) checkFunction(in *source.Reader, at source.Pos, f Function) {
	if f.Name == AsyncFunction {
		in.Report(source.CodeBadValue, at, fmt.Sprintf("no function can be called %q", f.Name),
			"Choose another name: it means the async function itself.")
	}
	checkName(in, at, "function", f.Name)
	if f.Timeout > awsfacts.FunctionTimeout || f.Timeout < time.Second {
		in.Report(source.CodeBadValue, in.Place("timeout"),
			fmt.Sprintf("a function cannot have a timeout of %v", f.Timeout),
			fmt.Sprintf("Write a timeout from 1s to %.0fm.", awsfacts.FunctionTimeout.Minutes()))
	}
	if f.Code == "" && f.ARN == "" {
		in.Report(CodeMissing, at, fmt.Sprintf("the function %s has neither code nor an arn", f.Name),
			"Add code: FOLDER, or arn: ARN.")
	}
	if f.Code != "" && f.Runtime == "" {
		in.Report(CodeMissing, at, fmt.Sprintf("the function %s has code but no runtime", f.Name),
			"Add runtime: go, python3.14, nodejs24.x or provided.al2023.")
	}
	if f.Remote && f.ARN == "" {
		in.Report(CodeMissing, in.Place("remote"), fmt.Sprintf("the function %s is remote but has no arn", f.Name),
			"Add arn: ARN.")
	}
}

func (r *reader) flow(node *source.Node, p *Project) Flow {
	in := source.Read(r.file, node, r.found)
	f := Flow{File: r.flowFile(in), Managed: in.Bool("managed", false)}
	if written := in.String("type", ""); written != "" {
		t, ok := flowlang.TypeOf(written)
		if f.Type = t; !ok {
			in.Report(source.CodeBadValue, in.Place("type"), fmt.Sprintf("%q is not a flow type", written),
				"Write inbound, customer_queue, customer_hold, customer_whisper, agent_transfer, queue_transfer, "+
					"module or another type of CreateContactFlow.")
		}
	}
	if f.File == "" {
		in.Report(CodeMissing, node.Place(), "this flow has no file", "Add file: FILE.")
	}
	f.Generate = r.generate(in, f, p)
	in.Done()
	return f
}

// flowFile reads the path of a flow. A flow that is generated may not exist yet.
func (r *reader) flowFile(in *source.Reader) string {
	written := in.String("file", "")
	if in.Node("generate") == nil || written == "" {
		return r.optionalPath(in, "file")
	}
	path := r.path(written)
	if !r.generates && !r.exists(path) {
		in.Report(source.CodeNoFile, in.Place("file"), fmt.Sprintf("file: %q has not been generated yet", written),
			"Run `connect-async generate`.")
	}
	return path
}

// optionalPath reads a path, relative to the project file. The file or folder must exist.
func (r *reader) optionalPath(in *source.Reader, key string) string {
	written := in.String(key, "")
	if written == "" {
		return ""
	}
	path := r.path(written)
	if !r.exists(path) {
		in.Report(source.CodeNoFile, in.Place(key), fmt.Sprintf("%s: %q does not exist", key, written),
			"Check the path; it is relative to this file.")
	}
	return path
}

func (r *reader) path(written string) string {
	if filepath.IsAbs(written) {
		return written
	}
	return filepath.Join(r.dir, filepath.FromSlash(written))
}

// NameForm says which names ValidName accepts.
const NameForm = "Use 1 to 40 letters, digits, hyphens and underscores."

// checkName reports a name that cannot be part of every name that is made of it in AWS.
func checkName(in *source.Reader, at source.Pos, kind, name string) {
	if !ValidName(name) {
		in.Report(source.CodeBadValue, at, fmt.Sprintf("%q is not a valid %s name", name, kind), NameForm)
	}
}
