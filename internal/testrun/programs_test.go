package testrun

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func TestWithProgram(t *testing.T) {
	list := func(folders ...string) string { return strings.Join(folders, string(os.PathListSeparator)) }
	path := list("scripts", "bin", "other")
	python := filepath.Join("versions", "bin", "python3")
	for _, test := range []struct{ script, program, want string }{
		{filepath.Join("scripts", "python3"), python, list(filepath.Dir(python), "bin", "other")},
		{filepath.Join("bin", "python3"), filepath.Join("bin", "python3"), path},
	} {
		if got := withProgram(path, test.script, test.program); got != test.want {
			t.Errorf("%s runs %s: %s, want %s", test.script, test.program, got, test.want)
		}
	}
}

// TestWriteProgram writes scripts and runs them while other processes are started, which must not have them open.
func TestWriteProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs of this test are scripts for sh")
	}
	var others sync.WaitGroup
	over := make(chan struct{})
	for range 2 {
		others.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					_ = Command(t, "true").Run()
				}
			}
		})
	}
	for range 10 {
		file := filepath.Join(t.TempDir(), "program")
		WriteProgram(t, file, "#!/bin/sh\n")
		if err := Command(t, file).Run(); err != nil {
			t.Error(err)
		}
	}
	close(over)
	others.Wait()
}

// TestCommandDoesNotWaitForDescendants runs a program that leaves one behind, which has its output.
func TestCommandDoesNotWaitForDescendants(t *testing.T) {
	Need(t, "sh")
	file := filepath.Join(t.TempDir(), "pid")
	cmd := Command(t, "sh", "-c", "sleep 1000 & echo $! > '"+file+"'")
	if cmd.WaitDelay == 0 {
		t.Fatal("it would wait for ever")
	}
	cmd.WaitDelay = 1
	if _, err := cmd.Output(); !errors.Is(err, exec.ErrWaitDelay) {
		t.Errorf("%v", err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.FindProcess(pid); err == nil {
		_ = left.Kill()
	}
}
