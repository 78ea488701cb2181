package function_test

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestInstead names runtimes, and lets the function find interpreters that say which version they are.
func TestInstead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the interpreters of this test are scripts for sh")
	}
	for _, test := range []struct{ runtime, program, version, want string }{
		{"python3.13", "python3", "Python 3.11.7", "Python 3.11"},
		{"python3.13", "python3", "Python 3.13.1", ""},
		{"python3.1", "python3", "Python 3.13.1", "Python 3.13"},
		{"python3.13", "python3.13", "Python 3.11.7", ""}, // is not asked
		{"python3", "python3", "Python 3.11.7", ""},
		{"nodejs22.x", "node", "v20.20.2", "Node 20"},
		{"nodejs22.x", "node", "v22.1.0", ""},
		{"nodejs22.x", "node", "no version", ""},
	} {
		bin := t.TempDir()
		program := filepath.Join(bin, test.program)
		script := "#!/bin/sh\ncase $1 in --version) echo " + test.version + ";; -c|-e) echo " + program + ";; esac\n"
		testrun.WriteProgram(t, program, script)
		t.Setenv("PATH", bin)
		f := open(t, function.Spec{Code: t.TempDir(), Runtime: test.runtime, Handler: "app.handler"})
		if err := f.Prepare(t.Context()); err != nil { // the script ends, which is for the first invocation to tell
			t.Fatal(err)
		}
		if got := f.Instead(); got != test.want {
			t.Errorf("%s with %s %s: %q, expected %q", test.runtime, test.program, test.version, got, test.want)
		}
	}
}
