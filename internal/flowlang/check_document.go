package flowlang

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// documentChecks are about the form of the document.
var documentChecks = []Check{
	{
		Code: "malformed", Severity: source.Error,
		Summary:  "A part of the flow is missing or has the wrong JSON type.",
		Why:      "Connect cannot read the flow: the version that was published last stays, or there is none.",
		Remedy:   "Write Actions as a list of objects with Identifier, Type, Parameters and Transitions.",
		Evidence: "Developer guide, Amazon Connect Flow language.",
		run:      checkForm,
	},
	{
		Code: "version", Severity: source.Error, Playable: true,
		Summary:  "Version is not 2019-10-30.",
		Why:      "Connect knows only this version of the flow language and refuses the flow.",
		Remedy:   `Write "Version": "2019-10-30".`,
		Evidence: "Developer guide, Amazon Connect Flow language.",
		run: func(c *checking) {
			if n := c.Doc.Get("Version"); n == nil {
				c.onFlow(nil, "the flow has no Version")
			} else if n.Str() != Version {
				c.onFlow(n, "Version is %q", n.Text)
			}
		},
	},
	{
		Code: "start-action", Severity: source.Error,
		Summary:  "StartAction does not name an action of the flow.",
		Why:      "A call could not begin, so Connect refuses the flow.",
		Remedy:   "Write the Identifier of the first action.",
		Evidence: "Developer guide, Amazon Connect Flow language.",
		run: func(c *checking) {
			n := c.Doc.Get("StartAction")
			switch {
			case n == nil:
				c.onFlow(nil, "the flow has no StartAction")
			case n.Kind != source.String:
				c.onFlow(n, "StartAction must be a string, but is %s", n.Kind)
			case n.Text == "":
				c.onFlow(n, "StartAction is empty: the entry is not connected")
			case c.Start == nil && !c.Unknown(n):
				c.onFlow(n, "StartAction names %q, which does not exist in this flow", n.Text)
			}
		},
	},
	{
		Code: "size", Severity: source.Error, Playable: true,
		Summary: fmt.Sprintf("The flow has more than %d actions or %s characters, or a prompt has more than %s "+
			"characters.", MaxActions, awsfacts.Thousands(MaxCharacters), awsfacts.Thousands(MaxPrompt)),
		Why: "Connect refuses a flow that is too large. A prompt that is too long takes the error branch: the " +
			"caller hears nothing.",
		Remedy:   "Move part of the flow into a module or a second flow; split the prompt.",
		Evidence: "API reference, CreateContactFlow; Admin guide, service quotas and text to speech.",
		run:      checkSize,
	},
	{
		Code: "module-settings", Severity: source.Error, Playable: true,
		Summary: "A flow has Settings, or a module has none.",
		Why:     "Connect requires Settings in every module, and refuses them in any other flow.",
		Remedy: `Remove Settings from a flow; in a module write "Settings": {"InputParameters": [], ` +
			`"OutputParameters": [], "Transitions": […]}.`,
		Evidence: `Observed at the service: "JSON field is missing or null for field name: settings".`,
		run: func(c *checking) {
			settings := c.Doc.Get("Settings")
			switch {
			case !c.TypeGiven:
			case c.Type == Module && settings == nil:
				c.onFlow(nil, "the module has no Settings")
			case c.Type != Module && settings != nil:
				c.onFlow(settings, "a flow of type %s has Settings", c.Type)
			}
		},
	},
	{
		Code: "unknown-key", Severity: source.Error, Playable: true,
		Summary: "An action, its transitions, or one of its branches has a key that the flow language does not have.",
		Why:     "Connect refuses the flow. A misspelled key also hides the value that was meant.",
		Remedy: "Remove the key, or correct its name. Positions in the designer belong in the flow's Metadata, not " +
			"in an action.",
		Evidence: `Observed at the service: "Invalid Action property name"; Metadata on an action: third party.`,
		run:      checkKeys,
	},
	{
		Code: "identifier", Severity: source.Error, Playable: true,
		Summary:  "An action's identifier is too long, reserved, or has characters that Connect refuses.",
		Why:      "Connect refuses the flow.",
		Remedy:   `Use 1 to 50 characters, but none of % : ( \ / ) = $ , ; [ ] { }.`,
		Evidence: "Developer guide, Actions.",
		run:      checkIdentifiers,
	},
	{
		Code: "duplicate-identifier", Severity: source.Error,
		Summary:  "Two actions have the same identifier.",
		Why:      "Branches cannot tell the two apart, so Connect refuses the flow.",
		Remedy:   "Give each action its own identifier.",
		Evidence: "Developer guide, Actions.",
		run: func(c *checking) {
			for _, a := range c.Actions {
				if first := c.Action(a.Identifier); first != nil && first != a {
					c.on(a, a.Node.Get("Identifier"), "the identifier is already used on line %d", first.Node.Pos.Line)
				}
			}
		},
	},
}

