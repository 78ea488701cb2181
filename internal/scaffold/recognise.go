package scaffold

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A function is recognised by its files, without running anything: the language by their names, the handler by what
// they define.

// language is how the code of a function is recognised, and run. Handlers are those of Lambda's own templates.
type language struct {
	name       string
	runtime    string
	extensions []string
	usual      []string // names of files that are looked at first
	definition []*regexp.Regexp
	list       *regexp.Regexp // of names that a module exports together, nil when there is no such thing
}

var languages = []language{
	{
		name: "Python", runtime: "python3.13", extensions: []string{".py"},
		usual: []string{"lambda_function.py", "app.py", "main.py", "handler.py", "index.py"},
		definition: []*regexp.Regexp{
			regexp.MustCompile(`(?m)^(?:async )?def (\w+)\(\s*\w+\s*(?::[^,)]*)?,\s*\w+\s*(?:[:=][^,)]*)?,?\s*\)`),
			regexp.MustCompile(`(?m)^(lambda_handler|handler)\s*=`),
		},
	},
	{
		name: "Node", runtime: "nodejs22.x", extensions: []string{".mjs", ".js", ".cjs"},
		usual: []string{"index.mjs", "index.js", "index.cjs", "app.mjs", "app.js", "app.cjs", "handler.mjs",
			"handler.js", "handler.cjs"},
		definition: []*regexp.Regexp{
			regexp.MustCompile(`(?m)^\s*export\s+(?:const|let|var|(?:async\s+)?function)\s+(\w+)`),
			regexp.MustCompile(`(?m)\bexports\.(\w+)\s*=`),
		},
		list: regexp.MustCompile(`(?:\bmodule\.exports\s*=|\bexport)\s*\{([^}]*)\}`),
	},
}

// usualHandlers are the names of functions that Lambda's templates and most people use.
var usualHandlers = []string{"lambda_handler", "handler", "main"}

// sourceFolders are looked into when the folder itself holds no function.
var sourceFolders = []string{".", "src", "app", "function", "lambda", "dist"}

// code is what was found out about the code of a function.
type code struct {
	folder           string // below the one that was given, "." for that itself
	runtime, handler string
	text             string // of the file with the handler, "" when it is not known
}

// recognise finds the function in a folder. A handler that is given is looked for; one that is not is found out.
func recognise(dir fs.FS, handler string) (code, error) {
	if handler != "" {
		return withHandler(dir, handler)
	}
	for _, folder := range sourceFolders {
		sub, err := fs.Sub(dir, folder)
		if err != nil {
			continue
		}
		c, err := recogniseIn(sub)
		if err != nil || c.runtime != "" {
			c.folder = folder
			return c, err
		}
	}
	return code{}, fmt.Errorf("no function was recognised in the folder")
}

// recogniseIn finds the function in a folder, not below it. Without one the runtime is empty.
func recogniseIn(dir fs.FS) (code, error) {
	for _, whole := range []struct{ file, runtime string }{
		{file: "bootstrap", runtime: "provided.al2023"}, {file: "go.mod", runtime: "go"},
		{file: "main.go", runtime: "go"},
	} {
		if isFile(dir, whole.file) {
			return code{runtime: whole.runtime}, nil
		}
	}
	var possible []code
	for _, l := range languages {
		for _, name := range l.files(dir) {
			found := l.handlers(dir, name)
			if c := usualOf(found); c.runtime != "" {
				return c, nil
			}
			possible = append(possible, found...)
		}
	}
	switch len(possible) {
	case 0:
		return code{}, nil
	case 1:
		return possible[0], nil
	}
	var names []string
	for _, c := range possible {
		names = append(names, c.handler)
	}
	return code{}, fmt.Errorf("several functions could be the handler: %s", strings.Join(names, ", "))
}

// usualOf is the handler with a usual name.
func usualOf(found []code) code {
	for _, usual := range usualHandlers {
		for _, c := range found {
			if strings.HasSuffix(c.handler, "."+usual) {
				return c
			}
		}
	}
	return code{}
}

// files are the files of the language in a folder, those with usual names first.
func (l language) files(dir fs.FS) []string {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil
	}
	var others []string
	for _, e := range entries {
		if !e.IsDir() && slices.Contains(l.extensions, path.Ext(e.Name())) && !slices.Contains(l.usual, e.Name()) &&
			!strings.Contains(e.Name(), "test") {
			others = append(others, e.Name())
		}
	}
	return append(slices.DeleteFunc(slices.Clone(l.usual), func(n string) bool { return !isFile(dir, n) }), others...)
}

// handlers are what could be the handler in a file.
func (l language) handlers(dir fs.FS, name string) []code {
	text, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil
	}
	var found []code
	for _, defined := range l.defined(string(text)) {
		found = append(found, code{runtime: l.runtime, text: string(text),
			handler: strings.TrimSuffix(name, path.Ext(name)) + "." + defined})
	}
	return found
}

// defined are the names that a file defines and others can use.
func (l language) defined(text string) []string {
	var names []string
	for _, definition := range l.definition {
		for _, m := range definition.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
	}
	if l.list != nil {
		for _, m := range l.list.FindAllStringSubmatch(text, -1) {
			for _, item := range strings.Split(m[1], ",") {
				names = append(names, exported(item))
			}
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// exported is the name under which an item of a list is exported: handler of "run as handler", "handler: run" and
// "handler".
func exported(item string) string {
	if _, as, ok := strings.Cut(item, " as "); ok {
		return strings.TrimSpace(as)
	}
	name, _, _ := strings.Cut(item, ":")
	return strings.TrimSpace(name)
}

// withHandler finds the file of a handler such as src/app.main.
func withHandler(dir fs.FS, handler string) (code, error) {
	folder, last := path.Split(handler)
	module, function, _ := strings.Cut(last, ".")
	if at := strings.LastIndexByte(last, '.'); at > 0 {
		module, function = last[:at], last[at+1:]
	}
	if module == "" || function == "" || !fs.ValidPath(folder+module) {
		return code{}, fmt.Errorf("%q is not a handler such as app.lambda_handler or src/index.handler", handler)
	}
	for _, l := range languages {
		for _, extension := range l.extensions {
			name := folder + module + extension
			text, err := fs.ReadFile(dir, name)
			if err != nil {
				continue
			}
			if !regexp.MustCompile(`\b` + regexp.QuoteMeta(function) + `\b`).Match(text) {
				return code{}, fmt.Errorf("%s has no function %s; it has: %s", name, function,
					strings.Join(l.defined(string(text)), ", "))
			}
			return code{folder: ".", runtime: l.runtime, handler: handler, text: string(text)}, nil
		}
	}
	return code{}, fmt.Errorf("the handler %s names the file %s, which does not exist as .py, .mjs, .js or .cjs",
		handler, folder+module)
}

// isFile reports whether a folder holds a file, not a folder, of that name.
func isFile(dir fs.FS, name string) bool {
	info, err := fs.Stat(dir, name)
	return err == nil && !info.IsDir()
}
