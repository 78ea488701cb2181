package scaffold

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/handlers"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// Function is the function of a new project or job, as the project file describes it, and what its code tells.
type Function struct {
	Name, ARN, Code, Runtime, Handler, EnvFile string

	Remote     bool     // invoked in AWS
	Parameters []string // that it reads
	Returns    []string // keys that it returns
	WholeEvent bool     // it reads of the event what `input: minimal` leaves out

	unpacked []File // of a ZIP archive
}

// Wrapped says which function is wrapped.
type Wrapped struct {
	Function string // ARN, or the folder, the file or the ZIP archive of its code
	Handler  string // default: found out from the code
	Runtime  string // default: found out from the code
	EnvFile  string // default: .env in or beside the folder of the code, or beside the project file
	Remote   bool   // invoke it in AWS; needs an ARN
}

// Inspect finds out what the function is and how it is run. Errors are source.Findings.
func (w Wrapped) Inspect(dir string) (Function, error) {
	f, err := w.inspect(dir)
	if err != nil {
		return Function{}, err
	}
	if w.Runtime != "" && f.Code != "" {
		given := handlers.Family(w.Runtime)
		if given != "provided" && given != handlers.Family(f.Runtime) {
			return Function{}, noFunction(w.Function,
				fmt.Sprintf("the runtime %s was given, and this is code for %s", w.Runtime, f.Runtime),
				"Leave out --runtime, or give one for the code.")
		}
		f.Runtime = w.Runtime
	}
	if w.Remote && f.ARN == "" {
		return Function{}, noFunction(w.Function, "a function without an ARN cannot be invoked in AWS",
			"Give --function the ARN, or leave out --remote.")
	}
	f.Remote = w.Remote
	return f, w.environment(dir, &f)
}

func (w Wrapped) inspect(dir string) (Function, error) {
	if strings.HasPrefix(w.Function, "arn:") {
		name, ok := arn.FunctionName(w.Function)
		if !ok {
			return Function{}, noFunction(w.Function, "it is not the ARN of a Lambda function",
				"Copy the ARN from the function's page in the console.")
		}
		return Function{Name: jobName(name), ARN: w.Function}, nil
	}
	info, err := os.Stat(w.Function)
	switch {
	case err != nil:
		return Function{}, noFunction(w.Function, "this is neither a folder or file nor an ARN",
			"Give --function the ARN of a Lambda function, or the folder, file or ZIP archive of its code.")
	case info.IsDir():
		return w.inFolder(dir, w.Function, w.Handler, filepath.Base(absolute(w.Function)))
	case strings.EqualFold(filepath.Ext(w.Function), ".zip"):
		return w.inArchive()
	}
	return w.inFile(dir)
}

// inFolder is the function in a folder.
func (w Wrapped) inFolder(dir, folder, handler, name string) (Function, error) {
	f := Function{Name: jobName(name)}
	sub, err := w.recognised(os.DirFS(folder), handler, &f)
	if err != nil {
		return f, err
	}
	code := filepath.Join(folder, filepath.FromSlash(sub))
	f.Code = relativeTo(dir, code)
	return f, nil
}

// inFile is the function in a file: a module in its folder.
func (w Wrapped) inFile(dir string) (Function, error) {
	folder, file := filepath.Split(w.Function)
	folder = cmp.Or(filepath.Clean(folder), ".")
	stem := strings.TrimSuffix(file, filepath.Ext(file))
	name := stem
	if handlers.IsUsual(file) {
		name = filepath.Base(absolute(folder))
	}
	if file == "bootstrap" || filepath.Ext(file) == ".go" {
		return w.inFolder(dir, folder, "", filepath.Base(absolute(folder)))
	}
	handler := w.Handler
	if handler == "" {
		language, ok := handlers.Of(file)
		if !ok {
			return Function{}, noFunction(w.Function, "the language of this file is not known", expectedFiles)
		}
		found := language.Handlers(os.DirFS(folder), file)
		c := handlers.Usual(found)
		switch {
		case c.Handler != "":
			handler = c.Handler
		case len(found) == 1:
			handler = found[0].Handler
		default:
			return Function{}, noFunction(w.Function, "the file does not show which of its functions is the handler",
				"Name it with --handler, such as --handler "+stem+".main.")
		}
	}
	return w.inFolder(dir, folder, handler, name)
}

// inArchive is the function in a ZIP archive, which is unpacked into a folder of the project.
func (w Wrapped) inArchive() (Function, error) {
	z, err := zip.OpenReader(w.Function)
	if err != nil {
		return Function{}, noFunction(w.Function, "this is not a ZIP archive: "+err.Error(), otherArchive)
	}
	defer z.Close()
	files, err := unpack(&z.Reader)
	if err != nil {
		return Function{}, noFunction(w.Function, err.Error(), otherArchive)
	}
	base := filepath.Base(w.Function)
	f := Function{Name: jobName(strings.TrimSuffix(base, filepath.Ext(base)))}
	sub, err := w.recognised(z, w.Handler, &f)
	if err != nil {
		return f, err
	}
	for i := range files {
		files[i].Name = path.Join(f.Name, files[i].Name)
	}
	f.Code, f.unpacked = path.Join(f.Name, sub), files
	return f, nil
}

const otherArchive = "Download the archive again from the function's page in the Lambda console, or unpack it and " +
	"give --function the folder."

const expectedFiles = "Expected are Python (lambda_function.py, app.py, …), Node (index.mjs, index.js, …), Go " +
	"(main.go) or an executable called bootstrap. Name the handler with --handler, such as --handler app.main. " +
	"For other languages give the function's ARN."

// recognised finds out how the code in a folder is run, and where in the folder it is.
func (w Wrapped) recognised(dir fs.FS, handler string, f *Function) (sub string, err error) {
	if strings.HasPrefix(w.Runtime, "provided") || w.Runtime == "go" {
		handler = ""
	}
	c, err := handlers.Find(dir, handler)
	if err != nil {
		return "", noFunction(w.Function, err.Error(), expectedFiles)
	}
	f.Runtime, f.Handler = c.Runtime, c.Handler
	f.Parameters, f.Returns = parametersOf(c.Text), returnedBy(c.Text)
	f.WholeEvent = strings.Contains(c.Text, "ContactData")
	return c.Folder, nil
}

// environment finds the file with the function's variables.
func (w Wrapped) environment(dir string, f *Function) error {
	if w.EnvFile != "" {
		if _, err := os.Stat(w.EnvFile); err != nil {
			return source.Finding{Code: source.CodeNoFile, Severity: source.Error, File: w.EnvFile,
				Message: "this file with variables does not exist",
				Remedy:  "Give --env-file a file of NAME=VALUE lines."}
		}
		f.EnvFile = relativeTo(dir, w.EnvFile)
		return nil
	}
	if f.Code == "" {
		return nil
	}
	code := filepath.Join(dir, filepath.FromSlash(f.Code))
	for _, folder := range []string{code, dir, filepath.Dir(code)} {
		file := filepath.Join(folder, ".env")
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			f.EnvFile = relativeTo(dir, file)
			return nil
		}
	}
	return nil
}

// relativeTo is a path as it is written in a file of a folder.
func relativeTo(dir, path string) string {
	relative, err := filepath.Rel(absolute(dir), absolute(path))
	if err != nil {
		relative = absolute(path)
	}
	return filepath.ToSlash(relative)
}

func absolute(dir string) string {
	path, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	return path
}

func noFunction(function, message, remedy string) error {
	return source.Finding{Code: CodeNoFunction, Severity: source.Error, File: function, Message: message,
		Remedy: remedy}
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
