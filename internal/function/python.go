package function

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// hasPython reports whether the handler, or the one file of the code, is a Python module.
func hasPython(s Spec) bool {
	if strings.HasSuffix(s.Code, ".py") {
		return true
	}
	module, _ := splitHandler(cmp.Or(s.Handler, defaultPythonHandler))
	return exists(filepath.Join(s.folder(), module+".py"))
}

const defaultPythonHandler = "lambda_function.lambda_handler"

// splitHandler splits module.function at the last dot.
func splitHandler(handler string) (module, name string) {
	i := strings.LastIndexByte(handler, '.')
	if i < 0 {
		return handler, ""
	}
	return filepath.FromSlash(handler[:i]), handler[i+1:]
}

func checkPython(s *Spec) error {
	if s.Handler == "" {
		s.Handler = defaultPythonHandler
		if strings.HasSuffix(s.Code, ".py") {
			s.Handler = strings.TrimSuffix(filepath.Base(s.Code), ".py") + ".lambda_handler"
		}
	}
	if len(pythons(*s)) == 0 {
		return noPython(s.Code, "neither a virtual environment beside its code nor python3 on the PATH was found")
	}
	return nil
}

func noPython(place, reason string) error {
	return problem(InterpreterMissing, place, "the function needs Python: "+reason,
		"install Python 3, or make a virtual environment named .venv in the function's folder")
}

// pythons are the interpreters to try: a virtual environment in or beside the code, then the very version, then any Python 3.
func pythons(s Spec) []string {
	bin := "bin/python3"
	if runtime.GOOS == "windows" {
		bin = "Scripts/python.exe"
	}
	var names []string
	for _, folder := range []string{s.folder(), filepath.Dir(s.folder())} {
		for _, venv := range []string{".venv", "venv"} {
			names = append(names, filepath.Join(folder, venv, filepath.FromSlash(bin)))
		}
	}
	var found []string
	for _, name := range append(names, s.Runtime, "python3", "python") {
		if path, err := exec.LookPath(name); err == nil {
			found = append(found, path)
		}
	}
	return found
}

// python is the path of the first interpreter that runs. It is asked for its real path, since what is on the PATH may be a
// slow wrapper script, or stand for a version that is not installed.
func python(ctx context.Context, s Spec) (string, error) {
	var last error
	for _, name := range pythons(s) {
		cmd := exec.CommandContext(ctx, name, "-c", "import sys; assert sys.version_info >= (3, 8); print(sys.executable)")
		cmd.Dir = s.folder() // a version may be chosen per folder
		path, err := cmd.Output()
		if err == nil {
			return strings.TrimSpace(string(path)), nil
		}
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		last = fmt.Errorf("%s: %w", name, err)
	}
	return "", noPython(s.Code, fmt.Sprintf("no interpreter of version 3.8 or newer runs (%v)", last))
}

func preparePython(ctx context.Context, f *Function) (*code, error) {
	bootstrap, err := f.unpack("bootstrap.py")
	if err != nil {
		return nil, problem(StartFailed, f.spec.Code, err.Error(), "make room for temporary files")
	}
	path, err := python(ctx, f.spec)
	if err != nil {
		return nil, err
	}
	return &code{
		program:    []string{path, "-u", bootstrap},
		env:        []string{"PYTHONDONTWRITEBYTECODE=1", "AWS_EXECUTION_ENV=AWS_Lambda_" + f.spec.Runtime},
		runtimeDir: f.home,
	}, nil
}
