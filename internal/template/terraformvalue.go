package template

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/connect-async/connect-async/internal/source"
)

// value reads an expression as jsonencode would write it. What is not said in the file becomes a reference.
func (h *terraform) value(e hclsyntax.Expression) *source.Node {
	n := &source.Node{Kind: source.String, Pos: h.place(e)}
	if h.budget--; h.budget < 0 {
		n.Text = h.asReference(e)
		return n
	}
	switch v := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return h.value(v.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return h.value(v.Wrapped)
	case *hclsyntax.LiteralValueExpr:
		h.scalar(n, v, v.Val)
	case *hclsyntax.UnaryOpExpr:
		if literal, ok := v.Val.(*hclsyntax.LiteralValueExpr); ok && h.negative(n, v, literal) {
			return n
		}
		n.Text = h.asReference(e)
	case *hclsyntax.TemplateExpr:
		n.Text = h.joined(v.Parts)
	case *hclsyntax.TupleConsExpr:
		n.Kind = source.Array
		for _, item := range v.Exprs {
			n.Items = append(n.Items, h.value(item))
		}
	case *hclsyntax.ObjectConsExpr:
		n.Kind = source.Object
		for _, item := range v.Items {
			n.Members = append(n.Members,
				source.Member{Key: h.key(item.KeyExpr), Pos: h.place(item.KeyExpr), Value: h.value(item.ValueExpr)})
		}
	default:
		return h.derived(n, e)
	}
	return n
}

// derived reads a local value of this file, or the call of a function that puts values together.
func (h *terraform) derived(n *source.Node, e hclsyntax.Expression) *source.Node {
	n.Text = h.asReference(e)
	switch v := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		value := n
		h.local(v, func(local hclsyntax.Expression) { value = h.value(local) })
		if !isReference(value) {
			return value
		}
	case *hclsyntax.FunctionCallExpr:
		arguments := make([]*source.Node, len(v.Args))
		for i, argument := range v.Args {
			arguments[i] = h.value(argument)
		}
		return called(n, v.Name, arguments)
	}
	return n
}

// called is what a function makes of values: n when that is not known.
func called(n *source.Node, name string, arguments []*source.Node) *source.Node {
	kind := source.Array
	switch name {
	case "jsonencode":
		if len(arguments) == 1 && !isReference(arguments[0]) {
			text, _ := arguments[0].MarshalJSON() // never fails
			return &source.Node{Kind: source.String, Pos: n.Pos, Text: string(text)}
		}
		if len(arguments) == 1 {
			return arguments[0]
		}
		return n
	case "merge":
		kind = source.Object
	case "concat":
	default:
		return n
	}
	combined := &source.Node{Kind: kind, Pos: n.Pos}
	for _, argument := range arguments {
		if !argument.Is(kind) {
			return n
		}
		combined.Items = append(combined.Items, argument.Items...)
		for _, m := range argument.Members {
			isSame := func(earlier source.Member) bool { return earlier.Key == m.Key }
			combined.Members = append(slices.DeleteFunc(combined.Members, isSame), m)
		}
	}
	return combined
}

// local reads the local value of this file that a traversal names. It is false when it names another thing, or a
// value within itself.
func (h *terraform) local(v *hclsyntax.ScopeTraversalExpr, read func(hclsyntax.Expression)) bool {
	e := h.locals[member(v, "local")]
	if e == nil || h.open[e] {
		return false
	}
	h.used[e], h.open[e] = true, true
	read(e)
	delete(h.open, e)
	return true
}

// presetOf is the default of the variable that a traversal names, nil when it names another thing or has none.
func (h *terraform) presetOf(v *hclsyntax.ScopeTraversalExpr) hclsyntax.Expression {
	return h.preset[member(v, "var")]
}

// member is the name in a traversal such as local.name, when it begins at a root and goes no deeper; otherwise "",
// which nothing is called.
func member(v *hclsyntax.ScopeTraversalExpr, root string) string {
	if len(v.Traversal) != 2 || v.Traversal.RootName() != root {
		return ""
	}
	attribute, _ := v.Traversal[1].(hcl.TraverseAttr) // the zero value for an index
	return attribute.Name
}

// sides are the expressions that an expression may come to.
func (h *terraform) sides(e hclsyntax.Expression) []hclsyntax.Expression {
	if h.budget--; h.budget < 0 {
		return []hclsyntax.Expression{e}
	}
	switch v := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return h.sides(v.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return h.sides(v.Wrapped)
	case *hclsyntax.ConditionalExpr:
		return append(h.sides(v.TrueResult), h.sides(v.FalseResult)...)
	case *hclsyntax.ScopeTraversalExpr:
		list := []hclsyntax.Expression{e}
		if preset := h.presetOf(v); preset != nil {
			list[0] = preset
		}
		h.local(v, func(local hclsyntax.Expression) { list = h.sides(local) })
		return list
	}
	return []hclsyntax.Expression{e}
}

// said is the text that an expression comes to, with the defaults of variables. It has references when only the
// deployment knows it.
func (h *terraform) said(e hclsyntax.Expression) string {
	list := h.sides(e)
	text := h.withDefaults(list[0])
	for _, side := range list[1:] {
		if h.withDefaults(side) != text {
			return h.asReference(e)
		}
	}
	return text
}

// withDefaults is the text of an expression, in which references to variables are replaced by their defaults.
func (h *terraform) withDefaults(e hclsyntax.Expression) string {
	return variable.ReplaceAllStringFunc(h.value(e).Scalar(), func(reference string) string {
		preset, ok := h.preset[variable.FindStringSubmatch(reference)[1]]
		if !ok {
			return reference
		}
		return cmp.Or(h.value(preset).Scalar(), reference)
	})
}

// variable is a reference to a variable, as asReference writes it.
var variable = regexp.MustCompile(`\$\{var\.([^{}]+)\}`)

// scalar reads a literal.
func (h *terraform) scalar(n *source.Node, e hclsyntax.Expression, value cty.Value) {
	switch {
	case value.IsNull():
		n.Kind = source.Null
	case value.Type() == cty.Bool:
		n.Kind, n.Text = source.Bool, h.source(e)
	case value.Type() == cty.Number:
		n.Kind, n.Text = source.Number, h.source(e)
		if !json.Valid([]byte(n.Text)) {
			n.Text = value.AsBigFloat().Text('g', -1)
		}
	case value.Type() == cty.String:
		n.Text = value.AsString()
	}
}

// negative reads a number with a sign.
func (h *terraform) negative(n *source.Node, e *hclsyntax.UnaryOpExpr, literal *hclsyntax.LiteralValueExpr) bool {
	if e.Op != hclsyntax.OpNegate || literal.Val.Type() != cty.Number {
		return false
	}
	h.scalar(n, literal, literal.Val)
	n.Text = "-" + n.Text
	return true
}

// joined is the text of a template, with references as they are written.
func (h *terraform) joined(parts []hclsyntax.Expression) string {
	var b strings.Builder
	for _, part := range parts {
		if text, ok := literalText(part); ok {
			b.WriteString(text)
			continue
		}
		switch n := h.value(part); n.Kind {
		case source.String, source.Number, source.Bool:
			b.WriteString(n.Text)
		default:
			b.WriteString(h.asReference(part))
		}
	}
	return b.String()
}

// key is the key of an object, a reference when it is computed.
func (h *terraform) key(e hclsyntax.Expression) string {
	if key, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		if name := hcl.ExprAsKeyword(key.Wrapped); name != "" && !key.ForceNonLiteral {
			return name
		}
		e = key.Wrapped
	}
	return h.value(e).Text
}
