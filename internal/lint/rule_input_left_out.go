package lint

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleInputLeftOut = Rule{
	ID: "input-left-out", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine | NeedsProject,
	Summary: "The state machine reads of its input what input: minimal leaves out.",
	Why: "With deploy: {input: minimal} the input of an execution has the flow's parameters and the ids of the " +
		"contact only. A state that reads its attributes, its queue or the caller's number fails.",
	Remedy: "Pass it as a parameter of the flow, and read $.Details.Parameters; or write deploy: {input: event}, " +
		"with which the whole event stays in the execution's history.",
	Evidence: "docs/contract.md, INPUT. What a function does with its event cannot be told from outside.",
	Check: func(p *Pass) {
		isOwn := func(j project.Job) bool {
			return j.Definition != "" && filepath.Clean(j.Definition) == filepath.Clean(p.Machine.File)
		}
		if p.Project.Deploy.Input != string(async.InputMinimal) || !slices.ContainsFunc(p.Project.Jobs, isOwn) {
			return
		}
		start := p.Machine.doc.Get("StartAt").Str()
		for _, s := range p.Machine.States {
			p.readsLeftOut(s, s.node, s.Name == start)
		}
	},
}

// Members of the contact that a state reads: of the execution's input, and of its own, which is the same for the first.
var (
	executionContact = regexp.MustCompile(`(?:\$\$|\$states\.context)\.Execution\.Input\.Details\.ContactData\.(\w+)`)
	inputContact     = regexp.MustCompile(`(?:^|[^$\w.])\$(?:states\.input)?\.Details\.ContactData\.(\w+)`)
)

// readsLeftOut reports the first member of the contact in each text of a state that the minimal input does not have.
// What asks whether it is there does not count, nor do the states within a state, which come by themselves.
func (p *Pass) readsLeftOut(s *State, n *source.Node, isFirst bool) {
	if n.Get("IsPresent") != nil {
		return
	}
	for _, m := range n.Entries() {
		if !slices.Contains([]string{"Branches", "ItemProcessor", "Iterator"}, m.Key) {
			p.readsLeftOut(s, m.Value, isFirst)
		}
	}
	for _, item := range n.Elements() {
		p.readsLeftOut(s, item, isFirst)
	}
	text := n.Str()
	read := executionContact.FindAllStringSubmatch(text, -1)
	if isFirst {
		read = append(read, inputContact.FindAllStringSubmatch(text, -1)...)
	}
	for _, found := range read {
		if !async.InMinimalInput(found[1]) && !strings.Contains(text, "$exists(") {
			p.onState(s, n, "it reads ContactData.%s, which input: minimal leaves out", found[1])
			return
		}
	}
}
