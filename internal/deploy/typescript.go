package deploy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// typeScript writes values of properties as TypeScript. The two tools that use it differ in how they refer to things.
type typeScript struct {
	reference func(name string) string
	template  string                   // the tag of template literals with references: pulumi.interpolate, or none
	encode    func(text string) string // what is made of an object that is a JSON document of its own
	rename    map[string]string        // properties whose names differ from the rule
	special   func(v any) (text string, ok bool)
}

const step = "  "

// value writes a value; indent is the indentation of the line that it begins on.
func (w *typeScript) value(v any, indent string) string {
	if special, ok := w.special(v); ok {
		return special
	}
	switch v := v.(type) {
	case string:
		return tsString(v)
	case text:
		return w.text(v)
	case object:
		return w.object(v, indent, w.property)
	case block:
		return w.object(object(v), indent, w.property)
	case blocks:
		var items list
		for _, o := range v {
			items = append(items, o)
		}
		return w.value(items, indent)
	case verbatim:
		return w.object(object(v), indent, tsKey)
	case encoded:
		return w.encode(w.document(object(v), indent))
	case list:
		return w.list(v, indent, func(item any, indent string) string { return w.value(item, indent) })
	case optional:
		return fmt.Sprintf("%s === %s ? undefined : %s", w.reference("var."+v.variable), hclEmpty(v), w.value(v.value, indent))
	case numeral:
		return "String(" + w.reference("var."+v.variable) + ")"
	case document:
		return w.file(v)
	}
	return fmt.Sprint(v)
}

// document writes an object whose keys are another language's, at every depth.
func (w *typeScript) document(o object, indent string) string {
	return w.object(o, indent, nil)
}

func (w *typeScript) object(o object, indent string, key func(string) string) string {
	inner := indent + step
	var b strings.Builder
	b.WriteString("{\n")
	for _, f := range o {
		if f.comment != "" {
			b.WriteString(inner + "// " + f.comment + "\n")
		}
		name, value := "", ""
		if key == nil {
			name, value = tsKey(f.key), w.inner(f.value, inner)
		} else {
			name, value = key(f.key), w.value(f.value, inner)
		}
		if name != "" {
			fmt.Fprintf(&b, "%s%s: %s,\n", inner, name, value)
		}
	}
	b.WriteString(indent + "}")
	return b.String()
}

// inner writes a value inside a document.
func (w *typeScript) inner(v any, indent string) string {
	switch v := v.(type) {
	case object:
		return w.document(v, indent)
	case list:
		return w.list(v, indent, w.inner)
	}
	return w.value(v, indent)
}

func (w *typeScript) list(l list, indent string, value func(any, string) string) string {
	if len(l) == 1 {
		return "[" + value(l[0], indent) + "]"
	}
	var b strings.Builder
	b.WriteString("[\n")
	for _, item := range l {
		fmt.Fprintf(&b, "%s%s,\n", indent+step, value(item, indent+step))
	}
	b.WriteString(indent + "]")
	return b.String()
}

// property is the name of a property in TypeScript, "" for one that the tool does not have.
func (w *typeScript) property(key string) string {
	if name, ok := w.rename[key]; ok {
		return name
	}
	return camel(key)
}

func (w *typeScript) text(t text) string {
	if name := t.only(); name != "" {
		return w.reference(name)
	}
	var b strings.Builder
	references := false
	for _, p := range t {
		if p.name != "" {
			references = true
			b.WriteString("${" + w.reference(p.name) + "}")
			continue
		}
		b.WriteString(strings.NewReplacer("\\", "\\\\", "`", "\\`", "${", "\\${").Replace(p.literal))
	}
	if !references {
		return tsString(t[0].literal)
	}
	return w.template + "`" + b.String() + "`"
}

// file reads a document and puts references in the place of what stands for them.
func (w *typeScript) file(d document) string {
	var pairs []string
	for _, name := range d.references {
		pairs = append(pairs, fmt.Sprintf("%s: %s", tsString("${"+name+"}"), w.reference(name)))
	}
	return fmt.Sprintf("read(%s, {%s})", tsString(d.file), strings.Join(pairs, ", "))
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func tsKey(key string) string {
	if plainKey.MatchString(key) {
		return key
	}
	return tsString(key)
}

func tsString(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	return string(text)
}

// tsVariables writes the members of an interface for variables.
func tsVariables(variables []variable) string {
	var b strings.Builder
	for _, v := range variables {
		kind, mark := "string", ""
		if v.number {
			kind = "number"
		}
		comment := v.description + "."
		if !v.required {
			mark = "?"
			comment += " Default: " + v.literal() + "."
		}
		fmt.Fprintf(&b, "  /** %s */\n  readonly %s%s: %s;\n", comment, camel(v.name), mark, kind)
	}
	return b.String()
}

// literal is the default as TypeScript writes it.
func (v variable) literal() string {
	if v.number {
		return v.value
	}
	return tsString(v.value)
}
