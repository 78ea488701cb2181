package lint

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of what Read cannot read, beside those of source.
const (
	CodeLegacy  = flowlang.CodeLegacy
	CodeNothing = "lint-nothing"
)

// Document is what was found in one file.
type Document struct {
	File     string
	Flows    []*Flow
	Machines []*Machine
}

// Read finds the flows and state machines in a file. A JSON file may be one of them, or hold them anywhere, as objects or as JSON
// text: the AWS CLI's answer, CloudFormation, a Terraform plan. In any other file (YAML, Terraform) they are found where their JSON
// stands in the text. The error is a Finding: the file cannot be parsed, holds the console's export format from before 2022, or
// holds nothing to check (CodeNothing).
func Read(file string, text []byte) (*Document, error) {
	r := &reader{text: text, doc: &Document{File: file}}
	if strings.HasSuffix(file, ".json") || looksLikeJSON(file, text) {
		node, err := source.ParseJSON(file, text)
		if err != nil {
			return nil, err
		}
		if err := r.refuseLegacy(node); err != nil {
			return nil, err
		}
		r.visit(node)
	} else {
		r.scan()
		r.findExpress()
	}
	if len(r.doc.Flows)+len(r.doc.Machines) == 0 {
		return nil, source.Finding{Code: CodeNothing, Severity: source.Error, File: file, Message: "there is no contact flow and no state machine in this file",
			Remedy: "Name a contact flow, a state machine, a template that holds one as JSON, or a folder with a connect-async.yaml."}
	}
	return r.doc, nil
}

func looksLikeJSON(file string, text []byte) bool {
	switch filepath.Ext(file) {
	case ".yaml", ".yml", ".tf", ".tftpl", ".ts", ".js", ".py", ".hcl":
		return false
	}
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("{"))
}

type reader struct {
	text   []byte
	doc    *Document
	places *lines // of text, once it was needed
}

// refuseLegacy recognises the export format from before 2022: modules and start in place of Actions and StartAction.
func (r *reader) refuseLegacy(n *source.Node) error {
	if !n.Get("modules").Is(source.Array) || n.Get("start") == nil || n.Get("Actions") != nil {
		return nil
	}
	_, err := flowlang.Read(r.doc.File, n) // which says so
	return err
}

// visit looks for flows and state machines in a value and below it.
func (r *reader) visit(n *source.Node) {
	switch {
	case isFlow(n):
		if read, err := flowlang.Read(r.doc.File, n); err == nil {
			r.doc.Flows = append(r.doc.Flows, newFlow(read))
		}
	case isMachine(n):
		r.doc.Machines = append(r.doc.Machines, newMachine(r.doc.File, n))
	case n.Is(source.String):
		r.embedded(n)
	}
	if isFlow(n) || isMachine(n) {
		return
	}
	for _, item := range n.Elements() {
		r.visit(item)
	}
	for _, m := range n.Entries() {
		flows, machines := len(r.doc.Flows), len(r.doc.Machines)
		r.visit(m.Value)
		r.typed(n, flows)
		if kind := n.Get("StateMachineType"); kind.Str() == express {
			for _, found := range r.doc.Machines[machines:] {
				found.express = kind.Pos
			}
		}
	}
}

const express = "EXPRESS"

// expressType is how CloudFormation in YAML and Terraform give a state machine the type EXPRESS.
var expressType = regexp.MustCompile(`(?m)^[ \t]*"?(?:StateMachineType|type)"?[ \t]*[:=][ \t]*"?(EXPRESS)"?[ \t]*,?\r?$`)

// findExpress looks for the type EXPRESS in a file whose structure is not read. It counts for all state machines in it.
func (r *reader) findExpress() {
	if at := expressType.FindSubmatchIndex(r.text); at != nil {
		for _, m := range r.doc.Machines {
			m.express = r.lines().pos(at[2])
		}
	}
}

// typed gives flows that were found in an object the type that the object says, as the CLI and CloudFormation do.
func (r *reader) typed(n *source.Node, from int) {
	t, ok := flowlang.TypeOf(n.Get("Type").Str())
	for i := from; ok && i < len(r.doc.Flows); i++ {
		if !r.doc.Flows[i].TypeGiven {
			r.doc.Flows[i] = r.doc.Flows[i].WithType(t)
		}
	}
}

// isFlow recognises a flow also when it lacks something that it needs.
func isFlow(n *source.Node) bool {
	marks := 0
	for _, key := range []string{"Actions", "StartAction"} {
		if n.Get(key) != nil {
			marks++
		}
	}
	return marks == 2 || marks == 1 && (n.Get("Version").Str() == flowlang.Version || n.Get("Metadata").Get("ActionMetadata") != nil)
}

func isMachine(n *source.Node) bool {
	return n.Get("States").Is(source.Object) && n.Get("StartAt") != nil
}
