package template

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/connect-async/connect-async/internal/source"
)

// terraformTemplate reads a file that is the template of a text.
func (r *reader) terraformTemplate() {
	r.terraformText(r.whole, owner{pos: source.Pos{Line: 1, Column: 1}})
}

// terraformText reads a text that is a template of Terraform.
func (r *reader) terraformText(e excerpt, o owner) {
	h := r.newTerraform(e)
	tokens, diagnostics := hclsyntax.LexTemplate(e.text, r.doc.File, hcl.InitialPos)
	err := h.refused(tokens, diagnostics)
	if err == nil {
		var parsed hclsyntax.Expression
		parsed, diagnostics = hclsyntax.ParseTemplate(e.text, r.doc.File, hcl.InitialPos)
		if err = h.refused(nil, diagnostics); err == nil {
			h.content(parsed, o)
			return
		}
	}
	if o.words == "" {
		r.otherwise(err, "Correct the template, or save the flow in its own file.")
		return
	}
	r.notJSON(o, err)
}

// content reads the expression that holds a document.
func (h *terraform) content(e hclsyntax.Expression, o owner) {
	o.pos = h.place(e)
	switch v := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		h.content(v.Expression, o)
	case *hclsyntax.TemplateWrapExpr:
		h.content(v.Wrapped, o)
	case *hclsyntax.TemplateExpr:
		h.template(v, o)
	case *hclsyntax.FunctionCallExpr:
		h.call(v, o)
	case *hclsyntax.ScopeTraversalExpr:
		if !h.local(v, func(local hclsyntax.Expression) { h.content(local, o) }) && !h.presetContent(v, o) {
			h.unknown(e, o)
		}
	case *hclsyntax.ConditionalExpr:
		for _, side := range []hclsyntax.Expression{v.TrueResult, v.FalseResult} {
			if !isNull(side) {
				h.content(side, o)
			}
		}
	default:
		h.unknown(e, o)
	}
}

// presetContent reads the document that a variable has when none is given. It is false when it has none.
func (h *terraform) presetContent(v *hclsyntax.ScopeTraversalExpr, o owner) bool {
	e := h.presetOf(v)
	if e == nil || !looksLikeJSON(h.source(e)) {
		return false
	}
	h.used[e] = true
	h.content(e, o)
	return true
}

// isNull reports whether an expression leaves its attribute out.
func isNull(e hclsyntax.Expression) bool {
	v, ok := e.(*hclsyntax.LiteralValueExpr)
	return ok && v.Val.IsNull()
}

// unknown notes that a document is an expression whose value is not in the file.
func (h *terraform) unknown(e hclsyntax.Expression, o owner) {
	if o.words != "" {
		h.unread(o, o.pos, fmt.Sprintf("it is %s, whose value is not written in this file", brief(h.asReference(e))),
			"Check the file that the value comes from, or write the document here.")
	}
}

// unchanged are the functions that change nothing of what a document says, or only what it is filled in with.
var unchanged = map[string]bool{"chomp": true, "trimspace": true, "tostring": true, "replace": true, "format": true,
	"sensitive": true, "nonsensitive": true}

// call reads the document that a function returns.
func (h *terraform) call(v *hclsyntax.FunctionCallExpr, o owner) {
	switch {
	case unchanged[v.Name] && len(v.Args) > 0:
		h.content(v.Args[0], o)
	case v.Name == "jsonencode" && len(v.Args) == 1:
		n := h.value(v.Args[0])
		if !n.Is(source.Object) {
			h.notHere(v, o)
			return
		}
		h.add(o, n, characters(n))
	default:
		h.notHere(v, o)
	}
}

// notHere notes that a document is in the file that a call reads, or what the call computes.
func (h *terraform) notHere(v *hclsyntax.FunctionCallExpr, o owner) {
	if file := h.readsFile(v); file != nil && o.words != "" {
		h.otherFile(o, file.Pos, file.Text)
		return
	}
	h.unknown(v, o)
}

// readsFile finds the name of the file that a call reads, nil when it reads none.
func (h *terraform) readsFile(v *hclsyntax.FunctionCallExpr) *source.Node {
	if (v.Name == "file" || v.Name == "templatefile") && len(v.Args) > 0 {
		return h.value(v.Args[0])
	}
	for _, argument := range v.Args {
		if inner, ok := argument.(*hclsyntax.FunctionCallExpr); ok {
			if name := h.readsFile(inner); name != nil {
				return name
			}
		}
	}
	return nil
}

// template reads a document that is a text with references and directives.
func (h *terraform) template(e *hclsyntax.TemplateExpr, o owner) {
	if only := onlyReference(e); only != nil {
		h.content(only, o)
		return
	}
	w := &templateWriter{terraform: h, assembly: &assembly{}}
	w.parts(e.Parts, h.decoderOf(e, unquoted))
	switch {
	case w.repeats != (source.Pos{}) && (o.words != "" || looksLikeDocument(w.out.text)):
		h.unread(o, w.repeats, "a loop writes parts of it, and only the deployment knows which",
			"Check the deployed document, or a Terraform plan as JSON (terraform show -json).")
		return
	case !w.varies:
		h.assembled(w.assembly, o)
		return
	}
	if _, err := h.tree(w.out, source.ParseJSON); err != nil {
		second := &templateWriter{terraform: h, assembly: &assembly{}, otherwise: true}
		second.parts(e.Parts, h.decoderOf(e, unquoted))
		if _, err := h.tree(second.out, source.ParseJSON); err == nil {
			w = second
		}
	}
	before := len(h.doc.Found)
	h.assembled(w.assembly, o)
	for _, found := range h.doc.Found[before:] {
		name := cmp.Or(found.Name, "in this file")
		h.warn(CodePartlyRead, found.Name, w.directive,
			fmt.Sprintf("the %s %s varies with %%{ } directives; one form of it is read", found.Kind, name),
			"Check a Terraform plan as JSON (terraform show -json) for the form that is deployed.")
	}
}

