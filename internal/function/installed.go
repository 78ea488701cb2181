package function

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// version is a version with as many numbers as are written.
var version = regexp.MustCompile(`\d+(\.\d+)*`)

// instead is what runs a function when that is not the runtime it names, such as "Python 3.11"; "" when it is, or
// cannot be told. A program that has the name of the runtime is not asked.
func (i interpreter) instead(ctx context.Context, path string, s Spec) string {
	wanted := version.FindString(s.Runtime)
	if wanted == "" || strings.TrimSuffix(filepath.Base(path), ".exe") == s.Runtime {
		return ""
	}
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.Dir, cmd.WaitDelay = s.folder(), lingers
	out, err := cmd.Output()
	found := version.FindString(string(out))
	if err != nil || found == "" || strings.HasPrefix(found+".", wanted+".") {
		return ""
	}
	numbers := strings.Split(found, ".")
	return i.language + " " + strings.Join(numbers[:min(len(numbers), strings.Count(wanted, ".")+1)], ".")
}

// Instead is what runs the function when the runtime that it names is not installed, such as "Python 3.11"; "" when it
// is. It is known once the function was prepared.
func (f *Function) Instead() string {
	f.preparing <- struct{}{}
	defer func() { <-f.preparing }()
	if f.code == nil {
		return ""
	}
	return f.code.instead
}
