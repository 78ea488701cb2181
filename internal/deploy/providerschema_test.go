package deploy_test

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The schema of the AWS provider in the form of `terraform providers schema -json`, as testdata/provider reads it.
type (
	providerSchema struct {
		Provider  blockOf            `json:"provider"`
		Resources map[string]blockOf `json:"resource_schemas"`
		Data      map[string]blockOf `json:"data_source_schemas"`
	}
	blockOf struct {
		Block schemaBlock `json:"block"`
	}
	schemaBlock struct {
		Attributes map[string]schemaAttribute `json:"attributes"`
		Blocks     map[string]nestedBlock     `json:"block_types"`
	}
	schemaAttribute struct {
		Type     any  `json:"type"`
		Required bool `json:"required,omitempty"`
		Optional bool `json:"optional,omitempty"`
		Computed bool `json:"computed,omitempty"`
	}
	nestedBlock struct {
		Mode  string      `json:"nesting_mode"`
		Max   int         `json:"max_items,omitempty"`
		Block schemaBlock `json:"block"`
	}
)

// bindings are the bindings for Node of one resource, of one data source or of the provider.
type bindings struct {
	declared schema                          // what is required, and how often a block may be there
	written  map[string]map[string]hclFields // what is written, by interface and name
	computed map[string]any                  // the types of what is read, by name
}

// hclFields say how something is written.
type hclFields struct {
	isBlock       bool
	kind, storage string
}

// awsSchema is the schema of what a configuration uses, and its version.
func awsSchema(t *testing.T, resources, data []string) (text []byte, version string) {
	t.Helper()
	lib := filepath.Join(nodeModules(t), "@cdktf", "provider-aws", "lib")
	read := func(folder string) bindings {
		return readBindings(string(readFile(t, filepath.Join(lib, folder, "index.d.ts"))),
			string(readFile(t, filepath.Join(lib, folder, "index.js"))))
	}
	folder := func(kind string) string { return strings.ReplaceAll(strings.TrimPrefix(kind, "aws_"), "_", "-") }
	out := providerSchema{Provider: blockOf{Block: read("provider").block("AwsProviderConfig")},
		Resources: map[string]blockOf{}, Data: map[string]blockOf{}}
	for _, kind := range resources {
		out.Resources[kind] = blockOf{Block: read(folder(kind)).resource(t, kind, false)}
	}
	for _, kind := range data {
		out.Data[kind] = blockOf{Block: read("data-aws-"+folder(kind)).resource(t, kind, true)}
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`providerVersion: '([0-9.]+)'`).FindSubmatch(
		readFile(t, filepath.Join(lib, "data-aws-region", "index.js")))
	if m == nil {
		t.Fatal("the bindings do not say the version of the provider")
	}
	return text, string(m[1])
}

var (
	hclFunction  = regexp.MustCompile(`^function (\w+)ToHclTerraform\(`)
	hclName      = regexp.MustCompile(`^\s+(\w+): \{$`)
	hclField     = regexp.MustCompile(`^\s+(isBlock|type|storageClassType): "?(\w+)"?,$`)
	mainClass    = regexp.MustCompile(`(?m)^class \w+ extends cdktf\.Terraform(?:Resource|DataSource|Provider) \{$`)
	computedRead = regexp.MustCompile(`return (cdktf\.Fn\.tolist\()?this\.get(\w*)Attribute\('(\w+)'\)`)
)

// attributeTypes are types by how the bindings read them.
var attributeTypes = map[string]any{"String": "string", "Number": "number", "Boolean": "bool",
	"List": []any{"list", "string"}, "NumberList": []any{"list", "number"}, "StringMap": []any{"map", "string"}}

// readBindings reads the declarations and the code of bindings.
func readBindings(declarations, code string) bindings {
	b := bindings{declared: readSchema(declarations), written: map[string]map[string]hclFields{},
		computed: map[string]any{}}
	in, name := "", ""
	for line := range strings.Lines(code) {
		line = strings.TrimRight(line, "\n")
		if m := hclFunction.FindStringSubmatch(line); m != nil {
			in = strings.ToUpper(m[1][:1]) + m[1][1:]
		} else if strings.HasPrefix(line, "    synthesizeHclAttributes()") {
			in = configOf(b.declared)
		} else if m := hclName.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if m := hclField.FindStringSubmatch(line); m != nil && in != "" {
			b.note(in, name, m[1], m[2])
		}
	}
	if at := mainClass.FindStringIndex(code); at != nil {
		for _, m := range computedRead.FindAllStringSubmatch(code[at[0]:], -1) {
			if kind, ok := attributeTypes[m[2]]; ok {
				b.computed[m[3]] = kind
			}
		}
	}
	return b
}

