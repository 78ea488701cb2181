package lint

import "github.com/connect-async/connect-async/internal/source"

var ruleVersion = Rule{
	ID: "version", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "Version is not 2019-10-30.",
	Why:      "Connect knows only this version of the flow language and refuses the flow.",
	Remedy:   `Write "Version": "2019-10-30".`,
	Evidence: "Developer guide, Amazon Connect Flow language.",
	Check: func(p *Pass) {
		if n := p.Flow.doc.Get("Version"); n == nil {
			p.onFlow(nil, "the flow has no Version")
		} else if n.Str() != languageVersion {
			p.onFlow(n, "Version is %q", n.Text)
		}
	},
}
