package flow

import (
	"errors"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// unwrap finds the flow in a document that holds it as JSON text: the AWS CLI's answer (ContactFlow.Content,
// ContactFlowModule.Content), its bare content, or a CloudFormation template with one flow. Any other document is returned
// as it is. It returns nil after a finding. Places inside such text are the place of the text.
func (p *parser) unwrap(doc *source.Node) *source.Node {
	if doc == nil {
		p.fail(CodeNotAFlow, source.Pos{}, "there is no document", "Give the JSON of a contact flow.")
		return nil
	}
	wrapper := p.wrapper(doc)
	if wrapper == nil || doc.Get("Actions") != nil {
		return doc
	}
	content := wrapper.Get("Content")
	if t, ok := metadataTypes[wrapper.Get("Type").Str()]; ok {
		p.flow.Type, p.typed = t, true
	}
	p.flow.Name = wrapper.Get("Name").Str()
	if content.Kind == source.Object {
		return content
	}
	if n := utf8.RuneCountInString(content.Text); n > maxCharacters {
		p.warn(CodeTooLarge, content.Pos, "the flow has more than 256,000 characters, which Connect refuses", "Move a part into a module or a second flow.")
	}
	inner, err := source.ParseJSON(p.file, []byte(content.Text))
	if err != nil {
		var f source.Finding
		errors.As(err, &f)
		p.fail(f.Code, content.Pos, "the text under Content is not JSON: "+f.Message, "Check how this file was written.")
		return nil
	}
	return placed(inner, content.Pos)
}

// wrapper returns the object whose Content is a flow, nil when there is none.
func (p *parser) wrapper(doc *source.Node) *source.Node {
	for _, candidate := range []*source.Node{doc.Get("ContactFlow"), doc.Get("ContactFlowModule"), doc, template(doc)} {
		if content := candidate.Get("Content"); content.Is(source.String) || content.Get("Actions") != nil {
			return candidate
		}
	}
	return nil
}

// template returns the properties of the only flow or module in a CloudFormation template.
func template(doc *source.Node) *source.Node {
	resources := doc.Get("Resources")
	if !resources.Is(source.Object) {
		return nil
	}
	var only *source.Node
	for _, m := range resources.Members {
		switch m.Value.Get("Type").Str() {
		case "AWS::Connect::ContactFlow", "AWS::Connect::ContactFlowModule":
			if only != nil {
				return nil
			}
			only = m.Value.Get("Properties")
		}
	}
	return only
}

// placed returns a copy of a node in which every value stands at one place.
func placed(n *source.Node, at source.Pos) *source.Node {
	copied := *n
	copied.Pos = at
	copied.Items = make([]*source.Node, len(n.Items))
	for i, item := range n.Items {
		copied.Items[i] = placed(item, at)
	}
	copied.Members = make([]source.Member, len(n.Members))
	for i, m := range n.Members {
		copied.Members[i] = source.Member{Key: m.Key, Pos: at, Value: placed(m.Value, at)}
	}
	return &copied
}
