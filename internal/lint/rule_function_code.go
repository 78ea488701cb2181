package lint

import (
	"io/fs"

	"github.com/connect-async/connect-async/internal/handlers"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// Code is the code of a function of the project, for rules that look at its files.
type Code struct {
	Files fs.FS  // of its folder
	File  string // when the code is one file, its name
}

var ruleFunctionRuntime = Rule{
	ID: "function-runtime", Group: GroupTogether, Severity: source.Error, Needs: NeedsProject | NeedsCode,
	Summary:  "A function's runtime does not exist, or does not fit its code.",
	Why:      "The function cannot start, here or in AWS, and every call that waits for it fails.",
	Remedy:   "Write a runtime such as python3.13, nodejs22.x, provided.al2023 or go.",
	Evidence: "Lambda: names of runtimes; observed with the runner.",
	Check:    func(p *Pass) { checkCode(p, true) },
}

var ruleFunctionHandler = Rule{
	ID: "function-handler", Group: GroupTogether, Severity: source.Error, Needs: NeedsProject | NeedsCode,
	Summary: "A function's handler is not in its code: the file does not exist, or does not define it.",
	Why: "Lambda answers every invocation with Runtime.ImportModuleError or Runtime.HandlerNotFound, and every call " +
		"that waits for it fails.",
	Remedy: "Correct handler in connect-async.yaml: FILE.FUNCTION, the file without its extension. " +
		"`lint --load` also imports the handler.",
	Evidence: "Lambda, Python and Node handlers; observed with the runner.",
	Check:    func(p *Pass) { checkCode(p, false) },
}

// checkCode reports the problem of each function whose code is here, when it is about the runtime or when it is not.
func checkCode(p *Pass, ofRuntime bool) {
	for _, f := range p.Project.Functions {
		code, ok := p.Code[f.Name]
		if !ok || f.Runtime == "" {
			continue
		}
		problem, ok := handlers.Check(code.Files, code.File, f.Runtime, f.Handler)
		if ok || problem.OfRuntime != ofRuntime {
			continue
		}
		found := p.report(p.Project.File, f.Name, placeIn(f, ofRuntime), "the function %s: %s", f.Name, problem.Message)
		found.Remedy = problem.Remedy
		if problem.Doubtful {
			found.Severity = source.Warning
		}
	}
}

// placeIn is where the project file says what a problem is about: its runtime, its handler, or else its code.
func placeIn(f project.Function, ofRuntime bool) source.Pos {
	keys := []string{"handler", "code"}
	if ofRuntime {
		keys = []string{"runtime"}
	}
	for _, key := range keys {
		if n := f.Node.Get(key); n != nil {
			return n.Place()
		}
	}
	return f.Node.Place()
}
