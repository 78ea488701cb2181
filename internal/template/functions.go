package template

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// CloudFormation's functions whose value can be read without a deployment; both sides of Fn::If can, and the values of
// a mapping.
const (
	fnSub  = "Fn::Sub"
	fnJoin = "Fn::Join"
	fnJSON = "Fn::ToJsonString"
	fnIf   = "Fn::If"
	fnMap  = "Fn::FindInMap"
)

// functionOf is the name of the function of CloudFormation that an object is, "" when it is none.
func functionOf(n *source.Node) string {
	if !n.Is(source.Object) || len(n.Members) != 1 {
		return ""
	}
	name := n.Members[0].Key
	switch {
	case name == "Ref", strings.HasPrefix(name, "Fn::"):
		return name
	case name == "fn::toJSON": // as Pulumi writes it
		return fnJSON
	}
	return ""
}

// content reads the value that holds a document.
func (t *tree) content(n *source.Node, o owner) {
	o.pos = t.place(n.Pos)
	object := n
	if functionOf(n) == fnJSON {
		object = n.Members[0].Value
	}
	switch {
	case t.preset(n) != nil:
		t.content(t.preset(n), o)
	case isIf(n):
		for _, side := range n.Members[0].Value.Items[1:] {
			if side.Get("Ref").Str() != "AWS::NoValue" {
				t.content(side, o)
			}
		}
	case object.Is(source.Object) && functionOf(object) == "":
		if doc := t.resolved(object); o.words != "" || isDocument(doc) {
			t.add(o, doc, characters(doc))
		}
	case object.Is(source.Array), object.Is(source.Null):
		if o.words != "" {
			t.unread(o, o.pos, "it is "+object.Kind.String(), "Write the document as JSON text or as an object.")
		}
	default:
		a := &assembly{}
		t.write(a, object)
		t.assembled(a, o)
	}
}

// preset is the document that a parameter of the template has when none is given, nil when n does not refer to one.
func (t *tree) preset(n *source.Node) *source.Node {
	value := t.root.Get("Parameters").Get(n.Get("Ref").Str()).Get("Default")
	if functionOf(n) != "Ref" || !strings.HasPrefix(strings.TrimSpace(value.Str()), "{") {
		return nil
	}
	return value
}

// write appends what a value reads as.
func (t *tree) write(a *assembly, n *source.Node) {
	switch name := functionOf(n); {
	case n.Is(source.String):
		a.substituted(t.written(n), false)
	case name == fnSub && subText(n).Is(source.String):
		a.substituted(t.written(subText(n)), true)
	case name == fnJoin && isJoin(n):
		list := n.Members[0].Value.Items
		for i, item := range list[1].Items {
			if i > 0 {
				a.substituted(t.written(list[0]), false)
			}
			t.write(a, item)
		}
	case name == fnJSON:
		a.node(t.resolved(n.Members[0].Value), t.reader.lines.offset)
	case name != "":
		a.reference(reference(n), t.at(n.Pos))
	default:
		a.node(t.resolved(n), t.reader.lines.offset)
	}
}

// subText is the text of Fn::Sub, which has its variables beside it in the form with a list.
func subText(n *source.Node) *source.Node {
	argument := n.Members[0].Value
	if argument.Is(source.Array) && len(argument.Items) > 0 {
		return argument.Items[0]
	}
	return argument
}

// isJoin reports whether a call of Fn::Join has a text and a list.
func isJoin(n *source.Node) bool {
	argument := n.Members[0].Value
	return argument.Is(source.Array) && len(argument.Items) == 2 &&
		argument.Items[0].Is(source.String) && argument.Items[1].Is(source.Array)
}

// plainText is what a value reads as, with references as they are written.
func (t *tree) plainText(n *source.Node) string {
	switch name := functionOf(n); {
	case name == fnSub && subText(n).Is(source.String):
		return strings.ReplaceAll(subText(n).Text, "${!", "${")
	case name == fnJoin && isJoin(n):
		list := n.Members[0].Value.Items
		texts := make([]string, len(list[1].Items))
		for i, item := range list[1].Items {
			texts[i] = t.plainText(item)
		}
		return strings.Join(texts, list[0].Text)
	case name != "":
		return reference(n)
	case n.Is(source.Array), n.Is(source.Object):
		return strings.Join(scalars(n), "/")
	}
	return n.Text
}

// reference writes a function as Fn::Sub would: ${Name}, ${Name.Attribute}, and any other with the texts that it is
// given.
func reference(n *source.Node) string {
	words := scalars(n.Members[0].Value)
	if name := functionOf(n); name != "Ref" && name != "Fn::GetAtt" {
		words = append([]string{name}, words...)
	}
	return fmt.Sprintf("${%s}", strings.Join(words, "."))
}

// scalars are the texts and numbers in a value.
func scalars(n *source.Node) []string {
	if n.Text != "" {
		return []string{n.Text}
	}
	var list []string
	for _, child := range children(n) {
		list = append(list, scalars(child)...)
	}
	return list
}

// resolved returns a copy of a value with places in the file and texts instead of functions.
func (t *tree) resolved(n *source.Node) *source.Node {
	copied := &source.Node{Kind: n.Kind, Pos: t.place(n.Pos), Text: n.Text}
	if functionOf(n) != "" {
		copied.Kind, copied.Text = source.String, t.plainText(n)
		return copied
	}
	for _, item := range n.Items {
		copied.Items = append(copied.Items, t.resolved(item))
	}
	for _, m := range n.Members {
		member := source.Member{Key: m.Key, Pos: t.place(m.Pos), Value: t.resolved(m.Value)}
		copied.Members = append(copied.Members, member)
	}
	return copied
}
