package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
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
	p.tokens = jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true)) // an escape may be half a character
	node, err := p.document()
	if err != nil {
		return nil, p.explain(err)
	}
	return node, nil
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
	file   string
	text   []byte
	tokens *jsontext.Decoder
	lines  lineCounter
}

// document reads the one value of the text.
func (p *jsonParser) document() (*Node, error) {
	node, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.tokens.ReadToken(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return node, nil
}

func (p *jsonParser) value(depth int) (*Node, error) {
	at := p.next()
	if depth > maxDepth {
		return nil, p.syntax(at, "values are nested more than 500 deep")
	}
	node := &Node{Pos: p.lines.pos(p.text, at)}
	token, err := p.tokens.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case jsontext.KindNull:
		node.Kind = Null
	case jsontext.KindTrue, jsontext.KindFalse:
		node.Kind, node.Text = Bool, token.String()
	case jsontext.KindNumber:
		node.Kind, node.Text = Number, token.String()
	case jsontext.KindString:
		node.Kind, node.Text = String, token.String()
	case jsontext.KindBeginObject:
		return node, p.object(node, depth)
	default:
		return node, p.array(node, depth)
	}
	return node, nil
}

func (p *jsonParser) object(node *Node, depth int) error {
	node.Kind = Object
	for p.tokens.PeekKind() != jsontext.KindEndObject {
		at := p.next()
		key, err := p.tokens.ReadToken()
		if err != nil {
			return err
		}
		member := Member{Key: key.String(), Pos: p.lines.pos(p.text, at)}
		if member.Value, err = p.value(depth + 1); err != nil {
			return err
		}
		node.Members = append(node.Members, member)
	}
	_, err := p.tokens.ReadToken()
	return err
}

func (p *jsonParser) array(node *Node, depth int) error {
	node.Kind = Array
	for p.tokens.PeekKind() != jsontext.KindEndArray {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		node.Items = append(node.Items, item)
	}
	_, err := p.tokens.ReadToken()
	return err
}

// next returns the offset at which the next token starts.
func (p *jsonParser) next() int64 {
	for at := p.tokens.InputOffset(); at < int64(len(p.text)); at++ {
		switch p.text[at] {
		case ' ', '\t', '\r', '\n', ',', ':':
		default:
			return at
		}
	}
	return int64(len(p.text))
}

// explain gives the place and the reason of an error as encoding/json sees them. Its offset is the number of bytes read
// before the error.
func (p *jsonParser) explain(err error) error {
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(p.text, new(json.RawMessage)), &syntax) {
		return AsFinding(p.file, err) // values that are nested too deep
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
