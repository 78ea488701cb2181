package workspace

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// DeployedBy returns the resources in other files of a file's folder that deploy what is in the file, such as a
// resource of Terraform whose content is file("flow.json"). Files that cannot be read have none.
func DeployedBy(file string) []template.Elsewhere {
	folder, name := filepath.Dir(file), filepath.Base(file)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var found []template.Elsewhere
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if entry.Name() == name || !searched(path) || !template.Names(path) {
			continue
		}
		text, err := source.ReadText(path)
		if err != nil || !bytes.Contains(text, []byte(name)) || !template.MayHold(text) {
			continue
		}
		doc, err := template.Read(path, text)
		if err != nil {
			continue
		}
		for _, e := range doc.Elsewhere {
			if e.Target() == filepath.Join(folder, name) {
				found = append(found, e)
			}
		}
	}
	return found
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
