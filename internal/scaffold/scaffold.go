// Package scaffold writes the files of a project that begins: the flow or module, a scenario, the project file; and the
// flows of a project again, from what its project file says.
//
// It imports internal/arn, internal/style, internal/async, internal/flowlang, internal/project, internal/scenario and
// internal/source. It looks at the folder of the function to recognise its language, and writes nothing itself. The
// same project gives the same bytes.
package scaffold

import (
	"bytes"
	"cmp"
	"embed"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// CodeNoFunction is the code of the finding that a new project names no function that can be wrapped.
const CodeNoFunction = "deploy-no-function"

// Project says what a new project is to be.
type Project struct {
	Dir      string // where it will be; the folder of a function is named relative to it
	Name     string // default: the name of Dir
	Function string // ARN of a function, or its folder
	Style    string // poll, wait, queue or chat
	Language string // of the texts: en, de or es
	As       string // flow or module
	Prompt   string // name, id or ARN of a recording between sentences, "" for none; the style queue needs one
}

// File is one file of a new project.
type File struct {
	Name    string // relative to the project's folder
	Content []byte
}

//go:embed templates
var templates embed.FS

// fill fills a template with what is written.
func fill(name string, w written) ([]byte, error) {
	t, err := template.ParseFS(templates, "templates/"+name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, w)
	return out.Bytes(), err
}

// Files returns the files of the project. Errors are source.Findings.
func (n Project) Files() ([]File, error) {
	n.Name = cmp.Or(n.Name, plainName(filepath.Base(absolute(n.Dir))))
	f, err := n.wrapped()
	if err != nil {
		return nil, err
	}
	w := n.written(f)
	options := style.Options{Style: style.Style(n.Style), Language: n.Language, Job: f.Name,
		Prompt: named("prompt", n.Prompt), FunctionARN: flowlang.Async.String()}
	if n.As == "module" {
		options.Type = flowlang.Module
	}
	content, err := style.Generate(options)
	if err != nil {
		return nil, err
	}
	files := []File{{Name: w.Flow, Content: content}}
	names := map[string]string{
		project.FileName: "project.yaml", "scenario.yaml": "scenario.yaml", ".gitignore": "gitignore",
	}
	if n.As == "module" {
		names["flow.json"] = "module-flow.json"
	}
	for name, from := range names {
		text, err := fill(from, w)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Content: text})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// named is something of the instance as a flow has it: its ID or ARN or a reference or, for a name, a placeholder.
func named(kind, given string) string {
	if flowlang.IsID(given) || !flowlang.IsPlaceholderName(given) {
		return given
	}
	return flowlang.Placeholder{Kind: kind, Name: given}.String()
}

func absolute(dir string) string {
	path, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	return path
}

// newFunction is the function of a new project, as its project file describes it.
type newFunction struct{ Name, ARN, Code, Runtime, Handler string }

// written is what the files of a new project say.
type written struct {
	Name, Style, Language, Flow, Type string

	Module   bool
	Function newFunction
}

func (n Project) written(f newFunction) written {
	w := written{Name: n.Name, Style: n.Style, Language: cmp.Or(n.Language, style.DefaultLanguage), Flow: "flow.json",
		Type: "inbound", Function: f, Module: n.As == "module"}
	if w.Module {
		w.Flow = "module.json"
	}
	if n.Style == string(style.Queue) {
		w.Type = "customer_queue"
	}
	return w
}

// wrapped finds out what the function is and how it is run.
func (n Project) wrapped() (newFunction, error) {
	if strings.HasPrefix(n.Function, "arn:") {
		name, ok := arn.FunctionName(n.Function)
		if !ok {
			return newFunction{}, noFunction(n.Function, "it is not the ARN of a Lambda function",
				"Copy the ARN from the function's page in the console.")
		}
		return newFunction{Name: jobName(name), ARN: n.Function}, nil
	}
	if info, err := os.Stat(n.Function); err != nil || !info.IsDir() {
		return newFunction{}, noFunction(n.Function, "this is neither a folder nor an ARN",
			"Give --function the ARN of a Lambda function, or a folder with its code.")
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
	return source.Finding{Code: CodeNoFunction, Severity: source.Error, File: function, Message: message,
		Remedy: remedy}
}

// languages are how the code of a function is recognised, and run. Handlers are those of Lambda's own templates.
var languages = []struct {
	files    []string
	runtime  string
	handlers map[string]string // by a text in the file
}{
	{files: []string{"bootstrap"}, runtime: "provided.al2023"},
	{files: []string{"go.mod", "main.go"}, runtime: "go"},
	{
		files:    []string{"lambda_function.py", "app.py", "main.py", "handler.py"},
		runtime:  "python3.13",
		handlers: map[string]string{"def lambda_handler(": "lambda_handler", "def handler(": "handler"},
	},
	{
		files:    []string{"index.mjs", "index.js", "app.mjs", "app.js"},
		runtime:  "nodejs22.x",
		handlers: map[string]string{"handler": "handler"},
	},
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
	return noFunction(dir, "no function was recognised in the folder",
		"Expected are main.go, bootstrap, lambda_function.py or app.py with lambda_handler, index.mjs or index.js "+
			"with handler. For others give an ARN, and add code, runtime and handler to the project file.")
}

// plainName makes a name that a project or a job may have.
func plainName(name string) string {
	plain := strings.Trim(strings.Map(func(r rune) rune {
		if project.InName(r) {
			return r
		}
		return '-'
	}, name), "-")
	return cmp.Or(plain[:min(len(plain), project.MaxNameLength)], "work")
}

// jobName is the name of the function and its job; async is the async function itself.
func jobName(name string) string {
	if name = plainName(name); name == project.AsyncFunction {
		return "work"
	}
	return name
}

// RunsHere reports whether `call` runs the function itself rather than a stand-in.
func (n Project) RunsHere() bool { return !strings.HasPrefix(n.Function, "arn:") }
