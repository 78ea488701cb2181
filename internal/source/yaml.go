package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// ParseYAML parses one YAML document into the same nodes as ParseJSON. It reads the part of YAML that configuration
// needs: block and flow collections, scalars and comments. Anchors, aliases, merge keys, tags and several documents
// in one file are refused. An empty document is an empty object.
func ParseYAML(file string, text []byte) (*Node, error) {
	return (&yamlParser{file: file}).parse(text)
}

// ParseTemplate parses a CloudFormation template in YAML as ParseYAML does, with the short forms of its functions as
// their long forms: !Ref x as {"Ref": "x"}, any other !NAME as {"Fn::NAME": …} (user guide, "Intrinsic function
// reference"). It also follows aliases and merge keys; such a value is the one of its anchor, and at that place.
func ParseTemplate(file string, text []byte) (*Node, error) {
	return (&yamlParser{file: file, functions: true, anchors: map[string]yamlAnchor{}}).parse(text)
}

func (p *yamlParser) parse(text []byte) (*Node, error) {
	text, err := decode(p.file, text)
	if err != nil {
		return nil, err
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) // which the lexer counts twice in comments and texts
	if max(bracketDepth(text), dashDepth(text)) > maxDepth {
		return nil, p.refuse(Pos{Line: 1, Column: 1}, "values are nested more than 500 deep")
	}
	tokens := lexer.Tokenize(string(text))
	p.noteColumns(text, tokens)
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, p.fault(err)
	}
	var node *Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if _, comment := doc.Body.(*ast.CommentGroupNode); comment {
			continue
		}
		if node != nil {
			return nil, p.refuse(p.start(doc.Body), "there is more than one YAML document in this file")
		}
		if node, err = p.value(doc.Body, 0); err != nil {
			return nil, err
		}
	}
	if node == nil {
		node = &Node{Kind: Object, Pos: Pos{Line: 1, Column: 1}}
	}
	return node, nil
}

// bracketDepth is how deep brackets nest, so that the limit holds before a parser that recurses sees the text.
func bracketDepth(text []byte) int {
	depth, deepest := 0, 0
	for _, c := range text {
		switch c {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		}
	}
	return deepest
}

// dashDepth is how deep sequences nest that begin in the same line, for the same reason.
func dashDepth(text []byte) int {
	deepest, dash := 0, []byte("- ")
	for line := range bytes.Lines(text) {
		depth := 0
		for line = bytes.TrimLeft(line, " "); bytes.HasPrefix(line, dash); line = bytes.TrimLeft(line[1:], " ") {
			depth++
		}
		deepest = max(deepest, depth)
	}
	return deepest
}

type yamlParser struct {
	file      string
	functions bool // tags are the short forms of CloudFormation's functions, and aliases are followed
	anchors   map[string]yamlAnchor
	values    int // read so far, with those that aliases repeat

	lines []string
	tags  map[int][]int // columns of the tags in each line
	last  yamlPlace     // that at was asked for, since the next one is mostly soon after it
}

// yamlPlace is a column in characters, and how many bytes are before it.
type yamlPlace struct{ line, column, bytes int }

// yamlAnchor is what an alias stands for, and how many values that is.
type yamlAnchor struct {
	node   *Node
	values int
}

// maxAliased is how many values a document with aliases may come to.
const maxAliased = 1 << 20

// noteColumns keeps what at needs.
func (p *yamlParser) noteColumns(text []byte, tokens token.Tokens) {
	p.lines = strings.Split(string(text), "\n")
	p.tags = map[int][]int{}
	for _, t := range tokens {
		if t.Type == token.TagType {
			p.tags[t.Position.Line] = append(p.tags[t.Position.Line], t.Position.Column)
		}
	}
}

// at is a place as the parser counts it, with its column in bytes: the parser counts characters, and in a line with
// tags one too few for each tag before the place.
func (p *yamlParser) at(t *token.Position) Pos {
	column := t.Column
	for _, tag := range p.tags[t.Line] {
		if tag < t.Column {
			column++
		}
	}
	if t.Line < 1 || t.Line > len(p.lines) {
		return Pos{Line: t.Line, Column: column}
	}
	if t.Line != p.last.line || column < p.last.column {
		p.last = yamlPlace{line: t.Line, column: 1}
	}
	for ; p.last.column < column; p.last.column++ {
		_, size := utf8.DecodeRuneInString(p.lines[t.Line-1][p.last.bytes:])
		p.last.bytes += size
	}
	return Pos{Line: t.Line, Column: p.last.bytes + 1}
}

func (p *yamlParser) fault(err error) error {
	f := Finding{
		Code:     CodeSyntax,
		Severity: Error,
		File:     p.file,
		Message:  err.Error(),
		Remedy:   "Fix the YAML here: check the indentation, quotes and colons.",
	}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		f.Message = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			f.Pos = p.at(t.Position)
		}
	}
	return f
}

func (p *yamlParser) refuse(at Pos, message string) error {
	return Finding{Code: CodeSyntax, Severity: Error, File: p.file, Pos: at, Message: message,
		Remedy: "Write it as plain YAML: no anchors, tags or second documents."}
}

func (p *yamlParser) place(n ast.Node) Pos {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return p.at(t.Position)
	}
	return Pos{}
}

