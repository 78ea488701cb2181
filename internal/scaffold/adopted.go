package scaffold

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// Adopted is what the project of an adopted flow says, beside what a Project does.
type Adopted struct {
	ARN    string        // of the block's function, "" when only its code is known
	Flow   string        // the file, relative to the project's folder
	Module string        // the file of the module that holds the loop, "" when the loop is in the flow
	Type   flowlang.Type // of the flow
	Block  string        // what the action that was adopted is called

	Returns map[string]any // what the function's stand-in returns
	Others  []OtherFunction
	Names   map[string]string // functions by what is written for them, where that is not an ARN
	Given   map[string]string // contact attributes that the block passes to its function, or the way to it needs
	Chat    bool              // the call that comes to the block is a chat
	Way     []Outcome         // of the actions on the way to the block
	Reached bool              // whether there is such a way
	Quick   []struct{}        // one for each block on the way that invokes the function, too, and cannot wait long

	// ScenarioFlow and ScenarioModule are the files as the scenario names them, "" for the project's first flow.
	ScenarioFlow, ScenarioModule string
}

// Kind is the type of the flow as a project file says it.
func (a Adopted) Kind() string {
	if a.Type == flowlang.ContactFlow {
		return "inbound"
	}
	return strings.ToLower(string(a.Type))
}

// OtherFunction is a function that the flow invokes beside the adopted one.
type OtherFunction struct {
	Name, ARN string // ARN is "" for a name that the scenario explains
	Limit     int    // seconds that the flow waits for it
	Returns   map[string]any
}

// Outcome is how an action turns out in the scenario: by a result or an error, or as it does with what it is given, by
// reference.
type Outcome struct {
	Action, Result, Error string
	Data                  map[string]string
}

// ModuleName is the name by which a flow names the module of a job, in a placeholder.
func ModuleName(job string) string {
	return flowlang.Placeholder{Kind: flowlang.ModuleKind, Name: job}.String()
}

// FunctionName makes the name of a function of a project from any text.
func FunctionName(text string) string { return jobName(text) }

// AdoptedFiles returns the files of a project for a flow that was adopted, without the flow. Errors are
// source.Findings.
func (n Project) AdoptedFiles(a Adopted) ([]File, error) {
	f, _, err := n.functionIn(nil, a.ARN)
	if err != nil {
		return nil, err
	}
	a.ScenarioModule = a.Module
	said := n.saidOf(a, f)
	files := slices.Concat(f.unpacked, schemas())
	for _, file := range []struct{ name, from string }{
		{name: ".gitignore", from: "gitignore"}, {name: "scenario.yaml", from: "adopted-scenario.yaml"},
		{name: project.FileName, from: "adopted.yaml"},
	} {
		filled, err := fillFile(file.name, file.from, said)
		if err != nil {
			return nil, err
		}
		files = append(files, filled)
	}
	return files, nil
}
