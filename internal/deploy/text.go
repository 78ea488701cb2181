package deploy

import (
	"regexp"
	"slices"
	"strings"
)

// text is a string of a resource, put together from parts of which some are known only when it is created.
type text []part

// part is literal text, or the name of something: a variable (var.name), a place (region, account, partition,
// instance_id, instance_account), the name of the function or state machine whose ARN a variable has
// (arn_name.balance_function_arn), or an attribute of a resource (function.async.arn, machine.balance.arn,
// table.results.name).
type part struct {
	literal string
	name    string
}

// arnNamePart is where the ARNs of functions and state machines have the name.
const arnNamePart = 6

var reference = regexp.MustCompile(`\$\{([a-z_]+(?:\.[a-zA-Z0-9_]+){0,2})\}`)

// base is what everything that is created is named after: the variable that is the project's name unless it is given.
const base = "${var.name}"

// textOf reads a text with references such as ${var.name}.
func textOf(s string) text {
	var t text
	at := 0
	for _, m := range reference.FindAllStringSubmatchIndex(s, -1) {
		t = t.literal(s[at:m[0]])
		t = append(t, part{name: s[m[2]:m[3]]})
		at = m[1]
	}
	return t.literal(s[at:])
}

func (t text) literal(s string) text {
	if s == "" {
		return t
	}
	return append(t, part{literal: s})
}

// String is the text as textOf reads it.
func (t text) String() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.literal)
		if p.name != "" {
			b.WriteString("${" + p.name + "}")
		}
	}
	return b.String()
}

// only returns the single reference that a text consists of, "" when it has other parts.
func (t text) only() string {
	if len(t) == 1 {
		return t[0].name
	}
	return ""
}

// words splits a name at its dashes, underscores and dots.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
}

// pascal writes a name as CloudFormation and TypeScript write types: balance_function_arn is BalanceFunctionArn.
func pascal(name string) string {
	var b strings.Builder
	for _, word := range words(name) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// camel writes a name as TypeScript writes properties: balance_function_arn is balanceFunctionArn.
func camel(name string) string {
	p := pascal(name)
	n := 1
	for n < len(p) && isUpper(p[n]) && (n+1 == len(p) || isUpper(p[n+1])) {
		n++ // SSESpecification is sseSpecification, KMSKeyId is kmsKeyId
	}
	return strings.ToLower(p[:n]) + p[n:]
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// identifier makes a name usable as an identifier in every tool.
func identifier(name string) string {
	id := strings.Join(words(name), "_")
	if id == "" || id[0] >= '0' && id[0] <= '9' {
		id = "n" + id
	}
	return id
}

// document is a JSON file of the stack in which references are written as ${…}.
type document struct {
	file       string // its name in the export
	json       string // indented
	references []string
}

// parts splits the document at its references. Other text that looks like one is the user's own.
func (d document) parts() text {
	var t text
	rest := d.json
	for _, m := range reference.FindAllStringSubmatch(d.json, -1) {
		if slices.Contains(d.references, m[1]) {
			before, after, _ := strings.Cut(rest, m[0])
			t = append(t.literal(before), part{name: m[1]})
			rest = after
		}
	}
	return t.literal(rest)
}

// newDocument makes a document that contains all of the references given.
func newDocument(file string, json []byte, references ...string) document {
	d := document{file: file, json: string(json)}
	for _, r := range references {
		if strings.Contains(d.json, "${"+r+"}") {
			d.references = append(d.references, r)
		}
	}
	return d
}

// resolve returns the document with known references replaced; the others stay.
func (d document) resolve(values map[string]string) string {
	var b strings.Builder
	for _, p := range d.parts() {
		b.WriteString(p.literal)
		if p.name != "" {
			value, known := values[p.name]
			if !known {
				value = "${" + p.name + "}"
			}
			b.WriteString(value)
		}
	}
	return b.String()
}
