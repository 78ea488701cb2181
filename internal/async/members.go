package async

import (
	"bytes"
	"encoding/json"
)

// eachMember calls f with each member of an object in turn and reports whether the text is an object. The text has to
// be valid JSON. Names and values are parts of the text where they can be.
//
// Events and results are taken apart level by level, and only a few members of each are looked at. encoding/json would
// go over all that is below a level twice, and that was most of what a check cost.
func eachMember(text []byte, f func(name []byte, value json.RawMessage)) bool {
	i := skipSpace(text, 0)
	if i == len(text) || text[i] != '{' {
		return false
	}
	for i = skipSpace(text, i+1); text[i] != '}'; {
		end := stringEnd(text, i)
		name := unquoted(text[i:end])
		begin := skipSpace(text, skipSpace(text, end)+1) // beyond the colon
		end = valueEnd(text, begin)
		f(name, json.RawMessage(text[begin:end]))
		if i = skipSpace(text, end); text[i] == ',' {
			i = skipSpace(text, i+1)
		}
	}
	return true
}

// unquoted is the text of a JSON string.
func unquoted(quoted []byte) []byte {
	if text := quoted[1 : len(quoted)-1]; plain(text) {
		return text
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // it is a valid string
	return []byte(text)
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
		i++
	}
	return i
}

// valueEnd is where the value ends that begins at i.
func valueEnd(text []byte, i int) int {
	switch text[i] {
	case '"':
		return stringEnd(text, i)
	case '{', '[':
		return nestedEnd(text, i)
	}
	if n := bytes.IndexAny(text[i:], ",]} \t\r\n"); n >= 0 {
		return i + n
	}
	return len(text)
}

// structure has the bytes at which a value within an object or list can begin or end.
var structure = [256]bool{'"': true, '{': true, '[': true, '}': true, ']': true}

// nestedEnd is where the object or list ends that begins at i.
func nestedEnd(text []byte, i int) int {
	for depth := 0; ; i++ {
		if !structure[text[i]] {
			continue
		}
		switch text[i] {
		case '"':
			i = stringEnd(text, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// stringEnd is where the string ends that begins at i.
func stringEnd(text []byte, i int) int {
	for i++; ; {
		quote := i + bytes.IndexByte(text[i:], '"')
		escape := bytes.IndexByte(text[i:quote], '\\')
		if escape < 0 {
			return quote + 1
		}
		i += escape + 2
	}
}
