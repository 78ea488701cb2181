package testrun

import (
	"os"
	"path/filepath"
	"strings"
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
