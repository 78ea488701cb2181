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

// Verdict returns what publishing refuses of one flow as the settings of a project have it: which of the findings
// count, and how much. Package lint has the settings (lint.Publishing). p may be nil; a nil Verdict changes nothing.
type Verdict func(p *project.Project, found source.Findings) source.Findings

// On applies a verdict.
func (v Verdict) On(p *project.Project, found source.Findings) source.Findings {
	if v == nil {
		return found
	}
	return v(p, slices.Clone(found))
}

// ReadFlow reads the flow of a file, whatever kind of file it is, with what the templates beside it say of it. The
// error is a source.Finding. p may be nil.
func ReadFlow(p *project.Project, file string) (*Flow, error) {
	doc, err := template.ReadFile(file)
	if err != nil {
		return nil, err
	}
	read, err := flowIn(doc)
	if err != nil {
		return nil, err
	}
	read.Flow = joined(read.Flow)
	if t, ok := FlowType(p, read.Flow, ""); ok {
		read.Flow = read.WithType(t)
	}
	return read, nil
}

// ReadFlowText reads the flow of a text, as that of a file that is read by itself. The error is a source.Finding.
func ReadFlowText(file string, text []byte) (*Flow, error) {
	doc, err := template.Read(file, text)
	if err != nil {
		return nil, err
	}
	return flowIn(doc)
}

// flowIn is the only flow in a document, with what the document says of it.
func flowIn(doc template.Document) (*Flow, error) {
	found, err := doc.Flow()
	if err != nil {
		return nil, err
	}
	read, err := flowlang.Read(doc.File, found.Node)
	if err != nil {
		return nil, err
	}
	return &Flow{Flow: read.Declared(declaration(found)), Settings: found.Settings, Partly: partlyRead(doc)}, nil
}

func partlyRead(doc template.Document) source.Findings {
	return slices.DeleteFunc(slices.Clone(doc.Unread), func(f source.Finding) bool {
		return f.Code != template.CodePartlyRead
	})
}
