// Package scaffold writes the files of a project that begins: the flow or module, a scenario, the project file; and the
// flows of a project again, from what its project file says.
//
// It imports internal/arn, internal/style, internal/async, internal/flowlang, internal/form, internal/handlers,
// internal/project, internal/reference, internal/scenario and internal/source. It reads the code of the function to
// recognise it, without running anything, and writes nothing itself. The same project gives the same bytes.
package scaffold

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// CodeNoFunction is the code of the finding that a new project names no function that can be wrapped.
const CodeNoFunction = "deploy-no-function"

// Project says what a new project is to be.
type Project struct {
	Wrapped
	Says

	Dir   string // where it will be; the folder of a function is named relative to it
	Name  string // default: the name of Dir
	Event string // file with an example event of the function, "" for none
	As    string // AsFlow or AsModule
}

// The kinds of what is written for a job.
const (
	AsFlow   = "flow"
	AsModule = "module"
)

// Says is what a new flow says, asks and passes, as in a section generate of the project file.
type Says struct {
	Style      string // poll, wait, queue or chat
	Language   string // a tag, "" for that of the contact
	Voice      string
	Prompt     string              // name, id or ARN of a recording between sentences; the style queue needs one
	Say        string              // what the caller hears with the result, "" for the text of the language
	Parameters map[string]string   // what the function gets; nil: found out from its code
	Texts      map[string][]string // of the job, by kind
	Then       string              // hang_up, queue=NAME or flow=NAME
	OnFailure  string
	OnGivingUp string
}

// File is one file of a new project.
type File struct {
	Name       string // relative to the project's folder
	Content    []byte
	Executable bool
}

//go:embed templates
var templates embed.FS

// fill fills a template with what is written.
func fill(name string, w any) ([]byte, error) {
	functions := template.FuncMap{"yaml": yamlText, "json": jsonText, "ssml": project.IsSSML, "first": firstText}
	t, err := template.New("").Funcs(functions).ParseFS(templates, "templates/*")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.ExecuteTemplate(&out, name, w)
	return out.Bytes(), err
}

// firstText is what callers hear first, as an example of a text in a language.
func firstText(language string) string {
	texts := async.BuiltInTexts(language).Sentences[async.TextFirst]
	if len(texts) == 0 {
		texts = async.BuiltInTexts(style.DefaultLanguage).Sentences[async.TextFirst]
	}
	return texts[0]
}

// NameOf is the name of a project in a folder, unless another one is given.
func NameOf(dir string) string {
	name := plainName(filepath.Base(absolute(dir)))
	if !project.BeginsWithLetter(name) {
		name = plainName("project-" + name)
	}
	return name
}

// WithDefaults are the answers that are still open, found out from the code of the function and an example event.
func (n Project) WithDefaults(f Function) (Project, error) {
	n.Name = cmp.Or(n.Name, NameOf(n.Dir))
	n.Style, n.As = cmp.Or(n.Style, string(style.Poll)), cmp.Or(n.As, AsFlow)
	e, err := readEvent(n.Event)
	if err != nil {
		return n, err
	}
	if n.Parameters == nil {
		n.Parameters = map[string]string{}
		for _, name := range slices.Concat(f.Parameters, keysOf(e.parameters)) {
			if reference := e.reference(name); project.FaultyParameter(name, reference, n.As == AsModule) == nil {
				n.Parameters[name] = reference
			}
		}
	}
	n.Say = cmp.Or(n.Say, resultText(n.Language, f.Returns))
	return n, nil
}

