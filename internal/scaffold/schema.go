package scaffold

import (
	"path"
	"strings"
	"sync"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/reference"
)

// schemas are the files by which editors check and complete the others. They are written once, and never change.
var schemas = sync.OnceValue(func() []File {
	var files []File
	for _, k := range reference.Kinds {
		files = append(files, File{Name: k.File, Content: k.Schema()})
	}
	return files
})

// lackingSchemas are those that a project does not have yet.
func lackingSchemas(dir string) []File {
	var lacking []File
	for _, f := range schemas() {
		if !form.OnDisk(absolute(path.Join(dir, f.Name))) {
			lacking = append(lacking, f)
		}
	}
	return lacking
}

// fillFile fills a template. A YAML file names its schema in the first line.
func fillFile(name, from string, w any) (File, error) {
	text, err := fill(from, w)
	schema := project.ScenarioSchemaFile
	if name == project.FileName {
		schema = project.SchemaFile
	}
	if path.Ext(name) == ".yaml" {
		up := strings.Repeat("../", strings.Count(name, "/"))
		text = append([]byte(form.SchemaLine(up+schema)), text...)
	}
	return File{Name: name, Content: text}, err
}
