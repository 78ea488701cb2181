package template_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/testrun"
)

const (
	aFlow    = `{"Version": "2019-10-30", "StartAction": "a", "Actions": []}`
	aMachine = `{"StartAt": "A", "States": {}}`
)

// TestOnly: who plays one flow or state machine gets it, or is told why not.
func TestOnly(t *testing.T) {
	resource := func(name, kind string) string {
		return fmt.Sprintf(`%q: {"Type": %q, "Properties": {"Content": %s}}`, name, kind, quoted(aFlow))
	}
	two := `{"Resources": {` + resource("A", "AWS::Connect::ContactFlow") + ",\n" +
		resource("B", "AWS::Connect::ContactFlowModule") + `}}`
	for name, c := range map[string]struct {
		file, text, code, message string
		kind                      template.Kind
	}{
		"a flow":            {"f.json", aFlow, "", "", template.ContactFlow},
		"with a machine":    {"f.json", `[` + aFlow + `, ` + aMachine + `]`, "", "", template.ContactFlow},
		"two":               {"t.json", two, template.CodeSeveral, `flow "A" (line 1), flow module "B" (line 2)`, ""},
		"unread":            {"f.py", "{'Version': '2019-10-30', 'StartAction': 0}", template.CodeUnread, "Python", ""},
		"not a flow at all": {"f.json", `{"hello": 1}`, template.CodeNone, "no contact flow in this file", ""},
		"a machine":         {"f.json", aMachine, template.CodeNone, "no contact flow in this file", ""},
		"broken YAML":       {"f.yaml", "a: [\n", source.CodeSyntax, "", ""},
		"an empty file":     {"f.yaml", ``, template.CodeNone, "no contact flow in this file", ""},
		"a program":         {"f.ts", `const a = 1;`, template.CodeNone, "no contact flow in this file", ""},
	} {
		doc, err := template.Read(c.file, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		found, err := doc.Flow()
		var f source.Finding
		errors.As(err, &f)
		if f.Code != c.code || !strings.Contains(f.Message, c.message) || found.Kind != c.kind {
			t.Errorf("%s: found %q, %v", name, found.Kind, err)
		}
		if c.code != "" && (f.Severity != source.Error || f.Remedy == "") {
			t.Errorf("%s: %+v is not an error with a remedy", name, f)
		}
		if c.code == "" && found.Node == nil {
			t.Errorf("%s: there is no node", name)
		}
	}
	for _, text := range []string{aMachine, `{"StartAt": "A"}`} { // of which asl says what is missing
		doc, _ := template.Read("m.json", []byte(text))
		if found, err := doc.StateMachine(); err != nil || found.Kind != template.StateMachine || found.Node == nil {
			t.Errorf("a state machine: found %q, %v", found.Kind, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	at := func(line, column int) source.Pos { return source.Pos{Line: line, Column: column} }
	for name, c := range map[string]struct {
		file, text, code string
		at               source.Pos
	}{
		"cut off":             {"flow.json", `{"Version": `, source.CodeSyntax, at(1, 13)},
		"empty":               {"flow.json", ``, source.CodeSyntax, at(1, 1)},
		"a comma too many":    {"f.json", "{\"StartAction\": 1,\n \"x\": ${y},,}", source.CodeSyntax, at(2, 7)},
		"a broken directive":  {"flow.json", `{"a": "%{ if"} x`, source.CodeSyntax, at(1, 16)},
		"larger than we read": {"t.tf", strings.Repeat(" ", 17<<20), source.CodeTooLarge, source.Pos{}},
	} {
		_, err := template.Read(c.file, []byte(c.text))
		if f, ok := err.(source.Finding); !ok || f.Code != c.code || f.Pos != c.at || f.Remedy == "" {
			t.Errorf("%s: %v, want %s at %v", name, err, c.code, c.at)
		}
	}
}

// TestReadFile: a module has the type MODULE, though templates do not say it, and a missing file is a finding.
func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.json")
	text := `{"ContactFlowModule": {"Name": "m", "Content": ` + quoted(aFlow) + `}}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	doc, err := template.ReadFile(path)
	if err != nil || len(doc.Found) != 1 || doc.Found[0].FlowType() != "MODULE" || doc.File != path {
		t.Errorf("%s", report(doc, err))
	}
	_, err = template.ReadFile(path + "x")
	if f, ok := err.(source.Finding); !ok || f.Code != source.CodeUnreadable || f.File != path+"x" {
		t.Errorf("a missing file: %v", err)
	}
}

// TestHostileFiles: what would take a parser too deep, or too long, is refused before it is parsed.
func TestHostileFiles(t *testing.T) {
	n := testrun.Count(t, 500, 20_000)
	const cycle = "local.a\n}\nlocals {\n  a = local.b\n  b = jsonencode([local.a])\n}\n"
	resource := "resource \"aws_connect_contact_flow\" \"f\" {\n  content = "
	for name, c := range map[string]struct{ file, text string }{
		"brackets":        {"main.tf", resource + strings.Repeat("[", n)},
		"braces, program": {"main.ts", strings.Repeat(`{"a": `, n)},
		"operators":       {"main.tf", resource + strings.Repeat("- !", n) + "x\n}"},
		"conditions":      {"main.tf", resource + strings.Repeat("a ? b : ", n) + "x\n}"},
		"directives":      {"f.tftpl", strings.Repeat("%{ if a }", n)},
		"long texts":      {"f.tftpl", strings.Repeat("a\n", 10*n)},
		"interpolations":  {"f.tftpl", strings.Repeat(`${"`, n)},
		"dashes":          {"t.yaml", strings.Repeat("- ", n)},
		"flow style":      {"t.yaml", strings.Repeat("[", n)},
		"local values":    {"main.tf", resource + "jsonencode(local.v0)\n}\nlocals {\n" + doubled(40) + "}\n"},
		"a cycle":         {"main.tf", resource + cycle},
	} {
		doc, err := template.Read(c.file, []byte(c.text))
		if err == nil && len(doc.Found)+len(doc.Unread) == 0 && strings.Contains(c.text, "aws_connect") {
			t.Errorf("%s: nothing is said of the flow", name)
		}
	}
}

// doubled are local values each of which has the next one twice.
func doubled(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  v%d = { a = local.v%d, b = local.v%d }\n", i, i+1, i+1)
	}
	return b.String()
}

// TestManyVariables: a file with many variables and many objects is read to its end.
func TestManyVariables(t *testing.T) {
	const variables, objects = 600, 600
	var b strings.Builder
	for i := range variables {
		fmt.Fprintf(&b, "variable \"v%d\" {\n  default = \"d%d\"\n}\n", i, i)
	}
	b.WriteString("locals {\n  names = [\n")
	for i := range objects {
		fmt.Fprintf(&b, "    { name = \"n%d\", content = \"c\" },\n", i)
	}
	b.WriteString("    { name = \"last of ${var.v7}\", content = " + quoted(aFlow) + " },\n  ]\n}\n")
	doc, err := template.Read("main.tf", []byte(b.String()))
	if err != nil || len(doc.Found) != 1 || doc.Found[0].Name != "last of d7" {
		t.Errorf("%s", report(doc, err))
	}
}

// TestFormats: a file is read as what its name says, and by its beginning when the name says nothing.
func TestFormats(t *testing.T) {
	json := `{"Resources": {"M": {"Type": "AWS::Serverless::StateMachine", "Properties": {` +
		`"Definition": ` + aMachine + `}}}}`
	yaml := "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition: " + aMachine
	for _, c := range []struct{ file, text string }{
		{"template", json},
		{"t.template", yaml}, {"t.yml", yaml},
		{"T.YML", yaml}, {"MAIN.TF", "locals {\n  m = <<EOT\n" + aMachine + "\nEOT\n}\n"},
		{"notes.txt", aMachine}, {"log", aMachine + "\n" + `{"more": 1}`}, {"a.jsonc", "// x\n" + aMachine},
		{"README.md", "```json\n" + aMachine + "\n```\n"},
		{"m.json.tftpl", aMachine}, {"main.tofu", "locals {\n  m = <<EOT\n" + aMachine + "\nEOT\n}\n"},
	} {
		doc, err := template.Read(c.file, []byte(c.text))
		if err != nil || len(doc.Found) != 1 || doc.Found[0].Kind != template.StateMachine {
			t.Errorf("%s: %s", c.file, report(doc, err))
		}
	}
	isNamed := map[string]bool{"a.json": true, "A.JSON": true, "main.tf": true, "a.txt": false, "a": false}
	for name, want := range isNamed {
		if template.Names(name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}

// TestMentions: a file that only mentions flows and what declares them holds none; who writes or declares one does, in
// whatever language.
func TestMentions(t *testing.T) {
	const version = "Version 2019-10-30 of the language has "
	for _, c := range []struct {
		file, text string
		isUnread   bool
	}{
		{file: "notes.md", text: version + "Actions and StartAction, see aws_connect_contact_flow."},
		{file: "notes.md", text: version + "this: {StartAction: 1, Actions: []}", isUnread: true},
		{file: "make.sh", text: version + `"{\"StartAction\": $x`, isUnread: true},
		{file: "a.jsonc", text: `{"Version": "2019-10-30", // x` + "\n" + `"StartAction": 1}`, isUnread: true},
		{file: "FLOW.PY", text: version + "StartAction"},
		{file: "FLOW.PY", text: "flow = dict(Version='2019-10-30', StartAction='a', Actions=[])", isUnread: true},
		{file: "read.py", text: "VERSION = '2019-10-30'\nstart = flow['StartAction']\n"},
		{file: "read.py", text: "VERSION = '2019-10-30'\nif flow.StartAction == start: pass\n"},
		{file: "types.ts", text: "type V = '2019-10-30';\ninterface Flow { StartAction: string; Actions: Action[] }"},
		{file: "types.ts", text: "const v = '2019-10-30'; interface Flow { StartAction?: string | null }"},
		{file: "flow.ts", text: "const f = {Version: '2019-10-30', StartAction: first, Actions}", isUnread: true},
		{file: "types.go", text: "const v = \"2019-10-30\"\n" +
			"type F struct { StartAction string `json:\"StartAction\"` }"},
		{file: "kinds.go", text: `var kinds = map[string]bool{"AWS::Connect::ContactFlow": true}`},
		{file: "find.ts", text: `if (r.Type === "AWS::Connect::ContactFlow") count(r.Properties.Content);`},
		{file: "find.py", text: `flows = [r for r in resources if r['Type'] == 'AWS::Connect::ContactFlow']`},
		{file: "doc.ts", text: "// A resource of type AWS::Connect::ContactFlow or aws_connect_contact_flow."},
		{file: "stack.py", text: `CfnResource(self, "F", type="AWS::Connect::ContactFlow", properties=p)`,
			isUnread: true},
		{file: "Stack.java", text: `Builder.create(this, "F").type("AWS::Connect::ContactFlow")`, isUnread: true},
		{file: "f_test.go", text: "tf = `resource \"aws_connect_contact_flow\" \"f\" {`", isUnread: true},
		{file: "broken.yaml", text: "# like AWS::Connect::ContactFlow\na: [\n"},
		{file: "broken.yaml", text: "F:\n  Type: AWS::Connect::ContactFlow\n  a: [\n", isUnread: true},
		{file: "broken.tf", text: "# aws_connect_contact_flow\nlocals {"},
		{file: "broken.tf", text: `resource "aws_connect_contact_flow_module" "f" {`, isUnread: true},
	} {
		doc, err := template.Read(c.file, []byte(c.text))
		if err != nil || len(doc.Found) > 0 || len(doc.Unread) > 0 != c.isUnread {
			t.Errorf("%s: %s: %s", c.file, c.text, report(doc, err))
		}
	}
}

// TestMayHold: nothing that Read finds is in a file of which MayHold says that it need not be read.
func TestMayHold(t *testing.T) {
	for _, f := range forms(t) {
		doc, err := template.Read(f.file, []byte(f.text))
		if isNamed := len(doc.Found)+len(doc.Unread) > 0 || err != nil; isNamed && !template.MayHold([]byte(f.text)) {
			t.Errorf("%s would not be read", f.name)
		}
	}
	for _, text := range []string{
		`{"Version":"2019-10-30","Actions":[]}`, `{"Actions":[],"Metadata":{"ActionMetadata":{}}}`,
	} {
		if doc, _ := template.Read("f.json", []byte(text)); len(doc.Found) != 1 || !template.MayHold([]byte(text)) {
			t.Errorf("%s would not be read", text)
		}
	}
}

// FuzzRead: whatever a file holds, it does not panic, and all places are in the file.
func FuzzRead(f *testing.F) {
	files := []string{"f.json", "t.yaml", "main.tf", "f.tftpl", "f.ts"}
	for _, form := range forms(f) {
		for i, file := range files {
			if filepath.Ext(file) == filepath.Ext(form.file) {
				f.Add(uint8(i), []byte(form.text))
			}
		}
	}
	kinds := []template.Kind{template.ContactFlow, template.Module, template.StateMachine}
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		doc, _ := template.Read(files[int(kind)%len(files)], text)
		lines := bytes.Split(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
		check := func(at source.Pos) {
			if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1])+1 {
				t.Fatalf("%v is not a place in the file", at)
			}
		}
		for _, found := range doc.Found {
			walk(found.Node, check)
			walk(found.Settings, check)
			if found.Type != "" {
				check(found.TypePos)
			}
			if !slices.Contains(kinds, found.Kind) {
				t.Fatalf("a %q was found", found.Kind)
			}
		}
		for _, unread := range doc.Unread {
			check(unread.Pos)
			if unread.Severity != source.Warning || unread.Remedy == "" {
				t.Fatalf("%+v", unread)
			}
		}
	})
}

// walk calls check with every place in a document.
func walk(n *source.Node, check func(source.Pos)) {
	if n == nil {
		return
	}
	check(n.Pos)
	for _, item := range n.Items {
		walk(item, check)
	}
	for _, m := range n.Members {
		check(m.Pos)
		walk(m.Value, check)
	}
}
