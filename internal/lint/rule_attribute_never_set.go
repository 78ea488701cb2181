package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleAttributeNeverSet = Rule{
	ID: "attribute-never-set", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "The flow reads an attribute that it never sets.",
	Why: "The attribute has no value: the caller hears a gap in the sentence, comparisons never match, and a " +
		"function does not get what it needs. Contact attributes may have been set before the flow, so for " +
		"these it is only information.",
	Remedy:   "Set the attribute first, or correct its name (names are case-sensitive).",
	Evidence: "Admin guide, attributes; flow attributes end with their flow.",
	Check: func(p *Pass) {
		told := map[string]bool{}
		for _, a := range p.Flow.Actions {
			a.Parameters.EachText(func(n *source.Node) {
				for _, path := range flowlang.References(n.Text) {
					key := strings.Join(path, ".")
					if len(path) == 2 && !told[key] && !p.Flow.sets(path[0], path[1]) &&
						!(path[0] == "Attributes" && slices.Contains(p.Attributes, path[1])) {
						told[key] = true
						p.neverSet(a, n, path)
					}
				}
			})
		}
	},
}

// sets reports whether the flow sets an attribute; references of other namespaces count as set.
func (f *Flow) sets(namespace, name string) bool {
	if namespace != "FlowAttributes" && namespace != "Attributes" {
		return true
	}
	return f.setsAny || len(f.set[namespace+"."+name]) > 0
}

func (p *Pass) neverSet(a *flowlang.Action, n *source.Node, path []string) {
	f := p.on(a, n, "$.%s is read, but this flow never sets it", strings.Join(path, "."))
	if path[0] == "Attributes" {
		f.Severity = weaker(f.Severity, source.Info)
		f.Remedy = "Make sure that whatever comes before this flow sets it, or set it here."
	}
}
