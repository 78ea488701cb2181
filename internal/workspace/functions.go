package workspace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// Function is a function of a workspace: one that runs, here or in AWS, or a stand-in for one.
type Function struct {
	Name    string
	spec    function.Spec
	runner  runner             // nil for a stand-in
	process *function.Function // the runner, when it runs here
	standIn scenario.StandIn   // without outcomes when the function is missing
}

// How says how the function runs, for a headline; "" for a stand-in. Once it was prepared that includes what runs it
// when the runtime that it names is not installed.
func (f Function) How() string {
	switch {
	case f.runner == nil:
		return ""
	case f.process == nil:
		return "in AWS"
	}
	how := f.spec.Runtime
	if instead := f.process.Instead(); instead != "" {
		how = fmt.Sprintf("%s is not installed, %s runs it", f.spec.Runtime, instead)
	}
	return fmt.Sprintf("%s (%s)", filepath.Base(f.spec.Code), how)
}

// NotInstalled is a sentence about a runtime that the function names and that is not installed; "" when there is none.
// It is known once the function was prepared.
func (f Function) NotInstalled() string {
	if f.process == nil || f.process.Instead() == "" {
		return ""
	}
	return fmt.Sprintf("%s is not installed: %s runs the function %s.", f.spec.Runtime, f.process.Instead(), f.Name)
}

// runner is a function that runs: *function.Function or *function.Remote.
type runner interface {
	Invoke(ctx context.Context, payload []byte) function.Result
	Do(ctx context.Context, r function.Request) function.Result
}

// Run opens one function of a project, here or where it is deployed. Close it afterwards. Errors are source.Findings.
func Run(ctx context.Context, f project.Function, o Options) (Function, error) {
	if f.Remote || f.Code == "" {
		return deployed(ctx, f, o)
	}
	return process(f, o)
}

// Load lets a function of a project whose code is here load its handler, in a process that ends afterwards. The failure
// is nil when it can. Errors are source.Findings.
func Load(ctx context.Context, f project.Function) (*function.Failure, error) {
	opened, err := process(f, Options{})
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return opened.process.Load(ctx)
}

// Invoke invokes a function that Run has opened.
func (f Function) Invoke(ctx context.Context, payload []byte) function.Result {
	return f.runner.Invoke(ctx, payload)
}

// Version is the state of the files that a function is made of which runs here. ok is false for every other one.
func (f Function) Version() (v function.Version, ok bool) {
	if f.process == nil {
		return v, false
	}
	return f.process.Version(), true
}

// Prepare builds a function that runs here and starts an environment of it. An error is a source.Finding.
func (f Function) Prepare(ctx context.Context) error {
	if f.process == nil {
		return nil
	}
	return f.process.Prepare(ctx)
}

// Failure says why an invocation failed. It reports false when it did not.
func (f Function) Failure(r function.Result) (function.Failure, bool) { return f.spec.Failure(r) }

// Close ends the processes of the function.
func (f Function) Close() error {
	if f.process == nil {
		return nil
	}
	return f.process.Close()
}

// specOf is what is told about a function, without its code.
func specOf(f project.Function) function.Spec {
	return function.Spec{Name: f.Name, Runtime: f.Runtime, Handler: f.Handler, Timeout: f.Timeout, MemoryMB: f.MemoryMB}
}

func deployed(ctx context.Context, f project.Function, o Options) (Function, error) {
	invoker, err := o.Remote(ctx)
	if err != nil {
		return Function{}, err
	}
	remote := function.NewRemote(clock.Real{}, invoker, f.ARN)
	return Function{Name: f.Name, spec: specOf(f), runner: remote}, nil
}

func process(f project.Function, o Options) (Function, error) {
	spec := specOf(f)
	spec.Code, spec.Env, spec.EnvFile = f.Code, o.Env, f.EnvFile
	return start(spec)
}

func start(spec function.Spec) (Function, error) {
	p, err := function.New(clock.Real{}, spec)
	if err != nil {
		return Function{}, err
	}
	spec = p.Spec()
	return Function{Name: spec.Name, spec: spec, runner: p, process: p}, nil
}

// addFunctions adds every function that the project or the stand-ins name.
func (w *Workspace) addFunctions(ctx context.Context) {
	var known []string
	if p := w.options.Project; p != nil {
		for _, f := range p.Functions {
			known = append(known, f.Name)
			w.addFunction(ctx, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.options.StandIns)) {
		if !slices.Contains(known, name) {
			w.addStandIn(project.Function{Name: name, Timeout: awsfacts.FunctionTimeout})
		}
	}
}

// addFunction adds a function of the project: one that runs where it can be had, else its stand-in.
func (w *Workspace) addFunction(ctx context.Context, f project.Function) {
	if w.options.Virtual || w.options.StandIns[f.Name].Always || f.Code == "" && !f.Remote {
		w.addStandIn(f)
		return
	}
	opened, err := Run(ctx, f, w.options)
	if err != nil {
		w.note(w.options.Project.File, err)
		return
	}
	w.Functions = append(w.Functions, opened)
}

func (w *Workspace) addStandIn(f project.Function) {
	w.Functions = append(w.Functions, Function{Name: f.Name, spec: specOf(f), standIn: w.options.StandIns[f.Name]})
}

// Runs reports whether a function really runs, here or in AWS, rather than its stand-in.
func (w *Workspace) Runs(name string) bool {
	return slices.ContainsFunc(w.Functions, func(f Function) bool { return f.Name == name && f.runner != nil })
}

// RunsAny reports whether a function of the user's really runs.
func (w *Workspace) RunsAny() bool {
	return slices.ContainsFunc(w.Functions, func(f Function) bool { return f.Name != w.AsyncName && f.runner != nil })
}

// Missing reports whether a function neither runs nor has a stand-in, as a finding of severity error.
func (w *Workspace) Missing(name string) (f source.Finding, missing bool) {
	i := slices.IndexFunc(w.Functions, func(f Function) bool { return f.Name == name })
	if i < 0 || w.Functions[i].runner != nil || len(w.Functions[i].standIn.Outcomes) > 0 {
		return f, false
	}
	file := cmp.Or(w.options.Scenario, w.projectFile())
	return source.Finding{Code: CodeNoStandIn, Severity: source.Error, File: file,
		Message: fmt.Sprintf("the function %s is not run here and has no stand-in", name),
		Remedy:  fmt.Sprintf("Add one to the scenario: functions: {%s: {takes: 12s, returns: {…}}}.", name)}, true
}

// addAsyncProcess runs the async function as a process, when that is asked for: the program that is deployed, built for
// this machine.
func (w *Workspace) addAsyncProcess() {
	dir := w.options.AsyncFunction
	if dir == "" {
		return
	}
	if w.options.Virtual {
		w.found = append(w.found, source.Finding{Code: CodeRealTime, Severity: source.Error, File: dir,
			Message: "the async function can run as a process in real time only",
			Remedy:  "Leave out --fast, or --async-function."})
		return
	}
	env := slices.Concat(w.options.Env, w.options.AsyncEnv, w.asyncEnv())
	f, err := start(function.Spec{
		Name: w.AsyncName, Code: dir, Runtime: "go", Timeout: async.FunctionTimeout, Env: env,
	})
	if err != nil {
		w.note(dir, err)
		return
	}
	w.Functions = append(w.Functions, f)
}
