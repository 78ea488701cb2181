package template

import (
	"cmp"

	"github.com/connect-async/connect-async/internal/source"
)

// declaration is how a resource of CloudFormation or Terraform holds a document.
type declaration struct {
	kind      Kind
	content   []string // the properties that may hold it
	elsewhere []string // the properties that may say in which file it is
	typ       string
	name      string
}

// declarations are the types of resources that hold documents, from the references of CloudFormation and of the AWS
// provider.
var declarations = map[string]declaration{
	"AWS::Connect::ContactFlow":       {kind: ContactFlow, content: []string{"Content"}, typ: "Type", name: "Name"},
	"AWS::Connect::ContactFlowModule": {kind: Module, content: []string{"Content"}, name: "Name"},
	"AWS::StepFunctions::StateMachine": {kind: StateMachine, content: []string{"DefinitionString", "Definition"},
		elsewhere: []string{"DefinitionS3Location"}, typ: "StateMachineType", name: "StateMachineName"},
	"AWS::Serverless::StateMachine": {kind: StateMachine, content: []string{"Definition"},
		elsewhere: []string{"DefinitionUri"}, typ: "Type", name: "Name"},
	"aws_connect_contact_flow": {kind: ContactFlow, content: []string{"content"}, elsewhere: []string{"filename"},
		typ: "type", name: "name"},
	"aws_connect_contact_flow_module": {kind: Module, content: []string{"content"}, elsewhere: []string{"filename"},
		name: "name"},
	"aws_sfn_state_machine": {kind: StateMachine, content: []string{"definition"}, typ: "type", name: "name"},
}

// answers are the keys under which the AWS CLI answers with a flow or module.
var answers = map[string]Kind{"ContactFlow": ContactFlow, "ContactFlowModule": Module}

// contentKeys are the keys under which a document is kept; the type and name of it are then beside them.
var contentKeys = map[string]bool{"Content": true, "content": true, "Definition": true, "definition": true,
	"DefinitionString": true, "definitionString": true}

// first returns the first of an object's members that is present and not null.
func first(n *source.Node, keys ...string) *source.Node {
	for _, key := range keys {
		if value := n.Get(key); value != nil && value.Kind != source.Null {
			return value
		}
	}
	return nil
}

// resource reads a resource of CloudFormation, or one of a Terraform plan or state. It is false when the object is
// none.
func (t *tree) resource(n *source.Node, label string) bool {
	if d, ok := declarations[n.Get("Type").Str()]; ok {
		t.properties(d, label, n, n.Get("Properties"))
		return true
	}
	d, ok := declarations[n.Get("type").Str()]
	if !ok || n.Get("mode").Str() == "data" {
		return false
	}
	label = cmp.Or(n.Get("name").Str(), label)
	if values := first(n, "values"); values != nil {
		t.properties(d, label, n, values)
		return true
	}
	if change := first(n, "change"); change != nil {
		if after := first(change, "after"); after != nil { // absent when the resource is destroyed
			t.properties(d, label, n, after)
		}
		return true
	}
	for _, instance := range children(n.Get("instances")) {
		t.properties(d, label, n, instance.Get("attributes"))
	}
	return n.Get("instances") != nil
}

// properties reads the document in the properties of a resource.
func (t *tree) properties(d declaration, label string, resource, properties *source.Node) {
	o := d.owner(label, t.place(resource.Pos))
	if name := first(properties, d.name); name != nil {
		o.name = t.said(name)
	}
	t.typed(&o, first(properties, d.typ))
	if settings := first(properties, "Settings", "settings"); settings != nil && d.kind == Module {
		o.settings = t.settings(settings, o)
	}
	if content := first(properties, d.content...); content != nil {
		o.pos = t.place(content.Pos)
		t.content(content, o)
		return
	}
	if other := first(properties, d.elsewhere...); other != nil {
		t.otherFile(o, t.place(other.Pos), t.plainText(other))
		return
	}
	t.absent(d, o)
}

// owner is what is known of a resource by its name.
func (d declaration) owner(label string, at source.Pos) owner {
	return owner{kind: d.kind, name: label, words: "the " + d.kind.called(label), pos: at}
}

// absent notes that a resource has no document.
func (r *reader) absent(d declaration, o owner) {
	r.unread(o, o.pos, "it has no "+d.content[0]+" here", "Write it here, or check the file that it comes from.")
}

// typed notes the type that is written beside a document.
func (t *tree) typed(o *owner, typ *source.Node) {
	if typ == nil {
		return
	}
	if o.typ = t.said(typ); o.typ != "" {
		o.typePos = t.place(typ.Pos)
	}
}

// besides is what an object says about the document in one of its members.
func (t *tree) besides(n *source.Node) owner {
	var o owner
	o.name = first(n, "Name", "name", "StateMachineName", "stateMachineName").Str()
	typ := first(n, "StateMachineType", "stateMachineType", "Type", "type")
	if typ.Is(source.String) || functionOf(typ) != "" {
		t.typed(&o, typ)
	}
	return o
}

// settings reads the settings of a module: an object, or its JSON as a text. It is nil when they are empty or cannot
// be read.
func (t *tree) settings(n *source.Node, o owner) *source.Node {
	if n.Is(source.Object) && functionOf(n) == "" {
		return t.resolved(n)
	}
	if argument := n.Get("Fn::ToJsonString"); argument != nil {
		return t.resolved(argument)
	}
	a := &assembly{}
	t.write(a, n)
	if len(a.out.text) == 0 {
		return nil
	}
	inner, err := t.tree(a.out, source.ParseJSON)
	if err != nil {
		o.words = "the settings of " + o.words
		t.notJSON(o, err)
		return nil
	}
	return inner.moved(inner.root)
}

// terraformJSON reads the resources of one type in Terraform's JSON syntax, whose texts are templates.
func (t *tree) terraformJSON(name string, resources *source.Node) {
	d := declarations[name]
	for _, m := range resources.Members {
		list := []*source.Node{m.Value}
		if m.Value.Is(source.Array) {
			list = m.Value.Items
		}
		for _, properties := range list {
			t.terraformProperties(d, m.Key, properties)
		}
	}
}

func (t *tree) terraformProperties(d declaration, label string, properties *source.Node) {
	if !properties.Is(source.Object) {
		return
	}
	content := first(properties, d.content...)
	if !content.Is(source.String) {
		t.properties(d, label, properties, properties)
		return
	}
	o := d.owner(label, t.place(content.Pos))
	if name := first(properties, d.name); name != nil {
		o.name = t.said(name)
	}
	t.typed(&o, first(properties, d.typ))
	t.terraformText(t.written(content), o)
}
