package function

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// hasGo reports whether the code is a Go package.
func hasGo(s Spec) bool {
	files, _ := filepath.Glob(filepath.Join(s.folder(), "*.go"))
	return len(files) > 0
}

func checkGo(s *Spec) error {
	if !hasGo(*s) {
		return problem(CodeMissing, s.Code, "the function's folder holds no Go file",
			"Set code to the folder of the main package.")
	}
	if _, err := exec.LookPath("go"); err != nil {
		return problem(ToolchainMissing, s.Code, "the function is written in Go, and no Go toolchain is on the PATH",
			"Install Go, or build the function and set code to the executable and runtime to provided.al2023.")
	}
	return nil
}

// prepareGo builds the package for this machine. The folder may be the root of a module or lie within one.
func prepareGo(ctx context.Context, f *Function) (*code, error) {
	f.builds++
	program := filepath.Join(f.home, fmt.Sprintf("bootstrap-%d", f.builds)) // the one before may still run
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc", "-o", program, ".")
	cmd.Dir, cmd.WaitDelay = f.spec.folder(), lingers
	// For this machine, whatever the user builds for otherwise.
	cmd.Env = append(os.Environ(), "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	var messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &messages, &messages
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, buildFailed(f.spec.folder(), messages.String(), err)
	}
	if isArchive(program) {
		return nil, problem(BuildFailed, f.spec.folder(), "the Go package is not a program",
			"Name the package main, and have its main call lambda.Start.")
	}
	return &code{program: []string{program}}, nil
}

// isArchive reports whether the file is what `go build` makes of a package that is not main.
func isArchive(path string) bool {
	const magic = "!<arch>"
	start, ok := beginning(path, len(magic))
	return ok && start == magic
}

// watchGo watches the Go files of the whole module, since the package may import others of it.
func watchGo(s Spec) *files {
	root := s.folder()
	for folder := root; ; folder = filepath.Dir(folder) {
		if exists(filepath.Join(folder, "go.mod")) {
			root = folder
			break
		}
		if folder == filepath.Dir(folder) {
			break
		}
	}
	return &files{
		root:  root,
		match: func(name string) bool { return filepath.Ext(name) == ".go" || strings.HasPrefix(name, "go.") },
	}
}

// buildFailed tells what the compiler said, at the place of its first complaint.
func buildFailed(folder, messages string, err error) error {
	finding := source.Finding{Code: BuildFailed, Severity: source.Error, File: folder,
		Message: "the Go package cannot be built: " + strings.TrimSpace(messages),
		Remedy:  "Fix it until `go build` succeeds in this folder."}
	if strings.TrimSpace(messages) == "" {
		finding.Message = "the Go package cannot be built: " + err.Error()
	}
	for line := range strings.Lines(messages) {
		if file, pos, ok := compilerPlace(line); ok {
			finding.File, finding.Pos = filepath.Join(folder, file), pos
			break
		}
	}
	return finding
}

// compilerPlace reads file.go:line:column: from the beginning of a line of the compiler's.
func compilerPlace(line string) (file string, pos source.Pos, ok bool) {
	m := compilerLine.FindStringSubmatch(line)
	if m == nil {
		return "", pos, false
	}
	pos.Line, _ = strconv.Atoi(m[2])
	pos.Column, _ = strconv.Atoi(m[3])
	return m[1], pos, true
}

var compilerLine = regexp.MustCompile(`^(\S+\.go):(\d+):(\d+): `)
