package lint

import (
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleModuleSettings = Rule{
	ID: "module-settings", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "Settings stands in a flow, or is missing in a module.",
	Why:      "Connect takes Settings in modules, always, and nowhere else; it refuses the document.",
	Remedy:   `Remove Settings from a flow; in a module write "Settings": {"InputParameters": [], "OutputParameters": [], "Transitions": […]}.`,
	Evidence: "Observed at the service: \"JSON field is missing or null for field name: settings\".",
	Check: func(p *Pass) {
		settings := p.Flow.doc.Get("Settings")
		switch {
		case !p.Flow.TypeGiven:
		case p.Flow.Type == flow.Module && settings == nil:
			p.onFlow(nil, "the module has no Settings")
		case p.Flow.Type != flow.Module && settings != nil:
			p.onFlow(settings, "a flow of type %s has Settings", p.Flow.Type)
		}
	},
}
