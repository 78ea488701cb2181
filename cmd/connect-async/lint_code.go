package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// codeLoad is the code of findings about functions that cannot be loaded.
const codeLoad = "function-load"

// codeOf is the code of the project's functions that have some here.
func codeOf(p *project.Project) map[string]lint.Code {
	code := map[string]lint.Code{}
	for _, f := range p.Functions {
		info, err := os.Stat(f.Code)
		switch {
		case f.Code == "" || err != nil: // the project file was refused
		case info.IsDir():
			code[f.Name] = lint.Code{Files: os.DirFS(f.Code)}
		default:
			code[f.Name] = lint.Code{Files: os.DirFS(filepath.Dir(f.Code)), File: filepath.Base(f.Code)}
		}
	}
	return code
}

// lintCode checks the functions of every project against the rules, without running anything.
func (in *lintInput) lintCode() []lint.Finding {
	var found []lint.Finding
	for _, p := range in.files.Projects {
		if code := codeOf(p); len(code) > 0 {
			found = append(found, lint.Run(lint.Setup{Project: p, Code: code, Settings: in.projects[p].settings})...)
		}
	}
	return found
}

// load lets the functions of every project load their handlers, in processes of their own, and reports those that
// cannot.
func (in *lintInput) load(ctx context.Context) []lint.Finding {
	var found []lint.Finding
	for _, p := range in.files.Projects {
		var wrong source.Findings
		for _, f := range p.Functions {
			if f.Code == "" || f.Remote {
				continue
			}
			failure, err := workspace.Load(ctx, f)
			switch {
			case ctx.Err() != nil: // interrupted, which the exit code says
				return found
			case err != nil:
				wrong = append(wrong, source.AsFinding(p.File, err))
			case failure != nil:
				wrong = append(wrong, notLoaded(p, f, *failure))
			}
		}
		found = append(found, lint.Unread(wrong, in.projects[p].settings)...)
	}
	return found
}

// notLoaded is a function that failed while it loaded.
func notLoaded(p *project.Project, f project.Function, failure function.Failure) source.Finding {
	at := cmp.Or(f.Node.Get("handler"), f.Node.Get("code"))
	finding := source.Finding{Code: codeLoad, Severity: source.Error, File: p.File, Pos: at.Place(), Subject: f.Name,
		Message: fmt.Sprintf("the function %s cannot be loaded: %s", f.Name, failure.Words()), Remedy: failure.Remedy}
	if finding.Remedy == "" {
		finding.Remedy = fmt.Sprintf("Correct the code; `connect-async invoke %s` prints its whole log.", f.Name)
	}
	return finding
}
