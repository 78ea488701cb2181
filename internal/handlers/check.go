package handlers

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	goruntime "runtime"
	"slices"
	"strings"
)

// Problem is why a function cannot run.
type Problem struct {
	OfRuntime bool // it is about the runtime, otherwise about the handler or the files
	Doubtful  bool // it cannot run on this machine, or may not run in AWS
	Message   string
	Remedy    string
}

// Check reports whether runtime, handler and files of a function fit each other. dir is the folder of its code, file
// the name of the one file in it that is the code, or "". The handler may be left out. ok is false with a problem.
func Check(dir fs.FS, file, runtime, handler string) (p Problem, ok bool) {
	if strings.EqualFold(path.Ext(file), ".zip") {
		return Problem{Message: "a ZIP archive is not run", Remedy: "Unpack it, and set code to the folder."}, false
	}
	switch Family(runtime) {
	case "python", "nodejs":
		p, ok = checkModule(dir, runtime, cmp.Or(handler, Default(runtime, file)))
	case "go":
		p, ok = checkGo(dir)
	case "provided":
		p, ok = checkProvided(dir, cmp.Or(file, "bootstrap"))
	case "java", "dotnet", "ruby":
		return Problem{OfRuntime: true, Doubtful: true,
			Message: fmt.Sprintf("functions in %s do not run here", runtime),
			Remedy: "Give its stand-in to the scenario with real: false, or name the deployed function with arn and " +
				"set remote: true."}, false
	default:
		return Problem{OfRuntime: true, Message: fmt.Sprintf("%q is not a runtime of Lambda", runtime),
			Remedy: runtimeForms}, false
	}
	if ok && !identifier.MatchString(runtime) {
		return Problem{OfRuntime: true, Doubtful: true,
			Message: fmt.Sprintf("%q is not the name of a runtime", runtime), Remedy: runtimeForms}, false
	}
	return p, ok
}

const runtimeForms = "Write a runtime such as python3.13, nodejs22.x, provided.al2023 or go."

// identifier are Lambda's names of the runtimes that run here, and go.
var identifier = regexp.MustCompile(`^(python3\.\d+|nodejs\d+\.x|provided(\.al\d+)?|go|go1\.x)$`)

// families are what runtimes of Lambda begin with.
var families = []string{"python", "nodejs", "provided", "go", "java", "dotnet", "ruby"}

// Family is what the name of a runtime begins with: python, nodejs, provided, go, java, dotnet or ruby; "" for others.
func Family(runtime string) string {
	i := slices.IndexFunc(families, func(family string) bool { return strings.HasPrefix(runtime, family) })
	if i < 0 {
		return ""
	}
	return families[i]
}

// Default is the handler of a function that does not name one: Lambda's own, or that of the one file that is its code.
// file is "" where the code is a folder.
func Default(runtime, file string) string {
	module, function := "lambda_function", "lambda_handler"
	if Family(runtime) == "nodejs" {
		module, function = "index", "handler"
	}
	if _, ok := Of(file); ok {
		module = strings.TrimSuffix(path.Base(filepath.ToSlash(file)), path.Ext(file))
	}
	return module + "." + function
}

// Split takes a handler apart into the path of its module, without extension, and the function in it, as the runtime
// does. ok is false when there is nothing to take apart.
func Split(runtime, handler string) (module, function string, ok bool) {
	folder, last := path.Split(handler)
	at := strings.LastIndexByte(last, '.')
	if Family(runtime) == "nodejs" {
		at = strings.IndexByte(last, '.')
	}
	if at <= 0 || at == len(last)-1 {
		return "", "", false
	}
	module = folder + last[:at]
	if Family(runtime) == "python" {
		module = strings.ReplaceAll(module, ".", "/")
	}
	return path.Clean(module), last[at+1:], true
}

// Module returns the file of a handler's module, "" when there is none for the runtime.
func Module(dir fs.FS, runtime, handler string) string {
	module, _, ok := Split(runtime, cmp.Or(handler, Default(runtime, "")))
	if !ok {
		return ""
	}
	for _, name := range moduleFiles(runtime, module) {
		if fs.ValidPath(name) && isFile(dir, name) {
			return name
		}
	}
	return ""
}

// moduleFiles are the files that a module may be in.
func moduleFiles(runtime, module string) []string {
	if Family(runtime) == "python" {
		return []string{module + ".py", module + "/__init__.py"}
	}
	return []string{module + ".js", module + ".mjs", module + ".cjs"}
}

