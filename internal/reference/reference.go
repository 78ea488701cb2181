package reference

import (
	"embed"
	"strings"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// Kind is a kind of file.
type Kind struct {
	Name  string // the word for it
	Title string // of its JSON schema
	File  string // of its JSON schema, in the folder of a project
	Form  func() *form.Schema
	whole string // the title of the section of the file itself on its page
}

// Kinds are all of them.
var Kinds = []Kind{
	{Name: "project", Title: "The project file of connect-async (" + project.FileName + ")", whole: "The file",
		File: project.SchemaFile, Form: func() *form.Schema { return project.Form(lint.Form()) }},
	{Name: "scenario", Title: "A scenario of connect-async", whole: "The file", File: project.ScenarioSchemaFile,
		Form: scenario.Form},
}

// Lookup returns the kind of a name.
func Lookup(name string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Schema is the JSON schema of the file.
func (k Kind) Schema() []byte { return k.Form().Document(k.Title) }

//go:embed pages
var pages embed.FS

// Page is the reference of the file in Markdown.
func (k Kind) Page() (string, error) {
	text, err := pages.ReadFile("pages/" + k.Name + ".md")
	if err != nil {
		return "", err
	}
	return strings.Replace(string(text), "{{sections}}\n", k.Form().Page(k.whole), 1), nil
}
