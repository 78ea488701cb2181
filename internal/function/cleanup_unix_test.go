//go:build unix

package function_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

func number(t testing.TB, payload []byte) int {
	t.Helper()
	n, err := strconv.Atoi(string(payload))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lives reports whether a process runs. A zombie does not: it waits for its parent, which for an orphan is nobody of
// ours.
func lives(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return true // not Linux
	}
	_, fields, _ := bytes.Cut(stat, []byte(") "))
	return !bytes.HasPrefix(fields, []byte("Z"))
}

// gone waits until a process has ended.
func gone(t testing.TB, pid int) {
	t.Helper()
	eventually(t, func() bool { return !lives(pid) }, "process %d lives", pid)
}

func killAndWait(t testing.TB, payload []byte) {
	t.Helper()
	pid := number(t, payload)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	gone(t, pid)
}

// What a function starts and leaves behind ends with its environment, even when it holds the log's pipe open.
func TestDescendantsEnd(t *testing.T) {
	each(t, func(t *testing.T, l language) {
		f := open(t, l.spec)
		child := number(t, f.Invoke(testrun.Deadline(t), []byte(`{"do":"child"}`)).Payload)
		if !lives(child) {
			t.Fatal("the child does not live")
		}
		f.Invoke(testrun.Deadline(t), []byte(`{"do":"exit","code":1}`))
		gone(t, child)
		child = number(t, f.Invoke(testrun.Deadline(t), []byte(`{"do":"child"}`)).Payload)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		gone(t, child)
	})
}

// A process that ends while it is idle is replaced, and its end is nobody's error, unless an event is on its way to
// it already.
func TestIdleProcessThatEnds(t *testing.T) {
	t.Parallel()
	f := open(t, goSpec())
	killAndWait(t, f.Invoke(testrun.Deadline(t), []byte(`{"do":"pid"}`)).Payload)
	r := f.Invoke(testrun.Deadline(t), []byte(`{"do":"count"}`))
	if r.ErrorType == "Runtime.ExitError" {
		r = f.Invoke(testrun.Deadline(t), []byte(`{"do":"count"}`))
	}
	expectValue(t, r, "1")
}

// A bootstrap may be a script. One that does not speak the Runtime API is reported as what it does.
func TestScripts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		fails      failure
	}{
		{"prints and ends", "echo this is not a runtime\nexit 4", exitError("exit status 4")},
		{
			"prints and ends well",
			"echo this is not a runtime",
			failure{"Runtime.ExitError", "RequestId: ID Error: Runtime exited without providing a reason"},
		},
		{
			"prints and hangs",
			"echo this is not a runtime\nsleep 1000",
			failure{"Sandbox.Timedout", "RequestId: ID Error: Task timed out after 0.50 seconds"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spec := function.Spec{Code: program(t, "#!/bin/sh\n"+test.text+"\n")}
			if test.fails.kind == "Sandbox.Timedout" {
				spec.InitTimeout, spec.Timeout = 500*time.Millisecond, 500*time.Millisecond
			}
			f := open(t, spec)
			r := f.Invoke(testrun.Deadline(t), []byte(`{}`))
			expectFailure(t, r, test.fails)
			if !strings.Contains(string(r.Log), "this is not a runtime\n") {
				t.Errorf("the log lacks what was printed: %s", r.Log)
			}
		})
	}
}

// A runtime in a script, as in Lambda's tutorial for custom runtimes.
func TestShellRuntime(t *testing.T) {
	t.Parallel()
	testrun.Need(t, "curl")
	f := open(t, function.Spec{Code: program(t, `#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while true; do
	event=$(curl -sS -D "$TMPDIR/headers" "$api/next") || exit 1
	id=$(tr -d '\r' < "$TMPDIR/headers" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p')
	echo "event $event"
	curl -sS -o /dev/null -d "{\"got\":$event}" "$api/$id/response"
done
`), Env: []string{"TMPDIR=" + t.TempDir()}, Timeout: ample})
	for _, n := range []string{"1", "2"} {
		r := f.Invoke(testrun.Deadline(t), []byte(n))
		expectValue(t, r, `{"got":`+n+`}`)
		if !strings.Contains(string(r.Log), "event "+n+"\n") {
			t.Errorf("the log is %s", r.Log)
		}
	}
}

// A virtual environment next to the code is used, with the packages in it.
func TestVirtualEnvironment(t *testing.T) {
	t.Parallel()
	testrun.Need(t, "python3")
	real, err := testrun.Command(t, "python3", "-c",
		"import sys; print(sys.executable, 'python%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		t.Fatal(err)
	}
	path, version, _ := strings.Cut(strings.TrimSpace(string(real)), " ")
	project := folder(t, ".venv/pyvenv.cfg", "home = "+filepath.Dir(path)+"\n",
		".venv/lib/"+version+"/site-packages/only_here.py", "answer = 42\n",
		"src/app.py", "import only_here\ndef handler(event, context): return only_here.answer\n")
	if err := os.Mkdir(filepath.Join(project, ".venv", "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(project, ".venv", "bin", "python3")); err != nil {
		t.Fatal(err)
	}
	f := open(t, function.Spec{Code: filepath.Join(project, "src"), Handler: "app.handler", Runtime: "python3.13"})
	expectValue(t, f.Invoke(testrun.Deadline(t), []byte(`{}`)), `42`)
}
