package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

var ruleUnknownParameter = Rule{
	ID: "unknown-parameter", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "An action has a parameter that it, or this form of it, does not know.",
	Why:      "Connect refuses the flow. Console exports and the documentation hold some such parameters: TimeoutSeconds of Wait, EventHooksConfiguration.",
	Remedy:   "Remove the parameter, or correct its name.",
	Evidence: "Observed at the service: \"Invalid Action property name. Path: …Parameters.VoiceId\". Where the parameters of a type are not all known it is a warning.",
	Check: func(p *Pass) {
		for _, a := range p.Flow.Actions {
			for _, m := range members(a.params) {
				if a.spec != nil && a.spec.param(m.Key) == nil {
					p.unknownParameter(a, m)
				}
			}
		}
	},
}

// rightParameters are names in circulation and what is meant.
var rightParameters = map[string]string{
	"TimeoutSeconds": "TimeLimitSeconds", "VoiceId": "TextToSpeechVoice", "Voice": "TextToSpeechVoice", "FunctionArn": "LambdaFunctionARN",
	"LambdaFunctionArn": "LambdaFunctionARN", "TimeLimit": "InvocationTimeLimitSeconds", "Ssml": "SSML", "Prompt": "Text",
}

func (p *Pass) unknownParameter(a *Action, m source.Member) {
	f := p.on(a, m.Value, "there is no parameter %q", m.Key)
	var known []string
	for _, want := range a.spec.params {
		known = append(known, want.name)
	}
	right := rightParameters[m.Key]
	if !slices.Contains(known, right) {
		right = nearName(m.Key, known)
	}
	switch {
	case right != "":
		f.Remedy = "Write " + right + "."
	case a.spec.open:
		f.Severity = weaker(f.Severity, source.Warning)
	}
}