func checkForm(c *checking) {
	actions := c.Doc.Get("Actions")
	c.wantKind("", c.Doc, "Actions", source.Array, true)
	if actions.Is(source.Array) && len(actions.Items) == 0 {
		c.onFlow(actions, "the flow has no actions")
	}
	for _, item := range actions.Elements() {
		if item.Kind != source.Object {
			c.onFlow(item, "an action must be an object, but is %s", item.Kind)
			continue
		}
		c.checkActionForm(item)
	}
}

func (c *checking) checkActionForm(n *source.Node) {
	name := n.Get("Identifier").Str()
	c.wantText(name, n, "Identifier")
	c.wantText(name, n, "Type")
	c.wantKind(name, n, "Parameters", source.Object, false)
	c.wantKind(name, n, "Transitions", source.Object, false)
	transitions := n.Get("Transitions")
	c.wantKind(name, transitions, "NextAction", source.String, false)
	c.wantKind(name, transitions, "Errors", source.Array, false)
	c.wantKind(name, transitions, "Conditions", source.Array, false)
	for _, e := range transitions.Get("Errors").Elements() {
		c.checkBranchForm(name, e, func() { c.wantText(name, e, "ErrorType") },
			`Write {"ErrorType": "NoMatchingError", "NextAction": "…"}, with the Identifier of an action.`)
	}
	for _, item := range transitions.Get("Conditions").Elements() {
		c.checkBranchForm(name, item, func() {
			c.wantKind(name, item, "Condition", source.Object, true)
			c.wantText(name, item.Get("Condition"), "Operator")
			c.wantKind(name, item.Get("Condition"), "Operands", source.Array, true)
		}, `Write "Condition": {"Operator": "Equals", "Operands": ["…"]}.`)
	}
}

// checkBranchForm looks at an item of Errors or of Conditions. One that leads nowhere comes of a draft whose block is
// not connected.
func (c *checking) checkBranchForm(subject string, n *source.Node, own func(), remedy string) {
	c.remedied(remedy, func() {
		c.wantObject(subject, n)
		own()
	})
	c.remedied("Write the Identifier of the action to which the branch leads.", func() {
		c.wantKind(subject, n, "NextAction", source.String, true)
		if target := n.Get("NextAction"); target.Is(source.String) && target.Text == "" {
			c.report(subject, target, "NextAction is empty: the branch is not connected")
		}
	})
}

// remedied gives what a part of a check reports a remedy of its own.
func (c *checking) remedied(remedy string, check func()) {
	before := len(c.found)
	check()
	for i := range c.found[before:] {
		c.found[before+i].Remedy = remedy
	}
}

// wantText reports a text that is missing, empty or of another kind.
func (c *checking) wantText(subject string, in *source.Node, key string) {
	if c.wantKind(subject, in, key, source.String, true); in.Get(key).Is(source.String) && in.Get(key).Text == "" {
		c.report(subject, in.Get(key), "%s is empty", key)
	}
}

