package workspace

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// Flow is the only contact flow or flow module of a file, of the type that FlowType decides.
type Flow struct {
	*flowlang.Flow
	Settings *source.Node    // those of a module that are written beside it, nil when there are none
	Partly   source.Findings // warnings: what was read only in part
}

// ReadFlow reads the flow of a file, whatever kind of file it is. The error is a source.Finding. p may be nil.
func ReadFlow(p *project.Project, file string) (*Flow, error) {
	doc, err := template.ReadFile(file)
	if err != nil {
		return nil, err
	}
	found, err := doc.Flow()
	if err != nil {
		return nil, err
	}
	read, err := flowlang.Read(file, found.Node)
	if err != nil {
		return nil, err
	}
	read = read.Declared(flowlang.Declaration{
		Name: found.Name, Type: found.FlowType(), File: found.File, Pos: found.TypePos,
	})
	if t, ok := FlowType(p, read, ""); ok {
		read = read.WithType(t)
	}
	return &Flow{Flow: read, Settings: found.Settings, Partly: partlyRead(doc)}, nil
}

func partlyRead(doc template.Document) source.Findings {
	return slices.DeleteFunc(slices.Clone(doc.Unread), func(f source.Finding) bool {
		return f.Code != template.CodePartlyRead
	})
}
