package workspace_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

const (
	someFlow    = `{"Version": "2019-10-30", "StartAction": "a", "Actions": []}`
	someProject = "name: NAME\njobs: {j: {definition: machines/j.json}}\n" +
		"flows: [{file: ../elsewhere/flow.json}, {file: queue.txt, type: customer_queue}]\n"
)

// tree is two projects, one within the other, a file that both may be meant to have, and some that count for nothing.
func tree(t *testing.T) string {
	t.Helper()
	return write(t, map[string]string{
		"outer/" + project.FileName:       "name: outer\njobs: {j: {definition: machine.json}}\n",
		"outer/machine.json":              `{"StartAt": "a"}`,
		"outer/flow.json":                 someFlow,
		"outer/package.json":              `{}`,
		"outer/.git/flow.json":            someFlow,
		"outer/node_modules/flow.json":    someFlow,
		"outer/notes.md":                  someFlow,
		"outer/flow.json.orig":            someFlow,
		"outer/lint.sarif":                someFlow,
		"outer/lint.sarif.json":           someFlow,
		"outer/stack.yaml":                "Type: AWS::Connect::ContactFlow",
		"outer/sub/flow.json":             someFlow,
		"outer/inner/" + project.FileName: strings.Replace(someProject, "NAME", "inner", 1),
		"outer/inner/machines/j.json":     `{"StartAt": "a"}`,
		"outer/inner/queue.txt":           someFlow,
		"outer/elsewhere/flow.json":       someFlow,
		"alone/flow.json":                 someFlow,
		"alone/.git/config":               "",
	})
}

