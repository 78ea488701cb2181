package reference_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/reference"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// compiled are the JSON schemas by kind. Compiling checks them against draft 7.
var compiled = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	all := map[string]*jsonschema.Schema{}
	for _, k := range reference.Kinds {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(k.Schema()))
		if err != nil {
			return nil, err
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource(k.Name, document); err != nil {
			return nil, err
		}
		if all[k.Name], err = compiler.Compile(k.Name); err != nil {
			return nil, err
		}
	}
	return all, nil
})

// refused is what the schema of a kind of file has against a text, nil when it has nothing.
func refused(t *testing.T, kind, text string) error {
	t.Helper()
	schemas, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	node, err := source.ParseYAML("file.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return schemas[kind].Validate(node.Value())
}

// read reads a text as the kind of file that it is. All files that it names exist.
func read(t *testing.T, kind, text string) (any, source.Findings) {
	t.Helper()
	if kind == "scenario" {
		s, found := scenario.Parse("file.yaml", []byte(text), exists)
		return s, found
	}
	p, found := project.Parse("file.yaml", []byte(text), exists)
	if p == nil {
		return nil, found
	}
	settings, more := lint.ReadSettings("file.yaml", p.Lint)
	return []any{*p, settings}, append(found, more...)
}

func exists(string) bool { return true }

// TestExamplesAreValid checks every project file and scenario of the examples, and of the tests of the command line,
// against its schema: what is read is valid.
func TestExamplesAreValid(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../examples/*/scenarios/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	check := func(name, text string) {
		kind := kindOf(name, text)
		if _, found := read(t, kind, text); found.HasErrors() {
			return // a test of what is refused
		}
		count[kind]++
		if err := refused(t, kind, text); err != nil {
			t.Errorf("%s is not valid as a %s: %v", name, kind, err)
		}
	}
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		check(file, string(text))
	}
	if count["project"] < 7 || count["scenario"] < 40 {
		t.Errorf("there are only %v examples", count)
	}
	for name, text := range scripted(t) {
		check(name, text)
	}
	if count["project"] < 60 || count["scenario"] < 75 {
		t.Errorf("there are only %v examples and files of tests", count)
	}
}

// kindOf tells a project file from a scenario.
func kindOf(name, text string) string {
	if strings.Contains(text, "\njobs:") || filepath.Base(name) == project.FileName {
		return "project"
	}
	return "scenario"
}

// scripted are the YAML files in the scripts that test the command line.
func scripted(t *testing.T) map[string]string {
	t.Helper()
	scripts, err := filepath.Glob("../../cmd/connect-async/testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("there are no scripts", err)
	}
	files := map[string]string{}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n-- ")[1:] {
			name, content, _ := strings.Cut(part, " --\n")
			if _, err := source.ParseYAML(name, []byte(content)); err == nil && filepath.Ext(name) == ".yaml" {
				files[filepath.Base(script)+"/"+name] = content
			}
		}
	}
	return files
}

// TestBadFiles tries files with faults against the reader and the schema. The schema cannot see all of them.
func TestBadFiles(t *testing.T) {
	const good = "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"
	const theReaderAlone = true
	for _, test := range []struct {
		kind, text string
		alone      bool
	}{
		{kind: "project", text: "[]"},
		{kind: "project", text: "jobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"}, // no name
		{kind: "project", text: "nam: x\n" + good},
		{kind: "project", text: strings.Replace(good, "bank", "my bank", 1)},
		{kind: "project", text: strings.Replace(good, "bank", strings.Repeat("x", 41), 1)},
		{kind: "project", text: strings.Replace(good, "{a:", "{a b:", 1)},
		{kind: "project", text: strings.Replace(good, "{f:", "{'f/g':", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "f", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "[[f]]", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "[f], timeout: soon", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "[f], timeout: -1s", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "[f], results: tables", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "[f], reuse_seconds: 59", 1)},
		{kind: "project", text: strings.Replace(good, "[f]", "[f], texts: {en: {frist: x}}", 1)},
		{kind: "project", text: strings.Replace(good, "arn: x", "arn: x, memory_mb: 64", 1)},
		{kind: "project", text: strings.Replace(good, "arn: x", "arn: x, remote: 1", 1)},
		{kind: "project", text: good + "flows: {file: flow.json}"},
		{kind: "project", text: good + "flows: [{type: inbound}]"},
		{kind: "project", text: good + "flows: [{file: f.json, type: hold}]"},
		{kind: "project", text: good + "flows: [{file: f.json, generate: {style: fast}}]"},
		{kind: "project", text: good + "flows: [{file: f.json, generate: {language: English!}}]"},
		{kind: "project", text: good + "flows: [{file: f.json, generate: {then: wait}}]"},
		{kind: "project", text: good + "flows: [{file: f.json, generate: {then: {que: q}}}]"},
		{kind: "project", text: good + "flows: [{file: f.json, generate: {voice: {engine: Neural}}}]"},
		{kind: "project", text: good + "prompts: {music: 3}"},
		{kind: "project", text: good + "callers: 0"},
		{kind: "project", text: good + "callers: many"},
		{kind: "project", text: good + "retain: a day"},
		{kind: "project", text: good + "lint: {rules: {no-such-rule: {reason: x}}}"},
		{kind: "project", text: good + "lint: {rules: {response-type: {severity: off}}}"},
		{kind: "project", text: good + "lint: {rules: {response-type: {severity: low, reason: x}}}"},
		{kind: "project", text: good + "lint: {accept: [{reason: x}]}"},
		{kind: "project", text: good + "deploy: {alarm: true}"},
		{kind: "project", text: good + "deploy: {log_retention_days: 31}"},
		{kind: "project", text: good + "deploy: {role_path: voice}"},
		{kind: "project", text: good + "deploy: {role_prefix: a b}"},
		{kind: "project", text: good + "deploy: {role_arn: mine}"},
		{kind: "project", text: good + "deploy: {tags: {'aws:x': y}}"},
		{kind: "project", text: good + "deploy: {tags: {'a&b': y}}"},
		{kind: "scenario", text: "clok: real"},
		{kind: "scenario", text: "clock: fast"},
		{kind: "scenario", text: "seed: -1"},
		{kind: "scenario", text: "seed: 1.5"},
		{kind: "scenario", text: "flows: {a: {}}"},
		{kind: "scenario", text: "caller: {channel: FAX}"},
		{kind: "scenario", text: "caller: {does: [{at: 1s, press: a}]}"},
		{kind: "scenario", text: "functions: {a: {take: 3s}}"},
		{kind: "scenario", text: "functions: {a: {calls: [{takes: 1s}], takes: 2s}}"},
		{kind: "scenario", text: "latency: {lambda: soon}"},
		{kind: "scenario", text: "faults: [{service: s3}]"},
		{kind: "scenario", text: "faults: [{service: lambda, rate: 0, takes: 1s}]"},
		{kind: "scenario", text: "faults: [{service: lambda, calls: [0], takes: 1s}]"},
		{kind: "scenario", text: "assumptions: {no_such: 1}"},
		{kind: "scenario", text: "assumptions: {chain_reset: now}"},
		{kind: "scenario", text: "expect: {ending: never}"},
		{kind: "scenario", text: "expect: {lambda_calls: {least: 1}}"},
		{kind: "scenario", text: "expect: {branches: [{action: a}]}"},
		{kind: "scenario", text: "lengths: {a: [1]}"},
		{kind: "scenario", text: "silence: on"},
		{kind: "scenario", text: "silence: {warning: 2s}"},

		{"project", "name: bank\nfunctions: {f: {arn: x}}\n", theReaderAlone}, // serve needs no jobs
		{"project", strings.Replace(good, "[f]", "[g]", 1), theReaderAlone},
		{"project", strings.Replace(good, "[f]", "[f, f]", 1), theReaderAlone},
		{"project", strings.Replace(good, "steps: [f]", "repeatable: true", 1), theReaderAlone},
		{"project", strings.Replace(good, "[f]", "[f], timeout: 100ms", 1), theReaderAlone},
		{"project", strings.Replace(good, "[f]", "[f], texts: {fr: {first: x}}", 1), theReaderAlone},
		{"project", strings.Replace(good, "[f]", "[f], texts: {en: {first: [x, y]}}", 1), theReaderAlone},
		{"project", strings.Replace(good, "{arn: x}", "{}", 1), theReaderAlone},
		{"project", strings.Replace(good, "{arn: x}", "{code: .}", 1), theReaderAlone},
		{"project", strings.Replace(good, "{f:", "{async: {arn: y}, f:", 1), theReaderAlone},
		{"project", strings.Replace(good, "bank", "1bank", 1), theReaderAlone},
		{"project", good + "retain: 1m", theReaderAlone},
		{"project", good + "flows: [{file: f.json, generate: {say: $.Externl.x}}]", theReaderAlone},
		{"project", good + "flows: [{file: f.json, generate: {parameters: {count: x}}}]", theReaderAlone},
		{"project", good + "flows: [{file: f.json, generate: {returns: {x: x}}}]", theReaderAlone},
		{"project", good + "flows: [{file: f.json, generate: {prompt: hold music}}]", theReaderAlone},
		{"project", good + "deploy: {read_only: [old]}", theReaderAlone},
		{"scenario", "caller: {does: [{say: x}]}", theReaderAlone},
		{"scenario", "caller: {}\ncallers: [{}]", theReaderAlone},
		{"scenario", "functions: {a: {takes: {from: 2s, to: 1s}}}", theReaderAlone},
		{"scenario", "faults: [{service: lambda}]", theReaderAlone},
		{"scenario", "changes: [{at: 1s}]", theReaderAlone},
		{"scenario", "expect: {executions: {min: 2, max: 1}}", theReaderAlone},
		{"scenario", "silence: {note: 5s, failure: 2s}", theReaderAlone},
	} {
		if _, found := read(t, test.kind, test.text); !found.HasErrors() {
			t.Errorf("%s\nis read as a %s", test.text, test.kind)
		}
		if err := refused(t, test.kind, test.text); (err == nil) != test.alone {
			t.Errorf("%s\nthe schema says %v", test.text, err)
		}
	}
}

// TestPagesLink checks that every link within a page leads to a section of it, each of which has its own title.
func TestPagesLink(t *testing.T) {
	for _, k := range reference.Kinds {
		page, err := k.Page()
		if err != nil {
			t.Fatal(err)
		}
		titles := map[string]int{}
		for line := range strings.Lines(page) {
			if title, ok := strings.CutPrefix(line, "## "); ok {
				anchor := strings.ToLower(strings.TrimSpace(title))
				for _, left := range []string{"`", ".", "[", "]"} {
					anchor = strings.ReplaceAll(anchor, left, "")
				}
				titles[strings.ReplaceAll(anchor, " ", "-")]++
			}
		}
		for _, link := range strings.Split(page, "](#")[1:] {
			anchor, _, _ := strings.Cut(link, ")")
			if titles[anchor] != 1 {
				t.Errorf("%s: %d sections are called %s", k.Name, titles[anchor], anchor)
			}
		}
		if len(titles) < 10 || strings.Contains(page, "{{") {
			t.Errorf("%s: the page has %d sections", k.Name, len(titles))
		}
	}
}

// TestPagesShowWhatIsRead reads the file at the top of each page.
func TestPagesShowWhatIsRead(t *testing.T) {
	for _, k := range reference.Kinds {
		page, err := k.Page()
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(page, "```yaml\n")
		text, _, ok := strings.Cut(rest, "```")
		if _, found := read(t, k.Name, text); !ok || len(found) > 0 {
			t.Errorf("%s: %v", k.Name, found)
		}
		if err := refused(t, k.Name, text); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
	}
}

// yaml is a value as a file has it.
func yaml(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
