package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/project"
)

// fenced is a block of a document: its language, what follows that in the line, and its text.
type fenced struct{ language, name, text string }

var fence = regexp.MustCompile("(?ms)^```([a-z]+) ?(\\S*)\n(.*?)^```$")

// fencedBlocks are the blocks of a document that are in one of the languages; of any when none is named.
func fencedBlocks(document []byte, languages ...string) (list []fenced) {
	for _, m := range fence.FindAllStringSubmatch(string(document), -1) {
		if len(languages) == 0 || slices.Contains(languages, m[1]) {
			list = append(list, fenced{language: m[1], name: m[2], text: m[3]})
		}
	}
	return list
}

// documentedWord is a word of a command, or several in quotes.
var documentedWord = regexp.MustCompile(`'([^']*)'|"([^"]*)"|(\S+)`)

// runDocumented runs a command of a document, which must be good, and returns its verb and what it prints.
func runDocumented(t *testing.T, command string) (verb, output string) {
	t.Helper()
	var words []string
	for _, m := range documentedWord.FindAllStringSubmatch(command, -1) {
		words = append(words, m[1]+m[2]+m[3])
	}
	if len(words) < 2 || words[0] != "connect-async" {
		t.Fatalf("this test cannot run %q", command)
	}
	code, output, errs := typed(t, words[1:]...)
	if code != exitGood {
		t.Fatalf("%s: exit code %d\n%s%s", command, code, output, errs)
	}
	return words[1], output
}

// example is a command of a console block in our documents, and the output below it.
type example struct{ document, command, output string }

// examples finds the commands in the console blocks of README.md and docs/.
func examples(t *testing.T) []example {
	t.Helper()
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []example
	for _, document := range append(documents, "README.md") {
		for _, block := range fencedBlocks(readBytes(t, document), "console") {
			for _, part := range strings.Split("\n"+block.text, "\n$ ")[1:] {
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
			wanted := exitGood
			if arguments[0] == "diff" { // of flows that differ
				wanted = exitFailed
			}
			code, out, errs := typed(t, arguments...)
			if code != wanted {
				t.Fatalf("exit code %d: %s", code, errs)
			}
			if diff := cmp.Diff(normal(e.output), normal(out)); diff != "" {
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
	blocks := fencedBlocks(readBytes(t, "../../README.md"), "yaml")
	if len(blocks) == 0 {
		t.Fatal("the README shows no project file")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../examples/balance")); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, map[string]string{project.FileName: blocks[0].text})
	if _, found := project.Read(dir); len(found) > 0 {
		t.Error(found)
	}
}