func checkModule(dir fs.FS, runtime, handler string) (Problem, bool) {
	module, function, ok := Split(runtime, handler)
	if !ok {
		return Problem{Message: fmt.Sprintf("%q is not a handler", handler),
			Remedy: "Write FILE.FUNCTION, the file without its extension, such as app.lambda_handler. " +
				present(dir)}, false
	}
	file := Module(dir, runtime, handler)
	if file == "" {
		return missingModule(dir, runtime, handler, module)
	}
	text, err := fs.ReadFile(dir, file)
	if err != nil {
		return Problem{Message: err.Error(), Remedy: "Make the file readable."}, false
	}
	first, _, _ := strings.Cut(function, ".")
	if mayDefine(string(text), first) {
		return Problem{}, true
	}
	return Problem{Message: fmt.Sprintf("%s defines no %s", file, first),
		Remedy: "Correct handler. " + present(dir)}, false
}

// missingModule says that the file of a handler does not exist, or is written in another language.
func missingModule(dir fs.FS, runtime, handler, module string) (Problem, bool) {
	for _, other := range languages {
		if Family(other.runtime) == Family(runtime) {
			continue
		}
		if file := Module(dir, other.runtime, handler); file != "" {
			return Problem{OfRuntime: true, Message: fmt.Sprintf("the runtime is %s, but %s is written for %s", runtime,
				file, other.Name), Remedy: fmt.Sprintf("Set runtime: %s, or correct handler.", other.runtime)}, false
		}
	}
	return Problem{Message: fmt.Sprintf("the handler %s needs the file %s, which does not exist", handler,
		moduleFiles(runtime, module)[0]), Remedy: "Correct handler. " + present(dir)}, false
}

// comment is a line that is nothing else in Python or JavaScript.
var comment = regexp.MustCompile(`(?m)^\s*(#|//).*$`)

// everything may define any name.
var everything = regexp.MustCompile(`\bimport \*|\bexport \*|\bmodule\.exports\s*=\s*[^{\s]|\bglobals\(\)|\bsetattr\(`)

// mayDefine reports whether a module may define a name. It is no without doubt only.
func mayDefine(text, name string) bool {
	code := comment.ReplaceAllString(text, "")
	return everything.MatchString(code) || regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).MatchString(code)
}

// present says which handlers a folder has.
func present(dir fs.FS) string {
	var names []string
	for _, l := range languages {
		for _, file := range l.files(dir) {
			for _, found := range l.Handlers(dir, file) {
				names = append(names, found.Handler)
			}
		}
	}
	switch len(names) {
	case 0:
		return "No function that takes an event is in the folder itself."
	case 1:
		return "The folder has " + names[0] + "."
	}
	return "The folder has " + strings.Join(names[:min(len(names), 5)], ", ") + "."
}

// mainPackage begins a Go file that belongs to a program.
var mainPackage = regexp.MustCompile(`(?m)^package main\b`)

func checkGo(dir fs.FS) (Problem, bool) {
	files, _ := fs.Glob(dir, "*.go")
	for _, file := range files {
		if text, err := fs.ReadFile(dir, file); err == nil && mainPackage.Match(text) {
			return Problem{}, true
		}
	}
	if len(files) == 0 {
		return Problem{Message: "the folder holds no Go file",
			Remedy: "Set code to the folder of the main package."}, false
	}
	return Problem{Message: "the Go package is not a program",
		Remedy: "Name the package main, and have its main call lambda.Start."}, false
}

// checkProvided accepts an executable, and the source of one in Go, for which provided is the runtime in Lambda.
func checkProvided(dir fs.FS, file string) (Problem, bool) {
	info, err := fs.Stat(dir, file)
	switch {
	case err != nil || !info.Mode().IsRegular():
		if files, _ := fs.Glob(dir, "*.go"); len(files) > 0 {
			return checkGo(dir)
		}
		return Problem{Message: "the folder holds no executable file bootstrap",
			Remedy: "Build it to a file named bootstrap, or set code to the executable itself."}, false
	case info.Mode().Perm()&0o111 == 0 && goruntime.GOOS != "windows":
		return Problem{Message: fmt.Sprintf("the file %s is not executable", file),
			Remedy: "Run chmod +x on it."}, false
	}
	return Problem{}, true
}
