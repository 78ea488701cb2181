package deploy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// typeScript writes values of properties as TypeScript. The two tools that use it differ in how they refer to things.
type typeScript struct {
	reference func(name string) string
	template  string                   // the tag of template literals with references: pulumi.interpolate, or none
	encode    func(text string) string // what is made of an object that is a separate JSON document
	rename    map[string]string        // properties whose names differ from the rule
	code      string                   // what a packageFile is
	outputs   bool                     // variables are outputs of Pulumi, whose values only functions see
}

var programPackage = packageVariable("package_file")

// program adds to the files of a program those that say nothing of the resources, whose templates are given by name of
// the file, the documents of the resources, and the values of each stage.
func (s *Stack) program(files []File, templates map[string]string, resources []resource) ([]File, error) {
	more, err := s.templates(templates)
	if err != nil {
		return nil, err
	}
	files = append(append(files, more...), s.stageFiles(".json", stageJSON)...)
	return append(files, documents(resources)...), nil
}

const step = "  "

// value writes a value; indent is the indentation of the line that it begins on.
func (w *typeScript) value(v value, indent string) string {
	switch v := v.(type) {
	case plain:
		return tsString(string(v))
	case number:
		return strconv.Itoa(int(v))
	case decimal:
		return v.String()
	case truth:
		return strconv.FormatBool(bool(v))
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
		return w.list(v, indent, w.value)
	case optional:
		return w.optional(v, indent)
	case fraction:
		return w.fraction(v)
	case keyed:
		return w.text(v.key) + ".apply((key) => ({ [key]: " + w.value(v.value, indent) + " }))"
	case numeral:
		return w.numeral(v)
	case document:
		return w.file(v)
	case packageFile:
		return w.code
	}
	panic(unknown("the writer of TypeScript", v))
}

// within is the value of a variable in a function that gets it.
const within = "is"

// optional writes a value that is another or left out when its variable is empty.
func (w *typeScript) optional(o optional, indent string) string {
	name, otherwise := w.reference("var."+o.variable), "undefined"
	if o.otherwise != nil {
		otherwise = w.value(o.otherwise, indent)
	}
	if !w.outputs {
		return fmt.Sprintf("%s === %s ? %s : %s", name, o.empty(), otherwise, w.value(o.value, indent))
	}
	inside := *w
	inside.reference = func(reference string) string {
		if reference == "var."+o.variable {
			return within
		}
		return w.reference(reference)
	}
	value := inside.value(o.value, indent)
	if o.otherwise == nil {
		return fmt.Sprintf("%s.apply((%s) => (%[2]s === %s ? undefined : %s))", name, within, o.empty(), value)
	}
	return fmt.Sprintf("pulumi.all([%s, %s]).apply(([%s, other]) => (%[3]s === %s ? other : %s))", name, otherwise,
		within, o.empty(), value)
}

// fraction writes the text of a variable as a number.
func (w *typeScript) fraction(f fraction) string {
	name := w.reference("var." + f.variable)
	if w.outputs && name != within {
		return name + ".apply(Number)"
	}
	return "Number(" + name + ")"
}

// numeral writes the number of a variable as text.
func (w *typeScript) numeral(n numeral) string {
	name := w.reference("var." + n.variable)
	if w.outputs {
		return w.template + "`${" + name + "}`"
	}
	return "String(" + name + ")"
}

// document writes an object whose keys are another language's, at every depth.
func (w *typeScript) document(o object, indent string) string {
	return w.members(o, indent, tsKey, w.inner)
}

// object writes an object; key names its properties, "" for one that is left out.
func (w *typeScript) object(o object, indent string, key func(string) string) string {
	return w.members(o, indent, key, w.value)
}

func (w *typeScript) members(o object, indent string, key func(string) string,
	write func(value, string) string) string {
	inner := indent + step
	var b strings.Builder
	b.WriteString("{\n")
	for _, f := range o {
		name := key(f.key)
		if name == "" {
			continue
		}
		if f.comment != "" {
			b.WriteString(inner + "// " + f.comment + "\n")
		}
		fmt.Fprintf(&b, "%s%s: %s,\n", inner, name, write(f.value, inner))
	}
	b.WriteString(indent + "}")
	return b.String()
}

// inner writes a value inside a document.
func (w *typeScript) inner(v value, indent string) string {
	switch v := v.(type) {
	case object:
		return w.document(v, indent)
	case list:
		return w.list(v, indent, w.inner)
	}
	return w.value(v, indent)
}

func (w *typeScript) list(l list, indent string, write func(value, string) string) string {
	if len(l) == 1 {
		return "[" + write(l[0], indent) + "]"
	}
	var b strings.Builder
	b.WriteString("[\n")
	for _, item := range l {
		fmt.Fprintf(&b, "%s%s,\n", indent+step, write(item, indent+step))
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

// file reads a document and replaces the references in it.
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

// tsVariables writes the members of an interface for variables. wrapper is a type around theirs, "" for none.
func tsVariables(variables []variable, wrapper string) string {
	var b strings.Builder
	for _, v := range variables {
		kind, mark := "string", ""
		if v.number {
			kind = "number"
		}
		if wrapper != "" {
			kind = wrapper + "<" + kind + ">"
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

// tsChecks refuse values of constants that break their rules, with a function check that the program has.
func tsChecks(variables []variable, indent string) string {
	var b strings.Builder
	for _, v := range variables {
		if !v.accepts.isNone() {
			name := camel(v.name)
			fmt.Fprintf(&b, "%scheck(%q, %s, %s, %s);\n", indent, name, name, v.accepts.test(name),
				tsString(v.accepts.remedy))
		}
		if v.needs != "" {
			name, needs := camel(v.name), camel(v.needs)
			fmt.Fprintf(&b, "%scheck(%q, %s, %s === \"\" || %s !== \"\", %s);\n", indent, name, name, name, needs,
				tsString(needsRemedy(name, needs)))
		}
	}
	return b.String()
}
