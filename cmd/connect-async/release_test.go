package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestReleaseNeedsNoGo makes the release for this system, twice with the same bytes, and goes with it from an empty
// folder to all four exports, with nothing on the PATH.
func TestReleaseNeedsNoGo(t *testing.T) {
	testrun.Heavy(t)
	if runtime.GOOS == "windows" {
		t.Skip("for systems with tar archives")
	}
	name := "connect-async-" + runtime.GOOS + "-" + runtime.GOARCH
	archive := makeRelease(t, name)
	if !bytes.Equal(archive, makeRelease(t, name)) {
		t.Error("two releases of the same source differ")
	}
	work := t.TempDir()
	unpack(t, archive, work)
	command := filepath.Join(work, name, "connect-async")
	if out, err := exec.CommandContext(testrun.Deadline(t), command, "--version").Output(); err != nil ||
		!regexp.MustCompile(`^connect-async \d+\.\d+\.\d+\ncommit    ([0-9a-f]{40}(-dirty)?|unknown)\n`).Match(out) {
		t.Errorf("--version prints %s (%v)", out, err)
	}
	commands := [][]string{
		{"init", "--name", "bank", "--function", "arn:aws:lambda:us-east-1:111122223333:function:slow"},
		{"lint"}, {"test"}, {"call", "--fast"}, {"build"}, {"build", "--arch", "amd64", "--out", "amd64.zip"},
		{"cost"},
	}
	for _, tool := range deploy.Tools {
		commands = append(commands, []string{"export", tool.Name})
	}
	for _, arguments := range commands {
		cmd := exec.CommandContext(testrun.Deadline(t), command, arguments...)
		cmd.Dir = filepath.Join(work, "empty")
		cmd.Env = []string{"PATH=", "HOME=" + work, "TMPDIR=" + work}
		if err := os.MkdirAll(cmd.Dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, out)
		}
	}
	for _, file := range []string{
		"async-function.zip", "amd64.zip", "terraform/main.tf", "cloudformation/template.yaml", "cdk/cdk.json",
		"pulumi/Pulumi.yaml",
	} {
		if _, err := os.Stat(filepath.Join(work, "empty", file)); err != nil {
			t.Error(err)
		}
	}
}

func makeRelease(t *testing.T, name string) []byte {
	t.Helper()
	out := t.TempDir()
	target := runtime.GOOS + "/" + runtime.GOARCH
	cmd := exec.CommandContext(testrun.Deadline(t), "go", "run", "release.go", "-out", out, "-targets", target)
	cmd.Dir = filepath.Join("..", "..")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	archive, err := os.ReadFile(filepath.Join(out, name+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return archive
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
