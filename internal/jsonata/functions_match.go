package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/value"
)

// match is what a matcher function gives: the place in UTF-16 units, and the function for the next match.
type match struct {
	text       string
	start, end int
	object     *value.Object
	groups     []any
	next       any
}

// invokeMatcher calls the matcher in an argument. Without a match it returns nil.
func (c *call) invokeMatcher(i int, text string) (*match, *Error) {
	return c.toMatch(c.e.invoke(c.arguments[i], []any{text}, c.input))
}

func (c *call) toMatch(result any, err *Error) (*match, *Error) {
	if err != nil || isUndefined(result) {
		return nil, err
	}
	object, ok := result.(*value.Object)
	start, _ := object.Get("start")
	end, _ := object.Get("end")
	groups, _ := object.Get("groups")
	next, _ := object.Get("next")
	items, isArray := elements(groups)
	_, callable := next.(function)
	if !ok || !isNumber(start) && !isNumber(end) && !isArray && !callable {
		return nil, fail("T1010")
	}
	m := &match{object: object, groups: items, next: next}
	m.start, _ = truncated(start)
	m.end, _ = truncated(end)
	found, _ := object.Get("match")
	m.text, _ = found.(string)
	return m, nil
}

// following returns the match after another.
func (c *call) following(m *match) (*match, *Error) {
	return c.toMatch(c.e.invoke(m.next, nil, c.input))
}

// limit returns the argument that limits a number of matches; code is the error where it is negative.
func (c *call) limit(i int, code string) (int, *Error) {
	if c.undefinedAt(i) {
		return math.MaxInt, nil
	}
	if c.double(i) < 0 {
		return 0, fail(code).with(c.arguments[i]).nth(i + 1)
	}
	return int(math.Floor(min(c.double(i), 1<<53))), nil
}

func (c *call) match() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	limit, err := c.limit(2, "D3040")
	if err != nil || limit == 0 {
		return undefined, err
	}
	result := &array{sequence: true}
	m, err := c.invokeMatcher(1, c.text(0))
	for count := 0; err == nil && m != nil && count < limit; count++ {
		c.e.push(result, value.NewObject(
			value.M("match", m.text), value.M("index", int64(m.start)), value.M("groups", &array{items: m.groups})))
		m, err = c.following(m)
	}
	return result, err
}

func (c *call) split() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	limit, err := c.limit(2, "D3020")
	if err != nil {
		return nil, err
	}
	text := c.text(0)
	result := &array{}
	if separator, ok := c.arguments[1].(string); ok {
		for _, part := range strings.Split(text, separator) {
			if len(result.items) < limit {
				c.e.push(result, part)
			}
		}
		if separator == "" && text == "" {
			result.items = nil
		}
		return result, nil
	}
	cut := &cutter{text: text}
	m, err := c.invokeMatcher(1, text)
	if m == nil {
		c.e.push(result, text)
		return result, err
	}
	for ; err == nil && m != nil && len(result.items) < limit; m, err = c.following(m) {
		c.e.push(result, cut.upTo(m.start))
		cut.upTo(m.end)
	}
	if err == nil && len(result.items) < limit {
		c.e.push(result, cut.rest())
	}
	return result, err
}

// cutter cuts a text at places in UTF-16 units, from left to right.
type cutter struct {
	text  string
	units int
}

// upTo cuts off and returns what is before a place.
func (c *cutter) upTo(place int) string {
	bytes := 0
	for bytes < len(c.text) && c.units < place {
		r, size := utf8.DecodeRuneInString(c.text[bytes:])
		bytes += size
		c.units += units(string(r))
	}
	before := c.text[:bytes]
	c.text = c.text[bytes:]
	return before
}

func (c *cutter) rest() string { return c.text }

func (c *call) join() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	parts := make([]string, len(c.list(0)))
	size := 0
	for i, item := range c.list(0) {
		parts[i], _ = item.(string)
		size += len(parts[i]) + len(c.text(1))
	}
	c.e.allocateText(size)
	return strings.Join(parts, c.text(1)), nil
}

func (c *call) replace() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if c.arguments[1] == "" {
		return nil, fail("D3010").with(c.arguments[1]).nth(2)
	}
	limit, err := c.limit(3, "D3011")
	if err != nil {
		return nil, err
	}
	if pattern, ok := c.arguments[1].(string); ok {
		return c.replaceText(pattern, limit)
	}
	text := c.text(0)
	cut := &cutter{text: text}
	var b strings.Builder
	m, err := c.invokeMatcher(1, text)
	for count := 0; err == nil && m != nil && count < limit; count++ {
		b.WriteString(cut.upTo(m.start))
		replacement, err := c.replacement(m)
		if err != nil {
			return nil, err
		}
		c.e.allocateText(len(replacement))
		b.WriteString(replacement)
		cut.upTo(m.end)
		if m, err = c.following(m); err != nil {
			return nil, err
		}
	}
	b.WriteString(cut.rest())
	return c.makeText(b.String()), err
}

func (c *call) replaceText(pattern string, limit int) (any, *Error) {
	var b strings.Builder
	rest := c.text(0)
	for count := 0; count < limit; count++ {
		before, after, found := strings.Cut(rest, pattern)
		if !found {
			break
		}
		replacement, err := c.replacement(&match{text: pattern, object: value.NewObject(value.M("match", pattern))})
		if err != nil {
			return nil, err
		}
		c.e.allocateText(len(replacement))
		b.WriteString(before + replacement)
		rest = after
	}
	return c.makeText(b.String() + rest), nil
}

// replacement is what takes the place of a match.
func (c *call) replacement(m *match) (string, *Error) {
	if template, ok := c.arguments[2].(string); ok {
		if _, isText := c.arguments[1].(string); isText {
			return template, nil
		}
		return expand(template, m), nil
	}
	result, err := c.e.invoke(c.arguments[2], []any{m.object}, c.input)
	if err != nil {
		return "", err
	}
	text, ok := result.(string)
	if !ok {
		return "", fail("D3012").with(result)
	}
	return text, nil
}

// expand replaces $1, $2, … in a template by the groups of a match, $0 by the match, and $$ by a dollar sign.
func expand(template string, m *match) string {
	var b strings.Builder
	digits := len(strconv.Itoa(max(len(m.groups), 1)))
	for {
		before, after, found := strings.Cut(template, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		template = after
		switch {
		case strings.HasPrefix(template, "$"):
			b.WriteByte('$')
			template = template[1:]
		case strings.HasPrefix(template, "0"):
			b.WriteString(m.text)
			template = template[1:]
		default:
			template = template[m.group(&b, template, digits):]
		}
	}
}

// group writes the group that a template begins with and returns the length of its number; without one it writes the
// dollar sign that stood before.
func (m *match) group(b *strings.Builder, template string, digits int) int {
	size := 0
	for size < digits && size < len(template) && template[size] >= '0' && template[size] <= '9' {
		size++
	}
	index, err := strconv.Atoi(template[:size])
	if size > 1 && index > len(m.groups) {
		size--
		index, err = strconv.Atoi(template[:size])
	}
	if err != nil {
		b.WriteByte('$')
		return 0
	}
	if index >= 1 && index <= len(m.groups) {
		text, _ := m.groups[index-1].(string)
		b.WriteString(text)
	}
	return len(strconv.Itoa(index))
}
