package template

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/connect-async/connect-async/internal/source"
)

// terraform reads a text in Terraform's language.
type terraform struct {
	*reader
	text   excerpt                         // that the ranges of expressions are in
	locals map[string]hclsyntax.Expression // by name, of this file
	preset map[string]hclsyntax.Expression // defaults of this file's variables, by name
	used   map[hclsyntax.Expression]bool   // local values that were read where they are named
	open   map[hclsyntax.Expression]bool   // local values that are being read, so that none is read within itself
	budget int                             // how many more values may be read
}

// maxValues is how many values one file may come to, since a local value can be used many times.
const maxValues = 250_000

func (r *reader) newTerraform(e excerpt) *terraform {
	return &terraform{reader: r, text: e, budget: maxValues, locals: map[string]hclsyntax.Expression{},
		preset: map[string]hclsyntax.Expression{},
		used:   map[hclsyntax.Expression]bool{}, open: map[hclsyntax.Expression]bool{}}
}

// terraform reads a file in Terraform's language. In one that the parser refuses, documents are found where their
// JSON is.
func (r *reader) terraform() {
	const remedy = "Correct it (terraform validate), or save the flow in its own file."
	h := r.newTerraform(r.whole)
	tokens, diagnostics := hclsyntax.LexConfig(h.text.text, r.doc.File, hcl.InitialPos)
	if err := h.refused(tokens, diagnostics); err != nil {
		r.otherwise(err, remedy)
		return
	}
	file, diagnostics := hclsyntax.ParseConfig(h.text.text, r.doc.File, hcl.InitialPos)
	if err := h.refused(nil, diagnostics); err != nil {
		r.otherwise(err, remedy)
		return
	}
	body := file.Body.(*hclsyntax.Body) // as ParseConfig promises
	h.noteValues(body)
	h.resources(body)
	h.others(body)
}

// Limits of what the parser is given: it recurses, and it joins the lines of a text one by one.
const (
	maxNesting    = 500
	maxOperators  = 500
	maxDirectives = 10_000
	maxJoined     = 8 << 30
)

// refused is the first error of the parser or, before it is called, that a text would take it too deep.
func (h *terraform) refused(tokens hclsyntax.Tokens, diagnostics hcl.Diagnostics) error {
	at := source.Pos{Line: 1, Column: 1}
	message := ""
	switch {
	case diagnostics.HasErrors():
		d := diagnostics.Errs()[0].(*hcl.Diagnostic) // as Errs promises
		message = strings.TrimSpace(d.Summary + ": " + d.Detail)
		if d.Subject != nil {
			at = h.pos(h.text, d.Subject.Start.Byte)
		}
	case tooDeep(tokens):
		message = "it is nested too deep, or its texts are too long"
	default:
		return nil
	}
	return source.Finding{Code: source.CodeSyntax, Severity: source.Error, File: h.doc.File, Pos: at, Message: message}
}

// tooDeep reports whether the parser would take too much stack or time for a text.
func tooDeep(tokens hclsyntax.Tokens) bool {
	var e effort
	for _, token := range tokens {
		e.nest(token.Type)
		e.repeat(token)
		if e.depth > maxNesting || e.operators > maxOperators || e.directives > maxDirectives || e.joined > maxJoined {
			return true
		}
	}
	return false
}

// effort is what the tokens of a text so far cost the parser.
type effort struct {
	depth      int // of brackets
	directives int // and conditions, each of which may be within the one before
	operators  int // one after the other
	run        int // bytes of the text that is being joined
	joined     int // bytes that are copied to join texts
}

func (e *effort) nest(t hclsyntax.TokenType) {
	switch t {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp:
		e.depth++
	case hclsyntax.TokenTemplateControl:
		e.depth++
		e.directives++
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
		e.depth = max(e.depth-1, 0)
	case hclsyntax.TokenQuestion:
		e.directives++
	}
}

func (e *effort) repeat(token hclsyntax.Token) {
	switch token.Type {
	case hclsyntax.TokenNewline, hclsyntax.TokenComment:
		return
	case hclsyntax.TokenMinus, hclsyntax.TokenBang:
		e.operators++
	case hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit:
		e.run += len(token.Bytes)
		e.joined += e.run
		return
	default:
		e.operators = 0
	}
	e.run = 0
}

// noteValues notes local values, and the defaults of variables.
func (h *terraform) noteValues(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		switch {
		case block.Type == "locals":
			for name, attribute := range block.Body.Attributes {
				h.locals[name] = attribute.Expr
			}
		case block.Type == "variable" && len(block.Labels) == 1:
			if attribute, ok := block.Body.Attributes["default"]; ok {
				h.preset[block.Labels[0]] = attribute.Expr
			}
		}
	}
}

// resources reads what the resources of a file declare.
func (h *terraform) resources(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		if d, ok := declarations[resourceType(block)]; ok {
			h.resource(d, block)
		}
	}
}

// resourceType is the type of the resource that a block declares, "" when it declares none.
func resourceType(block *hclsyntax.Block) string {
	if block.Type != "resource" || len(block.Labels) != 2 {
		return ""
	}
	return block.Labels[0]
}

