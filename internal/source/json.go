package source

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Limits of a document. They are far above what AWS accepts for a flow (256,000 characters) or a state machine (1 MB).
const (
	MaxBytes = 16 << 20
	maxDepth = 500
)

// Codes of the findings that reading a document can give.
const (
	CodeUnreadable = "unreadable" // see Unreadable
	CodeTooLarge   = "too-large"
	CodeSyntax     = "syntax"
)

// ParseJSON parses one JSON document. file is its name in findings and is not opened. A document that cannot be parsed
// gives a Finding as error.
func ParseJSON(file string, text []byte) (*Node, error) {
	text, err := decode(file, text)
	if err != nil {
		return nil, err
	}
	p := &jsonParser{file: file, text: text}
	if err := json.Unmarshal(p.text, new(json.RawMessage)); err != nil {
		return nil, p.fault(err)
	}
	p.dec = json.NewDecoder(bytes.NewReader(p.text))
	p.dec.UseNumber()
	return p.value(0)
}

// CheckSize refuses a document that is too large to be read, with a Finding.
func CheckSize(file string, text []byte) error {
	if len(text) <= MaxBytes {
		return nil
	}
	return Finding{Code: CodeTooLarge, Severity: Error, File: file,
		Message: "the document is larger than 16 MiB", Remedy: "Check that this is the right file."}
}

type jsonParser struct {
	file  string
	text  []byte
	dec   *json.Decoder
	lines lineCounter
}

func (p *jsonParser) value(depth int) (*Node, error) {
	at := p.next()
	if depth > maxDepth {
		return nil, p.syntax(at, "values are nested more than 500 deep")
	}
	node := &Node{Pos: p.lines.pos(p.text, at)}
	token, err := p.dec.Token()
	if err != nil {
		return nil, p.fault(err)
	}
	switch t := token.(type) {
	case nil:
		node.Kind = Null
	case bool:
		node.Kind, node.Text = Bool, "false"
		if t {
			node.Text = "true"
		}
	case json.Number:
		node.Kind, node.Text = Number, t.String()
	case string:
		node.Kind, node.Text = String, t
	case json.Delim:
		if t == '{' {
			return node, p.object(node, depth)
		}
		return node, p.array(node, depth)
	}
	return node, nil
}

func (p *jsonParser) object(node *Node, depth int) error {
	node.Kind = Object
	for p.dec.More() {
		at := p.next()
		key, err := p.dec.Token()
		if err != nil {
			return p.fault(err)
		}
		member := Member{Key: key.(string), Pos: p.lines.pos(p.text, at)}
		if member.Value, err = p.value(depth + 1); err != nil {
			return err
		}
		node.Members = append(node.Members, member)
	}
	return p.end()
}

func (p *jsonParser) array(node *Node, depth int) error {
	node.Kind = Array
	for p.dec.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		node.Items = append(node.Items, item)
	}
	return p.end()
}

func (p *jsonParser) end() error {
	if _, err := p.dec.Token(); err != nil {
		return p.fault(err)
	}
	return nil
}

// next returns the offset at which the decoder's next token starts.
func (p *jsonParser) next() int64 {
	at := p.dec.InputOffset()
	for at < int64(len(p.text)) && bytes.IndexByte([]byte(" \t\r\n,:"), p.text[at]) >= 0 {
		at++
	}
	return at
}

// fault gives the place of an error that encoding/json found. Its offset is the number of bytes read before the error.
func (p *jsonParser) fault(err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return p.syntax(p.dec.InputOffset(), err.Error())
	}
	if syntax.Offset >= int64(len(p.text)) && syntax.Error() == "unexpected end of JSON input" {
		return p.syntax(int64(len(p.text)), "the JSON document ends too early")
	}
	return p.syntax(max(syntax.Offset-1, 0), syntax.Error())
}

func (p *jsonParser) syntax(at int64, message string) error {
	var lines lineCounter
	return Finding{Code: CodeSyntax, Severity: Error, File: p.file, Pos: lines.pos(p.text, at),
		Message: message, Remedy: "Fix the JSON here: look for a missing or extra comma, quote or bracket."}
}

// lineCounter turns offsets into places. Offsets must not decrease from call to call, so that the text is read once.
type lineCounter struct {
	offset    int64
	line      int
	lineStart int64
}

func (c *lineCounter) pos(text []byte, at int64) Pos {
	at = min(at, int64(len(text)))
	for ; c.offset < at; c.offset++ {
		if text[c.offset] == '\n' {
			c.line++
			c.lineStart = c.offset + 1
		}
	}
	return Pos{Line: c.line + 1, Column: int(at-c.lineStart) + 1}
}
