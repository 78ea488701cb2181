package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// embedded reads a flow or state machine that stands in a text value of a JSON document. Its places are those in the file.
func (r *reader) embedded(n *source.Node) {
	if strings.HasPrefix(strings.TrimLeft(n.Text, " \t\r\n"), "{") {
		r.literal(newLiteral(r.text, r.lines().offset(n.Pos)))
	}
}

// literal reads what stands in a string literal of the file.
func (r *reader) literal(l *literal) {
	if l == nil {
		return
	}
	inner, err := source.ParseJSON(r.doc.File, l.text)
	if err != nil {
		return
	}
	if !isFlow(inner) && !isMachine(inner) {
		return
	}
	innerLines := newLines(l.text)
	outer := r.lines()
	r.visit(moved(inner, func(p source.Pos) source.Pos { return outer.pos(l.at(innerLines.offset(p))) }))
}

// maxScanned is how many bytes scan tries to read as JSON in one file, all attempts together.
const maxScanned = 64 << 20

// scan looks for JSON in a file that is not JSON itself: after each brace, and in each string literal that begins with one.
func (r *reader) scan() {
	tried := 0
	for at := 0; at < len(r.text) && tried < maxScanned; at++ {
		switch {
		case r.text[at] == '{' && jsonFollows(r.text[at+1:]):
			size, ok := jsonSize(r.text[at:])
			tried += size
			if ok && r.block(at, at+size) {
				at += size - 1
			}
		case r.text[at] == '"' && bytes.HasPrefix(r.text[at+1:], []byte(`{`)) && bytes.IndexByte(r.text[at+2:min(at+8, len(r.text))], '\\') >= 0:
			if l := newLiteral(r.text, at); l != nil {
				tried += len(l.text)
				r.literal(l)
				at += l.size - 1
			}
		}
	}
}

// jsonFollows tells a JSON object from a block of another language: a quote or a closing brace comes next.
func jsonFollows(text []byte) bool {
	rest := bytes.TrimLeft(text, " \t\r\n")
	return len(rest) > 0 && rest[0] == '"'
}

// jsonSize returns the size of the JSON value at the beginning of a text, or, when there is none, how far it was looked at.
func jsonSize(text []byte) (size int, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(text))
	var raw json.RawMessage
	err := dec.Decode(&raw)
	if err == nil {
		return int(dec.InputOffset()), true
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return int(syntax.Offset), false
	}
	return len(text), false
}

// block reads a stretch of the file. Everything before it is blanked, so that places stay those of the file.
func (r *reader) block(from, to int) bool {
	blanked := make([]byte, to)
	for i := range from {
		blanked[i] = ' '
		if r.text[i] == '\n' {
			blanked[i] = '\n'
		}
	}
	copy(blanked[from:], r.text[from:to])
	n, err := source.ParseJSON(r.doc.File, blanked)
	if err != nil || !isFlow(n) && !isMachine(n) {
		return false
	}
	r.visit(n)
	return true
}

func (r *reader) lines() *lines {
	if r.places == nil {
		r.places = newLines(r.text)
	}
	return r.places
}

// lines turns offsets into places and back.
type lines struct{ starts []int }

func newLines(text []byte) *lines {
	l := &lines{starts: []int{0}}
	for i, c := range text {
		if c == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

func (l *lines) offset(p source.Pos) int {
	if p.Line < 1 || p.Line > len(l.starts) {
		return 0
	}
	return l.starts[p.Line-1] + p.Column - 1
}

func (l *lines) pos(offset int) source.Pos {
	line := sort.SearchInts(l.starts, offset+1)
	return source.Pos{Line: line, Column: offset - l.starts[line-1] + 1}
}

// literal is a JSON string literal, decoded, with the offset in the file of each decoded byte.
type literal struct {
	text    []byte
	offsets []int32
	start   int
	size    int // in the file, with the quotes
}

// newLiteral decodes the literal whose opening quote stands at an offset, nil when there is none.
func newLiteral(file []byte, start int) *literal {
	if start >= len(file) || file[start] != '"' {
		return nil
	}
	l := &literal{start: start}
	for i := start + 1; i < len(file); {
		if file[i] == '"' {
			l.size = i + 1 - start
			return l
		}
		decoded, size := unescape(file[i:])
		if size == 0 {
			return nil
		}
		for range len(decoded) {
			l.offsets = append(l.offsets, int32(i))
		}
		l.text = append(l.text, decoded...)
		i += size
	}
	return nil
}

// at returns the offset in the file of a byte of the text.
func (l *literal) at(offset int) int {
	if offset < len(l.offsets) {
		return int(l.offsets[offset])
	}
	return l.start
}

var escapes = map[byte]string{'"': `"`, '\\': `\`, '/': "/", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}

// unescape decodes one character of a literal: how it reads, and how many bytes it takes; 0 when it is malformed.
func unescape(text []byte) (decoded string, size int) {
	if text[0] != '\\' {
		return string(text[:1]), 1
	}
	if len(text) < 2 {
		return "", 0
	}
	if text[1] != 'u' {
		return escapes[text[1]], 2 * min(1, len(escapes[text[1]]))
	}
	first, ok := hex4(text[2:])
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(first) && len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
		if second, ok := hex4(text[8:]); ok {
			return string(utf16.DecodeRune(first, second)), 12
		}
	}
	return string(utf8.AppendRune(nil, first)), 6
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[:4]), 16, 32)
	return rune(n), err == nil
}

// moved returns a copy of a value in which every place is moved.
func moved(n *source.Node, move func(source.Pos) source.Pos) *source.Node {
	copied := *n
	copied.Pos = move(n.Pos)
	copied.Items = make([]*source.Node, len(n.Items))
	for i, item := range n.Items {
		copied.Items[i] = moved(item, move)
	}
	copied.Members = make([]source.Member, len(n.Members))
	for i, m := range n.Members {
		copied.Members[i] = source.Member{Key: m.Key, Pos: move(m.Pos), Value: moved(m.Value, move)}
	}
	return &copied
}
