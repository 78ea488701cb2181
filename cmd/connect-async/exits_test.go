package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/source"
)

// verbs are all commands that do something, by name, without those that cobra adds.
func verbs(t *testing.T) map[string]*cobra.Command {
	t.Helper()
	list := map[string]*cobra.Command{}
	var add func(*cobra.Command)
	add = func(parent *cobra.Command) {
		for _, cmd := range parent.Commands() {
			if cmd.HasSubCommands() {
				add(cmd)
			} else if name := verbOf(cmd); name != "help" && !strings.HasPrefix(name, "completion") {
				list[name] = cmd
			}
		}
	}
	var out bytes.Buffer
	add(newRoot(plainTerminal(&out, &out)))
	return list
}

// TestExitCodesAreDocumented checks that the help of each verb says what its exit codes are, and that the tables name
// no verb that does not exist.
func TestExitCodesAreDocumented(t *testing.T) {
	all := verbs(t)
	for name, cmd := range all {
		help := strings.Join(strings.Fields(cmd.Long), " ")
		for _, part := range []string{"Exit codes: 0 good;", "2 wrong usage,", "3 a fault", "130 interrupted"} {
			if !strings.Contains(help, part) {
				t.Errorf("the help of %s lacks %q:\n%s", name, part, cmd.Long)
			}
		}
	}
	for _, name := range slices.AppendSeq(slices.Collect(maps.Keys(failedMeans)), maps.Keys(untilStopped)) {
		if all[name] == nil {
			t.Errorf("there is no verb %q", name)
		}
	}
}

// TestInterruptedBeforeItBegins interrupts each verb at once: all end with the code of an interrupt, except those that
// Ctrl-C is meant to end.
func TestInterruptedBeforeItBegins(t *testing.T) {
	dir := quickProject(t)
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for line, want := range map[string]int{
		"call": exitInterrupted, "call " + dir: exitInterrupted, "call --fast " + dir: exitInterrupted,
		"test " + dir: exitInterrupted, "test --watch " + dir: exitGood, "lint " + dir: exitInterrupted,
		"init": exitInterrupted, "cost": exitInterrupted, "event": exitInterrupted, "frobnicate": exitInterrupted,
		"invoke quick " + dir: exitInterrupted, "export terraform " + dir: exitInterrupted,
		"serve": exitInterrupted, "generate " + dir: exitInterrupted,
	} {
		var out bytes.Buffer
		if code := run(ctx, strings.Fields(line), plainTerminal(&out, &out)); code != want {
			t.Errorf("%s: exit code %d, want %d: %s", line, code, want, out.String())
		}
	}
}

// TestInterruptedWhileItReads interrupts a verb that waits for an event on standard input.
func TestInterruptedWhileItReads(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := &begun{cancel: cancel, end: make(chan struct{})}
	defer close(in.end)
	var out bytes.Buffer
	terminal := plainTerminal(&out, &out)
	terminal.in = in
	args := []string{"invoke", "quick", quickProject(t), "--event", "-"}
	if code := run(ctx, args, terminal); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, out.String())
	}
}

// begun is an input that interrupts its reader, and gives nothing before the test has ended.
type begun struct {
	cancel context.CancelFunc
	end    chan struct{}
}

func (b *begun) Read([]byte) (int, error) {
	b.cancel()
	<-b.end
	return 0, io.EOF
}

// TestUnexpectedErrors checks what an error means that a verb did not expect.
func TestUnexpectedErrors(t *testing.T) {
	finding := source.Finding{Code: "c", Severity: source.Error, File: "f", Message: "m", Remedy: "Do this."}
	for _, test := range []struct {
		err  error
		code int
		text string
	}{
		{errors.New("broken pipe"), exitFault, "connect-async: broken pipe"},
		{finding, exitUsage, "f: error: m [c]\n    Do this."},
		{failure{code: exitFailed, text: "as it is"}, exitFailed, "as it is"},
	} {
		var failed failure
		if !errors.As(asFailure(test.err), &failed) || failed.code != test.code || failed.text != test.text {
			t.Errorf("%v: %+v", test.err, failed)
		}
	}
	if asFailure(nil) != nil {
		t.Error("no error is a failure")
	}
}
