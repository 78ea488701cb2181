package dynamodb

import (
	"fmt"
	"regexp"
	"strings"
)

// maxExpression is the length of an expression in bytes (developer guide, service quotas).
const maxExpression = 4096

// token is the next word, placeholder, number or sign of an expression.
var token = regexp.MustCompile(`^(?:[A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|[0-9]+|<>|<=|>=|[=<>()\[\],.+\-])`)

// scanner reads the tokens of an expression. It stops at the first mistake: then err is set and no tokens are left.
type scanner struct {
	kind   string // of the expression: ConditionExpression, …
	rest   string
	next   string // "" at the end
	err    error
	names  map[string]string
	values map[string]value
	used   map[string]bool // placeholders that were met
}

// scan begins an expression.
func (e *expressions) scan(kind, text string) *scanner {
	s := &scanner{
		kind:   kind,
		rest:   text,
		names:  e.ExpressionAttributeNames,
		values: e.ExpressionAttributeValues,
		used:   e.used,
	}
	if len(text) > maxExpression {
		s.fail("Expression size has exceeded the maximum allowed size")
		return s
	}
	s.advance()
	return s
}

// advance reads the next token and returns the one before it.
func (s *scanner) advance() (read string) {
	read = s.next
	s.rest = strings.TrimLeft(s.rest, " \t\r\n")
	s.next = token.FindString(s.rest)
	if s.next == "" && s.rest != "" {
		s.fail("Syntax error; token: \"" + s.rest[:1] + "\"")
		return read
	}
	s.rest = s.rest[len(s.next):]
	return read
}

// fail stops the scanner at a mistake.
func (s *scanner) fail(problem string) {
	if s.err == nil {
		s.err = invalid(fmt.Sprintf("Invalid %s: %s", s.kind, problem))
	}
	s.next, s.rest = "", ""
}

// accept reads a token when it is the next one; words are recognised in any case.
func (s *scanner) accept(text string) bool {
	if s.next == "" || !strings.EqualFold(s.next, text) {
		return false
	}
	s.advance()
	return true
}

func (s *scanner) expect(text string) {
	if !s.accept(text) {
		s.unexpected()
	}
}

func (s *scanner) unexpected() {
	at := s.next
	if at == "" {
		at = "<EOF>"
	}
	s.fail("Syntax error; token: \"" + at + "\"")
}

// end says that nothing may follow.
func (s *scanner) end() error {
	if s.next != "" {
		s.unexpected()
	}
	return s.err
}

func isName(token string) bool {
	return token != "" &&
		(token[0] == '#' || token[0] == '_' || token[0] >= 'A' && token[0] <= 'Z' || token[0] >= 'a' && token[0] <= 'z')
}

// name reads the name of an attribute, itself or a placeholder of it.
func (s *scanner) name() string {
	if !isName(s.next) {
		s.unexpected()
		return ""
	}
	name := s.advance()
	if name[0] != '#' {
		if reserved[strings.ToUpper(name)] {
			s.fail("Attribute name is a reserved keyword; reserved keyword: " + name)
		}
		return name
	}
	s.used[name] = true
	full, ok := s.names[name]
	if !ok {
		s.fail("An expression attribute name used in the document path is not defined; attribute name: " + name)
	}
	return full
}

// value reads a placeholder of a value.
func (s *scanner) value() value {
	name := s.advance()
	s.used[name] = true
	v, ok := s.values[name]
	if !ok {
		s.fail("An expression attribute value used in expression is not defined; attribute value: " + name)
	}
	return v
}
