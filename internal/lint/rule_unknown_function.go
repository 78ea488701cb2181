package lint

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnknownFunction = Rule{
	ID: "unknown-function", Group: GroupTogether, Severity: source.Warning, Needs: NeedsFlow | NeedsProject,
	Summary: "The flow calls a function that the project does not have.",
	Why:     "It is neither tested nor exported with the flow, and with a misspelled name every call fails.",
	Remedy: "Add the function to connect-async.yaml, or correct the name. The async function is ${async}, or named " +
		"after the project: NAME-async.",
	Evidence: "Names that export gives: docs/deploying.md.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.OfType(flowlang.InvokeLambdaFunction) {
			n := a.Param("LambdaFunctionARN")
			name := functionName(n.Str())
			_, isPlaceholder := flowlang.ReadPlaceholder(n.Str())
			isUnknown := strings.ContainsAny(n.Str(), "${}") && !isPlaceholder
			if flowlang.IsReference(n.Str()) || isUnknown || !p.mayBeFunction("LambdaFunctionARN", n.Str()) {
				continue
			}
			if _, known := p.function(n.Str()); !known && !p.isAsync(name) {
				p.on(a, n, "the project %s has no function %s", p.Project.Name, name)
			}
		}
	},
}
