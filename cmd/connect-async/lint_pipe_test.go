//go:build unix

package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestLintOfAPipeIsInterrupted interrupts a lint that reads a pipe which nobody writes to.
func TestLintOfAPipeIsInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"lint", pipe}, plainTerminal(&out, &errs))
	if code != exitInterrupted || !strings.Contains(errs.String(), "interrupted; not every file was read") {
		t.Errorf("exit code %d: %s%s", code, out.String(), errs.String())
	}
	file, err := syscall.Open(pipe, syscall.O_WRONLY, 0) // the read ends, so that nothing is left behind
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Close(file)
}
