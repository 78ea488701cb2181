package testrun

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// lingers is how long what a program has started may hold its output open after it has ended.
const lingers = 30 * time.Second

// Command is a program that a test runs. It ends with the test, and what it leaves behind cannot keep the test waiting:
// without that, a process that inherited its output would be waited for, however long it runs.
func Command(t testing.TB, program string, arguments ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(Deadline(t), program, arguments...)
	cmd.WaitDelay = lingers
	return cmd
}

// WriteProgram writes a program or script that a test runs. Meanwhile no process is started: it would have the file
// open for writing until it runs its own program, and such a file cannot be run (ETXTBSY).
func WriteProgram(t testing.TB, file, text string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

// PreferPrograms is for TestMain of a package that runs Python. Where a version manager has put scripts before the real
// Python on the PATH, it puts the real one there instead: each script takes longer than most tests.
func PreferPrograms() {
	script, err := exec.LookPath("python3")
	if err != nil {
		return
	}
	cmd := exec.Command(script, "-c", "import sys; print(sys.executable)")
	cmd.WaitDelay = lingers
	out, err := cmd.Output()
	if err != nil {
		return
	}
	os.Setenv("PATH", withProgram(os.Getenv("PATH"), script, strings.TrimSpace(string(out))))
}

// withProgram is a list of folders with the folder of a program instead of that of the script which runs it.
func withProgram(path, script, program string) string {
	if filepath.Dir(script) == filepath.Dir(program) {
		return path
	}
	folders := slices.DeleteFunc(filepath.SplitList(path), func(folder string) bool {
		return folder == filepath.Dir(script)
	})
	folders = slices.Insert(folders, 0, filepath.Dir(program))
	return strings.Join(folders, string(os.PathListSeparator))
}
