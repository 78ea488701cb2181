package template

import (
	"sort"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// excerpt is a text of the file, as it reads there: with escapes decoded and indentation dropped.
type excerpt struct {
	text    []byte
	offsets []int32 // in the file, of each byte; nil for the file itself
}

// at returns the offset in the file of a byte of the text, for its end that of its last byte.
func (e excerpt) at(i int) int {
	if e.offsets == nil {
		return min(i, len(e.text))
	}
	if len(e.offsets) == 0 {
		return 0
	}
	return int(e.offsets[min(i, len(e.offsets)-1)])
}

func (e excerpt) slice(from, to int) excerpt {
	s := excerpt{text: e.text[from:to], offsets: make([]int32, to-from)}
	for i := range s.offsets {
		s.offsets[i] = int32(e.at(from + i))
	}
	return s
}

// lines are the offsets at which the lines of a text begin.
type lines []int

func newLines(text []byte) lines {
	l := lines{0}
	for i, c := range text {
		if c == '\n' {
			l = append(l, i+1)
		}
	}
	return l
}

func (l lines) offset(p source.Pos) int {
	if p.Line < 1 || p.Line > len(l) {
		return 0
	}
	return l[p.Line-1] + p.Column - 1
}

func (l lines) pos(offset int) source.Pos {
	line := sort.SearchInts(l, offset+1)
	return source.Pos{Line: line, Column: offset - l[line-1] + 1}
}

// decoder decodes the next character of a text that is written with escapes: how it reads, and how many bytes it
// takes.
type decoder func(raw []byte) (decoded string, size int)

// align finds where the bytes of a value are in the text that it was written as. White space counts for nothing,
// since YAML and Terraform fold it and strip indentation. It is false when the value is not written there.
func align(value string, raw []byte, decode decoder) ([]int32, bool) {
	offsets := make([]int32, 0, len(value))
	at := 0
	for i := 0; i < len(value); {
		if isSpace(value[i]) {
			offsets = append(offsets, int32(min(at, max(len(raw)-1, 0))))
			i++
			continue
		}
		if at >= len(raw) {
			return nil, false
		}
		decoded, size := decode(raw[at:])
		switch {
		case size == 0:
			return nil, false
		case isBlank(decoded):
		case len(value)-i >= len(decoded) && value[i:i+len(decoded)] == decoded:
			for range len(decoded) {
				offsets = append(offsets, int32(at))
			}
			i += len(decoded)
		default:
			return nil, false
		}
		at += size
	}
	return offsets, true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isBlank(s string) bool {
	for i := range len(s) {
		if !isSpace(s[i]) {
			return false
		}
	}
	return true
}

// unquoted is the decoder of texts without escapes.
func unquoted(raw []byte) (string, int) { return string(raw[:1]), 1 }

// singleQuoted is the decoder of YAML's texts in single quotes.
func singleQuoted(raw []byte) (string, int) {
	if raw[0] != '\'' {
		return string(raw[:1]), 1
	}
	if len(raw) < 2 || raw[1] != '\'' {
		return "", 0
	}
	return "'", 2
}

// escapes are the escapes of one letter, of JSON and of YAML.
var escapes = map[byte]string{'"': `"`, '\\': `\`, '/': "/", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t",
	'0': "\x00", 'a': "\a", 'v': "\v", 'e': "\x1b", ' ': " ", '\t': "\t", '\n': "\n", '\r': "\r",
	'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029"}

// doubleQuoted is the decoder of texts in double quotes, of JSON, YAML, Terraform and the like.
func doubleQuoted(raw []byte) (string, int) {
	if raw[0] != '\\' {
		return string(raw[:1]), 1
	}
	if len(raw) < 2 {
		return "", 0
	}
	switch raw[1] {
	case 'x':
		return character(raw, 2)
	case 'U':
		return character(raw, 8)
	case 'u':
		return surrogates(raw)
	}
	decoded, ok := escapes[raw[1]]
	if !ok {
		return "", 0
	}
	return decoded, 2
}

// surrogates decodes \uXXXX, or two of them that are one character.
func surrogates(raw []byte) (string, int) {
	first, ok := hex(raw, 4)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(first) && len(raw) > 7 && raw[6] == '\\' && raw[7] == 'u' {
		second, ok := hex(raw[6:], 4)
		if r := utf16.DecodeRune(first, second); ok && r != utf8.RuneError {
			return string(r), 12
		}
	}
	return character(raw, 4)
}

// character decodes an escape of two bytes and a number of hexadecimal digits.
func character(raw []byte, digits int) (string, int) {
	r, ok := hex(raw, digits)
	if !ok {
		return "", 0
	}
	return string(utf8.AppendRune(nil, r)), 2 + digits
}

func hex(raw []byte, digits int) (rune, bool) {
	if len(raw) < 2+digits {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw[2:2+digits]), 16, 32)
	return rune(n), err == nil
}

// terraformLiteral is the decoder of the texts between the references of Terraform's templates: $${ is ${, and %%{ is
// %{.
func terraformLiteral(otherwise decoder) decoder {
	return func(raw []byte) (string, int) {
		if len(raw) > 2 && (raw[0] == '$' || raw[0] == '%') && raw[1] == raw[0] && raw[2] == '{' {
			return string(raw[1:3]), 3
		}
		return otherwise(raw)
	}
}

// literal decodes the text in double quotes at the beginning of raw. size is 0 when it is malformed.
func literal(e excerpt) (decoded excerpt, size int) {
	for i := 1; i < len(e.text); {
		if e.text[i] == '"' {
			return decoded, i + 1
		}
		character, taken := doubleQuoted(e.text[i:])
		if taken == 0 || e.text[i] == '\n' {
			return decoded, 0
		}
		decoded.text = append(decoded.text, character...)
		for range len(character) {
			decoded.offsets = append(decoded.offsets, int32(e.at(i)))
		}
		i += taken
	}
	return decoded, 0
}
