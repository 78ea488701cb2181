package flowlang

import (
	"cmp"
	"strings"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of documents that Read refuses.
const (
	CodeLegacy   = "flow-legacy-format" // the console's export format from before 2022
	CodeNotAFlow = "flow-not-a-flow"    // not an object, or without Actions
)

// Version is the only version of the flow language (Developer guide, Amazon Connect Flow language).
const Version = "2019-10-30"

// Limits of a flow (API reference, CreateContactFlow) and of its parts (Developer guide, Actions; Admin guide, text to
// speech, service quotas).
const (
	MaxActions    = 250
	MaxCharacters = awsfacts.FlowCharacters
	MaxPrompt     = 6000 // characters of a text that is spoken

	maxIdentifier = 50
)

// Flow is a contact flow or module as it is written, right or wrong. It is never written to after Read.
type Flow struct {
	File      string       // as given to Read
	Name      string       // Metadata.name, "" when the document does not say
	Type      Type         // when nothing says it, what the flow's actions make likely, mostly ContactFlow
	TypeGiven bool         // whether something says so, in a word that is known
	Doc       *source.Node // the envelope
	Actions   []*Action    // in the document's order
	Start     *Action      // nil when StartAction names none

	byID    map[string]*Action
	byType  map[string][]*Action
	reached []bool // by index: whether a contact can reach the action from the start

	declared           Declaration  // what says the type; zero when no file that deploys the flow does
	identifierFilledIn bool         // whether a template fills in the identifier of an action
	unknownType        *Declaration // says a type that is not one, or that is not known here; mostly nil
}

// Parse reads a text as a flow, as Read does. The error is a Finding, too, when the text is not JSON.
func Parse(file string, text []byte) (*Flow, error) {
	doc, err := source.ParseJSON(file, text)
	if err != nil {
		return nil, err
	}
	return Read(file, doc)
}

// Read reads a document as a flow. What is missing or of the wrong kind is left out, and reported by Check. The error
// is a Finding: the document is the console's export format from before 2022, or nothing like a flow.
func Read(file string, doc *source.Node) (*Flow, error) {
	if f := unlikeAFlow(doc); f != nil {
		f.Severity, f.File, f.Pos = source.Error, file, doc.Place()
		return nil, *f
	}
	f := &Flow{
		File: file, Name: doc.Get("Metadata").Get("name").Str(), Type: ContactFlow, Doc: doc,
		byID: map[string]*Action{}, byType: map[string][]*Action{},
	}
	for _, item := range doc.Get("Actions").Elements() {
		f.add(item)
	}
	for _, a := range f.Actions {
		for _, b := range a.Branches {
			b.To = f.byID[b.Target.Str()]
		}
	}
	f.readType()
	f.Start = f.byID[doc.Get("StartAction").Str()]
	f.reached = f.reachable()
	return f, nil
}

// unlikeAFlow says why a document is not a flow, nil when it may be one. Package template recognises the old format,
// too, so that it is refused here and not overlooked.
func unlikeAFlow(doc *source.Node) *source.Finding {
	const export = "Give the JSON of a contact flow: export it in the console, or with " +
		"aws connect describe-contact-flow."
	switch {
	case doc == nil:
		return &source.Finding{Code: CodeNotAFlow, Message: "there is no document", Remedy: export}
	case doc.Kind != source.Object:
		return &source.Finding{Code: CodeNotAFlow, Remedy: export,
			Message: "a flow must be a JSON object, but this is " + doc.Kind.String()}
	case doc.Get("modules").Is(source.Array) && doc.Get("start") != nil && doc.Get("Actions") == nil:
		return &source.Finding{Code: CodeLegacy,
			Message: "this is a flow in the console's export format from before 2022 (modules, start), " +
				"not in the Amazon Connect Flow language (Actions, StartAction)",
			Remedy: "If the flow still exists in an instance, read it with aws connect describe-contact-flow. The " +
				"API does not accept this format, and the console may no longer import it; otherwise convert it " +
				"with connect-async convert."}
	case doc.Get("Actions") == nil && doc.Get("StartAction") == nil:
		return &source.Finding{Code: CodeNotAFlow, Remedy: export,
			Message: "the document has no Actions, so it is not a flow"}
	}
	return nil
}

// readType finds what the document says about its type. Settings mean a module (live: a flow must not have them),
// unless Metadata names another type and no action returns from a module.
func (f *Flow) readType() {
	said := f.Doc.Get("Metadata").Get("type")
	t, named := TypeOf(said.Str())
	if said.Str() != "" && !named {
		f.unknownType = &Declaration{Type: said.Text, File: f.File, Pos: said.Pos}
	}
	switch {
	case f.Doc.Get("Settings") != nil && (!named || len(f.OfType(EndFlowModuleExecution)) > 0):
		f.Type, f.TypeGiven = Module, true
	case named:
		f.Type, f.TypeGiven = t, true
	default:
		f.Type = f.likelyType()
	}
}

// WithType returns the same flow as one of another type, for documents that do not say their type. Actions are shared.
func (f *Flow) WithType(t Type) *Flow {
	if f.TypeGiven && f.Type == t {
		return f
	}
	copied := *f
	copied.Type, copied.TypeGiven, copied.declared, copied.unknownType = t, true, Declaration{}, nil
	return &copied
}

// Declaration is what the file that deploys a flow says about it. Either of name and type may be "".
type Declaration struct {
	Name string
	Type string     // in any of the words that TypeOf knows, or with references to what only the deployment knows
	File string     // that says the type
	Pos  source.Pos // where it says so; zero when it is a resource as a whole that says it, as that of a module does
}

// Declared returns the same flow with the name and type that it is deployed with. The name counts when the document
// has none. The type counts more than the document's, which only repeats what the flow was exported as. Check reports a
// type that is not one, or that is not known here.
func (f *Flow) Declared(d Declaration) *Flow {
	copied := *f
	copied.Name = cmp.Or(f.Name, d.Name)
	t, ok := TypeOf(d.Type)
	switch {
	case ok:
		copied.Type, copied.TypeGiven, copied.declared, copied.unknownType = t, true, d, nil
	case d.Type != "":
		copied.unknownType = &d
	}
	if !copied.TypeGiven {
		copied.Type = copied.likelyType()
	}
	return &copied
}

// Action returns the action with an identifier, nil when there is none. Of two with one identifier, the first counts.
func (f *Flow) Action(identifier string) *Action { return f.byID[identifier] }

// Unknown reports whether only the deployment knows which action a value means: StartAction, or the target of a branch.
func (f *Flow) Unknown(target *source.Node) bool {
	isNamed := target.Str() != "" && f.byID[target.Str()] == nil
	return isNamed && (f.identifierFilledIn || FilledIn(target.Str()))
}

// OfType returns the actions of a type, in the document's order.
func (f *Flow) OfType(actionType string) []*Action { return f.byType[actionType] }

// add reads one action. Items that are not objects are reported by Check.
func (f *Flow) add(item *source.Node) {
	if !item.Is(source.Object) {
		return
	}
	a := &Action{
		Identifier: item.Get("Identifier").Str(), Type: item.Get("Type").Str(), Index: len(f.Actions),
		Node: item, Parameters: item.Get("Parameters"),
	}
	a.Kind = kindOf(a)
	a.readBranches(item.Get("Transitions"))
	f.Actions = append(f.Actions, a)
	f.byType[a.Type] = append(f.byType[a.Type], a)
	f.identifierFilledIn = f.identifierFilledIn || FilledIn(a.Identifier)
	if _, twice := f.byID[a.Identifier]; !twice && a.Identifier != "" {
		f.byID[a.Identifier] = a
	}
}

// Action is one action of a flow (a block in the console).
type Action struct {
	Identifier string
	Type       string
	Index      int // its place among the flow's actions
	Node       *source.Node
	Parameters *source.Node // nil when there are none
	Kind       *ActionType  // its row in the table, in the form that its parameters give it; nil for unknown types
	Branches   []*Branch    // conditions, then errors, then NextAction
}

// Param returns a parameter, nil when it is absent.
func (a *Action) Param(name string) *source.Node { return a.Parameters.Get(name) }

// Text returns a parameter as text; numbers and booleans as they are written, "" for anything else.
func (a *Action) Text(name string) string { return a.Parameters.Get(name).Scalar() }

// Is reports whether a parameter is the text true, in any case.
func (a *Action) Is(name string) bool { return strings.EqualFold(a.Text(name), "true") }

// Has reports whether the action has a trait, in the form that its parameters give it.
func (a *Action) Has(t Trait) bool { return a.Kind != nil && a.Kind.Traits&t != 0 }

// Speaks reports whether the action plays something to the caller.
func (a *Action) Speaks() bool {
	return a.Has(Speaks) && len(a.present(append(promptParameters, "Messages"))) > 0
}

// Input returns a parameter that a function is given, nil when it is absent.
func (a *Action) Input(name string) *source.Node {
	return a.Param("LambdaInvocationAttributes").Get(name)
}

// IsInputFilledIn reports whether only the deployment knows what a function is given as a parameter, or whether it is
// given one.
func (a *Action) IsInputFilledIn(name string) bool {
	inputs := a.Param("LambdaInvocationAttributes")
	if n := inputs.Get(name); n != nil {
		return FilledIn(n.Scalar())
	}
	return FilledIn(inputs.Str()) || HasKeyFilledIn(inputs)
}

// InvocationLimit returns how many seconds Connect waits for the function that the action invokes, and whether its
// parameters say so; otherwise it is the most that Connect allows.
func (a *Action) InvocationLimit() (seconds int, given bool) {
	limit := number("InvocationTimeLimitSeconds", 1, MaxSynchronousSeconds)
	if a.Has(Asynchronous) {
		limit.High = MaxAsynchronousSeconds
	}
	if seconds, given = limit.Whole(a.Text(limit.Name)); !given {
		return limit.High, false
	}
	return seconds, true
}

// present returns those of some parameters that the action has.
func (a *Action) present(names []string) []string {
	var present []string
	for _, name := range names {
		if a.Param(name) != nil {
			present = append(present, name)
		}
	}
	return present
}

// Ref is a Lambda function that a flow names, and where.
type Ref struct {
	ARN    string
	Action string
	Pos    source.Pos
}

// FunctionARNs returns the Lambda functions that the flow names statically, in the document's order.
func (f *Flow) FunctionARNs() []Ref {
	var refs []Ref
	for _, a := range f.OfType(InvokeLambdaFunction) {
		node := a.Param("LambdaFunctionARN")
		if node.Str() != "" && !IsReference(node.Str()) {
			refs = append(refs, Ref{ARN: node.Str(), Action: a.Identifier, Pos: node.Pos})
		}
	}
	return refs
}
