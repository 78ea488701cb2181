package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Mapping is an object that is written, with its keys in order.
type Mapping []Member

// Member is one key of a Mapping, and its value: a Mapping, []any, *source.Node, string, bool, int or float64.
type Member struct {
	Key   string
	Value any
}

// YAML is the text of a file with these keys.
func (m Mapping) YAML() []byte {
	if len(m) == 0 {
		return []byte("{}\n")
	}
	var b strings.Builder
	m.writeBlock(&b, "")
	return []byte(b.String())
}

// writeBlock writes the keys of an object, one per line.
func (m Mapping) writeBlock(b *strings.Builder, indent string) {
	for i, member := range m {
		if i > 0 {
			b.WriteString(indent)
		}
		b.WriteString(scalar(member.Key) + ":")
		writeValue(b, indent, member.Value)
	}
}

// writeValue writes what follows a key: an object or a list with something in it below it, anything else behind it.
func writeValue(b *strings.Builder, indent string, value any) {
	indent += "  "
	switch v := value.(type) {
	case Mapping:
		if len(v) > 0 {
			b.WriteString("\n" + indent)
			v.writeBlock(b, indent)
			return
		}
	case []any:
		if len(v) > 0 {
			b.WriteString("\n")
			writeItems(b, indent, v)
			return
		}
	}
	b.WriteString(" " + inline(value) + "\n")
}

func writeItems(b *strings.Builder, indent string, items []any) {
	for _, item := range items {
		b.WriteString(indent + "- ")
		if m, ok := item.(Mapping); ok && len(m) > 0 {
			m.writeBlock(b, indent+"  ")
			continue
		}
		b.WriteString(inline(item) + "\n")
	}
}

// inline writes a value within a line.
func inline(value any) string {
	switch v := value.(type) {
	case Mapping:
		return "{}"
	case []any:
		return "[]"
	case string:
		return scalar(v)
	case *source.Node:
		return inlineNode(v)
	}
	return fmt.Sprint(value)
}

// inlineNode writes a JSON value, numbers as they were written.
func inlineNode(n *source.Node) string {
	var parts []string
	switch n.Kind {
	case source.Object:
		for _, m := range n.Members {
			parts = append(parts, scalar(m.Key)+": "+inlineNode(m.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case source.Array:
		for _, item := range n.Items {
			parts = append(parts, inlineNode(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case source.String:
		return scalar(n.Text)
	case source.Null:
		return "null"
	case source.Number:
		return exponential(n.Text)
	}
	return n.Text
}

// exponential writes a number of JSON. In YAML an exponent has a sign and comes after a fraction.
func exponential(text string) string {
	mantissa, exponent, found := strings.Cut(strings.ToLower(text), "e")
	if !found {
		return text
	}
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "e" + sign(exponent)
}

func sign(exponent string) string {
	if strings.HasPrefix(exponent, "-") || strings.HasPrefix(exponent, "+") {
		return exponent
	}
	return "+" + exponent
}

// simple are texts that need no quotes, if YAML does not take them for a number, a date or a word such as null.
var simple = regexp.MustCompile(`^[\pL_$/.(]([\pL\pN_$/.();!?'%+* -]*[\pL\pN_$/.();!?'%+*-])?$`)

// words are texts that some readers of YAML take for a boolean or a number.
var words = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|nan|\.nan|\.inf)$`)

// span is a time span.
var span = regexp.MustCompile(spanPattern)

// scalar writes a text, in quotes where YAML would take it for something else.
func scalar(text string) string {
	if simple.MatchString(text) && !words.MatchString(text) || span.MatchString(text) {
		node, err := source.ParseYAML("", []byte("["+text+"]"))
		if err == nil && len(node.Items) == 1 && node.Items[0].Kind == source.String && node.Items[0].Text == text {
			return text
		}
	}
	return quoted(text)
}

// quoted is a text as JSON, which YAML reads, too.
func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // a text
	}
	return strings.TrimSuffix(b.String(), "\n")
}