// Files returns the files of the project. Errors are source.Findings.
func (n Project) Files() ([]File, error) {
	f, err := n.Inspect(n.Dir)
	if err != nil {
		return nil, err
	}
	if n, err = n.WithDefaults(f); err != nil {
		return nil, err
	}
	w, err := n.written(f)
	if err != nil {
		return nil, err
	}
	files := slices.Concat(f.unpacked, schemas())
	for _, from := range []struct{ name, template string }{
		{name: project.FileName, template: "project.yaml"}, {name: "scenario.yaml", template: "scenario.yaml"},
		{name: ".gitignore", template: "gitignore"},
	} {
		file, err := fillFile(from.name, from.template, w)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if w.Module {
		file, err := fillFile("flow.json", "module-flow.json", w)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if files, err = withFlows(n.Dir, files); err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// withFlows adds the flows that a project file among the files generates.
func withFlows(dir string, files []File) ([]File, error) {
	i := slices.IndexFunc(files, func(f File) bool { return f.Name == project.FileName })
	p, found := project.Parse(filepath.Join(dir, project.FileName), files[i].Content, func(path string) bool {
		_, err := os.Stat(path)
		return !errors.Is(err, fs.ErrNotExist) || isAmong(files, relativeTo(dir, path))
	})
	if p == nil {
		return nil, unwritten(found[0])
	}
	for _, f := range p.Flows {
		if f.Generate == nil {
			continue
		}
		content, err := Flow(p, f)
		if err != nil {
			return nil, unwritten(err)
		}
		files = append(files, File{Name: relativeTo(dir, f.File), Content: content})
	}
	return files, nil
}

// unwritten is an error in a file that is not written because of it, and so has no lines to look at.
func unwritten(err error) error {
	f := source.AsFinding(project.FileName, err)
	f.Line, f.Column = 0, 0
	return f
}

// isAmong reports whether a path is one of the files or a folder of one.
func isAmong(files []File, path string) bool {
	return slices.ContainsFunc(files, func(f File) bool {
		return f.Name == path || strings.HasPrefix(f.Name, path+"/")
	})
}

// written is what the files of a new project say.
type written struct {
	Says
	Name, Job, Flow, Type string
	ScenarioFlow          string // that the scenario names, "" for the project's first
	Module                bool
	Function              Function
	Others                []string // functions that need a stand-in, too
	TextsLanguage         string   // of the job's texts
	Attributes            map[string]string
	Number                string
	Returned              map[string]string // what the stand-in of the function returns
	Returns               map[string]string // of a module
	ModuleSay             string            // what the flow that invokes the module says
	Nexts                 []nextKey
}

// nextKey is a key of a section generate that says where the flow continues.
type nextKey struct{ Key, Kind, Target string }

func (n Project) written(f Function) (written, error) {
	e, err := readEvent(n.Event)
	if err != nil {
		return written{}, err
	}
	w := written{Says: n.Says, Name: n.Name, Job: f.Name, Flow: "flow.json", Type: "inbound", Function: f,
		Number: e.number,
		Module: n.As == AsModule, TextsLanguage: cmp.Or(async.PrimaryLanguage(n.Language), style.DefaultLanguage)}
	if w.Module {
		w.Flow = "module.json"
		w.Returns, w.ModuleSay = fromModule(n.Say)
		w.Say = ""
	}
	if n.Style == string(style.Queue) {
		w.Type = "customer_queue"
	}
	w.Attributes = exampleAttributes(n.Parameters, e)
	w.Returned = exampleResult(n.Say, f.Returns)
	w.Nexts, err = n.nexts()
	return w, err
}

// fromModule turns what is said with a result into what a module returns, and what the flow that invokes it says.
func fromModule(say string) (returns map[string]string, said string) {
	returns, said = map[string]string{}, say
	for _, path := range flowlang.References(say) {
		if path[0] == "External" && len(path) == 2 {
			returns[path[1]] = "$.External." + path[1]
		}
	}
	return returns, strings.ReplaceAll(say, "$.External.", "$.Modules.ResultData.")
}

// exampleAttributes are the contact attributes of the caller of the first scenario: those that the parameters refer to.
func exampleAttributes(parameters map[string]string, e event) map[string]string {
	attributes := map[string]string{}
	for _, name := range keysOf(parameters) {
		for _, path := range flowlang.References(parameters[name]) {
			if path[0] == "Attributes" && len(path) == 2 {
				attributes[path[1]] = cmp.Or(e.attributes[path[1]], e.parameters[name], "12345")
			}
		}
	}
	return attributes
}

// exampleResult is what the stand-in of a function returns: the keys that the flow says, and those that are known.
func exampleResult(say string, known []string) map[string]string {
	result := map[string]string{}
	for _, key := range known {
		result[key] = "42"
	}
	for _, path := range flowlang.References(say) {
		if path[0] == "External" && len(path) > 1 {
			result[path[1]] = "42"
		}
	}
	if len(result) == 0 {
		result["result"] = "42"
	}
	return result
}

// RunsHere reports whether `call` runs the function itself, here or in AWS, rather than a stand-in.
func (n Project) RunsHere() bool { return n.Remote || !strings.HasPrefix(n.Function, "arn:") }
