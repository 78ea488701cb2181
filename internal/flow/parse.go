package flow

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings that Parse gives.
const (
	CodeLegacy        = "flow-legacy-format"  // the console's export format from before 2022
	CodeNotAFlow      = "flow-not-a-flow"     // not an object, or without Actions
	CodeVersion       = "flow-version"        // Version is not 2019-10-30
	CodeMissing       = "flow-missing"        // something that every flow or action needs is absent
	CodeWrongKind     = "flow-wrong-kind"     // a value of the wrong JSON kind
	CodeIdentifier    = "flow-identifier"     // an identifier that is given twice or that Connect refuses
	CodeDangling      = "flow-dangling"       // a reference to an action that does not exist
	CodeUnknownAction = "flow-unknown-action" // an action type that is not known
	CodeTooLarge      = "flow-too-large"      // more actions or text than Connect accepts
	CodeParameter     = "flow-parameter"      // a parameter is absent or impossible
	CodeSSML          = "flow-ssml"           // SSML that cannot be spoken, whatever its references hold
	CodeBranch        = "flow-branch"         // a branch is absent or cannot be taken
	CodeFlowType      = "flow-type"           // an action that Connect does not allow in this type of flow
	CodeEndless       = "flow-endless"        // actions from which the flow never ends
	CodeUnreachable   = "flow-unreachable"    // an action that no branch leads to
	CodeFatal         = "flow-no-branch"      // at run time: an action ended without a branch to take
	CodeGuard         = "flow-loops-for-ever" // at run time: stopped by the guard
)

const (
	languageVersion = "2019-10-30"
	maxActions      = 250    // API reference, CreateContactFlow
	maxCharacters   = 256000 // the same
	maxIdentifier   = 50     // Flow language, "Action"
)

// Parse reads a flow. file is its name in findings; doc is the parsed document, which may also be the AWS CLI's answer or a
// CloudFormation template with one flow, where the flow is JSON text inside JSON. The flow is nil when a finding is of severity error.
func Parse(file string, doc *source.Node) (*Flow, source.Findings) {
	p := &parser{file: file, flow: &Flow{File: file, Type: ContactFlow, index: map[string]*Action{}}}
	p.document(p.unwrap(doc))
	p.found.Sort()
	if p.found.HasErrors() {
		return nil, p.found
	}
	return p.flow, p.found
}

type parser struct {
	file  string
	flow  *Flow
	typed bool // the document says the flow's type
	found source.Findings
}

func (p *parser) report(severity source.Severity, code string, at source.Pos, message, remedy string) {
	p.found = append(p.found, source.Finding{Code: code, Severity: severity, File: p.file, Pos: at, Message: message, Remedy: remedy})
}

func (p *parser) fail(code string, at source.Pos, message, remedy string) {
	p.report(source.Error, code, at, message, remedy)
}

func (p *parser) warn(code string, at source.Pos, message, remedy string) {
	p.report(source.Warning, code, at, message, remedy)
}

// document reads the envelope of the flow language; doc is nil when unwrap has already said what is wrong.
func (p *parser) document(doc *source.Node) {
	switch {
	case doc == nil:
		return
	case doc.Kind != source.Object:
		p.fail(CodeNotAFlow, doc.Pos, "a flow must be a JSON object, but this is "+doc.Kind.String(), "Give the JSON of a contact flow: export it in the console or with aws connect describe-contact-flow.")
		return
	case doc.Get("modules").Is(source.Array) && doc.Get("start") != nil && doc.Get("Actions") == nil:
		p.fail(CodeLegacy, doc.Pos, "this is a flow in the console's export format from before 2022 (modules, start), not in the Amazon Connect Flow language (Actions, StartAction)",
			"Convert it in the console: open or create a flow, choose Import from the Save menu, select this file and save; then export it again, or read it with aws connect describe-contact-flow.")
		return
	}
	p.metadata(doc)
	p.actions(doc)
	p.start(doc)
	if !p.found.HasErrors() {
		p.checkReferences()
	}
	if !p.found.HasErrors() {
		p.checkActions()
		p.checkPaths()
		if p.typed {
			p.found = append(p.found, p.flow.Misplaced()...)
		}
	}
}

