package workspace

import (
	"context"
	"errors"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of this package.
const (
	CodeNoStandIn = "call-no-stand-in"
	CodeRealTime  = "needs-real-time"
)

// Options say what an account is made of.
type Options struct {
	Project      *project.Project  // nil when everything is named otherwise
	StateMachine string            // file of the one state machine, instead of those of the project's jobs
	Names        map[string]string // names of functions by what documents call them
	StandIns     map[string]scenario.StandIn
	Tasks        map[string][]scenario.TaskOutcome // stand-ins of tasks, by name of the state or pattern
	Scenario     string                            // the file that stand-ins are added to, for remedies
	Callers      int                               // how many callers wait at once

	Virtual       bool     // run no function: all have stand-ins
	Env           []string // variables of functions that run here; their own come after these and win
	AsyncEnv      []string // further variables of the async function when it runs as a process
	AsyncFunction string   // folder of the async function's source, to run it as a process; "" runs it in this one
	TableEndpoint string   // where functions that run here find the results table, to report how far they are

	// Invoked, which may be nil, is told of every invocation that has ended: of functions that run, of stand-ins and of
	// the async function.
	Invoked func(Invocation)

	// Remote connects to AWS, for functions that are invoked where they are deployed. It is called only when there is
	// one.
	Remote func(context.Context) (function.Invoker, error)
}

// Workspace is what accounts are made of. It is not written to after Open.
type Workspace struct {
	AsyncName string            // the name of the async function
	EndsName  string            // the name of the function for ends
	Table     string            // the name of the results table, "" when there is none
	Functions []Function        // those of the project in its order, then those that only have stand-ins
	Machines  []Machine         // one for each job
	Names     map[string]string // ARNs of functions in the account by what documents call them

	options Options
	arns    *local.Account // knows the ARNs of every account of the workspace
	found   source.Findings
}

// Open puts a workspace together. With findings of severity error among those it returns it must not be used, only
// closed. Nothing is built or started before Prepare.
func Open(ctx context.Context, o Options) (*Workspace, source.Findings) {
	w := &Workspace{AsyncName: project.AsyncFunction, options: o, arns: local.New(local.Options{Clock: clock.Real{}})}
	if o.Project != nil {
		w.AsyncName, w.EndsName, w.Table = o.Project.AsyncName(), o.Project.EndsName(), o.Project.ResultsTable()
	}
	w.addFunctions(ctx)
	w.addNames()
	w.addMachines()
	w.addAsyncProcess()
	return w, w.found
}

// Prepare builds the functions that run here and starts an environment of each, so that nothing begins with a compiler
// at work. It ends early when ctx is done.
func (w *Workspace) Prepare(ctx context.Context) source.Findings {
	var found source.Findings
	for _, f := range w.Functions {
		if err := f.Prepare(ctx); err != nil {
			found = append(found, source.AsFinding(f.spec.Code, err))
		}
	}
	return found
}

// Close ends the processes.
func (w *Workspace) Close() error {
	var errs []error
	for _, f := range w.Functions {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

func (w *Workspace) note(file string, err error) {
	w.found = append(w.found, source.AsFinding(file, err))
}

// projectFile is the name of the project file in findings.
func (w *Workspace) projectFile() string {
	if w.options.Project == nil {
		return "connect-async"
	}
	return w.options.Project.File
}

// asyncTarget is the ARN of the async function as flows of the project invoke it.
func (w *Workspace) asyncTarget() string {
	target := w.arns.FunctionARN(w.AsyncName)
	if w.options.Project != nil {
		target += w.options.Project.Deploy.Qualifier()
	}
	return target
}

// addNames finds out which function is meant by a name in a document. An ARN in AWS and a placeholder mean the function
// of the project; the scenario may name others.
func (w *Workspace) addNames() {
	w.Names = map[string]string{}
	if p := w.options.Project; p != nil {
		w.Names = p.LocalARNs(w.arns.FunctionARN)
	}
	w.Names[flowlang.Async.String()] = w.asyncTarget()
	for _, f := range w.Functions {
		p := flowlang.Placeholder{Kind: flowlang.FunctionKind, Name: f.Name}
		w.Names[p.String()] = w.arns.FunctionARN(f.Name)
	}
	for text, name := range w.options.Names {
		if name == project.AsyncFunction {
			name = w.AsyncName
		}
		w.Names[text] = w.arns.FunctionARN(name)
	}
}
