package lint

import (
	"fmt"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var rulePlaceholder = Rule{
	ID: "placeholder", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A name or a placeholder is written where an ID or ARN belongs.",
	Why: "Connect finds nothing under it: publishing is refused, or the action takes its error branch in every call. " +
		"Often a step of the deployment did not replace it.",
	Remedy: "Write the ID or ARN, or let the deployment fill it in: an export fills in ${async} and ${KIND:NAME}, " +
		"such as ${prompt:hold-music}.",
	Evidence: "Developer guide, Actions: IDs and ARNs; a public pipeline left its placeholder of a module in the " +
		"flow; flows published as samples.",
	Check: func(p *Pass) {
		var first *Finding
		more := 0
		for _, a := range p.Flow.Actions {
			for _, id := range a.Identities() {
				problem := p.problemOf(id)
				switch {
				case problem == "":
				case first == nil:
					first = p.on(a, id.Node, "%s is %q, which %s", id.Name, id.Node.Text, problem)
				default:
					more++
				}
			}
		}
		if more > 0 {
			first.Message += fmt.Sprintf("; %d more such values follow in this flow", more)
		}
	},
}

// problemOf says what is wrong with a value that must be an ID or ARN, "" when nothing is or other rules judge it. Only
// the export of a project and a push fill in placeholders.
func (p *Pass) problemOf(id flowlang.Identity) string {
	placeholder, isPlaceholder := flowlang.ReadPlaceholder(id.Node.Str())
	switch {
	case p.undeployable(id) != "", p.mayBeFunction(id.Name, id.Node.Str()):
		return ""
	case !isPlaceholder:
		return flowlang.FaultyID(id.Node.Str())
	case !id.Takes(placeholder):
		return "is a placeholder for something else"
	case p.Project == nil && !p.Pulled && !p.Lost:
		return "is a placeholder, and there is no project whose export fills it in"
	}
	return ""
}

// mayBeFunction reports whether a value means a function of the project, or would if the project had it: then
// unknown-function judges it.
func (p *Pass) mayBeFunction(name, text string) bool {
	if name != "LambdaFunctionARN" || p.Project == nil {
		return false
	}
	_, isKnown := p.function(text)
	_, isPlaceholder := flowlang.ReadPlaceholder(text)
	return isKnown || isPlaceholder || p.isAsync(functionName(text)) || project.ValidName(text) ||
		flowlang.FaultyID(text) == ""
}
