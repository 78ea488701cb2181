package handlers

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Language is how the code of a function is recognised, and run. Handlers are those of Lambda's own templates.
type Language struct {
	Name       string
	runtime    string
	extensions []string
	usual      []string // names of files that are looked at first
	definition []*regexp.Regexp
	list       *regexp.Regexp // of names that a module exports together, nil when there is no such thing
}

var languages = []Language{
	{
		Name: "Python", runtime: "python3.13", extensions: []string{".py"},
		usual: []string{"lambda_function.py", "app.py", "main.py", "handler.py", "index.py"},
		definition: []*regexp.Regexp{
			regexp.MustCompile(`(?m)^(?:async )?def (\w+)\(\s*\w+\s*(?::[^,)]*)?,\s*\w+\s*(?:[:=][^,)]*)?,?\s*\)`),
			regexp.MustCompile(`(?m)^(lambda_handler|handler)\s*=`),
		},
	},
	{
		Name: "Node", runtime: "nodejs22.x", extensions: []string{".mjs", ".js", ".cjs"},
		usual: []string{"index.mjs", "index.js", "index.cjs", "app.mjs", "app.js", "app.cjs", "handler.mjs",
			"handler.js", "handler.cjs"},
		definition: []*regexp.Regexp{
			regexp.MustCompile(`(?m)^\s*export\s+(?:const|let|var|(?:async\s+)?function)\s+(\w+)`),
			regexp.MustCompile(`(?m)\bexports\.(\w+)\s*=`),
		},
		list: regexp.MustCompile(`(?:\bmodule\.exports\s*=|\bexport)\s*\{([^}]*)\}`),
	},
}

// Of returns the language of a file by its name. It reports false for files of none.
func Of(file string) (Language, bool) {
	i := slices.IndexFunc(languages, func(l Language) bool { return slices.Contains(l.extensions, path.Ext(file)) })
	if i < 0 {
		return Language{}, false
	}
	return languages[i], true
}

// IsUsual reports whether a file is named as files with a handler usually are.
func IsUsual(file string) bool {
	return slices.ContainsFunc(languages, func(l Language) bool { return slices.Contains(l.usual, file) })
}

// usualHandlers are the names of functions that Lambda's templates and most people use.
var usualHandlers = []string{"lambda_handler", "handler", "main"}

// sourceFolders are looked into when the folder itself holds no function.
var sourceFolders = []string{".", "src", "app", "function", "lambda", "dist"}

// Found is what was found out about the code of a function.
type Found struct {
	Folder           string // below the one that was given, "." for that itself
	Runtime, Handler string
	Text             string // of the file with the handler, "" when it is not known
}

// Find finds the function in a folder. A handler that is given is looked for; one that is not is found out.
func Find(dir fs.FS, handler string) (Found, error) {
	if handler != "" {
		return withHandler(dir, handler)
	}
	for _, folder := range sourceFolders {
		sub, err := fs.Sub(dir, folder)
		if err != nil {
			continue
		}
		c, err := recogniseIn(sub)
		if err != nil || c.Runtime != "" {
			c.Folder = folder
			return c, err
		}
	}
	return Found{}, fmt.Errorf("no function was recognised in the folder")
}

// recogniseIn finds the function in a folder, not below it. Without one the runtime is empty.
func recogniseIn(dir fs.FS) (Found, error) {
	for _, whole := range []struct{ file, runtime string }{
		{file: "bootstrap", runtime: "provided.al2023"}, {file: "go.mod", runtime: "go"},
		{file: "main.go", runtime: "go"},
	} {
		if isFile(dir, whole.file) {
			return Found{Runtime: whole.runtime}, nil
		}
	}
	var possible []Found
	for _, l := range languages {
		for _, name := range l.files(dir) {
			found := l.Handlers(dir, name)
			if c := Usual(found); c.Runtime != "" {
				return c, nil
			}
			possible = append(possible, found...)
		}
	}
	switch len(possible) {
	case 0:
		return Found{}, nil
	case 1:
		return possible[0], nil
	}
	var names []string
	for _, c := range possible {
		names = append(names, c.Handler)
	}
	return Found{}, fmt.Errorf("several functions could be the handler: %s", strings.Join(names, ", "))
}

// Usual is the handler with a usual name.
func Usual(found []Found) Found {
	for _, usual := range usualHandlers {
		for _, c := range found {
			if strings.HasSuffix(c.Handler, "."+usual) {
				return c
			}
		}
	}
	return Found{}
}

// files are the files of the language in a folder, those with usual names first.
func (l Language) files(dir fs.FS) []string {
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

// Handlers are what could be the handler in a file.
func (l Language) Handlers(dir fs.FS, name string) []Found {
	text, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil
	}
	var found []Found
	for _, defined := range l.defined(string(text)) {
		found = append(found, Found{Runtime: l.runtime, Text: string(text),
			Handler: strings.TrimSuffix(name, path.Ext(name)) + "." + defined})
	}
	return found
}

// defined are the names that a file defines and others can use.
func (l Language) defined(text string) []string {
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
func withHandler(dir fs.FS, handler string) (Found, error) {
	folder, last := path.Split(handler)
	module, function, _ := strings.Cut(last, ".")
	if at := strings.LastIndexByte(last, '.'); at > 0 {
		module, function = last[:at], last[at+1:]
	}
	if module == "" || function == "" || !fs.ValidPath(folder+module) {
		return Found{}, fmt.Errorf("%q is not a handler such as app.lambda_handler or src/index.handler", handler)
	}
	for _, l := range languages {
		for _, extension := range l.extensions {
			name := folder + module + extension
			text, err := fs.ReadFile(dir, name)
			if err != nil {
				continue
			}
			if !regexp.MustCompile(`\b` + regexp.QuoteMeta(function) + `\b`).Match(text) {
				return Found{}, fmt.Errorf("%s has no function %s; it has: %s", name, function,
					strings.Join(l.defined(string(text)), ", "))
			}
			return Found{Folder: ".", Runtime: l.runtime, Handler: handler, Text: string(text)}, nil
		}
	}
	return Found{}, fmt.Errorf("the handler %s names the file %s, which does not exist as .py, .mjs, .js or .cjs",
		handler, folder+module)
}

// isFile reports whether a folder holds a file, not a folder, of that name.
func isFile(dir fs.FS, name string) bool {
	info, err := fs.Stat(dir, name)
	return err == nil && !info.IsDir()
}