func (h *terraform) resource(d declaration, block *hclsyntax.Block) {
	label := block.Labels[1]
	o := d.owner(label, h.pos(h.text, block.Range().Start.Byte))
	if name, ok := block.Body.Attributes[d.name]; ok {
		o.name = h.said(name.Expr)
	}
	if typ, ok := block.Body.Attributes[d.typ]; ok {
		h.typed(&o, typ.Expr)
	}
	for _, key := range d.content {
		if content, ok := block.Body.Attributes[key]; ok {
			h.content(content.Expr, o)
			return
		}
	}
	for _, key := range d.elsewhere {
		if other, ok := block.Body.Attributes[key]; ok {
			n := h.value(other.Expr)
			h.otherFile(o, n.Pos, n.Text)
			return
		}
	}
	h.absent(d, o)
}

// others looks for documents outside the resources that declare them: in local values, arguments of modules and the
// like.
func (h *terraform) others(body *hclsyntax.Body) {
	attributes := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, attribute := range body.Attributes {
		attributes = append(attributes, attribute)
	}
	slices.SortFunc(attributes, func(a, b *hclsyntax.Attribute) int {
		return cmp.Compare(a.SrcRange.Start.Byte, b.SrcRange.Start.Byte)
	})
	for _, attribute := range attributes {
		o := owner{}
		if contentKeys[attribute.Name] {
			o = h.besides(body)
		}
		h.search(attribute.Expr, o)
	}
	for _, block := range body.Blocks {
		if _, declared := declarations[resourceType(block)]; !declared {
			h.others(block.Body)
		}
	}
}

// search looks for documents in an expression, which need not hold one.
func (h *terraform) search(e hclsyntax.Expression, o owner) {
	if h.used[e] {
		return
	}
	o.pos = h.place(e)
	switch v := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		h.search(v.Expression, o)
	case *hclsyntax.TemplateExpr:
		if looksLikeJSON(h.source(v)) {
			h.template(v, o)
		}
	case *hclsyntax.FunctionCallExpr:
		for _, argument := range v.Args {
			h.search(argument, o)
		}
	case *hclsyntax.TupleConsExpr:
		for _, item := range v.Exprs {
			h.search(item, o)
		}
	case *hclsyntax.ObjectConsExpr:
		h.searchObject(v, o)
	}
}

func (h *terraform) searchObject(e *hclsyntax.ObjectConsExpr, o owner) {
	if n := h.shallow(e); isDocument(n) {
		doc := h.value(e)
		h.add(o, doc, characters(doc))
		return
	}
	keys := make([]string, len(e.Items))
	for i, item := range e.Items {
		keys[i] = h.key(item.KeyExpr)
	}
	beside := owner{}
	if slices.ContainsFunc(keys, func(key string) bool { return contentKeys[key] }) {
		for i, item := range e.Items {
			h.note(&beside, keys[i], item.ValueExpr)
		}
	}
	for i, item := range e.Items {
		child := owner{}
		if contentKeys[keys[i]] {
			child = beside
		}
		h.search(item.ValueExpr, child)
	}
}

// besides is what a block says about the document in one of its attributes.
func (h *terraform) besides(body *hclsyntax.Body) owner {
	var o owner
	for name, attribute := range body.Attributes {
		h.note(&o, name, attribute.Expr)
	}
	return o
}

// note notes the name and the type that are beside a document.
func (h *terraform) note(o *owner, key string, e hclsyntax.Expression) {
	switch key {
	case "name", "Name":
		o.name = h.said(e)
	case "type", "Type":
		h.typed(o, e)
	}
}

// typed notes the type that is written beside a document.
func (h *terraform) typed(o *owner, e hclsyntax.Expression) {
	if o.typ = h.said(e); o.typ != "" {
		o.typePos = h.place(e)
	}
}

// shallow is an object with those of its values that are plain texts, and empty objects for the others.
func (h *terraform) shallow(e *hclsyntax.ObjectConsExpr) *source.Node {
	n := &source.Node{Kind: source.Object, Pos: h.place(e)}
	for _, item := range e.Items {
		value := &source.Node{Kind: source.Object, Pos: h.place(item.ValueExpr)}
		if text, ok := item.ValueExpr.(*hclsyntax.TemplateExpr); ok {
			value = h.value(text)
		}
		n.Members = append(n.Members, source.Member{Key: h.key(item.KeyExpr), Pos: h.place(item.KeyExpr), Value: value})
	}
	return n
}

// source is what is written where an expression is; place is the place of it.
func (h *terraform) source(e hclsyntax.Expression) string {
	r := e.Range()
	return string(h.text.text[r.Start.Byte:r.End.Byte])
}

func (h *terraform) place(e hclsyntax.Expression) source.Pos {
	return h.pos(h.text, e.Range().Start.Byte)
}

// looksLikeJSON reports whether a quoted text or a heredoc begins with a brace.
func looksLikeJSON(written string) bool {
	if heredoc, ok := strings.CutPrefix(written, "<<"); ok {
		_, body, _ := strings.Cut(heredoc, "\n")
		return strings.HasPrefix(strings.TrimSpace(body), "{")
	}
	return strings.HasPrefix(written, `"{`)
}
