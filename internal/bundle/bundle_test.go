package bundle_test

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/bundle"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestBuildIsReproducibleAndSmall builds the async function, TestBuildIsReproducible a program of one line.
func TestBuildIsReproducibleAndSmall(t *testing.T) {
	testrun.Heavy(t)
	root, err := bundle.FindSource(".")
	if err != nil {
		t.Fatal(err)
	}
	checkBuild(t, root)
}

func TestBuildIsReproducible(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "cmd", "async-function")
	if err := os.MkdirAll(program, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{
		filepath.Join(dir, "go.mod"):      "module github.com/connect-async/connect-async\n\ngo 1.26\n",
		filepath.Join(program, "main.go"): "package main\n\nfunc main() {}\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := bundle.FindSource(program)
	if err != nil || root != dir {
		t.Fatal(root, err)
	}
	checkBuild(t, root)
	if err := os.WriteFile(filepath.Join(program, "main.go"), []byte("package main\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = bundle.Build(t.Context(), root, "arm64")
	expectCode(t, err, bundle.CodeBuildFailed)
}

// checkBuild builds the deployment package twice and looks into it.
func checkBuild(t *testing.T, root string) {
	t.Helper()
	first, err := bundle.Build(t.Context(), root, "arm64")
	if err != nil {
		t.Fatal(err)
	}
	second, err := bundle.Build(t.Context(), root, "arm64")
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("two builds of %d and %d bytes differ (%v)", len(first), len(second), err)
	}
	if len(first) >= 5<<20 {
		t.Errorf("the package has %d bytes, 5 MB or more", len(first))
	}
	archive, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.File) != 1 || archive.File[0].Name != "bootstrap" || archive.File[0].Mode().Perm() != 0o755 {
		t.Fatalf("the package holds %v", archive.File[0].FileHeader)
	}
	checkProgram(t, archive.File[0], elf.EM_AARCH64)
}

func checkProgram(t *testing.T, file *zip.File, machine elf.Machine) {
	t.Helper()
	r, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	program, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := elf.NewFile(bytes.NewReader(program))
	if err != nil || parsed.Machine != machine {
		t.Errorf("bootstrap is not a program for %v: %v", machine, err)
	}
}

// TestAddFile adds a file to a package, twice with the same bytes.
func TestAddFile(t *testing.T) {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	program, err := w.Create("bootstrap")
	if err == nil {
		_, err = program.Write([]byte("program"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	first, err := bundle.AddFile(archive.Bytes(), "texts.json", []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := bundle.AddFile(archive.Bytes(), "texts.json", []byte("{}"))
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the packages differ: %v", err)
	}
	read, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"bootstrap": "program", "texts.json": "{}"} {
		if got, err := fs.ReadFile(read, name); err != nil || string(got) != want {
			t.Errorf("%s holds %q: %v", name, got, err)
		}
	}
	if _, err := bundle.AddFile([]byte("no archive"), "texts.json", nil); err == nil {
		t.Error("a file was added to what is not an archive")
	}
}

func TestBuildSaysWhatIsMissing(t *testing.T) {
	_, err := bundle.FindSource(t.TempDir())
	expectCode(t, err, bundle.CodeNoSource)
	_, err = bundle.Build(t.Context(), ".", "mips")
	expectCode(t, err, bundle.CodeBadArch)
	t.Setenv("PATH", "")
	_, err = bundle.Build(t.Context(), ".", "arm64")
	expectCode(t, err, bundle.CodeNoToolchain)
}

func expectCode(t *testing.T, err error, code string) {
	t.Helper()
	var f source.Finding
	if !errors.As(err, &f) || f.Code != code || f.Remedy == "" {
		t.Errorf("got %v, want a finding %s with a remedy", err, code)
	}
}
