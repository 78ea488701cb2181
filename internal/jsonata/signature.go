package jsonata

import (
	"encoding/json"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// signature is what arguments a function takes, such as <s-nn?:s>.
type signature struct {
	parameters []parameter
	text       string
}

// parameter is one parameter. types holds the letters of what it takes; m is a missing argument.
type parameter struct {
	letter   byte // of a parameter with one type
	types    string
	context  bool // "-": the context item may stand for it
	optional bool // "?" or "-"
	repeated bool // "+"
	element  byte // of an array: the type of its elements, 0 for any
}

// accepted are the letters of arguments that a letter of a signature takes. An argument that should be an array may be
// anything, and becomes one.
var accepted = map[byte]string{
	's': "sm", 'n': "nm", 'b': "bm", 'l': "lm", 'o': "om", 'u': "bnslm", 'f': "f", 'a': "asnblfom", 'j': "asnblom",
	'x': "asnblfom",
}

var elementNames = map[byte]string{
	'a': "arrays", 'b': "booleans", 'f': "functions", 'n': "numbers", 'o': "objects", 's': "strings",
}

func mustSignature(text string) *signature {
	s, err := parseSignature(text)
	if err != nil {
		panic(text + ": " + err.Error())
	}
	return s
}

// parseSignature reads a signature with its brackets.
func parseSignature(text string) (*signature, *Error) {
	s := &signature{text: text}
	for at := 1; at < len(text) && text[at] != ':' && !(text[at] == '>' && at == len(text)-1); {
		size, err := s.parameter(text[at:])
		if err != nil {
			return nil, err
		}
		at += size
	}
	return s, nil
}

// parameter reads a parameter or a modifier of the one before it, and returns its length.
func (s *signature) parameter(text string) (int, *Error) {
	last := len(s.parameters) - 1
	switch c := text[0]; c {
	case '-', '?', '+':
		if last >= 0 {
			s.parameters[last].context = s.parameters[last].context || c == '-'
			s.parameters[last].optional = s.parameters[last].optional || c != '+'
			s.parameters[last].repeated = s.parameters[last].repeated || c == '+'
		}
	case '(':
		end := strings.IndexByte(text, ')')
		if end < 0 {
			end = len(text) - 1
		}
		choice := text[1:max(end, 1)]
		if strings.Contains(choice, "<") {
			return 0, fail("S0402").with(choice)
		}
		s.parameters = append(s.parameters, parameter{types: choice + "m"})
		return end + 1, nil
	case '<':
		if last < 0 || s.parameters[last].letter != 'a' && s.parameters[last].letter != 'f' {
			return 0, fail("S0401")
		}
		inner := closing(text)
		if inner > 1 {
			s.parameters[last].element = text[1]
		}
		return inner + 1, nil
	default:
		if types, ok := accepted[c]; ok {
			s.parameters = append(s.parameters, parameter{letter: c, types: types})
		}
	}
	return 1, nil
}

// closing returns where the bracket that a text begins with is closed.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text) - 1
}

// letterOf is the letter of an argument's type.
func letterOf(v any) byte {
	switch v.(type) {
	case nil:
		return 'l'
	case bool:
		return 'b'
	case string:
		return 's'
	case int64, float64, json.Number:
		return 'n'
	case *value.Object:
		return 'o'
	case function:
		return 'f'
	}
	if isArray(v) {
		return 'a'
	}
	return 'm'
}

// check returns the arguments as the function gets them: with the context item where an argument was left out, and
// single values as arrays where arrays are wanted.
func (s *signature) check(arguments []any, context any) ([]any, *Error) {
	letters := make([]byte, len(arguments))
	for i, argument := range arguments {
		letters[i] = letterOf(argument)
	}
	counts := make([]int, len(s.parameters))
	if !s.match(letters, 0, counts) {
		return nil, s.mismatch(letters)
	}
	checked := make([]any, 0, max(len(arguments), len(s.parameters)))
	next := 0
	for i, p := range s.parameters {
		if counts[i] == 0 {
			v, err := p.missing(context, next)
			if err != nil {
				return nil, err
			}
			checked = append(checked, v)
			continue
		}
		for range counts[i] {
			v, err := p.convert(arguments[next], next)
			if err != nil {
				return nil, err
			}
			checked = append(checked, v)
			next++
		}
	}
	return checked, nil
}

// match finds how many arguments each parameter takes, as many as it can first.
func (s *signature) match(letters []byte, at int, counts []int) bool {
	if at == len(s.parameters) {
		return len(letters) == 0
	}
	p := s.parameters[at]
	most := 0
	for most < len(letters) && strings.IndexByte(p.types, letters[most]) >= 0 && (p.repeated || most == 0) {
		most++
	}
	least := 1
	if p.optional {
		least = 0
	}
	for n := most; n >= least; n-- {
		if counts[at] = n; s.match(letters[n:], at+1, counts) {
			return true
		}
	}
	return false
}

// mismatch finds the argument that does not fit.
func (s *signature) mismatch(letters []byte) *Error {
	fits := 0
	for n := 1; n <= len(s.parameters); n++ {
		length, ok := s.prefix(letters, n)
		if !ok {
			break
		}
		fits = length
	}
	return fail("T0410").nth(fits + 1)
}

// prefix returns how many letters the first n parameters take.
func (s *signature) prefix(letters []byte, n int) (int, bool) {
	first := &signature{parameters: s.parameters[:n]}
	for length := len(letters); length >= 0; length-- {
		if first.match(letters[:length], 0, make([]int, n)) {
			return length, true
		}
	}
	return 0, false
}

// missing is the value of a parameter that got no argument.
func (p parameter) missing(context any, index int) (any, *Error) {
	if !p.context {
		return undefined, nil
	}
	if a, ok := context.(*array); ok && a.outer {
		context = a.items[0]
	}
	if strings.IndexByte(p.types, letterOf(context)) < 0 {
		return nil, fail("T0411").with(context).nth(index + 1)
	}
	return context, nil
}

// convert makes an array of an argument where one is wanted.
func (p parameter) convert(argument any, index int) (any, *Error) {
	if p.letter != 'a' || isUndefined(argument) {
		return argument, nil
	}
	items, ok := elements(argument)
	if !ok {
		items = []any{argument}
	}
	if p.element != 0 {
		for _, item := range items {
			if letterOf(item) != p.element {
				return nil, fail("T0412").with(elementNames[p.element]).nth(index + 1)
			}
		}
	}
	if !ok {
		return &array{items: items}, nil
	}
	return argument, nil
}
