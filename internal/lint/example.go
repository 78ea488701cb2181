package lint

import (
	"embed"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// exampleFiles holds one archive per rule, examples/ID.txtar.
//
//go:embed examples/*.txtar
var exampleFiles embed.FS

// Example is a set-up that a rule is shown by or tested with. Its parts are the files of one folder in the rule's
// archive. The mark « precedes each value that the rule must report.
type Example struct {
	// Name is that of the folder. The documentation shows bad and good; fail and pass, with a suffix where there are
	// several, are for tests alone. The changes in the folder both apply to bad and to good, and are not shown.
	Name string

	// Flow, in flow.json, is a flow, or a list of actions: the first is the start, and the action "end", which
	// disconnects, may be left out.
	Flow string

	// Changes, in changes.json, are actions for the flow in examples/polling.json: each replaces the one that has its
	// identifier, or is added.
	Changes string

	Type    string // in type: the type of the flow, inbound when it is empty
	Machine string // in machine.asl.json
	Project string // in connect-async.yaml

	Files []txtar.File // of functions, in their folders
}

// Examples reads the rule's examples, in the order of its file.
func (r *Rule) Examples() []Example {
	name := "examples/" + r.ID + ".txtar"
	text, err := exampleFiles.ReadFile(name)
	if err != nil {
		panic(err) // a rule without examples, which no test lets pass
	}
	var examples []Example
	for _, file := range txtar.Parse(text).Files {
		folder, part, _ := strings.Cut(file.Name, "/")
		if n := len(examples); n == 0 || examples[n-1].Name != folder {
			examples = append(examples, Example{Name: folder})
		}
		example := &examples[len(examples)-1]
		if strings.Contains(part, "/") {
			example.Files = append(example.Files, txtar.File{Name: part, Data: file.Data})
			continue
		}
		field := example.part(part)
		if field == nil {
			panic(fmt.Sprintf("%s: unknown part %q", name, file.Name))
		}
		*field = string(file.Data)
	}
	return examples
}

// part returns the field that a file's text belongs in.
func (e *Example) part(file string) *string {
	switch file {
	case "flow.json":
		return &e.Flow
	case "changes.json":
		return &e.Changes
	case "type":
		return &e.Type
	case "machine.asl.json":
		return &e.Machine
	case "connect-async.yaml":
		return &e.Project
	}
	return nil
}

// text returns the parts of an example as the documentation shows them, without marks.
func (e *Example) text() string {
	var parts []string
	if kind := strings.TrimSpace(e.Type); kind != "" && kind != "CONTACT_FLOW" {
		parts = append(parts, "(in a flow of type "+kind+")")
	}
	for _, part := range []string{e.Flow, elide(e.Changes), e.Machine, e.Project} {
		if part != "" {
			parts = append(parts, strings.ReplaceAll(strings.TrimSpace(part), "«", ""))
		}
	}
	for _, file := range e.Files {
		parts = append(parts, fmt.Sprintf("(in %s)\n%s", file.Name, strings.TrimSpace(string(file.Data))))
	}
	return strings.Join(parts, "\n")
}

// elide shows that a list of actions is a part of a longer one.
func elide(changes string) string {
	if changes == "" {
		return ""
	}
	actions := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(changes), "["), "]")
	return "[\n  …," + strings.TrimRight(actions, "\n") + ",\n  …\n]"
}
