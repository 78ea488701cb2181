package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleEndedService = Rule{
	ID: "ended-service", Group: GroupSilence, Severity: source.Info, Needs: NeedsFlow,
	Summary:  "An action uses Voice ID, which has ended.",
	Why:      "It takes its error branch in every call.",
	Remedy:   "Remove the action, or check who calls in another way.",
	Evidence: "AWS: support for Voice ID ended on 2026-05-20.",
	Check: func(p *Pass) {
		voiceID := []string{flowlang.CheckVoiceID, flowlang.StartVoiceIDStream}
		for _, a := range p.Flow.Reached(p.Flow.Actions) {
			if slices.Contains(voiceID, a.Type) {
				p.on(a, a.Node.Get("Type"), "Voice ID ended in May 2026")
			}
		}
	},
}