// wantObject reports a branch of another kind.
func (c *checking) wantObject(subject string, n *source.Node) {
	if n.Kind != source.Object && !FilledIn(n.Str()) {
		c.report(subject, n, "a branch must be an object, but is %s", n.Kind)
	}
}

// wantKind reports a value of another kind, and one that is missing when it must be there. Nothing is reported inside
// of what is not an object: that is done where the object belongs.
func (c *checking) wantKind(subject string, in *source.Node, key string, kind source.Kind, must bool) {
	n := in.Get(key)
	switch {
	case !in.Is(source.Object), FilledIn(n.Str()):
	case n == nil && must:
		c.report(subject, in, "%s is missing", key)
	case n != nil && n.Kind != kind && (must || n.Kind != source.Null):
		c.report(subject, n, "%s must be %s, but is %s", key, kind, n.Kind)
	}
}

func checkSize(c *checking) {
	if n := len(c.Actions); n > MaxActions {
		c.onFlow(c.Doc.Get("Actions"), "the flow has %d actions; Connect accepts %d", n, MaxActions)
	}
	if n := c.characters(); n > MaxCharacters {
		c.onFlow(nil, "the flow has %d characters, spaces between values left out; Connect accepts %d", n,
			MaxCharacters)
	}
	for _, a := range c.Actions {
		for _, name := range []string{"Text", "SSML"} {
			if n := a.Param(name); n.Is(source.String) && utf8.RuneCountInString(n.Text) > MaxPrompt {
				c.on(a, n, "the prompt has %d characters; %d can be spoken", utf8.RuneCountInString(n.Text), MaxPrompt)
			}
		}
	}
}

// characters is how many characters the flow has without indentation.
func (f *Flow) characters() int {
	text, err := f.Doc.MarshalJSON()
	if err != nil {
		return 0
	}
	return utf8.RuneCount(text)
}

func checkKeys(c *checking) {
	for _, a := range c.Actions {
		c.onlyKeys(a, a.Node, "Identifier", "Type", "Parameters", "Transitions")
		transitions := a.Node.Get("Transitions")
		c.onlyKeys(a, transitions, "NextAction", "Errors", "Conditions")
		for _, e := range transitions.Get("Errors").Elements() {
			c.onlyKeys(a, e, "NextAction", "ErrorType")
		}
		for _, item := range transitions.Get("Conditions").Elements() {
			c.onlyKeys(a, item, "NextAction", "Condition")
			c.onlyKeys(a, item.Get("Condition"), "Operator", "Operands")
		}
	}
}

func (c *checking) onlyKeys(a *Action, n *source.Node, known ...string) {
	for _, m := range n.Entries() {
		if !slices.Contains(known, m.Key) && !FilledIn(m.Key) {
			f := c.onKey(a, m.Value, "unknown key %q", m.Key)
			if f.Right = nearName(m.Key, known); f.Right != "" {
				f.Remedy = "Write " + f.Right + "."
			}
		}
	}
}

// reserved identifiers (Developer guide, Actions).
var reserved = strings.Fields(`__defineGetter__ __defineSetter__ __proto__ constructor hasOwnProperty isPrototypeOf
	propertyIsEnumerable toLocaleString toString valueOf`)

func checkIdentifiers(c *checking) {
	for _, a := range c.Actions {
		n := a.Node.Get("Identifier")
		switch {
		case FilledIn(a.Identifier):
		case utf8.RuneCountInString(a.Identifier) > maxIdentifier:
			c.on(a, n, "the identifier has more than %d characters", maxIdentifier)
		case strings.ContainsAny(a.Identifier, `%:(\/)=$,;[]{}`):
			c.on(a, n, "the identifier has a character that Connect refuses")
		case slices.Contains(reserved, a.Identifier):
			c.on(a, n, "the identifier is reserved")
		}
	}
}
