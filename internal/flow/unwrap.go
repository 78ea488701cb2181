package flow

import (
	"errors"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Parse reads and compiles a flow.
func Parse(file string, doc *source.Node) (*Flow, source.Findings) {
	read, err := Read(file, doc)
	if err != nil {
		return nil, source.Findings{asFinding(err)}
	}
	return Compile(read)
}

// Read reads a flow. doc may also hold it as JSON text: the AWS CLI's answer (ContactFlow.Content, ContactFlowModule.Content), its
// bare content, or a CloudFormation template with one flow, also as the text of Fn::Sub, whose variables stay as they are written.
// Places inside such text are the place of the text. The error is a Finding.
func Read(file string, doc *source.Node) (*flowlang.Flow, error) {
	content, wrapped, err := unwrap(file, doc)
	if err != nil {
		return nil, err
	}
	read, err := flowlang.Read(file, content)
	if err != nil {
		return nil, err
	}
	if name := wrapped.Get("Name").Str(); name != "" && read.Name == "" {
		read.Name = name
	}
	if t, ok := flowlang.TypeOf(wrapped.Get("Type").Str()); ok && !read.TypeGiven {
		read = read.WithType(t)
	}
	return read, nil
}

func asFinding(err error) source.Finding {
	var f source.Finding
	errors.As(err, &f)
	return f
}

func unwrap(file string, doc *source.Node) (content, wrapped *source.Node, err error) {
	if doc.Get("Actions") != nil {
		return doc, nil, nil
	}
	if flows := inTemplate(doc); len(flows) > 1 {
		return nil, nil, source.Finding{Code: flowlang.CodeNotAFlow, Severity: source.Error, File: file, Pos: flows[1].Pos,
			Message: fmt.Sprintf("there are %d flows in this template", len(flows)),
			Remedy:  "Put each flow into a file of its own, and name one."}
	}
	if wrapped = wrapper(doc); wrapped == nil {
		return doc, nil, nil
	}
	n := wrapped.Get("Content")
	written := contentText(n)
	if written == nil {
		return n, wrapped, nil
	}
	text := written.Text
	if written != n { // in Fn::Sub, ${!x} stands for ${x}
		text = strings.ReplaceAll(text, "${!", "${")
	}
	inner, err := source.ParseJSON(file, []byte(text))
	if err != nil {
		return nil, nil, source.Finding{Code: asFinding(err).Code, Severity: source.Error, File: file, Pos: written.Pos,
			Message: "the text under Content is not JSON: " + asFinding(err).Message, Remedy: "Check how this file was written."}
	}
	return placed(inner, written.Pos), wrapped, nil
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
