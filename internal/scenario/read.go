package scenario

import (
	"path/filepath"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of a scenario, beside those of source.
const (
	CodeAssumption = "call-unknown-assumption"
	CodeStep       = "call-unclear-step"
)

// Read reads and checks a scenario file. The scenario is not to be used when a finding is of severity error.
func Read(name string) (Scenario, source.Findings) {
	node, err := source.ReadFile(name)
	return read(name, node, err, form.OnDisk)
}

// Parse reads a scenario before it is written. Only what exists says whether a file that it names will be there.
func Parse(name string, text []byte, exists func(path string) bool) (Scenario, source.Findings) {
	node, err := source.ParseYAML(name, text)
	return read(name, node, err, exists)
}

func read(name string, node *source.Node, err error, exists func(path string) bool) (Scenario, source.Findings) {
	s := Default()
	s.File = name
	if err != nil {
		return s, source.Findings{source.AsFinding(name, err)}
	}
	var found source.Findings
	f := form.File{Name: name, Found: &found, Exists: exists}
	table.Read(f, source.Read(name, node, &found), &s)
	found.Sort()
	return s, found
}

// Write returns the text of the file that Read reads as this scenario, with what is not the default. Paths in it are
// relative to the folder of name, which is where the text is to be saved. Where the project has the JSON schema of
// scenarios, the first line names it.
func Write(name string, s Scenario) []byte {
	standard := Default()
	return append(schemaLine(name), table.Write(form.File{Name: name}, &s, &standard).YAML()...)
}

// schemaLine names the schema in the folder of a file or in the nearest one above it, if there is one.
func schemaLine(name string) []byte {
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil
	}
	for schema := project.ScenarioSchemaFile; ; schema = "../" + schema {
		if form.OnDisk(filepath.Join(dir, project.ScenarioSchemaFile)) {
			return []byte(form.SchemaLine(schema))
		}
		above := filepath.Dir(dir)
		if above == dir {
			return nil
		}
		dir = above
	}
}

// Form describes a scenario file.
func Form() *form.Schema {
	standard := Default()
	return table.Schema(&standard)
}
