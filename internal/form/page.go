package form

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/connect-async/connect-async/internal/source"
)

// Page is the reference of a file in Markdown: a section with a table of keys for each object in it. title is that of
// the section of the file itself. Objects that are alike have one section.
func (s *Schema) Page(title string) string {
	p := &page{sections: map[string]section{}}
	p.write(section{title: title, schema: s})
	return strings.TrimSuffix(p.text.String(), "\n")
}

// page is a reference that is written.
type page struct {
	text     strings.Builder
	sections map[string]section // that are written or will be, by what they describe
}

// section describes the object that keys lead to.
type section struct {
	path        string // "" for the file itself
	title       string
	description string
	schema      *Schema
}

// write writes a section, and those of the objects in it.
func (p *page) write(s section) {
	fmt.Fprintf(&p.text, "## %s\n\n", s.title)
	if s.description != "" {
		fmt.Fprintf(&p.text, "%s.\n\n", sentence(s.description))
	}
	p.text.WriteString("| key | value | default | meaning |\n|---|---|---|---|\n")
	var below []section
	for _, property := range s.schema.Properties {
		for _, inner := range objectsIn(join(s.path, property.Key), property.Schema) {
			inner.description = cmp.Or(inner.schema.Description, property.Schema.Description)
			if key := likeness(inner.schema); p.sections[key].schema == nil {
				p.sections[key] = inner
				below = append(below, inner)
			}
		}
		fmt.Fprintf(&p.text, "| `%s` | %s | %s | %s |\n", property.Key, p.words(property.Schema),
			otherwise(s.schema, property), meaning(property.Schema))
	}
	p.text.WriteString("\n")
	for _, inner := range below {
		p.write(inner)
	}
}

// objectsIn are the objects that a value consists of, without their descriptions.
func objectsIn(path string, s *Schema) []section {
	switch {
	case s.Values != nil:
		return objectsIn(join(path, s.Key), s.Values)
	case s.Closed:
		title := "`" + path + "`"
		if len(s.Required) > 0 && s.Property(s.Required[0]).MinItems > 0 { // one way of several
			title += " with `" + s.Required[0] + "`"
		}
		return []section{{path: path, title: title, schema: s}}
	case s.Items != nil:
		return objectsIn(path+"[]", s.Items)
	}
	var list []section
	for _, way := range s.AnyOf {
		list = append(list, objectsIn(path, way)...)
	}
	return list
}

func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

// likeness is the same for objects that need one section only.
func likeness(s *Schema) string {
	plain := *s
	plain.Description, plain.Otherwise, plain.Examples, plain.Types = "", "", nil, nil
	text, err := plain.MarshalJSON()
	if err != nil {
		panic(err) // of a table
	}
	return string(text)
}

// words say what a value is.
func (p *page) words(s *Schema) string {
	noun, limits := p.noun(s)
	return noun + limits
}

// noun is what a value is called, and its limits.
func (p *page) noun(s *Schema) (noun, limits string) {
	switch {
	case s.Words != "":
		noun, _, _ = strings.Cut(s.Words, " from ")
		return noun, strings.TrimPrefix(s.Words, noun)
	case s.Enum != nil:
		var values []string
		for _, v := range s.Enum {
			if v == nil { // as well as the word
				continue
			}
			values = append(values, fmt.Sprintf("`%v`", v))
		}
		return or(values), ""
	case s.AnyOf != nil:
		return or(p.ways(s, p.words)), ""
	case s.Items != nil:
		return "list of " + p.several(s.Items), ""
	case s.Values != nil:
		return p.words(s.Values), " for each " + s.Key
	case s.Closed:
		return "[object](#" + anchor(p.sections[likeness(s)].title) + ")", ""
	case slices.Contains(s.Types, "boolean"):
		return "`true` or `false`", ""
	}
	return "whole number", numberLimits(s)
}

// several is what values of a kind are called.
func (p *page) several(s *Schema) string {
	if s.AnyOf != nil {
		return or(p.ways(s, p.several))
	}
	noun, limits := p.noun(s)
	if s.Closed {
		return strings.Replace(noun, "[object]", "[objects]", 1)
	}
	return noun + "s" + limits
}

// ways are the words for the ways to write a value, each once.
func (p *page) ways(s *Schema, words func(*Schema) string) []string {
	var ways []string
	for _, way := range s.AnyOf {
		ways = append(ways, words(way))
	}
	return slices.Compact(ways)
}

// anchor is that of a title, as the hosts of repositories make it.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// or joins alternatives.
func or(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// endless is a limit that nobody needs to know.
const endless = 1 << 30

// numberLimits are those of a number.
func numberLimits(s *Schema) string {
	switch {
	case s.Minimum == nil:
		return ""
	case s.Maximum == nil || *s.Maximum >= endless:
		return fmt.Sprintf(" from %.0f", *s.Minimum)
	}
	return fmt.Sprintf(" from %.0f to %.0f", *s.Minimum, *s.Maximum)
}

// otherwise is what counts when a key is left out.
func otherwise(of *Schema, p Property) string {
	s := p.Schema
	switch {
	case slices.Contains(of.Required, p.Key):
		return "required"
	case s.Deprecated || s.Closed || s.Otherwise == "" && s.Default == nil && slices.Contains(s.Types, "null"):
		return ""
	case s.Otherwise != "":
		return s.Otherwise
	case s.Default != nil:
		return code(s.Default)
	}
	return "none"
}

// meaning is what a key means, with examples.
func meaning(s *Schema) string {
	text := sentence(s.Description) + "."
	for _, example := range s.Examples {
		text += " Example: `" + example + "`."
	}
	return strings.ReplaceAll(text, "|", `\|`)
}

// sentence begins a text as a sentence does, unless it begins with a value such as off.
func sentence(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if strings.ContainsAny(first, ":;`_") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// code is a value as a file has it.
func code(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // of a table
	}
	node, err := source.ParseJSON("", text)
	if err != nil {
		panic(err)
	}
	return "`" + inlineNode(node) + "`"
}
