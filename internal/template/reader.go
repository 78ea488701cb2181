package template

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// reader reads one file. All that reads a part of it adds to the same document.
type reader struct {
	doc   *Document
	whole excerpt
	lines lines // of the whole file
	spent int   // bytes that were tried as JSON in a text of another language
}

func newReader(file string, text []byte) *reader {
	return &reader{doc: &Document{File: file}, whole: excerpt{text: text}, lines: newLines(text)}
}

// pos is the place in the file of a byte of an excerpt.
func (r *reader) pos(e excerpt, at int) source.Pos { return r.lines.pos(e.at(at)) }

// owner is what the file says about a document beside it.
type owner struct {
	kind     Kind   // "" when only the document's shape says it
	name     string // of the resource or of what holds it
	label    string // the key that a value is under
	typ      string
	typePos  source.Pos
	settings *source.Node
	words    string     // how a message names it; "" for a value that need not be a document
	pos      source.Pos // of the value that holds the document
}

// add adds a document whose places are places in the file.
func (r *reader) add(o owner, n *source.Node, characters int) {
	if part := computed(n); part != nil {
		r.unread(o, part.Pos, fmt.Sprintf("a part of it is %s, which only the deployment knows", brief(part.Text)),
			"Write the actions as JSON in this file, or check the flow that was deployed.")
		return
	}
	r.doc.Found = append(r.doc.Found, r.found(o, n, characters))
}

// dropRepeated drops documents that are also there with what a resource says about them, as by an alias or a
// parameter.
func (r *reader) dropRepeated() {
	declared := map[source.Pos]bool{}
	for _, f := range r.doc.Found {
		declared[f.Pos()] = declared[f.Pos()] || f.declared
	}
	r.doc.Found = slices.DeleteFunc(r.doc.Found, func(f Found) bool { return !f.declared && declared[f.Pos()] })
}

// found is a document of an owner.
func (r *reader) found(o owner, n *source.Node, characters int) Found {
	kind := cmp.Or(o.kind, ContactFlow)
	if o.kind == "" && isStateMachine(n) {
		kind = StateMachine
	}
	return Found{Kind: kind, File: r.doc.File, Name: o.name, Type: o.typ, TypePos: o.typePos,
		Settings: o.settings, Node: n, Characters: characters, declared: o.words != ""}
}

// unread notes that a document cannot be read.
func (r *reader) unread(o owner, at source.Pos, reason, remedy string) {
	r.warn(CodeUnread, o.name, at, o.called()+" cannot be read: "+reason, remedy)
}

// otherFile notes that a document is in another file, whose name may begin with the folder of this one.
func (r *reader) otherFile(o owner, at source.Pos, file string) {
	file = strings.TrimPrefix(file, "${path.module}/")
	r.doc.Elsewhere = append(r.doc.Elsewhere, Elsewhere{Found: r.found(o, nil, 0), Path: file, At: at})
	remedy := "Name that file as well."
	if strings.Contains(file, "${") {
		remedy = "Name the files that it may be, or the folder that they are in."
	}
	r.warn(CodeOtherFile, o.name, at, fmt.Sprintf("%s is not read here: it is in another file, %s", o.called(), file),
		remedy)
}

// called is how a message names a document of a kind. A name such as this or main would be taken for a word of it.
func (k Kind) called(name string) string {
	if name == "" {
		return string(k)
	}
	return fmt.Sprintf("%s %q", k, name)
}

// warn adds to what is unread. name is that of the document, "" when it has none.
func (r *reader) warn(code, name string, at source.Pos, message, remedy string) {
	r.doc.Unread = append(r.doc.Unread, source.Finding{Code: code, Severity: source.Warning, File: r.doc.File,
		Pos: at, Subject: name, Message: message, Remedy: remedy})
}

// called is how a message names the document of an owner.
func (o owner) called() string {
	if o.words != "" {
		return o.words
	}
	return fmt.Sprintf("the %s in this file", cmp.Or(o.kind, ContactFlow))
}

