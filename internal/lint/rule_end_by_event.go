package lint

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleEndByEvent = Rule{
	ID: "end-by-event", Group: GroupMachine, Severity: source.Info, Needs: NeedsMachine | NeedsProject,
	Summary: "Only an event tells the results table when this state machine ends.",
	Why: "A state machine that connect-async writes puts its end into the results table as its last step. One of " +
		"your own does not, so its end is written by the function for ends, when EventBridge has passed its event " +
		"on: callers hear of it somewhat later.",
	Remedy: "Nothing has to be done. For ends that are noticed at once, add a last state that writes them, as " +
		"docs/contract.md describes the results table, or list the functions as steps.",
	Evidence: "docs/flows.md, \"Who writes the end\"; that events take about half a second is an assumption.",
	Check: func(p *Pass) {
		isOwn := func(j project.Job) bool {
			return j.Definition != "" && filepath.Clean(j.Definition) == filepath.Clean(p.Machine.File)
		}
		job := slices.IndexFunc(p.Project.Jobs, isOwn)
		if job < 0 || p.Project.ResultsTable() == "" || p.Project.Jobs[job].Results == project.ResultsByEvent ||
			slices.ContainsFunc(p.Machine.States, (*State).updatesItem) {
			return
		}
		p.report(p.Machine.File, "", p.Machine.doc.Pos, "the end of the job %s is known by its event alone",
			p.Project.Jobs[job].Name)
	},
}

// updatesItem reports whether a state writes into a DynamoDB table, which may be the results table.
func (s *State) updatesItem() bool {
	return strings.HasSuffix(strings.ToLower(s.node.Get("Resource").Str()), "dynamodb:updateitem")
}
