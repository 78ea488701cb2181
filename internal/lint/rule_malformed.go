package lint

import (
	"github.com/connect-async/connect-async/internal/source"
)

var ruleMalformed = Rule{
	ID: "malformed", Group: GroupPublishing, Severity: source.Error, Needs: NeedsFlow,
	Summary:  "A part of the flow is absent or of the wrong JSON kind.",
	Why:      "Connect cannot read the flow, so that it keeps the published version, or has none.",
	Remedy:   "Write the document as the flow language has it: Actions is a list of objects with Identifier, Type, Parameters and Transitions.",
	Evidence: "Developer guide, Amazon Connect Flow language.",
	Check:    checkMalformed,
}

func checkMalformed(p *Pass) {
	actions := p.Flow.doc.Get("Actions")
	p.wantKind("", p.Flow.doc, "Actions", source.Array, true)
	if actions.Is(source.Array) && len(actions.Items) == 0 {
		p.onFlow(actions, "the flow has no actions")
	}
	for _, item := range items(actions) {
		if item.Kind != source.Object {
			p.onFlow(item, "an action must be an object, but is %s", item.Kind)
			continue
		}
		p.checkActionForm(item)
	}
}

func (p *Pass) checkActionForm(n *source.Node) {
	name := n.Get("Identifier").Str()
	p.wantText(name, n, "Identifier")
	p.wantText(name, n, "Type")
	p.wantKind(name, n, "Parameters", source.Object, false)
	p.wantKind(name, n, "Transitions", source.Object, false)
	transitions := n.Get("Transitions")
	p.wantKind(name, transitions, "NextAction", source.String, false)
	p.wantKind(name, transitions, "Errors", source.Array, false)
	p.wantKind(name, transitions, "Conditions", source.Array, false)
	for _, e := range items(transitions.Get("Errors")) {
		p.wantObject(name, e)
		p.wantText(name, e, "ErrorType")
		p.wantText(name, e, "NextAction")
	}
	for _, c := range items(transitions.Get("Conditions")) {
		p.wantObject(name, c)
		p.wantText(name, c, "NextAction")
		p.wantKind(name, c, "Condition", source.Object, true)
		p.wantText(name, c.Get("Condition"), "Operator")
		p.wantKind(name, c.Get("Condition"), "Operands", source.Array, true)
	}
}

// wantText reports a text that is absent, empty or no text.
func (p *Pass) wantText(subject string, in *source.Node, key string) {
	if p.wantKind(subject, in, key, source.String, true); in.Get(key).Is(source.String) && in.Get(key).Text == "" {
		p.report(p.Flow.File, subject, in.Get(key).Pos, "%s is empty", key)
	}
}

// wantObject reports a branch that is no object.
func (p *Pass) wantObject(subject string, n *source.Node) {
	if n.Kind != source.Object {
		p.report(p.Flow.File, subject, n.Pos, "a branch must be an object, but is %s", n.Kind)
	}
}

// wantKind reports a value of another kind, and one that is absent when it must be there. Inside of what is no object nothing is
// reported: that is done where the object belongs.
func (p *Pass) wantKind(subject string, in *source.Node, key string, kind source.Kind, must bool) {
	n := in.Get(key)
	switch {
	case !in.Is(source.Object):
	case n == nil && must:
		p.report(p.Flow.File, subject, in.Pos, "%s is missing", key)
	case n != nil && n.Kind != kind && (must || n.Kind != source.Null):
		p.report(p.Flow.File, subject, n.Pos, "%s must be %s, but is %s", key, kind, n.Kind)
	}
}
