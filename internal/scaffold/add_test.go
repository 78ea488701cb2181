package scaffold_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
)

// TestAddedJobsKeepTheFile adds a job to project files as people write them: all other lines stay as they are, with
// their line endings, and the result is read without a finding.
func TestAddedJobsKeepTheFile(t *testing.T) {
	const usual = "name: p\njobs:\n  a: {steps: [f]}\nfunctions:\n  f: {arn: x}\n"
	for _, text := range []string{
		usual,
		strings.TrimSuffix(usual, "\n"),
		strings.ReplaceAll(usual, "\n", "\r\n"),
		"functions:\n   f:\n      arn: x  # first\n# end of functions\n\n\n" +
			"jobs:\n     a:\n       steps: [f]\n\nname: p\n",
		usual + "\n# the end\n",
		usual + "flows:\n- file: a.json\n  generate:\n    style: poll\n",
		usual + "flows:\n- {file: a.json, generate: {}}\nscenario: s.yaml\n",
	} {
		dir := t.TempDir()
		for name, content := range map[string]string{project.FileName: text, "a.json": "{}", "s.yaml": "name: s\n"} {
			write(t, dir, name, []byte(content))
		}
		p, found := project.Read(dir)
		if p == nil {
			t.Fatal(found)
		}
		j := scaffold.AddedJob{Job: "b"}
		j.Dir, j.Function = dir, slowARN
		added, err := j.Files(p)
		if err != nil {
			t.Fatalf("%s\n%v", text, err)
		}
		for _, f := range append(added.New, added.Changed...) {
			write(t, dir, f.Name, f.Content)
		}
		if p, found = project.Read(dir); p == nil || len(found) > 0 || len(p.Jobs) != 2 || p.Jobs[1].Name != "b" {
			t.Errorf("%s\n%v", text, found)
		}
		after, err := os.ReadFile(filepath.Join(dir, project.FileName))
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\r\n")
			line = strings.Replace(line, "{}}", "{job: a}}", 1)
			line = strings.Replace(line, "    style", "    job: a\n    style", 1)
			next := strings.Index(string(after[at:]), line)
			if next < 0 {
				t.Fatalf("the line %q is gone from\n%s", line, after)
			}
			at += next + len(line)
		}
		if crlf := strings.Count(text, "\r\n") > 0; crlf != (strings.Count(string(after), "\r\n") ==
			strings.Count(string(after), "\n")) {
			t.Errorf("line endings are mixed:\n%q", after)
		}
	}
}

// TestAdoptedAgainInOrder adds a flow and the module that it waits in: the project file lists the flow first, always.
func TestAdoptedAgainInOrder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, project.FileName, []byte("name: p\njobs:\n  a: {steps: [f]}\nfunctions:\n  f: {arn: x}\n"+
		"flows:\n  - {file: a.json}\ndeploy: {parameters: prefixed}\n"))
	write(t, dir, "a.json", []byte("{}"))
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	j := scaffold.Project{Dir: dir}
	j.Function = slowARN
	for range 16 {
		added, err := j.AddAdopted(p, scaffold.Adopted{ARN: slowARN, Flow: "z.json", Module: "m.json",
			Type: flowlang.ContactFlow})
		if err != nil {
			t.Fatal(err)
		}
		text := string(added.Changed[0].Content)
		if first := strings.Index(text, "z.json"); first < 0 || first > strings.Index(text, "m.json") {
			t.Fatalf("the flow is not before its module:\n%s", text)
		}
	}
}
