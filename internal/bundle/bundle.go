// Package bundle builds the async function's deployment package: a ZIP archive for Lambda's runtime provided.al2023.
//
// It imports internal/source, and runs the Go toolchain. It keeps nothing: each build is on its own, in a temporary
// folder.
package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of a build.
const (
	CodeNoSource    = "deploy-no-source"
	CodeNoToolchain = "deploy-no-toolchain"
	CodeBuildFailed = "deploy-build-failed"
	CodeBadArch     = "deploy-bad-architecture"
)

// architectures are those that Lambda runs on, as GOARCH names them, by the names that Lambda and Go use.
var architectures = map[string]string{"arm64": "arm64", "amd64": "amd64", "x86_64": "amd64"}

// Architecture is an architecture of Lambda as GOARCH names it. An error says that Lambda does not have it.
func Architecture(name string) (goarch string, err error) {
	goarch, ok := architectures[name]
	if !ok {
		return "", source.Finding{Code: CodeBadArch, Severity: source.Error, File: "--arch",
			Message: fmt.Sprintf("Lambda does not run on %q", name), Remedy: "Use arm64 or amd64 (x86_64)."}
	}
	return goarch, nil
}

// ReleasedFile is the name of the deployment package that a release carries for an architecture, "" when Lambda does
// not have that architecture.
func ReleasedFile(arch string) string {
	goarch, err := Architecture(arch)
	if err != nil {
		return ""
	}
	return "async-function-" + goarch + ".zip"
}

// modulePath is the module that holds the async function's source.
const modulePath = "github.com/connect-async/connect-async"

// zipTime is the time of the file in every deployment package, so that the same source gives the same bytes. It is the
// earliest that a ZIP archive can hold.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// FindSource returns the root of the module that holds the async function, which is dir or a folder above it.
func FindSource(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && slices.Contains(strings.Fields(string(text)), modulePath) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", source.Finding{Code: CodeNoSource, Severity: source.Error, File: dir,
				Message: "the source of the async function is neither here nor in a folder above",
				Remedy: "Keep the packages of the release beside the command (docs/install.md), run this in a " +
					"checkout of connect-async, or name one with --source."}
		}
	}
}

// AddFile returns a deployment package with one more file. The same package and content give the same bytes.
func AddFile(archive []byte, name string, content []byte) ([]byte, error) {
	from, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range from.File {
		if err := w.Copy(file); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(add(w, name, 0o644, content), w.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Build builds the async function for Lambda's runtime provided.al2023 from the module at root and returns the
// deployment package: a ZIP archive with the executable bootstrap. The same source and Go version give the same bytes.
func Build(ctx context.Context, root, arch string) ([]byte, error) {
	goarch, err := Architecture(arch)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "connect-async-build-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bootstrap := filepath.Join(dir, "bootstrap")
	if err := compile(ctx, root, goarch, bootstrap); err != nil {
		return nil, err
	}
	return pack(bootstrap)
}

// compile builds the executable. Its flags make the same source give the same bytes, and leave out what Lambda does not
// need.
func compile(ctx context.Context, root, goarch, out string) error {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return source.Finding{Code: CodeNoToolchain, Severity: source.Error, File: "go",
			Message: "there is no Go toolchain to build the async function with",
			Remedy:  "Install Go 1.26 or later, or use the package of a release."}
	}
	cmd := exec.CommandContext(ctx, goTool, "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc",
		"-ldflags", "-s -w -buildid=", "-o", out, "./cmd/async-function")
	cmd.Dir, cmd.WaitDelay = root, time.Second
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+goarch, "GOARM64=v8.0", "GOAMD64=v1",
		"GOFLAGS=-mod=readonly")
	if text, err := cmd.CombinedOutput(); err != nil {
		return source.Finding{Code: CodeBuildFailed, Severity: source.Error, File: root,
			Message: "the async function cannot be built: " + strings.TrimSpace(string(text)),
			Remedy:  "Correct what the compiler names."}
	}
	return nil
}

// pack puts the executable into a ZIP archive.
func pack(bootstrap string) ([]byte, error) {
	program, err := os.ReadFile(bootstrap)
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	if err := errors.Join(add(w, "bootstrap", 0o755, program), w.Close()); err != nil {
		return nil, err
	}
	return archive.Bytes(), nil
}

// add adds a file to an archive.
func add(w *zip.Writer, name string, mode fs.FileMode, content []byte) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime}
	header.SetMode(mode)
	file, err := w.CreateHeader(header)
	if err == nil {
		_, err = file.Write(content)
	}
	return err
}
