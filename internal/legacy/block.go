package legacy

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// block is one block of the older format.
type block struct {
	node       *source.Node
	id, kind   string // kind is the type, with the target of those that have one: Transfer/Queue
	parameters []*parameter
	branches   []*branch
}

// parameter is a parameter of a block. There may be several of one name.
type parameter struct {
	node      *source.Node
	name, key string
	value     string // "" for none
	namespace string // of a value that is a reference
	resource  string // the name of the thing that the value is the ARN of
	used      bool
	problem   string // why its value cannot be written
}

// branch is a branch of a block.
type branch struct {
	node              *source.Node
	condition         string
	operator, operand string // of a condition that compares
	to                *source.Node
	used              bool
}

func (c *conversion) block(n *source.Node) *block {
	b := &block{node: n, id: n.Get("id").Str(), kind: n.Get("type").Str()}
	if target := n.Get("target").Str(); target != "" {
		b.kind += "/" + target
	}
	for _, p := range n.Get("parameters").Elements() {
		b.parameters = append(b.parameters, &parameter{node: p, name: p.Get("name").Str(), key: p.Get("key").Str(),
			value: p.Get("value").Scalar(), namespace: p.Get("namespace").Str(),
			resource: p.Get("resourceName").Str()})
	}
	for _, item := range n.Get("branches").Elements() {
		br := &branch{node: item, condition: item.Get("condition").Str(), operator: item.Get("conditionType").Str(),
			operand: item.Get("conditionValue").Scalar()}
		if to := item.Get("transition"); to.Str() != "" {
			br.to = text(to.Text)
		}
		b.branches = append(b.branches, br)
	}
	return b
}

// why says why a parameter is not converted, where that is known.
func (p *parameter) why() string {
	if p.problem == "" {
		return ""
	}
	return ": " + p.problem
}

// all returns the parameters of a name, and marks them as used.
func (b *block) all(name string) []*parameter {
	var found []*parameter
	for _, p := range b.parameters {
		if p.name == name {
			p.used = true
			found = append(found, p)
		}
	}
	return found
}

// one returns the parameter of a name, nil when there is none. Of two only the first is used.
func (b *block) one(name string) *parameter {
	for _, p := range b.parameters {
		if p.name == name {
			p.used = true
			return p
		}
	}
	return nil
}

// get returns the value of a parameter as it is written today, nil when there is none.
func (b *block) get(name string) *source.Node { return b.one(name).today() }

// word returns a value that has no references, "" when there is none.
func (b *block) word(name string) string {
	if p := b.one(name); p != nil && p.namespace == "" {
		return p.value
	}
	return ""
}

// thing returns the id or ARN of a thing of the instance. An export may have only its name; then it is a placeholder.
func (b *block) thing(name, kind string) *source.Node {
	p := b.one(name)
	switch {
	case p == nil:
		return nil
	case p.value != "":
		return p.today()
	case flowlang.IsPlaceholderName(p.resource):
		return text(flowlang.Placeholder{Kind: kind, Name: p.resource}.String())
	}
	p.used, p.problem = false, fmt.Sprintf("the export has no ARN of %q", p.resource)
	return nil
}

// today returns the value as it is written today, nil when it cannot be.
func (p *parameter) today() *source.Node {
	if p == nil {
		return nil
	}
	value := p.value
	if p.namespace != "" {
		value = reference(p.namespace, p.value)
	}
	if value == "" {
		p.used, p.problem = false, "it is empty"
		if p.namespace != "" {
			p.problem = fmt.Sprintf("it is not known what %s %q is today", p.namespace, p.value)
		}
		return nil
	}
	return text(value)
}

// to returns where the branch of a condition leads, nil when it leads nowhere, and marks it as used.
func (b *block) to(condition string) *source.Node {
	for _, br := range b.branches {
		if br.condition == condition {
			br.used = true
			return br.to
		}
	}
	return nil
}

// systemReferences are the names of what the older format calls System and does not write as a path (exports).
var systemReferences = map[string]string{
	"Customer Number":       "$.CustomerEndpoint.Address",
	"Dialed Number":         "$.SystemEndpoint.Address",
	"Stored customer input": "$.StoredCustomerInput",
}

// reference is a reference of the older format as it is written today, "" when that is not known.
func reference(namespace, name string) string {
	path := ""
	switch namespace {
	case "External":
		path = "$.External." + name
	case "User Defined":
		path = "$.Attributes." + name
	case "Lex", "Lex.SessionAttributes", "Lex.Slots":
		path = "$." + namespace + "." + name
	case "System":
		if known := systemReferences[name]; known != "" {
			return known
		}
		path = "$." + name
		if first, _, _ := strings.Cut(name, "."); !flowlang.IsNamespace(first) {
			return ""
		}
	}
	if name == "" || !flowlang.IsReference(path) {
		return bracketed(path, name)
	}
	return path
}

// bracketed writes a name with spaces and the like in brackets.
func bracketed(path, name string) string {
	written := strings.TrimSuffix(path, name) + "['" + name + "']"
	if name == "" || !flowlang.IsReference(written) {
		return ""
	}
	return written
}
