package flowlang

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Placeholder is a text that a flow has where one deployment differs from the next: ${async} for the async function,
// and ${KIND:NAME} for anything else, such as ${prompt:hold-music}. It is the whole text of a value, is filled in by an
// export, and does not depend on the name of the project.
type Placeholder struct {
	Kind string // one of PlaceholderKinds
	Name string // letters, digits, dashes and underscores; "" for the async function
}

// Kinds of placeholders that the flow itself does not tell apart from others.
const (
	AsyncKind    = "async"    // the async function, which has no name
	FunctionKind = "function" // a function of the project
	ModuleKind   = "module"   // a flow module, which may be part of the project
)

// Async is the placeholder of the async function.
var Async = Placeholder{Kind: AsyncKind}

// placeholderKind is a kind of thing that a flow names by its ARN.
type placeholderKind struct {
	name       string
	resource   string   // of ARNs: what comes before the name; "" for a function, whose ARN the account knows
	parameters []string // of actions that take such an ARN
}

var placeholderKinds = []placeholderKind{
	{name: AsyncKind, parameters: []string{"LambdaFunctionARN"}},
	{name: FunctionKind, parameters: []string{"LambdaFunctionARN"}},
	{name: "prompt", resource: "prompt", parameters: []string{promptID}},
	{name: "queue", resource: "queue", parameters: []string{"QueueId"}},
	{name: "hours", resource: "operating-hours", parameters: []string{"HoursOfOperationId"}},
	{name: "flow", resource: "contact-flow", parameters: []string{"ContactFlowId", "ContactFlowArn", hooksParameter}},
	{name: ModuleKind, resource: "flow-module", parameters: []string{"FlowModuleId"}},
	{name: "agent", resource: "agent", parameters: []string{"AgentId"}},
	{name: "template", resource: "task-template", parameters: []string{"TaskTemplateId"}},
}

// PlaceholderKinds are the kinds of placeholders, the async function first.
func PlaceholderKinds() []string {
	var names []string
	for _, k := range placeholderKinds {
		names = append(names, k.name)
	}
	return names
}

var placeholderForm = regexp.MustCompile(`^\$\{([a-z]+)(?::([A-Za-z0-9_-]{1,64}))?\}$`)

// ReadPlaceholder reads a text that is a placeholder as a whole.
func ReadPlaceholder(text string) (Placeholder, bool) {
	m := placeholderForm.FindStringSubmatch(text)
	if m == nil || (m[2] == "") != (m[1] == AsyncKind) || !slices.Contains(PlaceholderKinds(), m[1]) {
		return Placeholder{}, false
	}
	return Placeholder{Kind: m[1], Name: m[2]}, true
}

// IsPlaceholderName reports whether a placeholder can have a name.
func IsPlaceholderName(name string) bool {
	_, ok := ReadPlaceholder(Placeholder{Kind: FunctionKind, Name: name}.String())
	return ok
}

// String is the placeholder as a flow has it.
func (p Placeholder) String() string {
	if p.Kind == AsyncKind {
		return "${" + AsyncKind + "}"
	}
	return "${" + p.Kind + ":" + p.Name + "}"
}

// InInstance is the ARN that the thing has in an instance of Connect where the last part of its ARN is its name. The
// placeholder of a function stays: its ARN does not depend on the instance.
func (p Placeholder) InInstance(instanceARN string) string {
	if resource := p.kind().resource; resource != "" {
		return instanceARN + "/" + resource + "/" + p.Name
	}
	return p.String()
}

func (p Placeholder) kind() placeholderKind {
	i := slices.IndexFunc(placeholderKinds, func(k placeholderKind) bool { return k.name == p.Kind })
	return placeholderKinds[i]
}

// Placeholders returns the placeholders in a flow, each once, in the document's order.
func (f *Flow) Placeholders() []Placeholder {
	var list []Placeholder
	f.Doc.EachText(func(n *source.Node) {
		if p, ok := ReadPlaceholder(n.Text); ok && !slices.Contains(list, p) {
			list = append(list, p)
		}
	})
	return list
}

const (
	promptID       = "PromptId"
	hooksParameter = "EventHooks" // its members are flows
)

var idForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(:[$A-Za-z0-9_-]+)?$`)

// IsID reports whether a text is the ID of something in an instance, with or without a version or alias.
func IsID(text string) bool { return idForm.MatchString(text) }

// Identity is a value of an action that must be an ID or ARN.
type Identity struct {
	Name string // of the parameter or event hook
	Node *source.Node

	parameter string // that it is in
}

// Takes reports whether a placeholder is for such a thing. A parameter that no kind of placeholder is for may be filled
// in by any but that of a function.
func (i Identity) Takes(p Placeholder) bool {
	takes := func(k placeholderKind) bool { return slices.Contains(k.parameters, i.parameter) }
	if !slices.ContainsFunc(placeholderKinds, takes) {
		return p.kind().resource != ""
	}
	return takes(p.kind())
}

// Identities returns the values of an action that must be an ID or ARN and are not references.
func (a *Action) Identities() []Identity {
	var list []Identity
	add := func(parameter, name string, n *source.Node) {
		if n.Str() != "" && len(References(n.Text)) == 0 {
			list = append(list, Identity{Name: name, Node: n, parameter: parameter})
		}
	}
	if a.Kind != nil {
		for _, p := range a.Kind.Parameters {
			if p.Identity || p.Name == promptID {
				add(p.Name, p.Name, a.Param(p.Name))
			}
		}
	}
	for _, hook := range a.Param(hooksParameter).Entries() {
		add(hooksParameter, hook.Key, hook.Value)
	}
	for _, message := range a.Param("Messages").Elements() {
		add(promptID, promptID, message.Get(promptID))
	}
	return list
}

// FilledIn reports whether a text has a part such as ${Name.Arn} that a template fills in before the flow is published,
// so that its value is not known here. A Placeholder is known.
func FilledIn(text string) bool {
	if !strings.Contains(text, "${") {
		return false
	}
	_, known := ReadPlaceholder(text)
	return !known
}
