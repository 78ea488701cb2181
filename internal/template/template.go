package template

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of this package.
const (
	CodeUnread     = "template-unread"      // something is declared or recognised, but cannot be read
	CodeOtherFile  = "template-other-file"  // a resource whose document is in another file
	CodePartlyRead = "template-partly-read" // a document that conditions or loops of a template vary
	CodeNone       = "template-none"        // the file holds no document of the kind that is wanted
	CodeSeveral    = "template-several"     // Flow or StateMachine: the file holds more than one
)

// Kind says what a document is.
type Kind string

// The kinds of documents.
const (
	ContactFlow  Kind = "contact flow"
	Module       Kind = "flow module"
	StateMachine Kind = "state machine"
)

// Document is what one file holds.
type Document struct {
	File   string
	Found  []Found         // in the order of the file
	Unread source.Findings // warnings: what could not be read, or only in part, and why

	// Elsewhere are the resources whose document is in another file. Unread has a finding with CodeOtherFile for
	// each, at the same place, for those who do not read that file as well.
	Elsewhere []Elsewhere

	root  *source.Node // of a JSON or YAML file
	fault error        // why a file in which nothing was found could not be parsed
}

// Found is one contact flow, flow module or state machine.
type Found struct {
	Kind Kind
	File string

	// Name is what the file calls it beside the document, or the name of the resource; "" when the document stands by
	// itself.
	Name string
	// Type is what the file says beside the document, as it is written there: CONTACT_FLOW of a flow, EXPRESS of a
	// state machine. TypePos is where it says so. Both are zero when it does not.
	Type    string
	TypePos source.Pos
	// Settings are the settings of a module that are written beside it, nil when there are none.
	Settings *source.Node

	// Node is the document. References to what the deployment fills in are texts such as ${Name.Arn}.
	Node *source.Node
	// Characters is how long the document is as the service receives it.
	Characters int

	declared bool // by a resource, or as an answer of the CLI
}

// FlowType is the type that the file says a flow has, in the words of the API: that of a module is MODULE. It is ""
// when the file does not say it.
func (f Found) FlowType() string {
	if f.Kind == Module {
		return moduleType
	}
	return f.Type
}

// Elsewhere is a resource whose document is in another file.
type Elsewhere struct {
	Found            // what this file says about it; it has no Node
	Path  string     // of the other file, as it is written: mostly relative to this one
	At    source.Pos // where it is written
}

// Target is the file that a resource means. Its path counts from the folder of the file that the resource is in.
func (e Elsewhere) Target() string { return filepath.Join(filepath.Dir(e.File), e.Path) }

// Pos is where the document begins in the file.
func (f Found) Pos() source.Pos { return f.Node.Place() }

// ReadFile reads a file as Read does. That it cannot be read is a source.Finding, too.
func ReadFile(path string) (Document, error) {
	text, err := source.ReadText(path)
	if err != nil {
		return Document{File: path}, err
	}
	return Read(path, text)
}

// ReadStateMachine reads the only state machine of a file. The error is a source.Finding.
func ReadStateMachine(path string) (*source.Node, error) {
	doc, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, err := doc.StateMachine()
	return found.Node, err
}

// Read finds the contact flows, flow modules and state machines in a file. file is its name, which says how it is
// written, and is not opened. The error is a source.Finding: the file is too large, or it should be JSON but is not.
func Read(file string, text []byte) (Document, error) {
	r := newReader(file, bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	err := cmp.Or(source.CheckSize(file, text), source.CheckUTF16(file, text))
	if err != nil {
		return *r.doc, err
	}
	format := formatOf(file, r.whole.text)
	switch format {
	case formatJSON:
		err = r.json()
	case formatLikeJSON:
		if err := r.json(); err != nil {
			r.otherwise(err, "Correct the JSON, or save the flow in its own file.")
		}
	case formatYAML:
		r.yaml()
	case formatTerraform:
		r.terraform()
	case formatTerraformTemplate:
		r.terraformTemplate()
	default:
		r.program()
	}
	if err == nil && format != formatProgram { // which says itself what is unread
		r.leftOver()
	}
	r.dropRepeated()
	slices.SortStableFunc(r.doc.Found, func(a, b Found) int { return comparePlaces(a.Pos(), b.Pos()) })
	r.doc.Unread.Sort()
	return *r.doc, err
}

func comparePlaces(a, b source.Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Flow returns the only contact flow or flow module of a file. The error is a source.Finding.
func (d Document) Flow() (Found, error) { return d.only(ContactFlow, Module) }

// StateMachine returns the only state machine of a file. When nothing in a JSON or YAML file looks like one, it is the
// whole file, so that the reader of the language says what is missing in the words of Step Functions.
func (d Document) StateMachine() (Found, error) {
	found, err := d.only(StateMachine)
	if f, refused := errors.AsType[source.Finding](err); refused && f.Code == CodeNone && d.root != nil {
		return Found{Kind: StateMachine, File: d.File, Node: d.root, Characters: characters(d.root)}, nil
	}
	return found, err
}

func (d Document) only(kinds ...Kind) (Found, error) {
	var found []Found
	for _, f := range d.Found {
		if slices.Contains(kinds, f.Kind) {
			found = append(found, f)
		}
	}
	problem := source.Finding{Severity: source.Error, File: d.File}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		problem.Code, problem.Pos = CodeSeveral, found[1].Pos()
		problem.Message = fmt.Sprintf("this file has %d of these: %s", len(found), describe(found))
		problem.Remedy = fmt.Sprintf("Put each %s into its own file, and name one of the files.", kinds[0])
		return Found{}, problem
	case len(d.Unread) > 0:
		problem = d.Unread[0]
		problem.Severity = source.Error
		return Found{}, problem
	case d.fault != nil:
		return Found{}, d.fault
	}
	problem.Code, problem.Message = CodeNone, fmt.Sprintf("there is no %s in this file", kinds[0])
	problem.Remedy = fmt.Sprintf("Name a file with the JSON of a %s, or a template that holds one.", kinds[0])
	return Found{}, problem
}

// describe lists documents with their names and lines.
func describe(list []Found) string {
	var words []string
	for _, f := range list {
		words = append(words, fmt.Sprintf("%s (line %d)", f.Kind.called(f.Name), f.Pos().Line))
	}
	return strings.Join(words, ", ")
}

// format is how a file is written.
type format int

const (
	formatProgram  format = iota // any other language
	formatLikeJSON               // begins as JSON does, but need not be it
	formatJSON
	formatYAML
	formatTerraform
	formatTerraformTemplate
)

var formats = map[string]format{
	".json": formatJSON, ".asl": formatJSON, ".tfstate": formatJSON,
	".yaml": formatYAML, ".yml": formatYAML,
	".tf": formatTerraform, ".tofu": formatTerraform, ".hcl": formatTerraform,
	".tftpl": formatTerraformTemplate, ".tpl": formatTerraformTemplate, ".tmpl": formatTerraformTemplate,
}

// formatOf goes by the name of a file, and by its beginning when the name says nothing.
func formatOf(file string, text []byte) format {
	if known, ok := formats[extension(file)]; ok {
		return known
	}
	switch {
	case languages[extension(file)] != "":
		return formatProgram
	case bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")):
		return formatLikeJSON
	case extension(file) == ".template":
		return formatYAML
	}
	return formatProgram
}

// Names reports whether the name of a file says that it is written in one of the languages that documents are kept in.
func Names(file string) bool {
	_, ok := formats[extension(file)]
	return ok
}

// extension is the end of a file's name, in lower case.
func extension(file string) string { return strings.ToLower(filepath.Ext(file)) }
