package lint

import (
	"errors"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// Codes of what cannot be checked, beside those of source and template.
const (
	CodeLegacy  = flowlang.CodeLegacy
	CodeNothing = "lint-nothing" // a folder in which nothing was found
)

// Document is what was found in one file.
type Document struct {
	File     string
	Flows    []*Flow
	Machines []*Machine
	Unread   source.Findings // what in the file could not be read, or only in part, and why

	// Elsewhere are the resources of the file whose flow or state machine is in another file.
	Elsewhere []template.Elsewhere
}

// Read finds the flows and state machines in a file, as package template does. The error is a Finding: the file
// cannot be parsed, holds the console's export format from before 2022, or holds nothing to check (template.CodeNone).
func Read(file string, text []byte) (*Document, error) {
	read, err := template.Read(file, text)
	if err != nil {
		return nil, err
	}
	doc := &Document{File: file, Unread: read.Unread, Elsewhere: read.Elsewhere}
	for _, found := range read.Found {
		err := doc.add(found)
		f, refused := errors.AsType[source.Finding](err)
		if refused && len(read.Found) == 1 && len(read.Unread) == 0 {
			return nil, f
		}
		if refused {
			doc.Unread = append(doc.Unread, f)
		}
	}
	if len(doc.Flows)+len(doc.Machines)+len(doc.Unread) == 0 {
		return nil, source.Finding{Code: template.CodeNone, Severity: source.Error, File: file,
			Message: "there is no contact flow and no state machine in this file",
			Remedy: "Name a contact flow, a state machine, a template that holds one, " +
				"or a folder with a connect-async.yaml."}
	}
	return doc, nil
}

// Unread makes findings, as those of rules, of why something in one file was not checked. Warnings that the settings
// accept are left out.
func Unread(why source.Findings, s Settings) []Finding {
	found := make([]Finding, len(why))
	for i, f := range why {
		found[i] = Finding{Finding: f, Rule: f.Code}
	}
	identify(found)
	return slices.DeleteFunc(found, func(f Finding) bool {
		return f.Severity == source.Warning && slices.Contains(s.accepted, f.Fingerprint)
	})
}

func (d *Document) add(found template.Found) error {
	if found.Kind == template.StateMachine {
		m := newMachine(d.File, found.Node)
		if found.Type == express {
			m.express, m.expressFile = found.TypePos, d.File
		}
		d.Machines = append(d.Machines, m)
		return nil
	}
	read, err := flowlang.Read(d.File, found.Node)
	if err != nil {
		return err
	}
	f := newFlow(read.Declared(declaration(found)))
	f.later = slices.ContainsFunc(d.Flows, func(f *Flow) bool { return len(f.invocations()) > 0 })
	d.Flows = append(d.Flows, f)
	return nil
}

// Join gives the flows of some files what resources in other files say of them, as of the file that Terraform reads.
// What is joined is then no longer unread. others are resources in files that are not checked.
func Join(docs []*Document, others ...template.Elsewhere) {
	byFile := map[string]*Document{}
	for _, d := range docs {
		byFile[filepath.Clean(d.File)] = d
	}
	said := map[*Document][]template.Elsewhere{}
	for _, d := range docs {
		for _, e := range d.Elsewhere {
			other := byFile[e.Target()]
			if other == nil || len(other.Flows)+len(other.Machines) == 0 {
				continue
			}
			said[other] = append(said[other], e)
			d.Unread = slices.DeleteFunc(d.Unread, func(f source.Finding) bool {
				return f.Code == template.CodeOtherFile && f.Pos == e.At
			})
		}
	}
	for _, e := range others {
		if d := byFile[e.Target()]; d != nil {
			said[d] = append(said[d], e)
		}
	}
	for d, list := range said {
		d.declare(list)
	}
}

// declare notes what resources say of the document in this file. Each of them deploys a flow of its own.
func (d *Document) declare(list []template.Elsewhere) {
	var flows []*Flow
	for _, e := range list {
		for _, f := range d.Flows {
			copied := *f
			copied.Flow = f.Declared(declaration(e.Found))
			flows = append(flows, &copied)
		}
		for _, m := range d.Machines {
			if e.Type == express && m.expressFile == "" {
				m.express, m.expressFile = e.TypePos, e.File
			}
		}
	}
	d.Flows = flows
}

func declaration(f template.Found) flowlang.Declaration {
	return flowlang.Declaration{Name: f.Name, Type: f.FlowType(), File: f.File, Pos: f.TypePos}
}
