package legacy

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of what cannot be converted.
const (
	CodeNotLegacy = "convert-not-legacy" // the document is not in the older format
	CodeBlock     = "convert-block"
	CodeParameter = "convert-parameter"
	CodeBranch    = "convert-branch"
)

// Convert returns the flow that a document in the older format is, and what of it could not be converted. The flow is
// nil when the document is not in that format.
func Convert(file string, doc *source.Node) (*source.Node, source.Findings) {
	modules := doc.Get("modules")
	if !modules.Is(source.Array) || !doc.Get("start").Is(source.String) {
		return nil, source.Findings{{
			Code: CodeNotLegacy, Severity: source.Error, File: file, Pos: doc.Place(),
			Message: "this is not a flow in the console's export format from before 2022, which has modules and start",
			Remedy:  "Flows with Actions and StartAction need no conversion.",
		}}
	}
	c := &conversion{file: file, flowType: doc.Get("type").Str()}
	var actions, layout []*source.Node
	var identifiers []string
	for _, item := range modules.Items {
		b := c.block(item)
		actions = append(actions, c.action(b).node(b.id))
		identifiers = append(identifiers, b.id)
		layout = append(layout, object(pair("position", item.Get("metadata").Get("position"))))
	}
	return object(
		pair("Version", text(flowlang.Version)),
		pair("StartAction", doc.Get("start")),
		pair("Metadata", metadata(doc, identifiers, layout)),
		pair("Actions", list(actions...)),
	), c.found
}

// metadata is the name, type and layout of a flow.
func metadata(doc *source.Node, identifiers []string, layout []*source.Node) *source.Node {
	from := doc.Get("metadata")
	blocks := object()
	for i, id := range identifiers {
		blocks.Members = append(blocks.Members, pair(id, layout[i]))
	}
	return object(
		pair("entryPointPosition", from.Get("entryPointPosition")),
		pair("ActionMetadata", blocks),
		pair("name", text(from.Get("name").Str())),
		pair("description", text(from.Get("description").Str())),
		pair("type", text(doc.Get("type").Str())),
	)
}

// conversion is one run of Convert.
type conversion struct {
	file, flowType string
	found          source.Findings
}

func (c *conversion) report(code, subject string, at *source.Node, message, remedy string) {
	c.found = append(c.found, source.Finding{Code: code, Severity: source.Error, File: c.file, Pos: at.Place(),
		Subject: subject, Message: message, Remedy: remedy})
}

// action converts one block.
func (c *conversion) action(b *block) *action {
	row, known := blockTypes[b.kind]
	if known && row.only != "" && row.only != c.flowType {
		known = false
	}
	a := &action{Type: row.action}
	problem := "it is not known what this block is today"
	if known {
		problem = row.convert(b, a)
		a.branches(b, row)
	}
	if problem != "" {
		c.report(CodeBlock, b.id, b.node, fmt.Sprintf("block %q (%s) is not converted: %s", b.id, b.kind, problem),
			"Replace the message that is there now by the block, in the console.")
		return b.standIn()
	}
	for _, p := range b.parameters {
		if !p.used {
			c.report(CodeParameter, b.id, p.node,
				fmt.Sprintf("parameter %q of block %q (%s) is not converted%s", p.name, b.id, b.kind, p.why()),
				"Set it in the console after the import.")
		}
	}
	for _, branch := range b.branches {
		if !branch.used {
			c.report(CodeBranch, b.id, branch.node,
				fmt.Sprintf("branch %q of block %q (%s) is not converted", branch.condition, b.id, b.kind),
				"Connect the branch in the console after the import.")
		}
	}
	return a
}

// standIn is the action for a block that is not converted: it says so, and goes where the block's error did.
func (b *block) standIn() *action {
	a := &action{Type: flowlang.MessageParticipant}
	a.set("Text", text("This step is not available."))
	for _, condition := range []string{"Error", "NoMatch"} {
		if to := b.to(condition); to != nil {
			a.next = to
			return a
		}
	}
	if len(b.branches) > 0 {
		a.next = b.branches[0].to
		return a
	}
	return &action{Type: flowlang.EndFlowExecution}
}

// action is an action of the Amazon Connect Flow language.
type action struct {
	Type       string
	parameters []source.Member
	next       *source.Node
	errors     []*source.Node
	conditions []*source.Node
}

func (a *action) set(key string, value *source.Node) {
	if value != nil {
		a.parameters = append(a.parameters, pair(key, value))
	}
}

// fail adds an error branch.
func (a *action) fail(errorType string, to *source.Node) {
	if to != nil {
		a.errors = append(a.errors, object(pair("NextAction", to), pair("ErrorType", text(errorType))))
	}
}

// when adds a condition.
func (a *action) when(operator, operand string, to *source.Node) {
	if to != nil {
		condition := object(pair("Operator", text(operator)), pair("Operands", list(text(operand))))
		a.conditions = append(a.conditions, object(pair("NextAction", to), pair("Condition", condition)))
	}
}

// node is the action as JSON.
func (a *action) node(identifier string) *source.Node {
	transitions := object()
	if a.next != nil {
		transitions.Members = append(transitions.Members, pair("NextAction", a.next))
	}
	if len(a.errors) > 0 {
		transitions.Members = append(transitions.Members, pair("Errors", list(a.errors...)))
	}
	if len(a.conditions) > 0 {
		transitions.Members = append(transitions.Members, pair("Conditions", list(a.conditions...)))
	}
	return object(pair("Identifier", text(identifier)), pair("Type", text(a.Type)),
		pair("Parameters", object(a.parameters...)), pair("Transitions", transitions))
}

// branches gives the action the block's branches. What the console repeats as NextAction is that of the first of some
// conditions.
func (a *action) branches(b *block, row blockType) {
	for _, to := range row.branches {
		target := b.to(to.condition)
		switch {
		case to.isNext:
			a.next = target
		case to.operator != "":
			a.when(to.operator, to.name, target)
		default:
			a.fail(to.name, target)
		}
	}
	if i := slices.IndexFunc(row.copied, func(condition string) bool { return b.to(condition) != nil }); i >= 0 {
		a.next = b.to(row.copied[i])
	}
}

func text(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }

func list(items ...*source.Node) *source.Node { return &source.Node{Kind: source.Array, Items: items} }

func object(members ...source.Member) *source.Node {
	o := &source.Node{Kind: source.Object}
	for _, m := range members {
		if m.Value != nil {
			o.Members = append(o.Members, m)
		}
	}
	return o
}

func pair(key string, value *source.Node) source.Member { return source.Member{Key: key, Value: value} }
