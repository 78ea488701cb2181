package function

import (
	"context"
	"os"
	"path/filepath"
)

// bootstrapOf is the executable of the code: the code itself when it is one file, else the file bootstrap at its root.
func bootstrapOf(s Spec) string {
	if info, err := os.Stat(s.Code); err == nil && !info.IsDir() {
		return s.Code
	}
	return filepath.Join(s.Code, "bootstrap")
}

func hasBootstrap(s Spec) bool {
	info, err := os.Stat(bootstrapOf(s))
	return err == nil && info.Mode().IsRegular() && executable(info)
}

// checkProvided accepts an executable, and the source of one in Go, for which provided is the runtime in Lambda.
func checkProvided(s *Spec) error {
	if hasBootstrap(*s) {
		return nil
	}
	if hasGo(*s) {
		return checkGo(s)
	}
	return problem(CodeMissing, s.Code, "the function's folder holds no executable file bootstrap",
		"Build it to a file named bootstrap and make it executable, or set code to the executable itself.")
}

func prepareProvided(ctx context.Context, f *Function) (*code, error) {
	if !hasBootstrap(f.spec) {
		return prepareGo(ctx, f)
	}
	return &code{program: []string{bootstrapOf(f.spec)}}, nil
}

func watchProvided(s Spec) *files {
	if hasBootstrap(s) {
		return &files{root: bootstrapOf(s)}
	}
	return watchGo(s)
}
