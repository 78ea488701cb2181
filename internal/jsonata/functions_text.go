package jsonata

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (c *call) string() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	pretty, _ := c.arguments[1].(bool)
	text, err := c.e.stringOf(c.arguments[0], pretty)
	if err != nil {
		return nil, err
	}
	return c.makeText(text), nil
}

func (c *call) length() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	return int64(utf8.RuneCountInString(c.text(0))), nil
}

func (c *call) substring() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	text := []rune(c.text(0))
	length := len(text)
	start, _ := truncated(c.arguments[1])
	if length+start < 0 {
		start = 0
	}
	end := length
	if !c.undefinedAt(2) {
		size, _ := truncated(c.arguments[2])
		if c.double(2) <= 0 {
			return "", nil
		}
		end = start + size
		if start < 0 {
			end += length
		}
	}
	if start < 0 {
		start += length
	}
	start, end = min(start, length), min(max(end, 0), length)
	if start >= end {
		return "", nil
	}
	return c.makeText(string(text[start:end])), nil
}

func (c *call) substringBefore() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	before, _, _ := strings.Cut(c.text(0), c.text(1))
	return before, nil
}

func (c *call) substringAfter() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if _, after, found := strings.Cut(c.text(0), c.text(1)); found {
		return after, nil
	}
	return c.text(0), nil
}

// mapText applies a function to the first argument.
func (c *call) mapText(change func(string) string) (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	return c.makeText(change(c.text(0))), nil
}

func (c *call) uppercase() (any, *Error) { return c.mapText(strings.ToUpper) }

func (c *call) lowercase() (any, *Error) { return c.mapText(strings.ToLower) }

func (c *call) trim() (any, *Error) {
	return c.mapText(func(text string) string {
		parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n\r", r) })
		return strings.Join(parts, " ")
	})
}

func (c *call) pad() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	width, _ := truncated(c.arguments[1])
	with := []rune(c.text(2))
	if len(with) == 0 {
		with = []rune{' '}
	}
	missing := max(width, -width) - characters(c.text(0))
	if missing <= 0 {
		return c.text(0), nil
	}
	c.e.allocateText(missing)
	c.e.work(missing / 16)
	var b strings.Builder
	for i := range missing {
		b.WriteRune(with[i%len(with)])
	}
	if width < 0 {
		return b.String() + c.text(0), nil
	}
	return c.text(0) + b.String(), nil
}

func (c *call) contains() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if part, ok := c.arguments[1].(string); ok {
		return strings.Contains(c.text(0), part), nil
	}
	found, err := c.invokeMatcher(1, c.text(0))
	return found != nil, err
}

func (c *call) base64encode() (any, *Error) {
	return c.mapText(func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) })
}

func (c *call) base64decode() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	encoded := strings.TrimRight(c.text(0), "=")
	decoded, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fail(CodeInternal)
	}
	return c.makeText(strings.ToValidUTF8(string(decoded), "\uFFFD")), nil
}

// unescaped are the characters that a URL keeps, and besides those a part of one.
const (
	urlCharacters  = ";/?:@&=+$,#"
	partCharacters = "-_.!~*'()"
)

func escape(text, keep string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		isWord := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if isWord || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)+0x100, 16)[1:]))
		}
	}
	return b.String()
}

func (c *call) encodeURLComponent() (any, *Error) {
	return c.mapText(func(text string) string { return escape(text, partCharacters) })
}

func (c *call) encodeURL() (any, *Error) {
	return c.mapText(func(text string) string { return escape(text, partCharacters+urlCharacters) })
}

func (c *call) decodeURLComponent() (any, *Error) { return c.decode(c.text(0)) }

// decodeURL leaves alone what stands for characters that mean something in a URL.
func (c *call) decodeURL() (any, *Error) {
	text := c.text(0)
	for i := range len(urlCharacters) {
		escaped := "%" + strings.ToUpper(strconv.FormatUint(uint64(urlCharacters[i]), 16))
		text = strings.ReplaceAll(text, escaped, "%25"+escaped[1:])
	}
	return c.decode(text)
}

func (c *call) decode(text string) (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	decoded, err := url.PathUnescape(text)
	if err != nil || !utf8.ValidString(decoded) {
		return nil, fail("D3140").with(c.text(0)).saying(c.name)
	}
	return c.makeText(decoded), nil
}
