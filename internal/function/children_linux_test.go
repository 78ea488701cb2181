package function_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// children are the processes that this one or a descendant of it started, or that a function of this test left to
// others. They are told by their environment, which descendants inherit.
func children(t testing.TB) []int {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, process := range processes {
		environ, err := os.ReadFile(process + "/environ")
		pid, _ := strconv.Atoi(filepath.Base(process))
		if err == nil && pid != os.Getpid() &&
			strings.Contains(string(environ), "TMPDIR="+os.Getenv("TMPDIR")+"\x00") && lives(pid) {
			found = append(found, pid)
		}
	}
	return found
}
