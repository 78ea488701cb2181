package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// tokenKind is the kind of a token.
type tokenKind int

const (
	endToken tokenKind = iota
	operatorToken
	nameToken
	variableToken
	stringToken
	numberToken
	constantToken // true, false, null
	regexToken
)

// token is a word of the language. position is in characters after its end, as the language counts.
type token struct {
	kind     tokenKind
	text     string // operator, name, variable without $, string
	value    any    // of a number or constant; a regex is *regexp.Regexp
	position int
}

// lexer cuts an expression into tokens.
type lexer struct {
	text string
	at   int // in bytes
	seen int // bytes of which chars counts the characters
	char int
}

// position returns the number of characters before at.
func (l *lexer) position() int {
	l.char += utf8.RuneCountInString(l.text[l.seen:l.at])
	l.seen = l.at
	return l.char
}

// operators of several characters stand before those that they begin with.
var operators = []string{"..", ":=", "!=", ">=", "<=", "**", "~>",
	".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^",
	"&"}

const operatorCharacters = ".[]{}(),@#;:?+-*/%|=<>^&!~"

// next returns the next token. prefix says that an operand may begin here, so that a slash begins a regular expression.
func (l *lexer) next(prefix bool) (token, *Error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	if l.at >= len(l.text) {
		return token{kind: endToken, text: "(end)", position: l.position()}, nil
	}
	c := l.text[l.at]
	switch {
	case prefix && c == '/':
		return l.regex()
	case strings.IndexByte(operatorCharacters, c) >= 0:
		return l.operator()
	case c == '"' || c == '\'':
		return l.string(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		return l.backquoted()
	}
	return l.word(), nil
}

// skip goes over white space and comments.
func (l *lexer) skip() *Error {
	for l.at < len(l.text) {
		switch {
		case strings.IndexByte(" \t\n\r\v", l.text[l.at]) >= 0:
			l.at++
		case strings.HasPrefix(l.text[l.at:], "/*"):
			start := l.position()
			end := strings.Index(l.text[l.at+2:], "*/")
			if end < 0 {
				return fail("S0106").at(start)
			}
			l.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

func (l *lexer) operator() (token, *Error) {
	for _, operator := range operators {
		if strings.HasPrefix(l.text[l.at:], operator) {
			l.at += len(operator)
			return token{kind: operatorToken, text: operator, position: l.position()}, nil
		}
	}
	l.at++
	return token{}, fail("S0204").at(l.position()).of(l.text[l.at-1 : l.at])
}

var escapes = map[byte]string{
	'"': `"`, '\'': "'", '\\': `\`, '/': "/", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t",
}

func (l *lexer) string(quote byte) (token, *Error) {
	var b strings.Builder
	for l.at++; l.at < len(l.text); {
		c := l.text[l.at]
		switch {
		case c == quote:
			l.at++
			return token{kind: stringToken, text: b.String(), position: l.position()}, nil
		case c == '\\':
			l.at++
			if err := l.escape(&b); err != nil {
				return token{}, err
			}
		default:
			b.WriteByte(c)
			l.at++
		}
	}
	return token{}, fail("S0101").at(l.position())
}

// escape reads what follows a backslash.
func (l *lexer) escape(b *strings.Builder) *Error {
	if l.at >= len(l.text) {
		return fail("S0103").at(l.position()).of("")
	}
	c := l.text[l.at]
	if text, ok := escapes[c]; ok {
		b.WriteString(text)
		l.at++
		return nil
	}
	if c != 'u' {
		_, size := utf8.DecodeRuneInString(l.text[l.at:])
		return fail("S0103").at(l.position()).of(l.text[l.at : l.at+size])
	}
	r, ok := l.hex(l.at + 1)
	if !ok {
		return fail("S0104").at(l.position())
	}
	l.at += 5
	if utf16.IsSurrogate(r) && strings.HasPrefix(l.text[l.at:], `\u`) {
		if low, ok := l.hex(l.at + 2); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			r = utf16.DecodeRune(r, low)
			l.at += 6
		}
	}
	b.WriteRune(r)
	return nil
}

func (l *lexer) hex(at int) (rune, bool) {
	if at+4 > len(l.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(l.text[at:at+4], 16, 16)
	return rune(n), err == nil
}

var numberPattern = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?([Ee][-+]?[0-9]+)?`)

func (l *lexer) number() (token, *Error) {
	text := numberPattern.FindString(l.text[l.at:])
	l.at += len(text)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return token{kind: numberToken, value: n, text: text, position: l.position()}, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return token{}, fail("S0102").at(l.position()).of(text)
	}
	return token{kind: numberToken, value: f, text: text, position: l.position()}, nil
}

func (l *lexer) backquoted() (token, *Error) {
	end := strings.IndexByte(l.text[l.at+1:], '`')
	if end < 0 {
		l.at = len(l.text)
		return token{}, fail("S0105").at(l.position())
	}
	name := l.text[l.at+1 : l.at+1+end]
	l.at += end + 2
	return token{kind: nameToken, text: name, position: l.position()}, nil
}

// word reads a name, a variable, or a word that means something.
func (l *lexer) word() token {
	end := strings.IndexAny(l.text[l.at:], " \t\n\r\v"+operatorCharacters)
	if end < 0 {
		end = len(l.text) - l.at
	}
	word := l.text[l.at : l.at+end]
	l.at += end
	position := l.position()
	switch word {
	case "and", "or", "in":
		return token{kind: operatorToken, text: word, position: position}
	case "true":
		return token{kind: constantToken, text: word, value: true, position: position}
	case "false":
		return token{kind: constantToken, text: word, value: false, position: position}
	case "null":
		return token{kind: constantToken, text: word, position: position}
	}
	if name, ok := strings.CutPrefix(word, "$"); ok {
		return token{kind: variableToken, text: name, position: position}
	}
	return token{kind: nameToken, text: word, position: position}
}

// regex reads a regular expression between slashes, with its flags.
func (l *lexer) regex() (token, *Error) {
	start := l.at + 1
	depth := 0
	for i := start; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == '\\':
			i++
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == '/' && depth == 0:
			return l.compile(l.text[start:i], i+1)
		}
	}
	l.at = len(l.text)
	return token{}, fail("S0302").at(l.position())
}

func (l *lexer) compile(pattern string, end int) (token, *Error) {
	l.at = end
	if pattern == "" {
		return token{}, fail("S0301").at(l.position())
	}
	flags := ""
	for l.at < len(l.text) && (l.text[l.at] == 'i' || l.text[l.at] == 'm') {
		flags += l.text[l.at : l.at+1]
		l.at++
	}
	text := strings.ReplaceAll(pattern, `\/`, "/")
	if flags != "" {
		text = "(?" + flags + ")" + text
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return token{}, fail(CodeRegex).at(l.position()).saying(strings.TrimPrefix(err.Error(),
			"error parsing regexp: "))
	}
	return token{kind: regexToken, value: compiled, position: l.position()}, nil
}
