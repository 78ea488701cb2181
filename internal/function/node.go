package function

import (
	"cmp"
	"context"
	"os"

	"github.com/connect-async/connect-async/internal/handlers"
)

var node = interpreter{
	language: "Node",
	names:    func(Spec) []string { return []string{"node", "nodejs"} },
	probe:    []string{"-e", "console.log(process.execPath)"},
	remedy:   "Install Node.js.",
}

// hasNode reports whether the handler, or the one file of the code, is a JavaScript module.
func hasNode(s Spec) bool {
	return isModule(s, "Node") || handlers.Module(os.DirFS(s.folder()), "nodejs", s.Handler) != ""
}

func checkNode(s *Spec) error {
	s.Handler = cmp.Or(s.Handler, handlers.Default("nodejs", s.Code))
	return node.check(*s)
}

func prepareNode(ctx context.Context, f *Function) (*code, error) {
	path, err := node.find(ctx, f.spec)
	if err != nil {
		return nil, err
	}
	bootstrap, err := f.unpack("bootstrap.cjs")
	if err != nil {
		return nil, err
	}
	return &code{
		program:    []string{path, bootstrap},
		env:        []string{"AWS_EXECUTION_ENV=AWS_Lambda_" + f.spec.Runtime},
		runtimeDir: f.home,
		instead:    node.instead(ctx, path, f.spec),
	}, nil
}
