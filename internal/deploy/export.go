package deploy

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template"
)

// Tools are the tools that Export knows, in the order in which they are offered.
var Tools = []string{"terraform", "cloudformation", "cdk", "pulumi"}

// File is one file of an export.
type File struct {
	Name    string // with slashes, relative to the folder of the export
	Content []byte
}

// Export renders the stack for one of the Tools. The same stack gives the same bytes.
func Export(s *Stack, tool string) ([]File, error) {
	render, ok := map[string]func(*Stack) ([]File, error){
		"terraform": exportTerraform, "cloudformation": exportCloudFormation, "cdk": exportCDK, "pulumi": exportPulumi,
	}[tool]
	if !ok {
		return nil, fmt.Errorf("there is no export to %q: choose one of %s", tool, strings.Join(Tools, ", "))
	}
	files, err := render(s)
	if err != nil {
		return nil, err
	}
	readme, err := s.template("README." + tool + ".md")
	if err != nil {
		return nil, err
	}
	files = append(files, File{"README.md", readme})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

//go:embed templates
var templates embed.FS

// template fills a template with what the stack says.
func (s *Stack) template(name string) ([]byte, error) {
	var required []string
	for _, v := range s.variables() {
		if v.required {
			required = append(required, v.name)
		}
	}
	return fill(name, map[string]any{"Name": s.project.Name, "Required": required, "Arch": s.settings.Architecture, "Tags": s.settings.Tags})
}

// fill fills a file of the folder templates.
func fill(name string, data any) ([]byte, error) {
	t, err := template.New(path.Base(name)).Funcs(template.FuncMap{"pascal": pascal, "camel": camel}).ParseFS(templates, "templates/"+name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, data)
	return out.Bytes(), err
}

// documents are the files that resources refer to.
func documents(resources []resource) []File {
	var files []File
	for _, r := range resources {
		for _, f := range r.properties {
			if d, ok := f.value.(document); ok {
				files = append(files, File{d.file, []byte(d.json + "\n")})
			}
		}
	}
	return files
}

// vocabulary are the stack's resources as one of the two vocabularies has them.
func (s *Stack) vocabulary(pick func(item) resource) []resource {
	var list []resource
	for _, i := range s.items() {
		list = append(list, pick(i))
	}
	return list
}
