package flowlang

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// parameterChecks are about the values under Parameters.
var parameterChecks = []Check{
	{
		Code: "missing-parameter", Severity: source.Error, Playable: true,
		Summary: "A parameter that Connect requires is missing.",
		Why:     "Connect refuses the flow.",
		Remedy:  "Add the parameter.",
		Evidence: `Observed at the service: "Action is missing required property"; Developer guide, pages of the ` +
			`actions.`,
		run: known(func(c *checking, a *Action) {
			for _, p := range a.Kind.Parameters {
				if p.Need == Optional || a.Param(p.Name) != nil || HasKeyFilledIn(a.Parameters) {
					continue
				}
				f := c.on(a, a.ParametersOrSelf(), "the required parameter %s is missing", p.Name)
				if p.Need == Expected {
					f.Severity = source.Warning
				}
			}
		}),
	},
	{
		Code: "parameter-value", Severity: source.Error, Playable: true,
		Summary:  "A parameter has a value that Connect refuses.",
		Why:      "Connect refuses the flow, or the action takes its error branch in every call.",
		Remedy:   "Write a value of the kind that the message names.",
		Evidence: "Developer guide, pages of the actions; values that differ from the pages: observed at the service.",
		run: known(func(c *checking, a *Action) {
			for _, p := range a.Kind.Parameters {
				n := a.Param(p.Name)
				if n == nil || n.Is(source.String) && n.Text == "" {
					continue // missing-parameter and empty-value report these
				}
				if problem := p.Problem(n); problem != "" {
					c.on(a, n, "%s %s", p.Name, problem)
				}
				if seconds, ok := p.Whole(n.Scalar()); ok && p.Usual > 0 && seconds > p.Usual {
					f := c.on(a, n, "%s is %d; exports of the console have at most %d", p.Name, seconds, p.Usual)
					f.Severity = source.Warning
				}
			}
		}),
	},
	{
		Code: "unknown-parameter", Severity: source.Error, Playable: true,
		Summary: "An action has a parameter that its type, or this variant of it, does not have.",
		Why: "Connect refuses the flow. Some console exports and documentation pages contain such parameters, " +
			"for example TimeoutSeconds of Wait. New parameters appear before they are documented, so a name that " +
			"no action is known to have is a warning.",
		Remedy: "Remove the parameter, or correct its name.",
		Evidence: `Observed at the service: "Invalid Action property name. Path: …Parameters.VoiceId". It is a ` +
			`warning for types whose parameters are not all known, too.`,
		run: known(checkUnknownParameters),
	},
	{
		Code: "empty-value", Severity: source.Error, Playable: true,
		Summary: "A parameter contains an empty string.",
		Why: `Connect refuses the flow. Template files often contain "" where an ARN or ID still has to be ` +
			`filled in.`,
		Remedy: `Fill in the value, leave the key out, or write " ", which Connect accepts.`,
		Evidence: `Observed at the service: "Invalid Action property value. Path: 0.Parameter", "Empty value in ` +
			`Parameters.Attributes".`,
		run: checkEmptyValues,
	},
	{
		Code: "mixed-reference", Severity: source.Error, Playable: true,
		Summary: "An ID or ARN mixes text with a reference.",
		Why: "Connect accepts an ID or ARN either as fixed text or as a single reference; a mixture fails " +
			"during the call.",
		Remedy: "Store the complete ID or ARN in an attribute, for example with a Lambda function, and refer to " +
			"that attribute.",
		Evidence: "Developer guide, Actions.",
		run: known(func(c *checking, a *Action) {
			for _, p := range a.Kind.Parameters {
				n := a.Param(p.Name)
				if p.Identity && len(References(n.Str())) > 0 && !IsReference(n.Str()) && n.Str()[0] != '{' {
					c.on(a, n, "%s mixes text and a reference: %q", p.Name, n.Str())
				}
			}
		}),
	},
	{
		Code: "parameter-combination", Severity: source.Error, Playable: true,
		Summary: "Parameters exclude each other, or part of a parameter is not what Connect expects.",
		Why:     "Connect refuses the flow.",
		Remedy:  "Keep one of the parameters.",
		Evidence: `Observed at the service: "Invalid Action property value. Path: Actions[0].Parameters", "More than ` +
			`6 tags"; Developer guide, pages of the actions.`,
		run: known(func(c *checking, a *Action) {
			if a.Kind.combine == nil {
				return
			}
			a.Kind.combine(a, func(n *source.Node, severity source.Severity, message, remedy string) {
				f := c.onKey(a, n, "%s", message)
				f.Severity, f.Remedy = severity, remedy
			})
		}),
	},
	{
		Code: "ssml", Severity: source.Warning, Playable: true,
		Summary:  "An SSML text cannot be spoken, whatever its references contain.",
		Why:      "Amazon Polly refuses it: the caller hears nothing, and every call takes the error branch.",
		Remedy:   "Write well-formed XML inside one <speak> element, with & written as &amp;.",
		Evidence: "Admin guide, SSML; invalid SSML as a cause of the error branch of Play prompt.",
		run: func(c *checking) {
			for _, a := range c.Actions {
				n := a.Param("SSML")
				if !n.Is(source.String) || n.Text == "" || IsReference(n.Text) {
					continue
				}
				if fault := FaultySSML(WithoutReferences(n.Text)); fault != "" {
					c.on(a, n, "%s", fault)
				}
			}
		},
	},
}