// onlyReference is the expression in a text that has nothing else in it, nil when there is more.
func onlyReference(e *hclsyntax.TemplateExpr) hclsyntax.Expression {
	var only hclsyntax.Expression
	for _, part := range e.Parts {
		text, isText := literalText(part)
		switch {
		case isText && isBlank(text):
		case isText || only != nil:
			return nil
		default:
			only = part
		}
	}
	return only
}

// literalText is the text of a part of a template that is neither a reference nor a directive.
func literalText(e hclsyntax.Expression) (string, bool) {
	v, ok := e.(*hclsyntax.LiteralValueExpr)
	if !ok || v.Val.IsNull() || v.Val.Type() != cty.String {
		return "", false
	}
	return v.Val.AsString(), true
}

// decoderOf is the decoder of the literal texts in a template: one in quotes has escapes, a heredoc has none.
func (h *terraform) decoderOf(e hclsyntax.Expression, within decoder) decoder {
	switch written := h.source(e); {
	case strings.HasPrefix(written, `"`):
		return terraformLiteral(doubleQuoted)
	case strings.HasPrefix(written, "<<"):
		return terraformLiteral(unquoted)
	}
	return terraformLiteral(within)
}

// templateWriter writes the text of a template. Of a condition it takes one side, of a loop one turn.
type templateWriter struct {
	*terraform
	*assembly
	otherwise bool       // whether it takes the sides of conditions that do not hold
	varies    bool       // whether there was a directive
	directive source.Pos // where the first one is
	repeats   source.Pos // where a loop is that writes actions or states, which branches of others lead to
}

func (w *templateWriter) parts(parts []hclsyntax.Expression, decode decoder) {
	for _, part := range parts {
		w.part(part, decode)
	}
}

func (w *templateWriter) part(e hclsyntax.Expression, decode decoder) {
	if text, ok := literalText(e); ok {
		w.stretch(text, e, decode)
		return
	}
	if !strings.HasPrefix(w.source(e), "%{") {
		w.interpolation(e)
		return
	}
	if !w.varies {
		w.varies, w.directive = true, w.place(e)
	}
	switch v := e.(type) {
	case *hclsyntax.ConditionalExpr:
		if w.otherwise {
			w.side(v.FalseResult, decode)
			return
		}
		w.side(v.TrueResult, decode)
	case *hclsyntax.TemplateJoinExpr:
		if loop, ok := v.Tuple.(*hclsyntax.ForExpr); ok {
			w.turn(loop, decode)
		}
	}
}

// actionDepth is how deep in a document its actions or states are: in a list or an object of the outermost one.
const actionDepth = 2

// turn writes what one turn of a loop does.
func (w *templateWriter) turn(loop *hclsyntax.ForExpr, decode decoder) {
	before, isOutside := len(w.out.text), w.depth <= actionDepth && !w.inString
	w.side(loop.ValExpr, decode)
	if isOutside && !isBlank(string(w.out.text[before:])) {
		w.repeats = w.place(loop)
	}
}

// side writes what is between directives.
func (w *templateWriter) side(e hclsyntax.Expression, decode decoder) {
	if template, ok := e.(*hclsyntax.TemplateExpr); ok {
		w.parts(template.Parts, decode)
		return
	}
	w.part(e, decode)
}

// stretch writes a literal text of a template.
func (w *templateWriter) stretch(text string, e hclsyntax.Expression, decode decoder) {
	start := e.Range().Start.Byte
	written := excerpt{text: []byte(text), offsets: make([]int32, len(text))}
	found, ok := align(text, []byte(w.source(e)), decode)
	for i := range written.offsets {
		written.offsets[i] = int32(w.text.at(start))
		if ok {
			written.offsets[i] = int32(w.text.at(start + int(found[i])))
		}
	}
	w.literal(written)
}

// interpolation writes what is between ${ and }. A value that the file says is written as it is.
func (w *templateWriter) interpolation(e hclsyntax.Expression) {
	at := w.text.at(e.Range().Start.Byte)
	call, isCall := e.(*hclsyntax.FunctionCallExpr)
	if isCall && call.Name == "jsonencode" && len(call.Args) == 1 && !w.inString {
		w.node(w.value(call.Args[0]), w.reader.lines.offset)
		return
	}
	n := w.value(e)
	if strings.Contains(n.Text, "${") || n.Is(source.Object) || n.Is(source.Array) || n.Is(source.Null) {
		w.reference(w.asReference(e), at)
		return
	}
	w.bytes(n.Text, at)
}

// asReference writes an expression as a reference, on one line.
func (h *terraform) asReference(e hclsyntax.Expression) string {
	return "${" + strings.Join(strings.Fields(h.source(e)), " ") + "}"
}
