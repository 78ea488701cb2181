package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStaleSlot = Rule{
	ID: "stale-slot", Group: GroupSilence, Severity: source.Info, Needs: NeedsFlow,
	Summary: "A slot or session attribute of a bot is read after another bot has been asked.",
	Why: "$.Lex belongs to one interaction: the second bot replaces it. What only the first one filled has no " +
		"value then, so a sentence has a gap.",
	Remedy: "Save what the first bot found in an attribute, or pass it in LexSessionAttributes. Ignore this if " +
		"the latest bot fills it.",
	Evidence: "Admin guide, attributes of Amazon Lex; the maintainer of a bot framework: session attributes are lost " +
		"in a loop unless the flow passes them.",
	Check: func(p *Pass) {
		told := map[*source.Node]bool{}
		bots := slices.DeleteFunc(p.Flow.Reached(p.Flow.Actions), func(a *flowlang.Action) bool {
			return !a.Has(flowlang.FillsLex)
		})
		for _, first := range bots {
			for _, second := range p.Flow.untilBot(first) {
				if second == first || !second.Has(flowlang.FillsLex) || p.Flow.leadsBack(second, first) {
					continue
				}
				for _, a := range p.Flow.untilBot(second) {
					p.readsSlot(a, first, second, told)
				}
			}
		}
	},
}

// leadsBack reports whether a contact can come from one action to another.
func (f *Flow) leadsBack(from, to *flowlang.Action) bool {
	return slices.Contains(f.Walk(from.After(), nil), to)
}

// untilBot returns the actions after a bot up to the next ones: those that read what it filled, and the next bots.
func (f *Flow) untilBot(bot *flowlang.Action) []*flowlang.Action {
	return f.Walk(bot.After(), func(a *flowlang.Action) bool { return !a.Has(flowlang.FillsLex) })
}

// readsSlot reports what an action reads of $.Lex, unless it was passed to the latest bot.
func (p *Pass) readsSlot(a, first, second *flowlang.Action, told map[*source.Node]bool) {
	a.Parameters.EachText(func(n *source.Node) {
		for _, path := range flowlang.References(n.Text) {
			ofBot := len(path) > 2 && path[0] == "Lex" && (path[1] == "Slots" || path[1] == "SessionAttributes")
			if ofBot && !told[n] && second.Param("LexSessionAttributes").Get(path[2]) == nil {
				told[n] = true
				p.on(a, n, "it reads $.Lex.%s.%s of the bot at %q, not of the one before it at %q", path[1], path[2],
					second.Identifier, first.Identifier)
			}
		}
	})
}
