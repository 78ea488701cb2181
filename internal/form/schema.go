package form

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// Draft is the version of JSON schema that is written: the newest that the language servers of editors know well.
const Draft = "http://json-schema.org/draft-07/schema#"

// Schema describes a value: what a JSON schema says of it, and what a reference says beyond that.
type Schema struct {
	Words       string // what a reference calls such a value, "" for what the rest of the schema says
	Description string
	Default     any      // what counts without the value, nil when there is no such value
	Otherwise   string   // the same in words
	Examples    []string // as YAML
	Deprecated  bool

	Types            []string
	Enum             []any
	Minimum, Maximum *float64
	Above            *float64 // exclusive minimum
	Pattern          string   // of texts
	PatternRemedy    string   // what editors say of a text that does not match
	AnyOf            []*Schema
	Items            *Schema // of a list
	MinItems         int

	// Of an object whose keys are known:
	Closed     bool
	Properties []Property
	Required   []string

	// Of an object whose keys the user chooses. Where there is a choice of some only, it is Closed all the same:
	Values     *Schema
	Key        string // what a reference calls such a key
	KeyPattern string // of the keys that are allowed, and
	KeyRefused string // of those that are refused all the same
}

// Property is one key of an object.
type Property struct {
	Key    string
	Schema *Schema
}

func number[N int | float64](n N) *float64 {
	f := float64(n)
	return &f
}

// Property returns the description of a key, nil when there is no such key.
func (s *Schema) Property(key string) *Schema {
	for _, p := range s.Properties {
		if p.Key == key {
			return p.Schema
		}
	}
	return nil
}

// setDefault takes over a standard value as it would be written, if it is a scalar or a list.
func (s *Schema) setDefault(written any) {
	if _, isObject := written.(Mapping); !isObject && s.Default == nil && s.Otherwise == "" {
		s.Default = written
	}
}

// orNull allows an object or a list to be empty, as one is that has nothing but comments below its key.
func (s *Schema) orNull() {
	if slices.Contains(s.Types, "object") || slices.Contains(s.Types, "array") {
		s.Types = append(s.Types, "null")
	}
}

// Meaning is the description with what counts without the value, as far as Default does not say that.
func (s *Schema) Meaning() string {
	if s.Otherwise == "" || s.Description == "" {
		return s.Description
	}
	return s.Description + " (default: " + s.Otherwise + ")"
}

// MarshalJSON writes the JSON schema, with keys in the order of the table.
func (s *Schema) MarshalJSON() ([]byte, error) {
	m, err := s.members()
	if err != nil {
		return nil, err
	}
	return m.MarshalJSON()
}

// members are the keys of the JSON schema.
func (s *Schema) members() (Mapping, error) {
	var m Mapping
	examples, err := parsed(s.Examples)
	if err != nil {
		return nil, err
	}
	add := func(key string, value any, is bool) {
		if is {
			m = append(m, Member{Key: key, Value: value})
		}
	}
	add("description", s.Meaning(), s.Description != "")
	add("deprecated", true, s.Deprecated)
	if len(s.Types) == 1 {
		add("type", s.Types[0], true)
	} else {
		add("type", s.Types, len(s.Types) > 1)
	}
	add("enum", s.Enum, s.Enum != nil)
	add("minimum", s.Minimum, s.Minimum != nil)
	add("exclusiveMinimum", s.Above, s.Above != nil)
	add("maximum", s.Maximum, s.Maximum != nil)
	add("pattern", s.Pattern, s.Pattern != "")
	add("patternErrorMessage", s.PatternRemedy, s.PatternRemedy != "")
	add("default", s.Default, s.Default != nil)
	add("examples", examples, s.Examples != nil)
	add("anyOf", s.AnyOf, s.AnyOf != nil)
	add("minItems", s.MinItems, s.MinItems > 0)
	add("items", s.Items, s.Items != nil)
	add("required", s.Required, s.Required != nil)
	add("properties", properties(s.Properties), s.Properties != nil)
	add("propertyNames", s.keys(), s.KeyPattern != "")
	add("additionalProperties", s.Values, s.Values != nil && !s.Closed)
	add("additionalProperties", false, s.Closed)
	return m, nil
}

// keys describes the keys that the user chooses.
func (s *Schema) keys() Mapping {
	keys := Mapping{{Key: "pattern", Value: s.KeyPattern}}
	if s.PatternRemedy != "" {
		keys = append(keys, Member{Key: "patternErrorMessage", Value: s.PatternRemedy})
	}
	if s.KeyRefused != "" {
		keys = append(keys, Member{Key: "not", Value: Mapping{{Key: "pattern", Value: s.KeyRefused}}})
	}
	return keys
}

// parsed are the values of examples.
func parsed(examples []string) ([]*source.Node, error) {
	var values []*source.Node
	for _, text := range examples {
		value, err := source.ParseYAML("", []byte(text))
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func properties(list []Property) Mapping {
	m := Mapping{}
	for _, p := range list {
		m = append(m, Member{Key: p.Key, Value: p.Schema})
	}
	return m
}

// MarshalJSON writes the members in their order.
func (m Mapping) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, member := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(member.Key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(member.Value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Document is the text of the JSON schema of a whole file.
func (s *Schema) Document(title string) []byte {
	members, err := s.members()
	if err != nil {
		panic(err) // of a table
	}
	head := Mapping{{Key: "$schema", Value: Draft}, {Key: "title", Value: title}}
	text, err := append(head, members...).MarshalJSON()
	if err != nil {
		panic(err) // texts, numbers and lists of them
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		panic(err)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// Either describes a value that may be written in several ways.
func Either(ways ...*Schema) *Schema { return &Schema{AnyOf: ways} }

// SchemaLine is the first line of a YAML file, by which editors find its JSON schema: a path relative to the file,
// which the YAML language server follows without a network.
func SchemaLine(path string) string { return "# yaml-language-server: $schema=" + path + "\n" }
