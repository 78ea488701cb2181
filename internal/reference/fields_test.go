package reference_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/reference"
	"github.com/connect-async/connect-async/internal/source"
)

// place is a value in a file: what describes it, and the file with something there.
type place struct {
	kind, path string
	schema     *form.Schema
	file       func(value any) any
}

// needed are the keys that objects need beside the one that is tried, by path.
var needed = map[string]map[string]any{
	"project": {
		"name": "bank", "jobs": map[string]any{"balance": map[string]any{"steps": []any{"f"}}},
		"functions": map[string]any{"f": map[string]any{"arn": "x"}, "look-up": map[string]any{"arn": "y"},
			"format": map[string]any{"arn": "z"}},
	},
	"project.stages.STAGE":           {"account": "111122223333", "region": "us-east-1"},
	"project.stages.STAGE.replica":   {"region": "us-west-2"},
	"project.jobs.JOB":               {"steps": []any{"f"}},
	"project.functions.FUNCTION":     {"arn": "x", "runtime": "go"},
	"project.flows[]":                {"file": "flow.json"},
	"project.flows[].generate.voice": {"name": "Amy"},
	"project.lint.rules.RULE":        {"reason": "x"},
	"project.lint.accept[]":          {"reason": "x", "fingerprint": "x"},
	"scenario.caller.does[]":         {"at": "1s", "say": "x"},
	"scenario.callers[].does[]":      {"at": "1s", "say": "x"},
	"scenario.faults[]":              {"service": "lambda", "error": "E"},
	"scenario.changes[].faults[]":    {"service": "lambda", "error": "E"},
	"scenario.changes[]":             {"faults": []any{}},
	"scenario.expect.heard[]":        {"text": "x"},
	"scenario.expect.branches[]":     {"action": "a", "branch": "b"},
}

// instead are keys that cannot stand beside the one that is tried.
var instead = map[string]map[string][]string{
	"project.jobs.JOB":          {"definition": {"steps"}},
	"scenario.caller.does[]":    {"heard": {"at"}, "press": {"say"}},
	"scenario.callers[].does[]": {"heard": {"at"}, "press": {"say"}},
}

// with is an object with a key, and what it needs.
func with(path, key string, value any) map[string]any {
	object := maps.Clone(needed[path])
	if object == nil {
		object = map[string]any{}
	}
	for _, other := range instead[path][key] {
		delete(object, other)
	}
	if old, ok := object[key].(map[string]any); ok { // such as jobs, of which there must be one
		if given, ok := value.(map[string]any); ok {
			old = maps.Clone(old)
			maps.Copy(old, given)
			value = old
		}
	}
	if object[key] = value; value == left {
		delete(object, key)
	}
	return object
}

// visit calls see for each place below one.
func (p place) visit(see func(place)) {
	see(p)
	below := func(path string, s *form.Schema, wrap func(value any) any) {
		place{kind: p.kind, path: path, schema: s, file: func(v any) any { return p.file(wrap(v)) }}.visit(see)
	}
	s := p.schema
	switch {
	case s.Values != nil:
		name := "x"
		if s.Closed {
			name = s.Properties[0].Key
		}
		if s.Key == "LANGUAGE" {
			name = "en"
		}
		below(p.path+"."+s.Key, s.Values, func(v any) any { return map[string]any{name: v} })
	case s.Closed:
		for _, property := range s.Properties {
			below(p.path+"."+property.Key, property.Schema, func(v any) any { return with(p.path, property.Key, v) })
		}
	case s.Items != nil:
		below(p.path+"[]", s.Items, func(v any) any { return []any{v} })
	}
	for _, way := range s.AnyOf {
		below(p.path, way, func(v any) any { return v })
	}
}

// places are all values of all kinds of files, but for those in a list of outcomes in a list of actions.
func places() []place {
	var list []place
	for _, k := range reference.Kinds {
		whole := place{kind: k.Name, path: k.Name, schema: k.Form(), file: func(v any) any { return v }}
		whole.visit(func(p place) { list = append(list, p) })
	}
	return list
}

// TestReadersKnowTheFields asks the reader of each object which keys it knows, and finds the same in the schema.
func TestReadersKnowTheFields(t *testing.T) {
	described := map[string][]string{}
	example := map[string]place{}
	for _, p := range places() {
		if p.schema.Closed && p.schema.Values == nil && p.path != "scenario.assumptions" {
			for _, property := range p.schema.Properties {
				described[p.path] = append(described[p.path], property.Key)
			}
			example[p.path] = p
		}
	}
	if len(described) < 30 {
		t.Fatalf("there are only %d objects", len(described))
	}
	for path, keys := range described {
		slices.Sort(keys)
		p := example[path]
		object := with(path, "zzz", 1)
		_, found := read(t, p.kind, yaml(t, p.file(object)))
		at := slices.IndexFunc(found, func(f source.Finding) bool { return f.Message == `unknown key "zzz"` })
		if at < 0 {
			t.Errorf("%s: an unknown key is read: %v", path, found)
			continue
		}
		_, list, _ := strings.Cut(found[at].Remedy, "Known keys: ")
		known := strings.Split(strings.TrimSuffix(list, "."), ", ")
		slices.Sort(known)
		if diff := cmp.Diff(slices.Compact(keys), known); diff != "" {
			t.Errorf("%s: keys of the schema (-) and of the reader (+):\n%s", path, diff)
		}
		if refused(t, p.kind, yaml(t, p.file(object))) == nil {
			t.Errorf("%s: the schema allows an unknown key", path)
		}
	}
}

