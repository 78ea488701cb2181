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
	FlowKind     = "flow"     // a flow, which may be, too
)

// Async is the placeholder of the async function.
var Async = Placeholder{Kind: AsyncKind}

// placeholderKind is a kind of thing that a flow names by its ARN.
type placeholderKind struct {
	name       string
	plural     string   // what several of them are called
	resource   string   // of ARNs: what comes before the name; "" for a function, whose ARN the account knows
	owned      bool     // by the instance: an ID is enough to find it there
	parameters []string // of actions that take such an ARN
}

var placeholderKinds = []placeholderKind{
	{name: AsyncKind, parameters: []string{"LambdaFunctionARN"}},
	{name: FunctionKind, plural: "functions", parameters: []string{"LambdaFunctionARN"}},
	{name: "prompt", plural: "prompts", resource: "prompt", owned: true, parameters: []string{promptID}},
	{name: "queue", plural: "queues", resource: "queue", owned: true, parameters: []string{"QueueId"}},
	{name: "hours", plural: "hours", resource: "operating-hours", owned: true,
		parameters: []string{"HoursOfOperationId"}},
	{name: FlowKind, plural: "flows", resource: "contact-flow", owned: true,
		parameters: []string{"ContactFlowId", "ContactFlowArn", hooksParameter}},
	{name: ModuleKind, plural: "modules", resource: "flow-module", owned: true, parameters: []string{"FlowModuleId"}},
	{name: "agent", plural: "agents", resource: "agent", owned: true, parameters: []string{"AgentId"}},
	{name: "template", plural: "templates", resource: "task-template",
		parameters: []string{"TaskTemplateId", "CaseTemplateId", "WisdomMessageTemplateArn"}},
	{name: "bot", plural: "bots", resource: "bot", parameters: []string{botARN}},
	{name: "view", plural: "views", resource: "view", parameters: []string{viewParameter}},
	{name: "assistant", plural: "assistants", resource: "assistant", parameters: []string{"WisdomAssistantArn"}},
	{name: "knowledge", plural: "knowledge_bases", resource: "knowledge-base",
		parameters: []string{"WisdomKnowledgeBaseArn"}},
}

// StageKind is a kind of thing of which each stage of a project has its own.
type StageKind struct {
	Kind   string // of a placeholder
	Plural string
}

// StageKinds are the kinds of things that a flow names and that an export does not create.
func StageKinds() []StageKind {
	var list []StageKind
	for _, k := range placeholderKinds {
		if k.resource != "" {
			list = append(list, StageKind{Kind: k.name, Plural: k.plural})
		}
	}
	return list
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

// Plural is what several things of the kind are called.
func (p Placeholder) Plural() string { return p.kind().plural }

// Resource is what comes before the ID in the ARN of such a thing. owned says that the ARN is one of the instance.
func (p Placeholder) Resource() (resource string, owned bool) {
	return p.kind().resource, p.kind().owned
}

func (p Placeholder) kind() placeholderKind {
	i := slices.IndexFunc(placeholderKinds, func(k placeholderKind) bool { return k.name == p.Kind })
	return placeholderKinds[i]
}

// ARN is the ARN that an ID means for a placeholder of this kind in an instance. Anything else is returned as it is: an
// ARN, and the ID of what does not belong to an instance.
func (p Placeholder) ARN(instanceARN, id string) string {
	if k := p.kind(); k.owned && instanceARN != "" && IsID(id) {
		return instanceARN + "/" + k.resource + "/" + id
	}
	return id
}

// Owner is the ARN of the instance that the ARN of a thing of this kind names, "" for what belongs to none.
func (p Placeholder) Owner(thingARN string) string {
	k := p.kind()
	instance, _, found := strings.Cut(thingARN, "/"+k.resource+"/")
	if !k.owned || !found {
		return ""
	}
	return instance
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
	hooksParameter = "EventHooks"   // its members are flows
	botParameter   = "LexV2Bot"     // its AliasArn is a bot
	botARN         = "AliasArn"     // of a bot
	viewParameter  = "ViewResource" // its Id is a view
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

// Placeholder is the one for such a thing, under a name.
func (i Identity) Placeholder(name string) Placeholder {
	p := Placeholder{Name: name}
	for _, k := range placeholderKinds[1:] { // a function is not the async function unless somebody says so
		if slices.Contains(k.parameters, i.parameter) {
			p.Kind = k.name
		}
	}
	return p
}

// Title is what the console called the thing when the flow was exported, "" when the metadata does not say it.
func (f *Flow) Title(a *Action, i Identity) string {
	shown := f.Doc.Get("Metadata").Get("ActionMetadata").Get(a.Identifier)
	if name := shown.Get("parameters").Get(i.parameter).Get("displayName").Str(); name != "" {
		return name
	}
	for _, key := range []string{"queue", "contactFlow"} { // of older exports
		if old := shown.Get(key); old.Get("id").Str() == i.Node.Str() {
			return old.Get("text").Str()
		}
	}
	return ""
}

// Takes reports whether a placeholder is for such a thing.
func (i Identity) Takes(p Placeholder) bool { return slices.Contains(p.kind().parameters, i.parameter) }

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
	add(botARN, botParameter+"."+botARN, a.Param(botParameter).Get(botARN))
	add(viewParameter, viewParameter+".Id", a.Param(viewParameter).Get("Id"))
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
