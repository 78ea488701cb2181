package edit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Object is an object to be written, whose members keep their order. The values are texts, numbers, booleans, Objects
// and Lists.
type Object []Member

// Member is a key of an Object with its value.
type Member struct {
	Key   string
	Value any
}

// List is an array to be written.
type List []any

// part is an item of an array or a member of an object that is added.
type part struct {
	key    string
	isItem bool
	value  any
}

// form is how something is written.
type form struct {
	colon   string // between key and value
	comma   string // between values on one line
	newline string // before each value, with the indentation of the value that they are in; "" for all on one line
	unit    string // of indentation
}

// insert adds parts to an object or array, in the form of what is there.
func (t *Text) insert(v *value, parts []part) {
	f, space := t.formOf(v)
	var b strings.Builder
	for i, p := range parts {
		if i > 0 || len(v.children) > 0 {
			b.WriteByte(',')
			if i > 0 && space == "" {
				b.WriteString(strings.TrimPrefix(f.comma, ","))
			}
		}
		b.WriteString(space)
		f.part(&b, p)
	}
	if len(v.children) > 0 {
		end := v.children[len(v.children)-1].to
		t.change(end, end, b.String())
		return
	}
	t.change(v.from+1, v.to-1, b.String()+strings.TrimSuffix(space, f.unit))
}

// formOf returns the form in which a part of a value is written, and the white space before it.
func (t *Text) formOf(v *value) (form, string) {
	f := form{colon: t.colon(v), unit: t.unit()}
	f.comma = ","
	if strings.HasSuffix(f.colon, " ") {
		f.comma = ", "
	}
	if n := len(v.children); n > 0 {
		space := t.before(v.children[n-1])
		switch isBroken := strings.Contains(space, "\n"); {
		case isBroken && t.isTall(v):
			f.newline = space
		case !isBroken && n == 1: // which has no comma to go by
			space = strings.TrimPrefix(f.comma, ",")
		}
		return f, space
	}
	if v.in == nil || !strings.Contains(t.before(v), "\n") {
		return f, ""
	}
	f.newline = t.before(v) + f.unit
	return f, f.newline
}

// before is the white space before a value in what it is in.
func (t *Text) before(v *value) string {
	from := v.in.from + 1
	if v.index > 0 {
		from = v.in.children[v.index-1].to
		from += bytes.IndexByte(t.json[from:], ',') + 1
	}
	return string(t.json[from:v.begin()])
}

// isTall reports whether the objects and arrays in a value are written on several lines: as the last one that has
// something in it.
func (t *Text) isTall(v *value) bool {
	for i := len(v.children) - 1; i >= 0; i-- {
		if inner := v.children[i].children; len(inner) > 0 {
			return strings.Contains(t.before(inner[0]), "\n")
		}
	}
	return true
}

// colon is what is written between the keys of an object and their values, for an array those of its last item, else
// those of the whole document.
func (t *Text) colon(v *value) string {
	near := []*value{v, t.root}
	if n := len(v.children); n > 0 {
		near = []*value{v, v.children[n-1], t.root}
	}
	for _, object := range near {
		if len(object.children) > 0 && object.children[0].key.to > 0 {
			return string(t.json[object.children[0].key.to:object.children[0].from])
		}
	}
	return ": "
}

// unit is the indentation of the document's own members, two spaces when it has none.
func (t *Text) unit() string {
	if len(t.root.children) > 0 {
		space := t.before(t.root.children[0])
		if at := strings.LastIndexByte(space, '\n'); at >= 0 && at+1 < len(space) {
			return space[at+1:]
		}
	}
	return "  "
}

func (f form) part(b *strings.Builder, p part) {
	if !p.isItem {
		b.WriteString(quote(p.key) + f.colon)
	}
	f.value(b, p.value)
}

func (f form) value(b *strings.Builder, v any) {
	switch v := v.(type) {
	case Object:
		parts := make([]part, len(v))
		for i, m := range v {
			parts[i] = part{key: m.Key, value: m.Value}
		}
		f.parts(b, "{", parts, "}")
	case List:
		parts := make([]part, len(v))
		for i, item := range v {
			parts[i] = part{isItem: true, value: item}
		}
		f.parts(b, "[", parts, "]")
	case string:
		b.WriteString(quote(v))
	default:
		fmt.Fprint(b, v)
	}
}

// parts writes what is in an object or array, one level deeper than that.
func (f form) parts(b *strings.Builder, opening string, list []part, closing string) {
	inner := f
	if f.newline != "" {
		inner.newline += f.unit
	}
	b.WriteString(opening)
	for i, p := range list {
		switch {
		case i > 0 && f.newline != "":
			b.WriteByte(',')
		case i > 0:
			b.WriteString(f.comma)
		}
		b.WriteString(inner.newline)
		inner.part(b, p)
	}
	if len(list) > 0 {
		b.WriteString(f.newline)
	}
	b.WriteString(closing)
}

// quote writes a text as a JSON string.
func quote(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes, into a buffer that always accepts
	return strings.TrimSuffix(b.String(), "\n")
}

// Apply puts changes of a document into the file that it is in. at returns the offset in the file of a byte of the
// document; isQuoted says that the document is a JSON string there.
func Apply(file []byte, changes []Change, at func(int) int, isQuoted bool) []byte {
	var out []byte
	done := 0
	for _, c := range changes {
		text := c.Text
		if isQuoted {
			quoted := quote(text)
			text = quoted[1 : len(quoted)-1]
		}
		out = append(append(out, file[done:at(c.From)]...), text...)
		done = at(c.To)
	}
	return append(out, file[done:]...)
}