// wrong are values of which a schema allows none, by what they are.
func wrong(s *form.Schema) map[string]any {
	values := map[string]any{"list of lists": []any{[]any{}}, "object": map[string]any{"zzz": map[string]any{}}}
	if s.Minimum != nil && s.Types[0] == "integer" {
		values["too little"], values["fraction"] = *s.Minimum-1, *s.Minimum+0.5
		if s.Maximum != nil {
			values["too much"] = *s.Maximum + 1
		}
	}
	if s.Enum != nil || slices.Contains(s.Types, "boolean") && s.Words == "" || slices.Contains(s.Types, "integer") {
		values["word"] = "zzz"
	}
	if s.Closed || s.Items != nil || s.Values != nil {
		values["word"] = "zzz"
	}
	if s.Values != nil && !s.Closed { // whose key may be zzz, and whose value an empty object
		delete(values, "object")
	}
	return values
}

// TestWrongValuesAreRefused tries values of the wrong kind and out of range in every place, against both.
func TestWrongValuesAreRefused(t *testing.T) {
	seen := map[string]*form.Schema{}
	count := 0
	for _, p := range places() {
		again := strings.HasPrefix(p.path, "scenario.callers[]") || seen[p.path] != nil
		if again || p.schema.AnyOf != nil || p.schema.Words == "any value" || p.path == p.kind {
			continue
		}
		seen[p.path] = p.schema
		for what, value := range wrong(p.schema) {
			text := yaml(t, p.file(value))
			isRefused := refused(t, p.kind, text) != nil
			_, found := read(t, p.kind, text)
			switch {
			case !found.HasErrors():
				t.Errorf("%s: a value that is a %s is read: %s", p.path, what, text)
			case !isRefused:
				t.Errorf("%s: the schema allows a %s: %s", p.path, what, text)
			}
			count++
		}
	}
	if count < 500 {
		t.Errorf("only %d values were tried", count)
	}
}

// TestDefaultsAndExamples writes the default of every key into a file, which changes nothing, and each example of its
// value, which is read.
func TestDefaultsAndExamples(t *testing.T) {
	defaults, examples := 0, 0
	for _, p := range places() {
		if d := p.schema.Default; d != nil && !p.schema.Deprecated {
			defaults++
			same(t, p, d)
		}
		for _, example := range p.schema.Examples {
			examples++
			node, err := source.ParseYAML("", []byte(example))
			if err != nil {
				t.Fatal(err)
			}
			text := yaml(t, p.file(node.Value()))
			if _, found := read(t, p.kind, text); found.HasErrors() && !fitsElsewhere(p.path) {
				t.Errorf("%s: the example is refused: %v", p.path, found)
			}
			if err := refused(t, p.kind, text); err != nil {
				t.Errorf("%s: the example is not valid: %v", p.path, err)
			}
		}
	}
	if defaults < 80 || examples < 80 {
		t.Errorf("only %d defaults and %d examples were tried", defaults, examples)
	}
}

// fitsElsewhere reports whether a key does not fit the file that is tried: only a module returns something.
func fitsElsewhere(path string) bool { return path == "project.flows[].generate.returns" }

// same checks that a file with the default of a key says the same as one without the key.
func same(t *testing.T, p place, value any) {
	t.Helper()
	text := yaml(t, p.file(value))
	given, found := read(t, p.kind, text)
	without, more := read(t, p.kind, yaml(t, p.file(left)))
	if found.HasErrors() || more.HasErrors() {
		t.Errorf("%s: the default %v is refused: %v %v", p.path, value, found, more)
		return
	}
	if err := refused(t, p.kind, text); err != nil {
		t.Errorf("%s: the default is not valid: %v", p.path, err)
	}
	places := cmp.FilterPath(func(path cmp.Path) bool {
		kind := path.Last().Type()
		return kind == reflect.TypeFor[source.Pos]() || kind == reflect.TypeFor[*source.Node]()
	}, cmp.Ignore())
	if diff := cmp.Diff(without, given, places, cmp.AllowUnexported(lint.Settings{})); diff != "" {
		t.Errorf("%s: %v is not the default:\n%s", p.path, value, diff)
	}
}

// left is a value that is left out, with its key.
var left = new(any)