func (b bindings) note(in, name, field, value string) {
	if b.written[in] == nil {
		b.written[in] = map[string]hclFields{}
	}
	f := b.written[in][name]
	switch field {
	case "isBlock":
		f.isBlock = value == "true"
	case "type":
		f.kind = value
	default:
		f.storage = value
	}
	b.written[in][name] = f
}

// resource is the schema of a whole resource. The bindings do not tell what the provider computes when nobody gives it,
// but this is known of some, and of everything in a data source.
func (b bindings) resource(t *testing.T, kind string, data bool) schemaBlock {
	t.Helper()
	out := b.block(configOf(b.declared))
	if len(out.Attributes) == 0 {
		t.Fatalf("%s: the schema cannot be read", kind)
	}
	for name, a := range out.Attributes {
		_, prefixed := out.Attributes[name+"_prefix"]
		a.Computed = a.Optional && (data || prefixed || name == "id" || name == "region" || name == "tags_all")
		out.Attributes[name] = a
	}
	for name, kind := range b.computed {
		if _, given := out.Attributes[name]; !given {
			out.Attributes[name] = schemaAttribute{Type: kind, Computed: true}
		}
	}
	return out
}

// block is the schema of an interface, with the blocks in it.
func (b bindings) block(of string) schemaBlock {
	out := schemaBlock{Attributes: map[string]schemaAttribute{}, Blocks: map[string]nestedBlock{}}
	for name, f := range b.written[of] {
		declared := b.declared[of][name]
		inner := strings.TrimSuffix(declared.kind, "[]")
		if !f.isBlock {
			out.Attributes[name] = schemaAttribute{Type: f.attributeType(), Required: declared.required,
				Optional: !declared.required}
			continue
		}
		nested := nestedBlock{Mode: f.kind, Block: b.block(inner)}
		switch {
		case f.kind == "struct":
			nested.Mode = "single"
		case inner == declared.kind:
			nested.Max = 1
		}
		out.Blocks[name] = nested
	}
	return out
}

// attributeType is the type in the notation of the schema.
func (f hclFields) attributeType() any {
	element := strings.TrimSuffix(strings.TrimSuffix(f.storage, "List"), "Map")
	if element == "boolean" {
		element = "bool"
	}
	if f.kind == "simple" {
		return element
	}
	return []any{f.kind, element}
}

// TestSchemaOfTheProvider checks what decides about plans: what must be given, what the provider computes, what may be
// there once.
func TestSchemaOfTheProvider(t *testing.T) {
	text, version := awsSchema(t, []string{"aws_sfn_state_machine", "aws_dynamodb_table"}, []string{"aws_region"})
	var s providerSchema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	machine, table := s.Resources["aws_sfn_state_machine"].Block, s.Resources["aws_dynamodb_table"].Block
	for what, got := range map[string]any{
		"version 6 or later": version >= "6",
		"definition":         machine.Attributes["definition"] == schemaAttribute{Type: "string", Required: true},
		"arn":                machine.Attributes["arn"] == schemaAttribute{Type: "string", Computed: true},
		"name": machine.Attributes["name"] == schemaAttribute{Type: "string",
			Optional: true, Computed: true},
		"type":             machine.Attributes["type"] == schemaAttribute{Type: "string", Optional: true},
		"logging":          machine.Blocks["logging_configuration"].Max == 1,
		"level":            machine.Blocks["logging_configuration"].Block.Attributes["level"].Type == "string",
		"timeouts":         machine.Blocks["timeouts"].Mode == "single",
		"attribute":        table.Blocks["attribute"].Mode == "set" && table.Blocks["attribute"].Max == 0,
		"region":           s.Data["aws_region"].Block.Attributes["region"].Computed,
		"allowed accounts": s.Provider.Block.Attributes["allowed_account_ids"].Optional,
	} {
		if got != true {
			t.Errorf("%s is not as the provider has it", what)
		}
	}
}
