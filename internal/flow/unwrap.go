package flow

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// unwrap finds the flow in a document that holds it as JSON text: the AWS CLI's answer (ContactFlow.Content,
// ContactFlowModule.Content), its bare content, or a CloudFormation template with one flow, also as the text of Fn::Sub, whose
// variables stay as they are written. Any other document is returned as it is. It returns nil after a finding. Places inside such
// text are the place of the text.
func (p *parser) unwrap(doc *source.Node) *source.Node {
	if doc == nil {
		p.fail(CodeNotAFlow, source.Pos{}, "there is no document", "Give the JSON of a contact flow.")
		return nil
	}
	if doc.Get("Actions") != nil {
		return doc
	}
	if flows := inTemplate(doc); len(flows) > 1 {
		p.fail(CodeNotAFlow, flows[1].Pos, fmt.Sprintf("there are %d flows in this template", len(flows)), "Put each flow into a file of its own, and name one.")
		return nil
	}
	wrapper := wrapper(doc)
	if wrapper == nil {
		return doc
	}
	if t, ok := metadataTypes[wrapper.Get("Type").Str()]; ok {
		p.flow.Type, p.typed = t, true
	}
	p.flow.Name = wrapper.Get("Name").Str()
	return p.content(wrapper.Get("Content"))
}

// content reads the text under Content; it is returned as it is when it is no text.
func (p *parser) content(n *source.Node) *source.Node {
	written := contentText(n)
	if written == nil {
		return n
	}
	text := written.Text
	if written != n { // in Fn::Sub, ${!x} stands for ${x}
		text = strings.ReplaceAll(text, "${!", "${")
	}
	if length := utf8.RuneCountInString(text); length > maxCharacters {
		p.warn(CodeTooLarge, written.Pos, "the flow has more than 256,000 characters, which Connect refuses", "Move a part into a module or a second flow.")
	}
	inner, err := source.ParseJSON(p.file, []byte(text))
	if err != nil {
		var f source.Finding
		errors.As(err, &f)
		p.fail(f.Code, written.Pos, "the text under Content is not JSON: "+f.Message, "Check how this file was written.")
		return nil
	}
	return placed(inner, written.Pos)
}

// contentText is a text, by itself or given to Fn::Sub; nil for anything else.
func contentText(n *source.Node) *source.Node {
	if sub := n.Get("Fn::Sub"); sub != nil {
		n = sub
		if sub.Is(source.Array) && len(sub.Items) > 0 { // the text and its variables
			n = sub.Items[0]
		}
	}
	if !n.Is(source.String) {
		return nil
	}
	return n
}

// wrapper returns the object whose Content is a flow, nil when there is none.
func wrapper(doc *source.Node) *source.Node {
	candidates := append([]*source.Node{doc.Get("ContactFlow"), doc.Get("ContactFlowModule"), doc}, inTemplate(doc)...)
	for _, candidate := range candidates {
		content := candidate.Get("Content")
		if contentText(content) != nil || content.Get("Actions") != nil {
			return candidate
		}
	}
	return nil
}

// inTemplate returns the properties of the flows and modules in a CloudFormation template.
func inTemplate(doc *source.Node) []*source.Node {
	resources := doc.Get("Resources")
	if !resources.Is(source.Object) {
		return nil
	}
	var list []*source.Node
	for _, m := range resources.Members {
		switch m.Value.Get("Type").Str() {
		case "AWS::Connect::ContactFlow", "AWS::Connect::ContactFlowModule":
			if properties := m.Value.Get("Properties"); properties != nil {
				list = append(list, properties)
			}
		}
	}
	return list
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
