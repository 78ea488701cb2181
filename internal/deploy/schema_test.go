package deploy_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTerraformIsOfTheSchema checks every attribute and block of the Terraform export against the provider's schema, as
// HashiCorp's bindings for Node carry it: it must be there and of its type, and nothing that is required may be
// missing.
func TestTerraformIsOfTheSchema(t *testing.T) {
	modules := nodeModules(t)
	for name, stack := range stacks(t) {
		for _, r := range readTerraformExport(t, stack, environments[name]) {
			folder := strings.ReplaceAll(strings.TrimPrefix(r.kind, "aws_"), "_", "-")
			schema := readSchema(string(readFile(t,
				filepath.Join(modules, "@cdktf", "provider-aws", "lib", folder, "index.d.ts"))))
			if len(schema[configOf(schema)]) == 0 {
				t.Fatalf("%s: the schema cannot be read", r.kind)
			}
			schema.check(t, r.kind, configOf(schema), r.properties)
		}
	}
}

// schema are the interfaces of a resource's bindings: its configuration, and a block each.
type schema map[string]map[string]schemaProperty

type schemaProperty struct {
	required bool
	kind     string // as TypeScript has it
}

var (
	schemaInterface = regexp.MustCompile(`^export interface (\w+)`)
	schemaName      = regexp.MustCompile(`/docs(?:/[a-z-]+/\w+)?#([a-z0-9_]+) `)
	schemaReadonly  = regexp.MustCompile(`^    readonly \w+(\??): (.*?)(?: \| cdktf\.IResolvable)?;?$`)
)

// readSchema reads the bindings. The comment above each property has the provider's own name for it.
func readSchema(text string) schema {
	s := schema{}
	in, name := "", ""
	for _, line := range strings.Split(text, "\n") {
		if m := schemaInterface.FindStringSubmatch(line); m != nil {
			in = m[1]
			s[in] = map[string]schemaProperty{}
		} else if m := schemaName.FindStringSubmatch(line); m != nil {
			name = m[1]
		} else if m := schemaReadonly.FindStringSubmatch(line); m != nil && in != "" && name != "" {
			s[in][name] = schemaProperty{required: m[1] == "", kind: m[2]}
			name = ""
		} else if line == "}" {
			in = ""
		}
	}
	return s
}

// configOf is the interface of the resource itself.
func configOf(s schema) string {
	for name := range s {
		if _, ok := s[name]["id"]; ok && strings.HasSuffix(name, "Config") {
			return name
		}
	}
	for name := range s {
		if _, ok := s[name]["region"]; ok && strings.HasSuffix(name, "Config") {
			return name
		}
	}
	return ""
}

func (s schema) check(t *testing.T, place, in string, properties map[string]any) {
	t.Helper()
	for name, p := range s[in] {
		if p.required && properties[name] == nil {
			t.Errorf("%s lacks %s", place, name)
		}
	}
	for name, v := range properties {
		p, ok := s[in][name]
		switch {
		case !ok:
			t.Errorf("%s has no attribute %s", place, name)
		case v != nil && !s.fits(t, place+"."+name, p.kind, v):
			t.Errorf("%s.%s is %v, and must be a %s", place, name, v, p.kind)
		}
	}
}

// fits reports whether a value is of a type; blocks are checked themselves.
func (s schema) fits(t *testing.T, place, kind string, v any) bool {
	t.Helper()
	switch {
	case kind == "string":
		_, ok := v.(string)
		return ok
	case kind == "number":
		_, ok := v.(float64)
		return ok
	case kind == "boolean":
		_, ok := v.(bool)
		return ok
	case kind == "string[]":
		list, ok := v.([]any)
		for _, item := range list {
			_, isText := item.(string)
			ok = ok && isText
		}
		return ok
	case strings.HasPrefix(kind, "{"):
		_, ok := v.(map[string]any)
		return ok
	}
	blocks, ok := v.([]any)
	for _, b := range blocks {
		s.check(t, place, strings.TrimSuffix(kind, "[]"), b.(map[string]any))
	}
	_, known := s[strings.TrimSuffix(kind, "[]")]
	return ok && known
}
