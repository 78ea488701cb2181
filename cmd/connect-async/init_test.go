package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"testing"
)

// TestInitCanBeInterrupted interrupts the questions: the exit code is 130, and nothing is written.
func TestInitCanBeInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("code", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("code/app.py", []byte("def handler(event, context):\n    return {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, answers := range []string{"", "code\n", "code\nshop\npoll\n"} {
		ctx, interrupt := context.WithCancel(t.Context())
		in, typed := io.Pipe()
		asked, out := io.Pipe()
		screen := plainTerminal(io.Discard, out)
		screen.in = in
		ended := make(chan int)
		go func() { ended <- run(ctx, []string{"init", "project"}, screen) }()
		go func() { _, _ = io.WriteString(typed, answers) }()
		shown := bufio.NewReader(asked)
		for range strings.Count(answers, "\n") + 1 { // as many questions, each with its default in brackets
			if _, err := shown.ReadString(']'); err != nil {
				t.Fatal(err)
			}
		}
		interrupt()
		go func() { _, _ = io.Copy(io.Discard, shown) }()
		if code := <-ended; code != exitInterrupted {
			t.Errorf("after %q: exit code %d", answers, code)
		}
		if _, err := os.Stat("project"); err == nil {
			t.Fatal("something was written")
		}
		_, _ = in.Close(), out.Close()
	}
}
