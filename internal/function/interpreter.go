package function

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// interpreter is what runs the code of a language.
type interpreter struct {
	language string
	names    func(s Spec) []string // paths and names to try, in this order
	probe    []string              // arguments that make it print its own path, and fail when it is too old
	oldest   string
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

// find returns the path of the first candidate that runs. It is asked for its real path, since what is on the PATH may be a
// slow wrapper script, or stand for a version that is not installed.
func (i interpreter) find(ctx context.Context, s Spec) (string, error) {
	reason := "none was found on the PATH"
	for _, name := range i.candidates(s) {
		cmd := exec.CommandContext(ctx, name, i.probe...)
		cmd.Dir = s.folder() // a version may be chosen for each folder
		path, err := cmd.Output()
		if err == nil {
			return strings.TrimSpace(string(path)), nil
		}
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		reason = fmt.Sprintf("%s does not run, or is older than %s (%v)", name, i.oldest, err)
	}
	return "", i.missing(s, reason)
}

func (i interpreter) missing(s Spec, reason string) error {
	return problem(InterpreterMissing, s.Code, "the function needs "+i.language+": "+reason, i.remedy)
}
