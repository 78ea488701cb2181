package lint

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnknownReference = Rule{
	ID: "unknown-reference", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary:  "A reference names something that Connect does not have.",
	Why:      "It never has a value: a sentence has a gap, or a comparison never matches.",
	Remedy:   "Correct the reference: contact attributes are $.Attributes.NAME, a function's reply is $.External.KEY.",
	Evidence: "Admin guide, list of available contact attributes.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			a.Parameters.EachText(func(n *source.Node) {
				for _, path := range flowlang.References(n.Text) {
					if !flowlang.IsNamespace(path[0]) {
						p.on(a, n, "Connect has no reference $.%s", strings.Join(path, "."))
					}
				}
			})
		}
	},
}
