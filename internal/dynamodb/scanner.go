package dynamodb

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxExpression is the length of an expression in bytes (developer guide, service quotas).
const maxExpression = 4096

// token is the next word, placeholder, number or sign of an expression.
var token = regexp.MustCompile(`^(?:[A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|[0-9]+|<>|<=|>=|[=<>()\[\],.+\-])`)

// scanner reads the tokens of an expression. It stops at the first mistake: then err is set and no tokens are left.
type scanner struct {
	kind   string // of the expression: ConditionExpression, …
	text   string
	before int    // where the token before next begins
	at     int    // where next begins
	next   string // "" at the end
	err    error
	names  map[string]string
	values map[string]value
	used   map[string]bool // placeholders that were met
	roots  []string        // the attributes in which paths begin
	group  group           // the last parentheses that were closed
}

// group is what is in parentheses, with them: from where the first begins to where the next token does.
type group struct{ from, to int }

// scan begins an expression.
func (e *expressions) scan(kind, text string) *scanner {
	s := &scanner{
		kind:   kind,
		text:   text,
		names:  e.ExpressionAttributeNames,
		values: e.ExpressionAttributeValues,
		used:   e.used,
	}
	if len(text) > maxExpression {
		s.fail(fmt.Sprintf("Expression size has exceeded the maximum allowed size; expression size: %d", len(text)))
		return s
	}
	s.at = skipSpace(text, 0)
	s.before = s.at
	if s.at == len(text) {
		s.fail("The expression can not be empty;")
		return s
	}
	s.look()
	return s
}

func skipSpace(text string, from int) int {
	return len(text) - len(strings.TrimLeft(text[from:], " \t\r\n"))
}

// rest is what follows the next token.
func (s *scanner) rest() string { return s.text[min(s.at+len(s.next), len(s.text)):] }

// calls reports whether the next token is the name of a function.
func (s *scanner) calls() bool {
	return isName(s.next) && s.next[0] != '#' && strings.HasPrefix(strings.TrimLeft(s.rest(), " \t\r\n"), "(")
}

// look reads the token at s.at.
func (s *scanner) look() {
	s.next = token.FindString(s.text[s.at:])
	if s.next == "" && s.at < len(s.text) {
		_, size := utf8.DecodeRuneInString(s.text[s.at:])
		s.next = s.text[s.at : s.at+size]
		s.unexpected()
	}
}

// advance goes to the next token and returns the one before it.
func (s *scanner) advance() (read string) {
	read = s.next
	if s.err != nil {
		return read
	}
	s.before, s.at = s.at, skipSpace(s.text, s.at+len(read))
	s.look()
	return read
}

// fail stops the scanner at a mistake.
func (s *scanner) fail(problem string) { s.refuse(fmt.Sprintf("Invalid %s: %s", s.kind, problem)) }

// refuse stops the scanner with a text that does not say in which expression the mistake is.
func (s *scanner) refuse(text string) {
	if s.err == nil {
		s.err = invalid(text)
	}
	s.next, s.at = "", len(s.text)
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

// unexpected fails at the next token. The service shows it with its neighbours.
func (s *scanner) unexpected() {
	if s.err != nil {
		return
	}
	at, stop := s.next, s.at+len(s.next)
	if at == "" {
		at = "<EOF>"
	} else {
		after := skipSpace(s.text, stop)
		_, size := utf8.DecodeRuneInString(s.text[after:])
		if follows := token.FindString(s.text[after:]); follows != "" {
			size = len(follows)
		}
		stop = after + size
	}
	s.fail(fmt.Sprintf("Syntax error; token: %q, near: %q", at, s.text[s.before:stop]))
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
