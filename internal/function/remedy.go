package function

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

var (
	noPythonModule = regexp.MustCompile(`No module named '([^'.]+)`)
	noNodePackage  = regexp.MustCompile(`Cannot find (?:module|package) '([^'./][^']*)'`)
	quotedName     = regexp.MustCompile(`^'([A-Za-z_][A-Za-z0-9_]*)'$`)
	nodeVariable   = regexp.MustCompile(`process\.env(?:\.|\[['"])([A-Za-z_][A-Za-z0-9_]*)`)
	refusedKeys    = regexp.MustCompile(`UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|security token`)
)

// correctHandler is what several remedies say.
const correctHandler = "Correct handler of the function: FILE.FUNCTION, the file without its extension."

// remedy says what to do about a failure that comes from the set-up rather than from the code.
func (s Spec) remedy(f Failure, d errorDocument) string {
	if name := s.missingVariable(f, d); name != "" {
		return fmt.Sprintf("The variable %s is not set. Write %s=… into %s.", name, name, s.forVariables())
	}
	switch f.Type {
	case "Sandbox.Timedout":
		return fmt.Sprintf("Raise timeout of the function, which is %s now, or make the function faster.",
			source.FormatDuration(s.Timeout))
	case "Runtime.HandlerNotFound", "Runtime.MalformedHandlerName":
		return correctHandler
	}
	if refusedKeys.MatchString(f.Message) {
		return "The function has no credentials of AWS here. Write AWS_PROFILE=…, or keys, into " +
			s.forVariables() + "."
	}
	return s.missingPackage(f)
}

// forVariables is the file for the function's variables, and how to name one where it has none.
func (s Spec) forVariables() string {
	if s.EnvFile != "" {
		return shown(s.EnvFile)
	}
	return "a file such as .env, and name it in connect-async.yaml: env_file: .env, below the function " + s.Name
}

// missingPackage says how to install a package that cannot be imported.
func (s Spec) missingPackage(f Failure) string {
	folder := source.Argument(shown(s.folder()))
	if m := noPythonModule.FindStringSubmatch(f.Message); m != nil {
		module, _, _ := strings.Cut(strings.ReplaceAll(s.Handler, "/", "."), ".")
		if m[1] == module {
			return correctHandler
		}
		what := m[1]
		if _, err := os.Stat(filepath.Join(s.folder(), "requirements.txt")); err == nil {
			what = "-r " + source.Argument(shown(filepath.Join(s.folder(), "requirements.txt")))
		}
		return fmt.Sprintf("Install the package into the folder of the code: pip install --target %s %s.", folder, what)
	}
	if m := noNodePackage.FindStringSubmatch(f.Message); m != nil {
		if m[1] == strings.TrimSuffix(s.Handler, filepath.Ext(s.Handler)) {
			return correctHandler
		}
		return fmt.Sprintf("Install the package into the folder of the code: npm install --prefix %s %s.", folder, m[1])
	}
	return ""
}

// shown is a path as somebody writes it in the folder where the command was started.
func shown(path string) string {
	if here, err := os.Getwd(); err == nil {
		if relative, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(relative) {
			path = relative
		}
	}
	return filepath.ToSlash(path)
}

// missingVariable is the environment variable whose absence made the function fail, "" when it was not that. Python
// says so; of Node the line that failed may read it.
func (s Spec) missingVariable(f Failure, d errorDocument) string {
	if m := quotedName.FindStringSubmatch(f.Message); f.Type == "KeyError" && m != nil && d.readsEnvironment() {
		return m[1]
	}
	if len(f.Frames) == 0 {
		return ""
	}
	for _, m := range nodeVariable.FindAllStringSubmatch(f.Frames[0].Code, -1) {
		isSet := func(kv string) bool { return strings.HasPrefix(kv, m[1]+"=") }
		if !slices.ContainsFunc(s.Env, isSet) && !slices.Contains(provided, m[1]) {
			return m[1]
		}
	}
	return ""
}

// provided are the variables that every function has, besides those that only Lambda can set.
var provided = slices.Concat(inherited, reserved, []string{"TZ", "LANG", "AWS_REGION", "AWS_DEFAULT_REGION",
	"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})

// readsEnvironment reports whether the failure came out of Python's os.environ.
func (d errorDocument) readsEnvironment() bool {
	if len(d.Stack) == 0 {
		return false
	}
	var last string
	if json.Unmarshal(d.Stack[len(d.Stack)-1], &last) != nil {
		return false
	}
	f, ok := readPython(last)
	return ok && f.In == "__getitem__" && (f.File == "<frozen os>" || filepath.Base(f.File) == "os.py")
}
