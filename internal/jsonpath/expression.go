package jsonpath

import (
	"errors"
	"fmt"
	"strings"
)

// maxCalls is how deep calls of intrinsic functions may nest (AWS developer guide, intrinsic functions).
const maxCalls = 10

// Expression is the value of a key that ends in ".$": a path or a call of an intrinsic function.
type Expression struct {
	text string
	root argument
}

// FunctionError says that an intrinsic function could not do its work.
type FunctionError struct {
	Call   string // the call as it was written
	Reason string
}

// Error implements error.
func (e *FunctionError) Error() string {
	return fmt.Sprintf("The function '%s' had the following error: %s", e.Call, e.Reason)
}

// ParseExpression parses a path or a call of an intrinsic function such as States.Format('{}', $.name).
func ParseExpression(text string) (*Expression, error) {
	if len(text) > maxText {
		return nil, errors.New("the expression is too long")
	}
	s := &scanner{text: text}
	var root argument
	var err error
	switch {
	case strings.HasPrefix(text, "$"):
		root, err = s.pathArgument()
	case strings.HasPrefix(text, "States."):
		root, err = s.call()
	default:
		return nil, errors.New("it must begin with $ or with the name of an intrinsic function such as States.Format")
	}
	if err != nil {
		return nil, err
	}
	if s.skipBlanks(); !s.done() {
		return nil, s.unexpected()
	}
	return &Expression{text: text, root: root}, nil
}

// String returns the expression as it was written.
func (e *Expression) String() string { return e.text }

// Evaluate returns the value of the expression, a *NotFoundError or a *FunctionError.
func (e *Expression) Evaluate(data *Data) (any, error) { return e.root.evaluate(data) }

// argument is a part of an expression that has a value.
type argument interface {
	evaluate(data *Data) (any, error)
}

type (
	pathArgument struct{ path *Path }
	// literalArgument is a text in single quotes, a number, true, false or null. raw is a text with its backslashes.
	literalArgument struct {
		value any
		raw   string
	}
	callArgument struct {
		text      string
		function  *function
		arguments []argument
	}
)

func (a pathArgument) evaluate(data *Data) (any, error) { return a.path.Find(data) }

func (a literalArgument) evaluate(*Data) (any, error) { return a.value, nil }

func (a callArgument) evaluate(data *Data) (any, error) {
	c := &call{random: data.Random, values: make([]any, len(a.arguments))}
	for i, argument := range a.arguments {
		value, err := argument.evaluate(data)
		if err != nil {
			return nil, err
		}
		c.values[i] = value
	}
	if literal, ok := a.first().(literalArgument); ok {
		c.template = literal.raw
	} else if len(c.values) > 0 {
		c.template, _ = c.values[0].(string)
	}
	value, err := a.function.run(c)
	if err != nil {
		return nil, &FunctionError{Call: a.text, Reason: err.Error()}
	}
	return value, nil
}

func (a callArgument) first() argument {
	if len(a.arguments) == 0 {
		return nil
	}
	return a.arguments[0]
}

func (s *scanner) call() (argument, error) {
	if s.nesting++; s.nesting > maxCalls {
		return nil, fmt.Errorf("intrinsic functions are nested more than %d deep", maxCalls)
	}
	defer func() { s.nesting-- }()
	start := s.at
	name := s.functionName()
	function, ok := functionsByName[name]
	if !ok {
		return nil, fmt.Errorf("there is no intrinsic function %q", name)
	}
	arguments, err := s.arguments()
	if err != nil {
		return nil, err
	}
	if n := len(arguments); n < function.min || n > function.max {
		return nil, fmt.Errorf("%s takes %s, not %d arguments", name, function.signature, n)
	}
	return callArgument{text: s.text[start:s.at], function: function, arguments: arguments}, nil
}

func (s *scanner) functionName() string {
	end := strings.IndexAny(s.text[s.at:], "( \t\r\n,)'\"$")
	if end < 0 {
		end = len(s.text) - s.at
	}
	name := s.text[s.at : s.at+end]
	s.at += end
	return name
}

func (s *scanner) arguments() ([]argument, error) {
	if err := s.expect("("); err != nil {
		return nil, err
	}
	var list []argument
	for s.skipBlanks(); !s.take(")"); s.skipBlanks() {
		if len(list) > 0 {
			if err := s.expect(","); err != nil {
				return nil, err
			}
			s.skipBlanks()
		}
		one, err := s.argument()
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func (s *scanner) argument() (argument, error) {
	switch {
	case s.peek() == '$':
		return s.pathArgument()
	case s.peek() == '\'':
		return s.textArgument()
	case strings.HasPrefix(s.text[s.at:], "States."):
		return s.call()
	}
	word, err := s.word()
	return literalArgument{value: word.literal}, err
}

func (s *scanner) pathArgument() (argument, error) {
	path, err := s.path()
	return pathArgument{path: path}, err
}

// textArgument reads a text in single quotes, in which a backslash takes a quote, a brace or a backslash as it is.
func (s *scanner) textArgument() (argument, error) {
	start := s.at + 1
	for s.at++; !s.done(); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '\'':
			raw := s.text[start:s.at]
			s.at++
			return literalArgument{value: unescape(raw), raw: raw}, nil
		}
	}
	s.at = len(s.text)
	return nil, s.unexpected()
}

func unescape(raw string) string {
	if !strings.Contains(raw, `\`) {
		return raw
	}
	return strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\{`, `{`, `\}`, `}`).Replace(raw)
}
