package testrun

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// PreferPrograms is for TestMain of a package that runs Python. Where a version manager has put scripts before the real
// Python on the PATH, it puts the real one there instead: each script takes longer than most tests.
func PreferPrograms() {
	script, err := exec.LookPath("python3")
	if err != nil {
		return
	}
	out, err := exec.Command(script, "-c", "import sys; print(sys.executable)").Output()
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
