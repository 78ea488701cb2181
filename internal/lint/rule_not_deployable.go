package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleNotDeployable = Rule{
	ID: "not-deployable", Group: GroupTogether, Severity: source.Error, Needs: NeedsFlow | NeedsProject,
	Summary: "A managed flow has an ID or ARN that cannot be right where it is deployed.",
	Why: "An export would ship a placeholder that nothing fills in, an ARN from documentation, or the function of " +
		"another project: calls fail, or reach that project's function.",
	Remedy: "Write ${async} for the async function, and for anything else your own ARN or ${KIND:NAME}, which " +
		"becomes a variable of the export; KIND is one of " +
		strings.Join(flowlang.PlaceholderKinds()[1:], ", ") + ".",
	Evidence: "docs/deploying.md: placeholders.",
	Check: func(p *Pass) {
		found := map[string]*Finding{}
		for _, a := range p.Flow.Actions {
			for _, id := range a.Identities() {
				text := id.Node.Text
				if first, again := found[text]; again {
					first.Message = strings.TrimSuffix(first.Message, alsoLater) + alsoLater
				} else if problem := p.undeployable(id); problem != "" {
					found[text] = p.on(a, id.Node, "%s is %q, %s", id.Name, text, problem)
				}
			}
		}
	},
}

const alsoLater = ", also in later actions"

// undeployable says why an ID or ARN of a managed flow cannot be right in a deployment, "" when it may be.
func (p *Pass) undeployable(id flowlang.Identity) string {
	if !p.Managed {
		return ""
	}
	text := id.Node.Str()
	name, isFunction := functionName(text), id.Name == "LambdaFunctionARN"
	_, isKnown := p.function(text)
	placeholder, isPlaceholder := flowlang.ReadPlaceholder(text)
	switch {
	case isPlaceholder && !id.Takes(placeholder):
		return "which is for something else"
	case isPlaceholder && placeholder.Kind == flowlang.FunctionKind && !isKnown:
		return "which is not a function of the project"
	case isPlaceholder, isFunction && p.isAsync(name), isFunction && isKnown:
		return ""
	case flowlang.FilledIn(text):
		return "which no export fills in"
	case isFunction && strings.HasSuffix(name, project.AsyncSuffix):
		return "which is the async function of another project: this one is called " + p.Project.Name
	}
	if a, ok := arn.Parse(text); ok && awsfacts.IsExampleAccount(a.Account) {
		return fmt.Sprintf("and the account number %s comes from documentation examples", a.Account)
	}
	return ""
}

// isAsync reports whether a name of a function means the project's async function.
func (p *Pass) isAsync(name string) bool {
	return slices.Contains([]string{project.AsyncFunction, p.Project.AsyncName()}, name)
}
