package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/project"
)

// example is a command of a console block in our documents, and the output below it.
type example struct{ document, command, output string }

// examples finds the commands in the console blocks of README.md and docs/.
func examples(t *testing.T) []example {
	t.Helper()
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```console\n(.*?)^```$")
	var list []example
	for _, document := range append(documents, "README.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range block.FindAllStringSubmatch(string(text), -1) {
			for _, part := range strings.Split("\n"+match[1], "\n$ ")[1:] {
				command, output, _ := strings.Cut(part, "\n")
				list = append(list, example{document, command, output})
			}
		}
	}
	return list
}

// TestDocumentedCommands runs every command that our documents show, and compares what it prints. Calls are played on
// virtual time, where they are the same but for the headline.
func TestDocumentedCommands(t *testing.T) {
	t.Chdir("../..")
	list := examples(t)
	if len(list) == 0 {
		t.Fatal("no document shows a command")
	}
	for _, e := range list {
		t.Run(e.document+": "+e.command, func(t *testing.T) {
			rest, ours := strings.CutPrefix(e.command, "connect-async ")
			if !ours {
				t.Fatalf("this test cannot run %q", e.command)
			}
			arguments := strings.Fields(rest)
			if arguments[0] == "call" {
				arguments = append(arguments, "--fast")
			}
			var out, errs bytes.Buffer
			wanted := exitGood
			if arguments[0] == "diff" { // of flows that differ
				wanted = exitFailed
			}
			if code := run(t.Context(), arguments, plainTerminal(&out, &errs)); code != wanted {
				t.Fatalf("exit code %d: %s", code, errs.String())
			}
			if diff := cmp.Diff(normal(e.output), normal(out.String())); diff != "" {
				t.Errorf("the document differs (-) from the output (+):\n%s", diff)
			}
		})
	}
}

var headline = regexp.MustCompile(`(?m)^(  \S.*)    .* time$`)

// normal leaves out what differs between real and virtual time: how the call is played.
func normal(output string) string {
	return headline.ReplaceAllString(strings.Trim(output, "\n"), "$1")
}

// TestDocumentedNamesExist checks that every file and package that our documents name is there.
func TestDocumentedNamesExist(t *testing.T) {
	t.Chdir("../..")
	documents, _ := filepath.Glob("docs/*.md")
	path := regexp.MustCompile("`((?:internal|cmd|docs|examples|\\.ci)/[A-Za-z0-9_./-]*[A-Za-z0-9_])`" +
		`|\]\(([A-Za-z][A-Za-z0-9_./-]*)\)`)
	for _, document := range append(documents, "README.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range path.FindAllStringSubmatch(string(text), -1) {
			named := match[1]
			if named == "" {
				named = filepath.Join(filepath.Dir(document), match[2])
			}
			if _, err := os.Stat(named); err != nil {
				t.Errorf("%s names %s, which does not exist", document, named)
			}
		}
	}
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(text, []byte("\n")); lines > 150 {
		t.Errorf("README.md has %d lines, more than 150", lines)
	}
}

// TestDocumentedProjectReads reads the project file that the README shows, with the files of the example beside it.
func TestDocumentedProjectReads(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindSubmatch(text)
	if block == nil {
		t.Fatal("the README shows no project file")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../examples/balance")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, project.FileName), block[1], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := project.Read(dir); len(found) > 0 {
		t.Error(found)
	}
}
