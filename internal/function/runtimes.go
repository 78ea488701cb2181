package function

import (
	"context"
	"embed"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

//go:embed bootstrap
var bootstraps embed.FS

// code is a prepared version of a function's code: what a new environment runs.
type code struct {
	program    []string // path and arguments
	env        []string // variables of the runtime
	runtimeDir string
	instead    string   // what runs it when the runtime that it names is not installed
	variables  []string // the user's own: those of the specification and of its file
	version    Version  // of the files it was made of
}

// runtimeKind is one way to run code.
type runtimeKind struct {
	name    string                                                // when the runtime is found out from the code
	prefix  string                                                // of Lambda's runtime identifiers
	suits   func(s Spec) bool                                     // reports whether the code looks like it
	check   func(s *Spec) error                                   // checks what New promises, and fills in the handler
	prepare func(ctx context.Context, f *Function) (*code, error) // builds, or finds the interpreter
	watch   func(s Spec) *files                                   // the files it is made of
}

// runtimeKinds lists what is looked for in the code when no runtime is given, in this order.
var runtimeKinds = []runtimeKind{
	{
		name:    "provided.al2023",
		prefix:  "provided",
		suits:   hasBootstrap,
		check:   checkProvided,
		prepare: prepareProvided,
		watch:   watchProvided,
	},
	{name: "go", prefix: "go", suits: hasGo, check: checkGo, prepare: prepareGo, watch: watchGo},
	{
		name:    "python3",
		prefix:  "python",
		suits:   hasPython,
		check:   checkPython,
		prepare: preparePython,
		watch:   watchFolder,
	},
	{name: "nodejs", prefix: "nodejs", suits: hasNode, check: checkNode, prepare: prepareNode, watch: watchFolder},
}

// runtimeOf finds the kind of a function's runtime.
func runtimeOf(s Spec) (runtimeKind, error) {
	for _, kind := range runtimeKinds {
		if s.Runtime != "" && strings.HasPrefix(s.Runtime, kind.prefix) || s.Runtime == "" && kind.suits(s) {
			return kind, nil
		}
	}
	if s.Runtime == "" {
		return runtimeKind{}, problem(RuntimeUnknown, s.Code, "the code does not show its runtime",
			"Set runtime, such as python3.14, nodejs24.x, provided.al2023 or go.")
	}
	return runtimeKind{}, problem(RuntimeUnknown, s.Code, "the runtime "+s.Runtime+" cannot run on this machine",
		"Use a Python, Node, Go or provided runtime, or invoke the deployed function with remote.")
}

// prepared returns the code that new environments run, and prepares it when that has not been done since it was
// changed.
func (f *Function) prepared(ctx context.Context) (*code, error) {
	select {
	case f.preparing <- struct{}{}:
		defer func() { <-f.preparing }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	version := f.Version() // before it is read: what changes from here on is noticed later
	if f.code != nil && f.code.version == version {
		return f.code, nil
	}
	if err := f.open(); err != nil {
		return nil, problem(StartFailed, f.spec.Code, err.Error(),
			"Free space for temporary files, and check that /bin/sh exists.")
	}
	variables, err := f.spec.variables()
	if err != nil {
		return nil, err
	}
	c, err := f.runtime.prepare(ctx, f)
	if err != nil {
		return nil, err
	}
	c.version, c.variables = version, variables
	f.code = c
	return c, nil
}

func watchFolder(s Spec) *files { return &files{root: s.folder()} }

// open makes the folder of temporary files and starts what watches over processes.
func (f *Function) open() error {
	if f.home != "" {
		return nil
	}
	home, err := os.MkdirTemp("", "connect-async-function-")
	if err != nil {
		return err
	}
	g, err := newGuard(home)
	if err != nil {
		return errors.Join(err, os.RemoveAll(home))
	}
	f.home, f.guard, f.starter = home, g, newStarter()
	return nil
}

// unpack writes an embedded bootstrap into the folder of temporary files.
func (f *Function) unpack(name string) (string, error) {
	text, err := bootstraps.ReadFile("bootstrap/" + name)
	path := filepath.Join(f.home, name)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return "", noRoom(f.spec, err)
	}
	return path, nil
}

func noRoom(s Spec, err error) error {
	return problem(StartFailed, s.Code, "a temporary file cannot be created: "+err.Error(),
		"Free space in the folder for temporary files.")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
