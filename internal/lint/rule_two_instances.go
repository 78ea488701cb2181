package lint

import (
	"cmp"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleTwoInstances = Rule{
	ID: "two-instances", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "A flow has ARNs of two Connect instances, or of two accounts.",
	Why: "Mostly the flow was copied, and an ARN of its source stayed behind: the console shows an empty block, and " +
		"the action takes its error branch in calls.",
	Remedy: "Write the ARN in the instance and account where the flow is published. If something in another account " +
		"is meant, and its policy allows it, accept this finding.",
	Evidence: "Reports of a hook that was shown as null after a flow was created, and of copied flows that still " +
		"named their source.",
	Check: func(p *Pass) {
		list := p.Flow.homes()
		var home home // of the first ARN in an instance, else of the first one
		for _, h := range list {
			home.instance = cmp.Or(home.instance, h.instance)
			if home.account == "" || h.instance != "" && h.instance == home.instance {
				home.account, home.at = h.account, h.at
			}
		}
		for _, h := range list {
			switch {
			case h.instance != "" && h.instance != home.instance:
				p.on(h.action, h.at, "this is in the instance %s, and line %d in %s", h.instance, home.at.Pos.Line,
					home.instance)
			case h.instance == "" && h.account != home.account:
				p.on(h.action, h.at, "this is in the account %s, and line %d in %s", h.account, home.at.Pos.Line,
					home.account)
			}
		}
	},
}

// home is where an ARN is.
type home struct {
	action   *flowlang.Action
	at       *source.Node
	instance string // of Connect, "" for other services
	account  string
}

// homes are those of all ARNs with an account in the flow.
func (f *Flow) homes() []home {
	var list []home
	for _, a := range f.Actions {
		a.Parameters.EachText(func(n *source.Node) {
			name, ok := arn.Parse(n.Text)
			if !ok || !arn.IsAccount(name.Account) || flowlang.FilledIn(n.Text) {
				return
			}
			list = append(list, home{action: a, at: n, account: name.Account, instance: name.Instance()})
		})
	}
	return list
}
