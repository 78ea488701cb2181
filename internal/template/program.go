package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// program reads a file in a language that is not parsed here.
func (r *reader) program() {
	rest := r.scan()
	language, isProgram := languages[extension(r.doc.File)]
	at := -1
	if holdsFlow(rest) {
		at = startKey(rest)
	}
	if at < 0 && isProgram && len(r.doc.Found) == 0 {
		at = declarationAt(rest, ContactFlow, Module)
	}
	o := owner{words: "the " + string(ContactFlow) + " in this file"}
	switch {
	case at < 0: // prose and programs can name all of it without holding a flow
	case isProgram:
		r.unread(o, r.lines.pos(at), "it is written in "+language+", and only running that would give its JSON",
			"Check the file that the program writes, such as the template of cdk synth, or save the flow as JSON.")
	default:
		r.unread(o, r.lines.pos(at), "it is not JSON", "Save the flow as a JSON file, and check that.")
	}
}

// startAction is the key of a flow with the beginning of its value, as it is written in whatever language. It is not a
// comparison with it.
var startAction = regexp.MustCompile(`StartAction\\*["']?\s*(?::|=>?)\s*([^\s=:]\w*)`)

// typeWords begin the types that a program declares keys with.
var typeWords = map[string]bool{"string": true, "String": true, "str": true, "Optional": true, "any": true,
	"Any": true, "unknown": true}

// startKey is where a text gives a flow its StartAction, -1 when it does not: prose, a comparison and the declaration
// of a type only mention it.
func startKey(text []byte) int {
	for _, m := range startAction.FindAllSubmatchIndex(text, -1) {
		if !typeWords[string(text[m[2]:m[3]])] {
			return m[0]
		}
	}
	return -1
}

// declared is how languages write that there is a resource of a type.
var declared = regexp.MustCompile(`\b(?i:type)["']?\s*[:=(]\s*["'` + "`" + `]?(AWS::\w+::\w+)|` +
	`\bresource\s+\\?"?(aws_\w+)`)

// declarationAt is where a text first declares a resource that holds a document of one of some kinds, -1 when it does
// not. Code and prose that only mention a type declare none.
func declarationAt(text []byte, kinds ...Kind) int {
	for _, m := range declared.FindAllSubmatchIndex(text, -1) {
		name := max(m[2], m[4])
		if d, ok := declarations[string(text[name:m[1]])]; ok && slices.Contains(kinds, d.kind) {
			return name
		}
	}
	return -1
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
