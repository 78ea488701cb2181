// Package project reads connect-async.yaml, the file that says what is wrapped, and checks it.
//
// It imports source, awsfacts, async for limits of the contract, and function for how a function is run. A Project is read once and never written to again.
package project

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// FileName is the name of the project file in the user's folder.
const FileName = "connect-async.yaml"

// AsyncFunction is the name that stands for the async function wherever the name of a function is expected. No function of
// a project may have it.
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
	Jobs      []Job  // in the file's order, at least one
	Functions []Function
	Flows     []Flow
	Callers   int               // how many callers wait at once at the busiest time
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
	Results    string        // ResultsDescribed or ResultsInTable
}

// How the async function learns the end of an execution: it asks DescribeExecution, or reads the results table.
const (
	ResultsDescribed = "describe"
	ResultsInTable   = "table"
)

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
}

// Flow is a contact flow of the project.
type Flow struct {
	File    string
	Type    string // as in CreateContactFlow, or "inbound" and the like; "" for what the document says
	Managed bool   // exported together with the rest
}

// Defaults of fields that are left out. Lambda's own default timeout is 3 s, too short for anything worth wrapping.
const (
	defaultJobTimeout      = 5 * time.Minute
	defaultFunctionTimeout = 30 * time.Second
)

// Read reads and checks the project file in a folder, or a project file of another name. The project is nil when a finding is
// of severity error.
func Read(path string) (*Project, source.Findings) {
	file := File(path)
	node, err := source.ReadFile(file)
	if err != nil {
		return nil, source.Findings{asFinding(file, err)}
	}
	var found source.Findings
	r := &reader{dir: filepath.Dir(file), file: file, found: &found}
	p := r.project(node)
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

func asFinding(file string, err error) source.Finding {
	f, ok := err.(source.Finding)
	if !ok {
		return source.Finding{Code: source.CodeUnreadable, Severity: source.Error, File: file, Message: err.Error()}
	}
	if f.Code == source.CodeUnreadable {
		f.Remedy = "Name a folder that holds a " + FileName + ", or pass --flow and --state-machine."
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
	found     *source.Findings
}

func (r *reader) project(node *source.Node) *Project {
	in := source.Read(r.file, node, r.found)
	p := &Project{File: r.file, Prompts: map[string]string{}}
	p.Name = in.String("name", "")
	if !ValidName(p.Name) {
		in.Report(source.CodeBadValue, in.Place("name"), fmt.Sprintf("the project's name is %q", p.Name),
			"Give it a name of 1 to 40 letters, digits, dashes and underscores; everything in AWS is named after it.")
	}
	for _, m := range in.Members("functions") {
		p.Functions = append(p.Functions, r.function(m))
	}
	for _, m := range in.Members("jobs") {
		p.Jobs = append(p.Jobs, r.job(m, p))
	}
	if len(p.Jobs) == 0 {
		in.Report(CodeMissing, in.Place("jobs"), "there is no job", "Add a job: jobs: {NAME: {steps: [FUNCTION]}}.")
	}
	for _, item := range in.Items("flows") {
		p.Flows = append(p.Flows, r.flow(item))
	}
	for _, m := range in.Members("prompts") {
		p.Prompts[m.Key] = r.path(m.Value.Str())
	}
	p.Callers = r.callers(in)
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
	j.Results = in.OneOf("results", ResultsDescribed, ResultsDescribed, ResultsInTable)
	if !ValidName(j.Name) {
		in.Report(source.CodeBadValue, m.Pos, fmt.Sprintf("the job's name is %q", j.Name), "Use 1 to 40 letters, digits, dashes and underscores.")
	}
	if (len(j.Steps) == 0) == (j.Definition == "") {
		in.Report(CodeMissing, m.Pos, fmt.Sprintf("the job %s must have either steps or a definition", j.Name),
			"Write steps: [FUNCTION, …], or definition: FILE.")
	}
	for i, step := range j.Steps {
		if _, ok := p.Function(step); !ok {
			in.Report(CodeUnknown, in.Node("steps").Items[i].Pos, fmt.Sprintf("there is no function %q", step), "Add it under functions.")
		}
	}
	in.Done()
	return j
}

func (r *reader) function(m source.Member) Function {
	in := source.Read(r.file, m.Value, r.found)
	f := Function{
		Name: m.Key, Code: r.optionalPath(in, "code"), Handler: in.String("handler", ""), Runtime: in.String("runtime", ""),
		Timeout: in.Duration("timeout", defaultFunctionTimeout), MemoryMB: in.Int("memory_mb", awsfacts.MinMemoryMB, awsfacts.MinMemoryMB, awsfacts.MaxMemoryMB),
		EnvFile: r.optionalPath(in, "env_file"), Repeatable: in.Bool("repeatable", false),
		ARN: in.String("arn", ""), Remote: in.Bool("remote", false),
	}
	if f.Name == AsyncFunction || !ValidName(f.Name) {
		in.Report(source.CodeBadValue, m.Pos, fmt.Sprintf("a function cannot be called %q", f.Name),
			"Use 1 to 40 letters, digits, dashes and underscores; \"async\" is the async function itself.")
	}
	if f.Timeout > awsfacts.FunctionTimeout || f.Timeout < time.Second {
		in.Report(source.CodeBadValue, in.Place("timeout"), "a function's timeout lies between 1 s and 15 minutes", "Correct the timeout.")
	}
	if f.Code == "" && f.ARN == "" {
		in.Report(CodeMissing, m.Pos, fmt.Sprintf("the function %s has neither code nor an arn", f.Name), "Add code: FOLDER, or arn: ARN.")
	}
	if f.Code != "" && f.Runtime == "" {
		in.Report(CodeMissing, m.Pos, fmt.Sprintf("the function %s has code but no runtime", f.Name),
			"Add runtime: go, python3.13, nodejs22.x or provided.al2023.")
	}
	if f.Remote && f.ARN == "" {
		in.Report(CodeMissing, in.Place("remote"), fmt.Sprintf("the function %s is remote but has no arn", f.Name), "Add arn: ARN.")
	}
	in.Done()
	return f
}

func (r *reader) flow(node *source.Node) Flow {
	in := source.Read(r.file, node, r.found)
	f := Flow{File: r.optionalPath(in, "file"), Type: in.String("type", ""), Managed: in.Bool("managed", false)}
	if f.File == "" {
		in.Report(CodeMissing, node.Place(), "this flow has no file", "Add file: FILE.")
	}
	in.Done()
	return f
}

// optionalPath reads a path, relative to the project file. The file or folder must be there.
func (r *reader) optionalPath(in *source.Reader, key string) string {
	written := in.String(key, "")
	if written == "" {
		return ""
	}
	path := r.path(written)
	if _, err := os.Stat(path); err != nil {
		in.Report(source.CodeUnreadable, in.Place(key), fmt.Sprintf("%s: %q is not there", key, written), "Check the path; it is relative to this file.")
	}
	return path
}

func (r *reader) path(written string) string {
	if filepath.IsAbs(written) {
		return written
	}
	return filepath.Join(r.dir, filepath.FromSlash(written))
}
