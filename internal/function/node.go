package function

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
)

const defaultNodeHandler = "index.handler"

var node = interpreter{
	language: "Node",
	names:    func(Spec) []string { return []string{"node", "nodejs"} },
	probe:    []string{"-e", "console.log(process.execPath)"},
	remedy:   "install Node.js",
}

var nodeExtensions = []string{".js", ".mjs", ".cjs"}

// hasNode reports whether the handler, or the one file of the code, is a JavaScript module.
func hasNode(s Spec) bool {
	if slices.Contains(nodeExtensions, filepath.Ext(s.Code)) {
		return true
	}
	base := filepath.Join(s.folder(), filepath.FromSlash(nodeModule(cmp.Or(s.Handler, defaultNodeHandler))))
	return slices.ContainsFunc(nodeExtensions, func(ext string) bool { return exists(base + ext) })
}

// nodeModule is the part of a handler before the first dot of its last element.
func nodeModule(handler string) string {
	folder := strings.LastIndexByte(handler, '/') + 1
	name, _, _ := strings.Cut(handler[folder:], ".")
	return handler[:folder] + name
}

func checkNode(s *Spec) error {
	if s.Handler == "" {
		s.Handler = defaultNodeHandler
		if ext := filepath.Ext(s.Code); slices.Contains(nodeExtensions, ext) {
			s.Handler = strings.TrimSuffix(filepath.Base(s.Code), ext) + ".handler"
		}
	}
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
	}, nil
}