// rightParameters are wrong names that people use, with the right ones.
var rightParameters = map[string]string{
	"Engine":               "TextToSpeechEngine",
	"FunctionArn":          "LambdaFunctionARN",
	"InvocationParameters": "LambdaInvocationAttributes",
	"LambdaFunctionArn":    "LambdaFunctionARN",
	"LoggingBehavior":      "FlowLoggingBehavior",
	"Prompt":               "Text",
	"RequestAttributes":    "LambdaInvocationAttributes",
	"Ssml":                 "SSML",
	"TimeLimit":            "InvocationTimeLimitSeconds",
	"TimeoutSeconds":       "TimeLimitSeconds",
	"Voice":                "TextToSpeechVoice",
	"VoiceId":              "TextToSpeechVoice",
}

// refusedParameters are further names that the service is known to refuse (live, by others).
var refusedParameters = []string{"Reference", "SegmentAttribute"}

// oldParameters are names of the export format from before 2022 that have no single new name, with what to do.
var oldParameters = map[string]string{
	"TextToSpeechType": "Remove it: write SSML under SSML, and plain text under Text.",
}

// IsOldParameter reports whether a parameter is one of the export format from before 2022 that has no single new name.
func IsOldParameter(name string) bool { return oldParameters[name] != "" }

// belongsElsewhere reports whether a name is known, so that an action which does not have it is known to be refused: a
// parameter of another type, or a name that people confuse with one.
func belongsElsewhere(name string) bool {
	return rightParameters[name] != "" || slices.Contains(refusedParameters, name) || parameterNames[name]
}

// parameterNames are the parameters of all action types.
var parameterNames = func() map[string]bool {
	names := map[string]bool{}
	for _, t := range actionTypes {
		for _, p := range t.Parameters {
			names[p.Name] = true
		}
	}
	return names
}()

func checkUnknownParameters(c *checking, a *Action) {
	var names []string
	for _, p := range a.Kind.Parameters {
		names = append(names, p.Name)
	}
	if a.Kind.Open && len(names) == 0 { // nothing is known of them
		return
	}
	for _, m := range a.Parameters.Entries() {
		if slices.Contains(names, m.Key) || FilledIn(m.Key) {
			continue
		}
		f := c.onKey(a, m.Value, "unknown parameter %q", m.Key)
		right := rightParameters[m.Key]
		if !slices.Contains(names, right) {
			right = nearName(m.Key, names)
		}
		switch {
		case IsOldParameter(m.Key):
			f.Remedy = oldParameters[m.Key]
		case right != "":
			f.Right, f.Remedy = right, fmt.Sprintf("Write %s.", right)
		case a.Kind.Open || !belongsElsewhere(m.Key):
			f.Severity, f.Remedy = source.Warning, "Check the spelling: Connect refuses a parameter that it does not "+
				"have. If the console wrote it, it is newer than connect-async: set this rule to off or info in "+
				"connect-async.yaml, with the reason."
		}
	}
}

// isIdentity reports whether a parameter is an ID or ARN.
func (a *Action) isIdentity(name string) bool {
	if a.Kind == nil {
		return false
	}
	p := a.Kind.Parameter(name)
	return p != nil && p.Identity
}

func checkEmptyValues(c *checking) {
	for _, a := range c.Actions {
		for _, m := range a.Parameters.Entries() {
			m.Value.EachText(func(n *source.Node) {
				if n.Text != "" {
					return
				}
				f := c.on(a, n, "%s contains an empty string", m.Key)
				if a.isIdentity(m.Key) {
					f.Remedy = "Write the ID or ARN, or leave the key out."
				}
				if m.Key == "ViewData" { // which Connect passes to the view
					f.Severity = source.Warning
				}
			})
		}
	}
}