// list names what was found: the path below dir, the project, and whether it was named.
func list(t *testing.T, dir string, files workspace.Files) []string {
	t.Helper()
	var got []string
	for _, f := range files.List {
		path, err := filepath.Rel(dir, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		line := filepath.ToSlash(path)
		if f.Project != nil {
			line += " of " + f.Project.Name
		}
		if f.Named {
			line += ", named"
		}
		got = append(got, line)
	}
	slices.Sort(got)
	return got
}

func TestFind(t *testing.T) {
	dir := tree(t)
	outer := filepath.Join(dir, "outer")
	files := workspace.Find([]string{outer, filepath.Join(outer, "sub"), filepath.Join(dir, "alone")})
	if len(files.Unread) > 0 {
		t.Fatal(files.Unread)
	}
	want := []string{
		"alone/flow.json",
		"outer/elsewhere/flow.json of inner, named",
		"outer/flow.json of outer",
		"outer/inner/machines/j.json of inner, named",
		"outer/inner/queue.txt of inner, named",
		"outer/machine.json of outer, named",
		"outer/stack.yaml of outer",
		"outer/sub/flow.json of outer",
	}
	if got := list(t, dir, files); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(files.Projects) != 2 {
		t.Errorf("%d projects", len(files.Projects))
	}
	for _, f := range files.List {
		if want := 1 + strings.Count(filepath.ToSlash(f.Path), "/sub/"); len(f.Below) != want {
			t.Errorf("%s: found below %v", f.Path, f.Below)
		}
	}
}

// TestFindAnyFile: what may hold a flow is found whatever the file is called, and once however many names it has.
func TestFindAnyFile(t *testing.T) {
	dir := write(t, map[string]string{
		"a.go": someFlow, "A.JSON": someFlow, "b.hcl": someFlow, "b.txt": someFlow, "none": someFlow,
		"binary": someFlow + "\x00", "large.txt": someFlow + strings.Repeat(" ", source.MaxBytes),
		"large.json":                         someFlow + strings.Repeat(" ", source.MaxBytes),
		"elsewhere/linked.json":              someFlow,
		"cdk.out/S.template.json":            someFlow,
		"cdk.out/tree.json":                  someFlow,
		"cdk.out/asset.1/S.template.json":    someFlow,
		"cdk.out/assembly-X/T.template.json": someFlow,
	})
	for link, target := range map[string]string{
		"a-link.json": "b.txt", "outside.json": "elsewhere/linked.json", "gone.json": "nowhere.json",
		"folder": "elsewhere",
	} {
		if err := os.Symlink(filepath.FromSlash(target), filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	files := workspace.Find([]string{dir})
	want := []string{
		"A.JSON", "a.go", "b.hcl", "b.txt", "cdk.out/S.template.json", "cdk.out/assembly-X/T.template.json",
		"elsewhere/linked.json", "large.json", "none",
	}
	if got := list(t, dir, files); !slices.Equal(got, want) || len(files.Unread) > 0 {
		t.Errorf("got %v, want %v; unread are %v", got, want, files.Unread)
	}
}

func TestBeside(t *testing.T) {
	dir := tree(t)
	files := workspace.Find([]string{dir})
	byName := map[string]*workspace.File{}
	for _, f := range files.List {
		path, _ := filepath.Rel(dir, f.Path)
		byName[filepath.ToSlash(path)] = f
	}
	machine := byName["outer/machine.json"]
	for name, want := range map[string]bool{
		"outer/flow.json":           true,
		"outer/elsewhere/flow.json": false,
		"outer/inner/queue.txt":     false,
		"alone/flow.json":           true,
	} {
		if got := byName[name].Beside(machine); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestFindNamesWhatIsUnread holds that what cannot be read is reported once, with its own code.
func TestFindNamesWhatIsUnread(t *testing.T) {
	dir := write(t, map[string]string{
		"a/" + project.FileName: "name: a\njobs: {j: {definition: gone.json}}\n",
		"a/flow.json":           someFlow,
		"a/b/flow.json":         someFlow,
		"c/" + project.FileName: "name: c\njobs: {j: {steps: [f]}}\nfunctions: {f: {arn: x}}\n" +
			"flows: [{file: f.json, type: odd}]\n",
		"c/f.json": someFlow,
	})
	var paths []string
	for _, name := range []string{"a", "c", "nowhere.json"} {
		paths = append(paths, filepath.Join(dir, name))
	}
	files := workspace.Find(paths)
	var got []string
	for _, f := range files.Unread {
		got = append(got, fmt.Sprintf("%s:%d %s", filepath.Base(f.File), f.Line, f.Code))
	}
	want := []string{
		project.FileName + ":2 " + source.CodeNoFile,
		project.FileName + ":4 " + source.CodeBadValue,
		"nowhere.json:0 " + source.CodeUnreadable,
	}
	if !slices.Equal(got, want) || len(files.List) != 3 {
		t.Errorf("got %v, %d files", got, len(files.List))
	}
}

// TestFlowType takes one thing after the other away that says a type.
func TestFlowType(t *testing.T) {
	dir := tree(t)
	inner, found := project.Read(filepath.Join(dir, "outer", "inner"))
	if inner == nil {
		t.Fatal(found)
	}
	listed := filepath.Join(dir, "outer", "inner", "queue.txt")
	alone := filepath.Join(dir, "alone", "flow.json")
	const says = `"Metadata": {"type": "agentWhisper"}, `
	for _, test := range []struct {
		want           flowlang.Type
		project        *project.Project
		file, document string
		template       string
		flag           flowlang.Type
		ok             bool
	}{
		{flowlang.CustomerQueue, inner, listed, says, "CUSTOMER_HOLD", flowlang.QueueTransfer, true},
		{flowlang.CustomerHold, inner, alone, says, "CUSTOMER_HOLD", flowlang.QueueTransfer, true},
		{flowlang.CustomerHold, nil, listed, says, "CUSTOMER_HOLD", flowlang.QueueTransfer, true},
		{flowlang.AgentWhisper, nil, listed, says, "", flowlang.QueueTransfer, true},
		{flowlang.AgentWhisper, nil, listed, says, "${var.type}", "", true},
		{flowlang.QueueTransfer, nil, listed, "", "", flowlang.QueueTransfer, true},
		{flowlang.ContactFlow, nil, listed, "", "", "", false},
	} {
		f, err := flowlang.Parse(test.file, []byte(`{`+test.document+`"StartAction": "a", "Actions": []}`))
		if err != nil {
			t.Fatal(err)
		}
		f = f.Declared(flowlang.Declaration{Type: test.template})
		if got, ok := workspace.FlowType(test.project, f, test.flag); got != test.want || ok != test.ok {
			t.Errorf("%+v: got %s %v", test, got, ok)
		}
	}
}

func TestRecordings(t *testing.T) {
	dir := write(t, map[string]string{"x.wav": "not sound"})
	lengths, found := workspace.Recordings(&project.Project{File: "p.yaml", Prompts: map[string]string{
		"a": filepath.Join(dir, "x.wav"), "b": filepath.Join(dir, "gone.wav"),
	}})
	if len(lengths) != 0 || len(found) != 2 || found[0].Code != workspace.CodeRecording || found[0].Remedy == "" {
		t.Errorf("%v %v", lengths, found)
	}
}