func (p *parser) metadata(doc *source.Node) {
	if version := doc.Get("Version"); version.Str() != languageVersion {
		at := doc.Pos
		if version != nil {
			at = version.Pos
		}
		p.warn(CodeVersion, at, fmt.Sprintf("Version is %q, not %q", scalar(version), languageVersion), `Write "Version": "2019-10-30"; Connect refuses anything else.`)
	}
	meta := doc.Get("Metadata")
	if name := meta.Get("name").Str(); name != "" {
		p.flow.Name = name
	}
	if t, ok := metadataTypes[meta.Get("type").Str()]; ok {
		p.flow.Type, p.typed = t, true
	}
	if doc.Get("Settings") != nil {
		p.flow.Type, p.typed = Module, true
	}
}

// metadataTypes maps the console's Metadata.type (export) and the API's names to types.
var metadataTypes = map[string]Type{
	"contactFlow": ContactFlow, "customerQueue": CustomerQueue, "customerHold": CustomerHold, "customerWhisper": CustomerWhisper,
	"agentHold": AgentHold, "agentWhisper": AgentWhisper, "outboundWhisper": OutboundWhisper, "agentTransfer": AgentTransfer,
	"queueTransfer": QueueTransfer, "campaign": Campaign, "contactFlowModule": Module,
	"CONTACT_FLOW": ContactFlow, "CUSTOMER_QUEUE": CustomerQueue, "CUSTOMER_HOLD": CustomerHold, "CUSTOMER_WHISPER": CustomerWhisper,
	"AGENT_HOLD": AgentHold, "AGENT_WHISPER": AgentWhisper, "OUTBOUND_WHISPER": OutboundWhisper, "AGENT_TRANSFER": AgentTransfer,
	"QUEUE_TRANSFER": QueueTransfer, "CAMPAIGN": Campaign,
}

func (p *parser) actions(doc *source.Node) {
	list := doc.Get("Actions")
	switch {
	case list == nil:
		p.fail(CodeNotAFlow, doc.Pos, "the document has no Actions, so it is not a flow", "Check that this is the JSON of a contact flow.")
		return
	case list.Kind != source.Array:
		p.fail(CodeWrongKind, list.Pos, "Actions must be an array, but is "+list.Kind.String(), "Write the actions as a list.")
		return
	case len(list.Items) == 0:
		p.fail(CodeMissing, list.Pos, "the flow has no actions", "Add at least one action, such as DisconnectParticipant.")
		return
	case len(list.Items) > maxActions:
		p.fail(CodeTooLarge, list.Pos, fmt.Sprintf("the flow has %d actions; Connect accepts %d", len(list.Items), maxActions), "Move a part into a module or a second flow.")
	}
	for _, item := range list.Items {
		p.action(item)
	}
}

func (p *parser) start(doc *source.Node) {
	node := doc.Get("StartAction")
	p.flow.Start = node.Str()
	switch {
	case doc.Get("Actions") == nil:
	case node == nil:
		p.fail(CodeMissing, doc.Pos, "the flow has no StartAction", "Write StartAction: the Identifier of the first action.")
	case node.Kind != source.String:
		p.fail(CodeWrongKind, node.Pos, "StartAction must be a string, but is "+node.Kind.String(), "Write the Identifier of the first action.")
	case p.flow.index[p.flow.Start] == nil:
		p.fail(CodeDangling, node.Pos, fmt.Sprintf("StartAction names the action %q, which does not exist", p.flow.Start), "Write the Identifier of an action of this flow.")
	}
}

