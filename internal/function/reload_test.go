package function_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestEnvFileReload changes the file of variables of a function: the next invocation has the new ones, and a file that
// cannot be read any more is a finding until it is mended.
func TestEnvFileReload(t *testing.T) {
	t.Parallel()
	dir := program(t, "#!/bin/sh\nexec '"+goHandler+"'\n")
	write(t, filepath.Join(dir, ".env"), "MINE=1\n")
	spec := goSpec()
	spec.Code = dir
	spec.Env = []string{"MINE=of the specification", "OTHER=stays"}
	spec.EnvFile = filepath.Join(dir, ".env") // beside the code, which does not change with it
	f := open(t, spec)
	mine := func() string {
		r := f.Invoke(testrun.Deadline(t), []byte(`{"do":"env","names":["MINE","OTHER"]}`))
		if r.Err != nil {
			return expectFinding(t, r.Err, function.EnvFileInvalid).Code
		}
		return string(r.Payload)
	}
	first := f.Version()
	if got := mine(); got != `{"MINE":"1","OTHER":"stays"}` {
		t.Errorf("got %s", got)
	}
	for text, want := range map[string]string{
		"MINE=two\n": `{"MINE":"two","OTHER":"stays"}`, "no variable\n": function.EnvFileInvalid,
	} {
		write(t, spec.EnvFile, text)
		eventually(t, func() bool { return mine() == want }, "%q is not noticed", text)
	}
	if code, env := f.Version().Differs(first); code || !env {
		t.Errorf("the code changed: %t, the file of variables: %t", code, env)
	}
}

// TestRetireLetsInvocationsEnd retires a function while it works: the caller gets the answer, later ones are refused.
func TestRetireLetsInvocationsEnd(t *testing.T) {
	t.Parallel()
	f := open(t, goSpec())
	begun := filepath.Join(t.TempDir(), "begun")
	result := start(t, testrun.Deadline(t), f, `{"do":"sleep","seconds":0.1,"text":`+strconv.Quote(begun)+`}`)
	eventually(t, func() bool { _, err := os.Stat(begun); return err == nil }, "the invocation does not begin")
	if err := f.Retire(); err != nil {
		t.Fatal(err)
	}
	if r := <-result; r.Err != nil || r.FunctionError != "" {
		t.Errorf("got %v %s", r.Err, r.Payload)
	}
	if r := f.Invoke(testrun.Deadline(t), nil); !errors.Is(r.Err, function.ErrClosed) {
		t.Errorf("got %v, want closed", r.Err)
	}
}

// TestCloseEndsRetirement closes a function that waits for its last invocation.
func TestCloseEndsRetirement(t *testing.T) {
	t.Parallel()
	f := open(t, goSpec())
	begun := filepath.Join(t.TempDir(), "begun")
	result := start(t, testrun.Deadline(t), f, `{"do":"sleep","seconds":3600,"text":`+strconv.Quote(begun)+`}`)
	eventually(t, func() bool { _, err := os.Stat(begun); return err == nil }, "the invocation does not begin")
	retired := make(chan error, 1)
	go func() { retired <- f.Retire() }()
	if err := errors.Join(f.Close(), <-retired); err != nil {
		t.Error(err)
	}
	if r := <-result; !errors.Is(r.Err, function.ErrClosed) {
		t.Errorf("got %v, want closed", r.Err)
	}
}
