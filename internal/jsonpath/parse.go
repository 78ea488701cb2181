package jsonpath

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the longest path or expression that is parsed, in bytes; Step Functions itself takes far less.
const maxText = 16 << 10

// maxNesting is how deep conditions of filters may nest.
const maxNesting = 20

// Parse parses a path: $.a.b[0], $$.Execution.Id, $variable.c, with wildcards, slices, filters and descent.
func Parse(text string) (*Path, error) {
	if len(text) > maxText {
		return nil, errors.New("the path is too long")
	}
	s := &scanner{text: text}
	path, err := s.path()
	if err != nil {
		return nil, err
	}
	if !s.done() {
		return nil, s.unexpected()
	}
	return path, nil
}

// scanner reads a path, a filter or an expression from left to right.
type scanner struct {
	text    string
	at      int
	nesting int
}

func (s *scanner) done() bool { return s.at >= len(s.text) }

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.done() {
		return 0
	}
	return s.text[s.at]
}

func (s *scanner) take(prefix string) bool {
	if strings.HasPrefix(s.text[s.at:], prefix) {
		s.at += len(prefix)
		return true
	}
	return false
}

func (s *scanner) skipBlanks() {
	for !s.done() && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) unexpected() error {
	if s.done() {
		return errors.New("unexpected end of the path")
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.at:])
	return fmt.Errorf("unexpected %q at character %d", r, utf8.RuneCountInString(s.text[:s.at])+1)
}

func (s *scanner) expect(text string) error {
	s.skipBlanks()
	if !s.take(text) {
		return s.unexpected()
	}
	return nil
}

// path reads a path up to the first character that cannot belong to it.
func (s *scanner) path() (*Path, error) {
	start := s.at
	path := &Path{definite: true}
	switch {
	case s.take("$$"):
		path.root = Context
	case s.take("$"):
		if path.variable = s.identifier(); path.variable != "" {
			path.root = Variable
		}
	default:
		return nil, errors.New("a path begins with $")
	}
	var err error
	if path.steps, err = s.steps(); err != nil {
		return nil, err
	}
	path.text = s.text[start:s.at]
	path.definite = !slices.ContainsFunc(path.steps, func(s step) bool { return !isDefinite(s) })
	return path, nil
}

func (s *scanner) identifier() string {
	start := s.at
	for !s.done() {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if r != '_' && !unicode.IsLetter(r) && (s.at == start || !unicode.IsDigit(r)) {
			break
		}
		s.at += size
	}
	return s.text[start:s.at]
}

func (s *scanner) steps() ([]step, error) {
	var steps []step
	for {
		var err error
		switch {
		case s.take(".."):
			steps = append(steps, descentStep{})
			steps, err = s.afterDot(steps)
		case s.take("."):
			steps, err = s.afterDot(steps)
		case s.peek() == '[':
			steps, err = s.bracket(steps)
		default:
			return steps, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *scanner) afterDot(steps []step) ([]step, error) {
	switch {
	case s.peek() == '[':
		return s.bracket(steps)
	case s.take("*"):
		return append(steps, wildcardStep{}), nil
	}
	name := s.name()
	if name == "" {
		return nil, s.unexpected()
	}
	if !s.take("()") {
		return append(steps, nameStep(name)), nil
	}
	if name != "length" {
		return nil, fmt.Errorf("the function %s() does not exist in paths", name)
	}
	return append(steps, lengthStep{}), nil
}

// name reads a name after a dot: everything up to a character that means something in a path or a filter.
func (s *scanner) name() string {
	end := strings.IndexAny(s.text[s.at:], ".[]()'\", \t\r\n=!<>&|")
	if end < 0 {
		end = len(s.text) - s.at
	}
	name := s.text[s.at : s.at+end]
	s.at += end
	return name
}

func (s *scanner) bracket(steps []step) ([]step, error) {
	s.at++
	s.skipBlanks()
	var next step
	var err error
	switch c := s.peek(); {
	case c == '*':
		s.at++
		next = wildcardStep{}
	case c == '?':
		s.at++
		next, err = s.filter()
	case c == '\'' || c == '"':
		next, err = s.quotedNames()
	case c == '(':
		next, err = s.fromEnd()
	default:
		next, err = s.indexes()
	}
	if err == nil {
		err = s.expect("]")
	}
	return append(steps, next), err
}

// fromTheEnd is the only script that is read in brackets: (@.length-1) for the last element.
var fromTheEnd = regexp.MustCompile(`^\(\s*@\.length\s*-\s*([0-9]{1,9})\s*\)`)

func (s *scanner) fromEnd() (step, error) {
	found := fromTheEnd.FindStringSubmatch(s.text[s.at:])
	if found == nil {
		return nil, s.unexpected()
	}
	s.at += len(found[0])
	n, err := strconv.Atoi(found[1])
	if n == 0 {
		return nil, errors.New("there is no element at the length of a list")
	}
	return indexStep(-n), err
}

func (s *scanner) quotedNames() (step, error) {
	var names []string
	for {
		s.skipBlanks()
		name, err := s.quoted()
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		s.skipBlanks()
		if !s.take(",") {
			break
		}
	}
	if len(names) == 1 {
		return nameStep(names[0]), nil
	}
	return namesStep(names), nil
}

// quoted reads a text in single or double quotes. A backslash takes the quote or backslash after it as it is; before
// any other character it stands for itself (recorded).
func (s *scanner) quoted() (string, error) {
	quote := s.peek()
	if quote != '\'' && quote != '"' {
		return "", s.unexpected()
	}
	var b strings.Builder
	for s.at++; !s.done(); s.at++ {
		c := s.text[s.at]
		if c == quote {
			s.at++
			return b.String(), nil
		}
		if c == '\\' && s.at+1 < len(s.text) && (s.text[s.at+1] == quote || s.text[s.at+1] == '\\') {
			s.at++
			c = s.text[s.at]
		}
		b.WriteByte(c)
	}
	return "", s.unexpected()
}

// indexes reads what is in brackets without quotes: 1, 1,2 or a slice such as 1:2.
func (s *scanner) indexes() (step, error) {
	first, err := s.optionalInt()
	if err != nil {
		return nil, err
	}
	if s.take(":") {
		to, err := s.optionalInt()
		return sliceStep{from: first, to: to}, err
	}
	if first == nil {
		return nil, s.unexpected()
	}
	list := indexesStep{*first}
	for s.take(",") {
		next, err := s.optionalInt()
		if err != nil {
			return nil, err
		}
		if next == nil {
			return nil, s.unexpected()
		}
		list = append(list, *next)
	}
	if len(list) == 1 {
		return indexStep(list[0]), nil
	}
	return list, nil
}

func (s *scanner) optionalInt() (*int, error) {
	s.skipBlanks()
	start := s.at
	s.take("-")
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.at++
	}
	if s.at == start {
		return nil, nil
	}
	n, err := strconv.Atoi(s.text[start:s.at])
	if err != nil {
		return nil, fmt.Errorf("%q is not an index", s.text[start:s.at])
	}
	s.skipBlanks()
	return &n, nil
}
