package function

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"runtime"

	"github.com/connect-async/connect-async/internal/handlers"
)

var python = interpreter{
	language: "Python",
	names:    pythons,
	probe:    []string{"-c", "import sys; print(sys.executable)"},
	remedy:   "Install Python 3, or make a virtual environment named .venv in the function's folder.",
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
	return isModule(s, "Python") || handlers.Module(os.DirFS(s.folder()), "python", s.Handler) != ""
}

// isModule reports whether the code is one file of a language.
func isModule(s Spec, language string) bool {
	l, ok := handlers.Of(s.Code)
	return ok && l.Name == language
}

func checkPython(s *Spec) error {
	s.Handler = cmp.Or(s.Handler, handlers.Default("python", s.Code))
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
		instead:    python.instead(ctx, path, f.spec),
	}, nil
}
