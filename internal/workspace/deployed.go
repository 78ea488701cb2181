package workspace

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// DeployedBy returns the resources that deploy what is in the files, such as a resource of Terraform whose content is
// file("flow.json"). It looks for them in the other files of each file's folder, each of which is read once. Files that
// cannot be read have none.
func DeployedBy(files ...string) []template.Elsewhere {
	names := map[string][]string{} // of the files, by folder
	for _, file := range files {
		folder := filepath.Dir(file)
		names[folder] = append(names[folder], filepath.Base(file))
	}
	var found []template.Elsewhere
	for _, folder := range slices.Sorted(maps.Keys(names)) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			found = append(found, deployedIn(filepath.Join(folder, entry.Name()), names[folder])...)
		}
	}
	return found
}

// deployedIn returns the resources in a file that deploy what is in others of these names, in the same folder.
func deployedIn(path string, names []string) []template.Elsewhere {
	folder, own := filepath.Split(path)
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == own })
	if len(names) == 0 || !template.Names(path) || !searched(path) {
		return nil
	}
	text, err := source.ReadText(path)
	named := func(name string) bool { return bytes.Contains(text, []byte(name)) }
	if err != nil || !slices.ContainsFunc(names, named) || !template.MayHold(text) {
		return nil
	}
	doc, err := template.Read(path, text)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(doc.Elsewhere, func(e template.Elsewhere) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return e.Target() == filepath.Join(folder, name) })
	})
}

// joined returns a flow with what the resources that deploy its file say of it, when they agree on its type.
func joined(f *flowlang.Flow) *flowlang.Flow {
	list := DeployedBy(f.File)
	for _, e := range list {
		if e.FlowType() != list[0].FlowType() {
			return f
		}
	}
	for _, e := range list {
		f = f.Declared(declaration(e.Found))
	}
	return f
}

func declaration(f template.Found) flowlang.Declaration {
	return flowlang.Declaration{Name: f.Name, Type: f.FlowType(), File: f.File, Pos: f.TypePos}
}
