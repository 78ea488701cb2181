package function

import (
	"cmp"
	"context"
	"path/filepath"
	"runtime"
	"strings"
)

const defaultPythonHandler = "lambda_function.lambda_handler"

var python = interpreter{
	language: "Python",
	names:    pythons,
	probe:    []string{"-c", "import sys; print(sys.executable)"},
	remedy:   "install Python 3, or make a virtual environment named .venv in the function's folder",
}

// pythons are a virtual environment in or next to the code, then the very version, then any Python 3.
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
	return append(names, s.Runtime, "python3", "python")
}

// hasPython reports whether the handler, or the one file of the code, is a Python module.
func hasPython(s Spec) bool {
	if strings.HasSuffix(s.Code, ".py") {
		return true
	}
	handler := cmp.Or(s.Handler, defaultPythonHandler)
	module := handler[:max(strings.LastIndexByte(handler, '.'), 0)]
	return module != "" && exists(filepath.Join(s.folder(), filepath.FromSlash(module)+".py"))
}

func checkPython(s *Spec) error {
	if s.Handler == "" {
		s.Handler = defaultPythonHandler
		if module, isFile := strings.CutSuffix(filepath.Base(s.Code), ".py"); isFile {
			s.Handler = module + ".lambda_handler"
		}
	}
	return python.check(*s)
}

func preparePython(ctx context.Context, f *Function) (*code, error) {
	path, err := python.find(ctx, f.spec)
	if err != nil {
		return nil, err
	}
	bootstrap, err := f.unpack("bootstrap.py")
	if err != nil {
		return nil, err
	}
	return &code{
		program:    []string{path, "-u", bootstrap},
		env:        []string{"PYTHONDONTWRITEBYTECODE=1", "AWS_EXECUTION_ENV=AWS_Lambda_" + f.spec.Runtime},
		runtimeDir: f.home,
	}, nil
}
