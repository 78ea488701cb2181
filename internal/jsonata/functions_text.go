package jsonata

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/value"
)

// stringOf is $string of a value that is not undefined.
func (e *evaluation) stringOf(v any, pretty bool) (string, *Error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case function:
		return "", nil
	case *array:
		if v.outer {
			return e.stringOf(v.items[0], pretty)
		}
	}
	if f, ok := number(v); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return "", fail("D3001").with(v)
	}
	text, err := stringify(v, pretty, e.dialect.precision(), e.limits.bytes)
	if err != nil {
		return "", err
	}
	return text, nil
}

// precision says which numbers a text rounds to 15 significant digits.
type precision int

const (
	roundAll      precision = iota
	roundFraction           // whole numbers stay exact, as at AWS (floci-io/floci#2662)
	roundNone
)

func (d Dialect) precision() precision {
	if d == Standard {
		return roundAll
	}
	return roundFraction
}

// stringify writes a value as JSON, in at most some number of bytes. Functions become "".
func stringify(v any, pretty bool, precise precision, most int) (string, *Error) {
	w := &writer{precise: precise, most: most}
	if pretty {
		w.indent = "\n"
	}
	if err := w.write(v); err != nil {
		return "", err
	}
	return w.b.String(), nil
}

// writer writes JSON. indent is a line's beginning, "" for JSON in one line.
type writer struct {
	b       strings.Builder
	indent  string
	precise precision
	most    int // bytes; a small value may show as a long text, since it may hold a part many times
}

func (w *writer) write(v any) *Error {
	if w.b.Len() > w.most {
		return fail(codeMemory)
	}
	switch v := v.(type) {
	case nil, undefinedType:
		w.b.WriteString("null")
	case bool, string:
		w.b.Write(value.Encode(v))
	case function:
		w.b.WriteString(`""`)
	case *value.Object:
		return w.object(v)
	default:
		if items, ok := elements(v); ok {
			return w.array(items)
		}
		return w.number(v)
	}
	return nil
}

func (w *writer) number(v any) *Error {
	if n, ok := v.(json.Number); ok {
		v, _ = value.Float(n)
		if whole, err := n.Int64(); err == nil {
			v = whole
		}
	}
	if n, ok := v.(int64); ok && (w.precise != roundAll || -1e15 < n && n < 1e15) {
		w.b.WriteString(formatWhole(n))
		return nil
	}
	f, _ := number(v)
	switch {
	case (math.IsInf(f, 0) || math.IsNaN(f)) && w.precise != roundNone:
		return fail("D1001").with(v)
	case math.IsInf(f, 0) || math.IsNaN(f):
		w.b.WriteString("null")
	case w.precise == roundNone || w.precise == roundFraction && f == math.Trunc(f):
		w.b.WriteString(formatNumber(f))
	default:
		w.b.WriteString(formatPrecise(f))
	}
	return nil
}

func (w *writer) object(o *value.Object) *Error {
	if o.Len() == 0 {
		w.b.WriteString("{}")
		return nil
	}
	outer := w.indent
	w.deeper("{")
	first := true
	for name, member := range o.All() {
		if isUndefined(member) {
			continue
		}
		if !first {
			w.b.WriteString("," + w.indent)
		}
		first = false
		w.b.Write(value.Encode(name))
		w.b.WriteByte(':')
		if w.indent != "" {
			w.b.WriteByte(' ')
		}
		if err := w.write(member); err != nil {
			return err
		}
	}
	w.indent = outer
	w.b.WriteString(outer + "}")
	return nil
}

func (w *writer) array(items []any) *Error {
	if len(items) == 0 {
		w.b.WriteString("[]")
		return nil
	}
	outer := w.indent
	w.deeper("[")
	for i, item := range items {
		if i > 0 {
			w.b.WriteString("," + w.indent)
		}
		if err := w.write(item); err != nil {
			return err
		}
	}
	w.indent = outer
	w.b.WriteString(outer + "]")
	return nil
}

// deeper opens a bracket and indents what is in it.
func (w *writer) deeper(bracket string) {
	if w.indent != "" {
		w.indent += "  "
	}
	w.b.WriteString(bracket + w.indent)
}

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

// upTo cuts off and returns what stands before a place.
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
