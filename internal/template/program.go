package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"

	"github.com/connect-async/connect-async/internal/source"
)

// program reads a file in a language that is not parsed here.
func (r *reader) program() {
	rest := r.scan()
	language, isProgram := languages[extension(r.doc.File)]
	at := bytes.Index(rest, []byte("StartAction"))
	switch key := startAction.FindIndex(rest); {
	case !isProgram && (!holdsFlow(rest) || key == nil):
		return // prose can name all of it without holding a flow
	case !isProgram:
		at = key[0]
	case !holdsFlow(rest):
		if at = firstDeclaration(rest); at < 0 || len(r.doc.Found) > 0 {
			return
		}
	}
	o := owner{words: "the " + string(ContactFlow) + " in this file"}
	if isProgram {
		r.unread(o, r.lines.pos(at), "it is written in "+language+", and only running that would give its JSON",
			"Check the file that the program writes, such as the template of cdk synth, or save the flow as JSON.")
		return
	}
	r.unread(o, r.lines.pos(at), "it is not JSON", "Save the flow as a JSON file, and check that.")
}

// startAction is the key of a flow, as it is written in whatever language.
var startAction = regexp.MustCompile(`StartAction\\*["']?\s*[:=]`)

// firstDeclaration is where a text first names the type of a resource that is a flow or a module, -1 when it does
// not.
func firstDeclaration(text []byte) int {
	at := -1
	for _, word := range []string{"AWS::Connect::ContactFlow", "aws_connect_contact_flow"} {
		if i := bytes.Index(text, []byte(word)); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	return at
}

// languages are the names of programming languages, by the names of files.
var languages = map[string]string{".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript", ".js": "JavaScript",
	".mjs": "JavaScript", ".cjs": "JavaScript", ".py": "Python", ".go": "Go", ".java": "Java", ".cs": "C#",
	".rb": "Ruby"}

// maxScanned is how many bytes scan tries to read as JSON in one file, all attempts together.
const maxScanned = 64 << 20

// scan looks for JSON in a text of any language: after each brace, and in each text in double quotes that begins with
// one. It returns the text with what was found blanked out.
func (r *reader) scan() (rest []byte) {
	text := r.whole.text
	rest = bytes.Clone(text)
	for at := 0; at < len(text) && r.spent < maxScanned; at++ {
		size := 0
		switch {
		case text[at] == '{' && jsonFollows(text[at+1:]):
			size = r.block(at)
		case text[at] == '"' && isQuotedJSON(text[at+1:]):
			size = r.quoted(at)
		}
		if size > 0 {
			blank(rest[at : at+size])
			at += size - 1
		}
	}
	return rest
}

func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}

// jsonFollows tells a JSON object from a block of another language: a quote comes next.
func jsonFollows(text []byte) bool {
	rest := bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n")
	return len(rest) > 0 && rest[0] == '"'
}

// isQuotedJSON reports whether what follows a quote is a JSON object with escapes.
func isQuotedJSON(text []byte) bool {
	return bytes.HasPrefix(text, []byte("{")) && bytes.IndexByte(text[:min(len(text), 8)], '\\') >= 0
}

// block reads the JSON that begins at an offset, and returns its size when documents are in it.
func (r *reader) block(at int) (size int) {
	size, ok := jsonSize(r.whole.text[at:])
	r.spent += size
	if !ok || !r.holds(r.whole.slice(at, at+size)) {
		return 0
	}
	return size
}

// quoted reads the JSON in the text in double quotes that begins at an offset, and returns its size when documents
// are in it.
func (r *reader) quoted(at int) (size int) {
	e, size := literal(excerpt{text: r.whole.text[at:]})
	r.spent += len(e.text)
	for i := range e.offsets {
		e.offsets[i] += int32(at)
	}
	if size == 0 || !r.holds(e) {
		return 0
	}
	return size
}

// holds reads JSON and reports whether documents, or the reasons why they are unread, were found in it.
func (r *reader) holds(e excerpt) bool {
	t, err := r.tree(e, source.ParseJSON)
	if err != nil {
		return false
	}
	before := len(r.doc.Found) + len(r.doc.Unread)
	t.document()
	return len(r.doc.Found)+len(r.doc.Unread) > before
}

// jsonSize is the size of the JSON value at the beginning of a text or, when there is none, how far it was looked at.
func jsonSize(text []byte) (size int, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var raw json.RawMessage
	err := decoder.Decode(&raw)
	if err == nil {
		return int(decoder.InputOffset()), true
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return int(syntax.Offset), false
	}
	return len(text), false
}
