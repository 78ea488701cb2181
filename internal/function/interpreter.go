package function

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// lingers is how long what a program has started may hold its output open after it has ended, or was interrupted: a
// compiler below the go command, say.
const lingers = time.Second

// interpreter is what runs the code of a language.
type interpreter struct {
	language string
	names    func(s Spec) []string // paths and names to try, in this order
	probe    []string              // arguments that make it print its own path
	remedy   string
}

// candidates are those of the names that are programs on this machine.
func (i interpreter) candidates(s Spec) []string {
	var found []string
	for _, name := range i.names(s) {
		if path, err := exec.LookPath(name); err == nil {
			found = append(found, path)
		}
	}
	return found
}

func (i interpreter) check(s Spec) error {
	if len(i.candidates(s)) == 0 {
		return i.missing(s, "none was found on the PATH")
	}
	return nil
}

// find returns the path of the first candidate that runs. A wrapper script is asked for the path of the program,
// since it may be slow, or name a version that is not installed.
func (i interpreter) find(ctx context.Context, s Spec) (string, error) {
	reason := "none was found on the PATH"
	for _, name := range i.candidates(s) {
		if isProgram(name) {
			return name, nil
		}
		cmd := exec.CommandContext(ctx, name, i.probe...)
		cmd.WaitDelay = lingers
		cmd.Dir = s.folder() // a version may be chosen for each folder
		path, err := cmd.Output()
		if err == nil {
			return strings.TrimSpace(string(path)), nil
		}
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		reason = fmt.Sprintf("%s does not run (%v)", name, err)
	}
	return "", i.missing(s, reason)
}

// isProgram reports whether a file is a program rather than a script.
func isProgram(path string) bool {
	start, ok := beginning(path, len("#!"))
	ext := strings.ToLower(filepath.Ext(path))
	return ok && start != "#!" && ext != ".cmd" && ext != ".bat"
}

func (i interpreter) missing(s Spec, reason string) error {
	return problem(InterpreterMissing, s.Code, "the function needs "+i.language+": "+reason, i.remedy)
}