// json reads a file that is JSON as a whole, or would be without the references and directives in it.
func (r *reader) json() error {
	t, err := r.tree(r.whole, source.ParseJSON)
	if err == nil {
		r.doc.root = t.root
		t.document()
		return nil
	}
	if !MayHold(r.whole.text) {
		return err
	}
	a := &assembly{}
	a.substituted(r.whole, false)
	if t, err := r.tree(a.out, source.ParseJSON); err == nil {
		t.document()
		return nil
	}
	if bytes.Contains(r.whole.text, []byte("%{")) {
		r.terraformTemplate()
	}
	if len(r.doc.Found)+len(r.doc.Unread) == 0 {
		return err
	}
	return nil
}

// yaml reads a file that is YAML. In one that the parser refuses, documents are found where their JSON is.
func (r *reader) yaml() {
	var trees []*tree
	for _, part := range yamlDocuments(r.whole) {
		t, err := r.tree(part, source.ParseTemplate)
		if err != nil {
			r.otherwise(err, "Correct the YAML, or save the flow in its own file.")
			return
		}
		trees = append(trees, t)
	}
	r.doc.root = trees[0].root
	for _, t := range trees {
		t.functions = true
		t.document()
	}
}

// yamlDocuments are the documents of a file, of which each may begin with a line of three dashes.
func yamlDocuments(whole excerpt) []excerpt {
	var starts []int
	at := 0
	for line := range bytes.Lines(whole.text) {
		if bytes.HasPrefix(line, []byte("---")) && len(bytes.TrimSpace(whole.text[:at])) > 0 {
			starts = append(starts, at)
		}
		at += len(line)
	}
	if len(starts) == 0 {
		return []excerpt{whole}
	}
	var parts []excerpt
	from := 0
	for _, start := range append(starts, len(whole.text)) {
		parts = append(parts, whole.slice(from, start))
		from = start
	}
	return parts
}

// otherwise looks for JSON in a file that cannot be parsed as what it should be, and says why when that leaves
// something out.
func (r *reader) otherwise(err error, remedy string) {
	rest := r.scan()
	f, _ := errors.AsType[source.Finding](err)
	if f.Pos == (source.Pos{}) {
		f.Pos = source.Pos{Line: 1, Column: 1}
	}
	isEmpty := len(r.doc.Found)+len(r.doc.Unread) == 0
	switch {
	case looksLikeDocument(rest), isEmpty && declarationAt(rest, ContactFlow, Module, StateMachine) >= 0:
		r.unread(owner{words: "this file"}, f.Pos, f.Message, remedy)
	case isEmpty:
		f.Remedy = remedy
		r.doc.fault = f
	}
}

// assembled reads the text of a document that was put together for an owner.
func (r *reader) assembled(a *assembly, o owner) {
	declared := o.words != ""
	if text := bytes.TrimSpace(a.out.text); declared && (len(text) == 0 || isOneReference(text)) {
		r.unread(o, o.pos, fmt.Sprintf("it is %s, whose value is not written in this file", brief(string(text))),
			"Check the file that the value comes from, or write the document here.")
		return
	}
	t, err := r.tree(a.out, source.ParseJSON)
	switch {
	case err == nil && (declared || isDocument(t.root) || isLegacy(t.root)):
		r.add(o, t.moved(t.root), utf8.RuneCount(a.out.text))
	case err == nil:
		t.visit(t.root, o)
	case declared || looksLikeDocument(a.out.text):
		if !declared && !holdsFlow(a.out.text) {
			o.kind = StateMachine
		}
		r.notJSON(o, err)
	}
}

// brief is the beginning of a text, for a message.
func brief(text string) string {
	const most = 80
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// isOneReference reports whether an assembled text is nothing but a reference.
func isOneReference(text []byte) bool {
	return bytes.HasPrefix(text, []byte(`"${`)) && bytes.HasSuffix(text, []byte(`}"`)) &&
		bytes.Count(text, []byte(`"`)) == 2
}

func (r *reader) notJSON(o owner, err error) {
	var f source.Finding
	if errors.As(err, &f) {
		r.unread(o, f.Pos, "it is not JSON: "+f.Message, "Correct the JSON at this place.")
	}
}

// leftOver names the file as unread when it holds a flow and nothing has been said of it so far.
func (r *reader) leftOver() {
	if len(r.doc.Found)+len(r.doc.Unread) == 0 && holdsFlow(r.whole.text) {
		r.unread(owner{}, r.pos(r.whole, bytes.Index(r.whole.text, []byte("StartAction"))),
			"it is written in a form that is not known here", "Save the flow as a JSON file, and check that.")
	}
}
