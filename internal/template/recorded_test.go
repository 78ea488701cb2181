package template_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// recorded returns the files of a folder of recorded data that an environment variable names.
func recorded(t *testing.T, variable, pattern string) []string {
	t.Helper()
	folder := os.Getenv(variable)
	if folder == "" {
		t.Skip(variable + " is not set")
	}
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	return paths
}

// wrappings put the JSON of a flow into the files that people keep it in.
var wrappings = map[string]struct {
	file string
	wrap func(text string) string
}{
	"plain":  {"f.json", func(text string) string { return text }},
	"answer": {"f.json", func(text string) string { return `{"ContactFlow": {"Content": ` + quoted(text) + `}}` }},
	"sub": {"t.json", func(text string) string {
		return resourceJSON(`{"Fn::Sub": ` + quoted(strings.ReplaceAll(text, "${", "${!")) + `}`)
	}},
	"joined": {"t.json", func(text string) string {
		half := len(text)/2 + strings.Index(text[len(text)/2:], ",")
		return resourceJSON(`{"Fn::Join": ["", [` + quoted(text[:half]) + `, ` + quoted(text[half:]) + `]]}`)
	}},
	"object": {"t.json", func(text string) string { return resourceJSON(`{"Fn::ToJsonString": ` + text + `}`) }},
	"block":  {"t.yaml", func(text string) string { return resourceYAML("|\n        " + indented(text)) }},
	"single quotes": {"t.yaml", func(text string) string {
		return resourceYAML("'" + strings.ReplaceAll(compact(text), "'", "''") + "'")
	}},
	"double quotes": {"t.yaml", func(text string) string { return resourceYAML(quoted(text)) }},
	"flow style": {"t.yaml", func(text string) string {
		return resourceYAML("{Fn::ToJsonString: " + compact(text) + "}")
	}},
	"heredoc": {"main.tf", func(text string) string { return resourceHCL("<<EOT\n" + escaped(text) + "\nEOT") }},
	"indented": {"main.tf", func(text string) string {
		return resourceHCL("<<-EOT\n    " + escaped(indented(text)) + "\n  EOT")
	}},
	"quoted":     {"main.tf", func(text string) string { return resourceHCL(escaped(quotedTerraform(text))) }},
	"jsonencode": {"main.tf", func(s string) string { return resourceHCL("jsonencode(" + escaped(compact(s)) + ")") }},
	"template":   {"f.tftpl", escaped},
	"program":    {"f.ts", func(text string) string { return "export const flow = `" + text + "`;\n" }},
}

func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

// quotedTerraform is a text as Terraform quotes it, which knows fewer escapes than JSON.
func quotedTerraform(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}

func compact(text string) string {
	n, err := source.ParseJSON("", []byte(text))
	if err != nil {
		panic(err)
	}
	b, _ := n.MarshalJSON()
	return string(b)
}

func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n        ") }

func escaped(text string) string { return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text) }

func resourceJSON(content string) string {
	return `{"Resources": {"F": {"Type": "AWS::Connect::ContactFlow", "Properties": {"Content": ` + content + `}}}}`
}

func resourceYAML(content string) string {
	return "Resources:\n  F:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Content: " + content + "\n"
}

func resourceHCL(content string) string {
	return "resource \"aws_connect_contact_flow\" \"f\" {\n  content = " + content + "\n}\n"
}

// TestRecordedFlows puts every recorded flow into some of the wrappings, so that each wrapping is tried with many: it
// is the same tree, and each action is placed where its text is.
func TestRecordedFlows(t *testing.T) {
	const apart = 4 // of how many wrappings one is tried
	names := slices.Sorted(maps.Keys(wrappings))
	for i, path := range recorded(t, "RECORDED_FLOWS", "*/*.json") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(string(raw), "\xef\xbb\xbf")
		for j := i % apart; j < len(names); j += apart {
			inWrapping(t, filepath.Base(path), text, names[j])
		}
	}
}

func inWrapping(t *testing.T, path, text, name string) {
	wrapping := wrappings[name]
	file := wrapping.wrap(text)
	doc, err := template.Read(wrapping.file, []byte(file))
	if err != nil || len(doc.Found) != 1 || len(doc.Unread) > 0 {
		t.Errorf("%s, %s: %s", path, name, report(doc, err))
		return
	}
	got, _ := doc.Found[0].Node.MarshalJSON()
	if diff := gocmp.Diff(compact(text), string(got)); diff != "" {
		t.Errorf("%s, %s: (-wanted +read)\n%s", path, name, diff)
	}
	if misplaced := identifiers(doc.Found[0].Node, file); misplaced != "" {
		t.Errorf("%s, %s: %s", path, name, misplaced)
	}
}

// identifiers checks that each identifier of an action is placed at its text. It returns what is wrong.
func identifiers(doc *source.Node, file string) string {
	lines := strings.Split(file, "\n")
	actions := doc.Get("Actions")
	if actions == nil {
		return ""
	}
	for _, action := range actions.Items {
		id := action.Get("Identifier")
		rest := lines[id.Pos.Line-1][id.Pos.Column-1:]
		if !strings.HasPrefix(strings.TrimLeft(rest, `\"`), strings.Trim(quoted(id.Text), `"`)) {
			return fmt.Sprintf("%q is placed at %.40q", id.Text, rest)
		}
	}
	return ""
}

// TestRecordedCases reads every file of the recorded cases: it holds a document, or says why not.
func TestRecordedCases(t *testing.T) {
	documents := []string{"flow.json", "t.yaml", "main.tf", "describe.json", "flow.ts", "definition.asl.json"}
	read := 0
	for _, path := range recorded(t, "RECORDED_CASES", "*/*/*") {
		name := filepath.Base(path)
		if !slices.Contains(documents, name) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read++
		doc, err := template.Read(name, text)
		if err != nil || len(doc.Found)+len(doc.Unread) != 1 {
			t.Errorf("%s: %s", path, report(doc, err))
		}
		if isProgram := strings.HasSuffix(name, ".ts"); isProgram != (len(doc.Unread) == 1) {
			t.Errorf("%s: %s", path, report(doc, err))
		}
	}
	if read < 50 {
		t.Errorf("only %d cases were read", read)
	}
}
