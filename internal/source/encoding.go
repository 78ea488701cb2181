package source

import (
	"bytes"
	"unicode/utf8"
)

// decode is the text of a document: UTF-8, without the mark that some editors put before it. Any other is a Finding.
func decode(file string, text []byte) ([]byte, error) {
	if err := CheckSize(file, text); err != nil {
		return nil, err
	}
	text, err := Unmarked(file, text)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		var lines lineCounter
		return nil, Finding{Code: CodeSyntax, Severity: Error, File: file, Pos: lines.pos(text, invalidUTF8(text)),
			Message: "the text is not UTF-8", Remedy: "Check that this is the right file, and save it as UTF-8."}
	}
	return text, nil
}

// CheckUTF16 refuses a text in UTF-16, with a Finding.
func CheckUTF16(file string, text []byte) error {
	if !isUTF16(text) {
		return nil
	}
	return Finding{Code: CodeSyntax, Severity: Error, File: file, Pos: Pos{Line: 1, Column: 1},
		Message: "the text is UTF-16",
		Remedy:  "Save it as UTF-8; in PowerShell, write it with Out-File -Encoding utf8."}
}

// Unmarked is a text that somebody saved, without the byte order mark at its beginning. UTF-16 is a Finding.
func Unmarked(file string, text []byte) ([]byte, error) {
	return WithoutMark(text), CheckUTF16(file, text)
}

// WithoutMark is a text in UTF-8 without the byte order mark at its beginning.
func WithoutMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) }

// isUTF16 reports whether a text begins as UTF-16 does: with its byte order mark, or with an ASCII character in one of
// two bytes.
func isUTF16(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	switch first, second := text[0], text[1]; {
	case first == 0xff && second == 0xfe, first == 0xfe && second == 0xff:
		return true
	default:
		return (first == 0) != (second == 0) && first < utf8.RuneSelf && second < utf8.RuneSelf
	}
}

func invalidUTF8(text []byte) int64 {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return int64(i)
		}
		i += size
	}
	return int64(len(text))
}
