package deploy

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// CodeNoFunction is the code of the finding that a new project names no function that can be wrapped.
const CodeNoFunction = "deploy-no-function"

// NewProject says what a new project shall be.
type NewProject struct {
	Dir      string // where it will lie; the folder of a function is named relative to it
	Name     string // default: the name of Dir
	Function string // ARN of a function, or its folder
	Style    string // poll, wait, queue or chat
	Language string // of the texts: en, de or es
	As       string // flow or module
	Prompt   string // id or ARN of a recording that is played between sentences, "" for none; the style queue needs one
}

// Files returns the files of the project. Errors are source.Findings.
func (n NewProject) Files() ([]File, error) {
	n.Name = cmp.Or(n.Name, plainName(filepath.Base(absolute(n.Dir))))
	f, err := n.wrapped()
	if err != nil {
		return nil, err
	}
	w := n.written(f)
	options := style.Options{Style: style.Style(n.Style), Language: n.Language, Job: f.Name, Prompt: n.Prompt,
		FunctionARN: exampleARN + n.Name + "-async"}
	if n.As == "module" {
		options.Type = flowlang.Module
	}
	content, err := style.Generate(options)
	if err != nil {
		return nil, err
	}
	files := []File{{w.Flow, content}}
	names := map[string]string{project.FileName: "project.yaml", "scenario.yaml": "scenario.yaml", ".gitignore": "gitignore"}
	if n.As == "module" {
		names["flow.json"] = "module-flow.json"
	}
	for name, from := range names {
		text, err := fill("new/"+from, w)
		if err != nil {
			return nil, err
		}
		files = append(files, File{name, text})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// exampleARN begins the ARN of the async function in a flow until an export puts the real one there.
const exampleARN = "arn:aws:lambda:us-east-1:111122223333:function:"

func absolute(dir string) string {
	path, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	return path
}

// newFunction is the function of a new project as its file has it.
type newFunction struct{ Name, ARN, Code, Runtime, Handler string }

// written is what the files of a new project say.
type written struct {
	Name, Style, Flow, Type string
	Module                  bool
	Function                newFunction
}

func (n NewProject) written(f newFunction) written {
	w := written{Name: n.Name, Style: n.Style, Flow: "flow.json", Type: "inbound", Function: f, Module: n.As == "module"}
	if w.Module {
		w.Flow = "module.json"
	}
	if n.Style == string(style.Queue) {
		w.Type = "customer_queue"
	}
	return w
}

// wrapped finds out what the function is and how it is run.
func (n NewProject) wrapped() (newFunction, error) {
	if strings.HasPrefix(n.Function, "arn:") {
		if !isFunctionARN(n.Function) {
			return newFunction{}, noFunction(n.Function, "it is not the ARN of a Lambda function", "Copy the ARN from the function's page in the console.")
		}
		return newFunction{Name: jobName(strings.Split(n.Function, ":")[6]), ARN: n.Function}, nil
	}
	if info, err := os.Stat(n.Function); err != nil || !info.IsDir() {
		return newFunction{}, noFunction(n.Function, "there is no such folder, and it is no ARN", "Give --function the ARN of a Lambda function, or a folder with its code.")
	}
	f := newFunction{Name: jobName(filepath.Base(absolute(n.Function)))}
	relative, err := filepath.Rel(absolute(n.Dir), absolute(n.Function))
	if err != nil {
		relative = absolute(n.Function)
	}
	f.Code = filepath.ToSlash(relative)
	return f, f.recognise(n.Function)
}

func noFunction(function, message, remedy string) error {
	return source.Finding{Code: CodeNoFunction, Severity: source.Error, File: function, Message: message, Remedy: remedy}
}

// languages are how the code of a function is known, and run. Handlers are those of Lambda's own templates.
var languages = []struct {
	files    []string
	runtime  string
	handlers map[string]string // by what stands in the file
}{
	{[]string{"bootstrap"}, "provided.al2023", nil},
	{[]string{"go.mod", "main.go"}, "go", nil},
	{[]string{"lambda_function.py", "app.py", "main.py", "handler.py"}, "python3.13", map[string]string{"def lambda_handler(": "lambda_handler", "def handler(": "handler"}},
	{[]string{"index.mjs", "index.js", "app.mjs", "app.js"}, "nodejs22.x", map[string]string{"handler": "handler"}},
}

// recognise works out the runtime and the handler from the files in the folder.
func (f *newFunction) recognise(dir string) error {
	for _, language := range languages {
		for _, name := range language.files {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				continue
			}
			f.Runtime = language.runtime
			for _, written := range slices.Sorted(maps.Keys(language.handlers)) {
				if strings.Contains(string(text), written) {
					f.Handler = strings.TrimSuffix(name, filepath.Ext(name)) + "." + language.handlers[written]
				}
			}
			if f.Handler != "" || language.handlers == nil {
				return nil
			}
		}
	}
	return noFunction(dir, "the folder has no function that could be recognised",
		"Expected are main.go, bootstrap, lambda_function.py or app.py with lambda_handler, index.mjs or index.js with handler. For others give an ARN, and add code, runtime and handler to the project file.")
}

// plainName makes a name that a project or a job may have.
func plainName(name string) string {
	plain := strings.Trim(strings.Map(func(r rune) rune {
		if nameRune(r) == r {
			return r
		}
		return '-'
	}, name), "-")
	return cmp.Or(plain[:min(len(plain), 40)], "work")
}

// jobName is the name of the function and its job; async is the async function itself.
func jobName(name string) string {
	if name = plainName(name); name == project.AsyncFunction {
		return "work"
	}
	return name
}

// RunsHere reports whether `call` runs the function itself, not a stand-in.
func (n NewProject) RunsHere() bool { return !strings.HasPrefix(n.Function, "arn:") }
