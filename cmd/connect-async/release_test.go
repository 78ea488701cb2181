package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/testrun"
)

// releaseName is the folder in the release for this system, and the name of its archive without the ending.
const releaseName = "connect-async-" + runtime.GOOS + "-" + runtime.GOARCH

// TestRelease makes the release for this system and does with it what a user does who has no Go.
func TestRelease(t *testing.T) {
	testrun.Heavy(t)
	if runtime.GOOS == "windows" {
		t.Skip("for systems with tar archives and a POSIX shell")
	}
	dist := makeRelease(t)
	archive := readBytes(t, filepath.Join(dist, releaseName+".tar.gz"))
	dir := t.TempDir()
	unpack(t, archive, dir)
	released := filepath.Join(dir, releaseName)
	t.Run("container", func(t *testing.T) { checkContainerRelease(t, archive) })
	t.Run("GitHub action", func(t *testing.T) { useActionWith(t, dist) })
	t.Run("documents", func(t *testing.T) { checkReleasedDocuments(t, released) })
	t.Run("every verb", func(t *testing.T) { useRelease(t, released) })
	t.Run("install page", func(t *testing.T) { followInstallPage(t, dist) })
	t.Run("deploying page", func(t *testing.T) { followDeployingWith(t, released) })
	t.Run("first calls", func(t *testing.T) { makeFirstCalls(t, released) })
}

func readBytes(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// makeRelease makes the release for this system and returns the folder with the archive.
func makeRelease(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	target := runtime.GOOS + "/" + runtime.GOARCH
	cmd := testrun.Command(t, "go", "run", "release.go", "-out", out, "-targets", target)
	cmd.Dir = filepath.Join("..", "..")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

func unpack(t *testing.T, archive []byte, dir string) {
	t.Helper()
	plain, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(plain); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, filepath.FromSlash(header.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, os.FileMode(header.Mode)); err != nil {
			t.Fatal(err)
		}
	}
}

// checkReleasedDocuments checks that the README begins with the command, and that what the documents link to is there.
func checkReleasedDocuments(t *testing.T, released string) {
	readme := string(readBytes(t, filepath.Join(released, "README.md")))
	if _, command, _ := strings.Cut(readme, "```console\n"); !strings.HasPrefix(command, "$ connect-async ") {
		t.Error("the README does not begin with the command of the release")
	}
	link := regexp.MustCompile(`\]\(([A-Za-z.][A-Za-z0-9_./-]*)[)#]`)
	files, links := os.DirFS(released), 0
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			links++
			if _, err := fs.Stat(files, path.Join(path.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, which the release does not have", name, m[1])
			}
		}
		return err
	})
	if err != nil || links < 50 {
		t.Errorf("%d links (%v)", links, err)
	}
}

// useRelease goes from an empty folder to all four exports, with nothing on the PATH.
func useRelease(t *testing.T, released string) {
	empty := t.TempDir()
	run := func(arguments ...string) []byte {
		cmd := testrun.Command(t, filepath.Join(released, "connect-async"), arguments...)
		cmd.Dir = empty
		cmd.Env = []string{"PATH=", "HOME=" + empty, "TMPDIR=" + empty}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, out)
		}
		return out
	}
	version := regexp.MustCompile(`^connect-async \d+\.\d+\.\d+\ncommit    ([0-9a-f]{40}(-dirty)?|unknown)\n`)
	if out := run("--version"); !version.Match(out) {
		t.Errorf("--version prints %s", out)
	}
	run("init", "--name", "bank", "--function", "arn:aws:lambda:us-east-1:111122223333:function:slow")
	for _, arguments := range [][]string{
		{"lint"}, {"test"}, {"call", "--fast"}, {"build"}, {"build", "--arch", "amd64", "--out", "amd64.zip"}, {"cost"},
		{"test", filepath.Join(released, "examples")}, {"lint", filepath.Join(released, "examples")},
	} {
		run(arguments...)
	}
	for _, tool := range deploy.Tools {
		run("export", tool.Name)
	}
	for _, file := range []string{
		"async-function.zip", "amd64.zip", "terraform/main.tf", "cloudformation/template.yaml", "cdk/cdk.json",
		"pulumi/Pulumi.yaml",
	} {
		if _, err := os.Stat(filepath.Join(empty, file)); err != nil {
			t.Error(err)
		}
	}
}

// pathWithoutGo is a PATH with the named programs, and nothing else.
func pathWithoutGo(t *testing.T, programs ...string) string {
	t.Helper()
	bin := t.TempDir()
	for _, name := range programs {
		testrun.Need(t, name)
		program, err := exec.LookPath(name)
		if name == "python3" { // which may be a script that finds the right one by the PATH
			var out []byte
			out, err = testrun.Command(t, name, "-c", "import sys; print(sys.executable)").Output()
			program = strings.TrimSpace(string(out))
		}
		if err == nil {
			err = os.Symlink(program, filepath.Join(bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return bin
}