// start is the place of a node's first token; a mapping's own token is the colon of its first key.
func (p *yamlParser) start(n ast.Node) Pos {
	switch v := n.(type) {
	case *ast.MappingValueNode:
		return p.start(v.Key)
	case *ast.MappingNode:
		if len(v.Values) > 0 && !v.IsFlowStyle {
			return p.start(v.Values[0].Key)
		}
	}
	return p.place(n)
}

func (p *yamlParser) value(n ast.Node, depth int) (*Node, error) {
	p.values++
	node := &Node{Pos: p.start(n)}
	if depth > maxDepth {
		return nil, p.refuse(node.Pos, "values are nested more than 500 deep")
	}
	switch v := n.(type) {
	case *ast.NullNode:
		node.Kind = Null
	case *ast.BoolNode:
		node.Kind, node.Text = Bool, strconv.FormatBool(v.Value)
	case *ast.IntegerNode:
		node.Kind, node.Text = Number, numeral(v, fmt.Sprint(v.Value))
	case *ast.FloatNode:
		return node, p.float(node, v)
	case *ast.StringNode:
		node.Kind, node.Text = String, v.Value
	case *ast.LiteralNode:
		node.Kind, node.Text = String, v.Value.Value
	case *ast.SequenceNode:
		return node, p.sequence(node, v, depth)
	case *ast.MappingNode:
		return node, p.mapping(node, v.Values, depth)
	case *ast.MappingValueNode:
		return node, p.mapping(node, []*ast.MappingValueNode{v}, depth)
	case *ast.TagNode:
		return p.function(node, v, depth)
	default:
		return p.repeated(node.Pos, n, depth)
	}
	return node, nil
}

// repeated reads a value with an anchor, or an alias.
func (p *yamlParser) repeated(at Pos, n ast.Node, depth int) (*Node, error) {
	switch v := n.(type) {
	case *ast.AnchorNode:
		if !p.functions || v.Value == nil {
			break
		}
		before := p.values
		node, err := p.value(v.Value, depth+1)
		if err == nil {
			p.anchors[v.Name.String()] = yamlAnchor{node: node, values: p.values - before}
		}
		return node, err
	case *ast.AliasNode:
		anchor, known := p.anchors[v.Value.String()]
		if !known {
			break
		}
		if p.values += anchor.values; p.values > maxAliased {
			return nil, p.refuse(at, "aliases repeat too many values")
		}
		return anchor.node, nil
	}
	return nil, p.refuse(at, fmt.Sprintf("%s is not supported here", n.Type()))
}

// function reads the short form of one of CloudFormation's functions.
func (p *yamlParser) function(node *Node, v *ast.TagNode, depth int) (*Node, error) {
	name, short := strings.CutPrefix(v.Start.Value, "!")
	if !p.functions || !short || name == "" || strings.Contains(name, "!") || v.Value == nil {
		return nil, p.refuse(node.Pos, fmt.Sprintf("%s is not supported here", v.Type()))
	}
	argument, err := p.value(v.Value, depth+1)
	if err != nil {
		return nil, err
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	node.Kind, node.Members = Object, []Member{{Key: name, Pos: node.Pos, Value: argument}}
	return node, nil
}

func (p *yamlParser) float(node *Node, v *ast.FloatNode) error {
	if math.IsInf(v.Value, 0) || math.IsNaN(v.Value) {
		return p.refuse(node.Pos, "JSON cannot express this number")
	}
	node.Kind, node.Text = Number, numeral(v, strconv.FormatFloat(v.Value, 'g', -1, 64))
	return nil
}

// numeral is a number as it is written, or value where JSON writes it otherwise.
func numeral(n ast.Node, value string) string {
	if written := n.GetToken().Value; json.Valid([]byte(written)) {
		return written
	}
	return value
}

func (p *yamlParser) sequence(node *Node, v *ast.SequenceNode, depth int) error {
	node.Kind = Array
	for _, item := range v.Values {
		child, err := p.value(item, depth+1)
		if err != nil {
			return err
		}
		node.Items = append(node.Items, child)
	}
	return nil
}

func (p *yamlParser) mapping(node *Node, values []*ast.MappingValueNode, depth int) error {
	node.Kind = Object
	written := map[string]bool{}
	var merged []Member
	for _, v := range values {
		if _, isMerge := v.Key.(*ast.MergeKeyNode); isMerge && p.functions {
			from, err := p.value(v.Value, depth+1)
			if err != nil {
				return err
			}
			if from.Kind != Object {
				return p.refuse(from.Pos, "a merge key needs an object")
			}
			merged = append(merged, from.Members...)
			continue
		}
		key, err := p.value(v.Key, depth)
		if err != nil {
			return err
		}
		if key.Kind == Array || key.Kind == Object || key.Kind == Null {
			return p.refuse(key.Pos, "a key must be plain text")
		}
		if written[key.Text] {
			return p.refuse(key.Pos, fmt.Sprintf("the key %q is written twice", key.Text))
		}
		written[key.Text] = true
		child, err := p.value(v.Value, depth+1)
		if err != nil {
			return err
		}
		node.Members = append(node.Members, Member{Key: key.Text, Pos: key.Pos, Value: child})
	}
	for _, m := range merged {
		if !written[m.Key] {
			written[m.Key] = true
			node.Members = append(node.Members, m)
		}
	}
	return nil
}