func (p *parser) action(node *source.Node) {
	if node.Kind != source.Object {
		p.fail(CodeWrongKind, node.Pos, "an action must be an object, but is "+node.Kind.String(), "Write an object with Identifier, Type, Parameters and Transitions.")
		return
	}
	a := &Action{Identifier: p.text(node, "Identifier"), Type: p.text(node, "Type"), Parameters: node.Get("Parameters"), Pos: node.Pos}
	a.kind = kinds[a.Type]
	if n := a.Parameters; n != nil && n.Kind != source.Object && n.Kind != source.Null {
		p.fail(CodeWrongKind, n.Pos, "Parameters must be an object, but is "+n.Kind.String(), "Write names and values here.")
	}
	p.transitions(a, node.Get("Transitions"))
	p.identifier(a, node.Get("Identifier").Place())
	p.flow.Actions = append(p.flow.Actions, a)
}

// text returns a required text of an action.
func (p *parser) text(action *source.Node, key string) string {
	node := action.Get(key)
	switch {
	case node == nil:
		p.fail(CodeMissing, action.Pos, "this action has no "+key, "Every action needs an Identifier and a Type.")
	case node.Kind != source.String:
		p.fail(CodeWrongKind, node.Pos, key+" must be a string, but is "+node.Kind.String(), "Write it as text.")
	case node.Text == "":
		p.fail(CodeMissing, node.Pos, key+" is empty", "Every action needs an Identifier and a Type.")
	}
	return node.Str()
}

func (p *parser) identifier(a *Action, at source.Pos) {
	if a.Identifier == "" {
		return
	}
	if first := p.flow.index[a.Identifier]; first != nil {
		p.fail(CodeIdentifier, at, fmt.Sprintf("the identifier %q is given twice, first in line %d", a.Identifier, first.Pos.Line), "Give each action an identifier of its own.")
		return
	}
	p.flow.index[a.Identifier] = a
	if n := utf8.RuneCountInString(a.Identifier); n > maxIdentifier || strings.ContainsAny(a.Identifier, "%:(\\/)=$,;[]{}") {
		p.warn(CodeIdentifier, at, fmt.Sprintf("Connect refuses the identifier %q", a.Identifier), `Use at most 50 characters, and none of % : ( \ / ) = $ , ; [ ] { }.`)
	}
}

func (p *parser) transitions(a *Action, node *source.Node) {
	if node == nil || node.Kind == source.Null {
		return
	}
	if node.Kind != source.Object {
		p.fail(CodeWrongKind, node.Pos, "Transitions must be an object, but is "+node.Kind.String(), "Write NextAction, Conditions and Errors here.")
		return
	}
	a.Next = p.target(node)
	a.nextPos = node.Get("NextAction").Place()
	for _, item := range p.list(node, "Conditions") {
		a.Conditions = append(a.Conditions, p.condition(item))
	}
	for _, item := range p.list(node, "Errors") {
		a.Errors = append(a.Errors, ErrorBranch{Type: scalar(item.Get("ErrorType")), Next: p.target(item), Pos: item.Pos})
	}
}

func (p *parser) condition(item *source.Node) Condition {
	c := Condition{Next: p.target(item), Pos: item.Pos}
	condition := item.Get("Condition")
	c.Operator = scalar(condition.Get("Operator"))
	if condition == nil || c.Operator == "" {
		p.fail(CodeMissing, item.Pos, "this condition has no Operator", `Write "Condition": {"Operator": "Equals", "Operands": ["…"]}.`)
		return c
	}
	for _, operand := range p.list(condition, "Operands") {
		c.Operands = append(c.Operands, scalar(operand))
	}
	return c
}

// target returns the NextAction of a branch. Whether it exists is checked when all actions are known.
func (p *parser) target(node *source.Node) string {
	next := node.Get("NextAction")
	if next != nil && next.Kind != source.String && next.Kind != source.Null {
		p.fail(CodeWrongKind, next.Pos, "NextAction must be a string, but is "+next.Kind.String(), "Write the Identifier of an action.")
	}
	return next.Str()
}

func (p *parser) list(node *source.Node, key string) []*source.Node {
	list := node.Get(key)
	if list == nil || list.Kind == source.Null {
		return nil
	}
	if list.Kind != source.Array {
		p.fail(CodeWrongKind, list.Pos, key+" must be an array, but is "+list.Kind.String(), "Write a list.")
	}
	return list.Items
}
