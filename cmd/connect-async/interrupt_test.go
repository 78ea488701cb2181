package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// interrupter cancels a context when a text is printed.
type interrupter struct {
	mu     sync.Mutex
	text   string
	cancel context.CancelFunc
	out    bytes.Buffer
}

func (w *interrupter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.out.Write(p)
	if strings.Contains(w.out.String(), w.text) {
		w.cancel()
	}
	return n, err
}

// TestCallInterrupted interrupts a real call while its function runs: the caller hangs up, the summary is printed, and
// the exit code is that of an interrupt. The function would never end: were its process waited for, this test would
// not, either.
func TestCallInterrupted(t *testing.T) {
	t.Parallel()
	dir := quickProject(t)
	ctx, cancel := context.WithCancel(t.Context())
	w := &interrupter{text: "CREATED", cancel: cancel}
	var errs bytes.Buffer
	args := []string{"call", dir, "--scenario", filepath.Join(dir, "hangs.yaml")}
	if code := run(ctx, args, plainTerminal(w, &errs)); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	for _, want := range []string{
		"ended       by the caller", "The call was interrupted", "The function was still running",
	} {
		if !strings.Contains(w.out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, w.out.String())
		}
	}
}

// TestLoadInterrupted: a load that is interrupted prints no figures.
func TestLoadInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, flags := range []string{"--arrivals=burst,100000,1h", "--capacity", "--ways"} {
		var out, errs bytes.Buffer
		args := []string{"load", "../../examples/balance", flags}
		code := run(ctx, args, plainTerminal(&out, &errs))
		if code != exitInterrupted || strings.Contains(out.String(), "0") {
			t.Errorf("%s: exit code %d: %s%s", flags, code, out.String(), errs.String())
		}
	}
}
