package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestFirstFlowDocument goes through docs/first-flow.md in an empty folder, as a reader does: it writes the files,
// changes the line, runs the commands, and compares what is said. Heavy runs run the function itself; quick ones its
// stand-in, which returns another result.
func TestFirstFlowDocument(t *testing.T) {
	blocks := fencedBlocks(readBytes(t, "../../docs/first-flow.md"))
	t.Chdir(t.TempDir())
	var output string
	ran := map[string]bool{}
	for _, block := range blocks {
		switch content := block.text; block.language {
		case "python":
			writeFiles(t, ".", map[string]string{block.name: content})
		case "yaml":
			changeLine(t, project.FileName, content)
		case "sh":
			for line := range strings.Lines(content) {
				if !testrun.IsHeavy() {
					line = strings.Replace(line, "connect-async call", "connect-async call --fast", 1)
				}
				var verb string
				verb, output = runDocumented(t, line)
				ran[verb] = true
			}
		case "text":
			if !testrun.IsHeavy() {
				content = strings.NewReplacer("12345", "42", "is on its way. Goodbye", "is 42. Goodbye",
					" is on its\n", " is").Replace(content)
			}
			for line := range strings.Lines(content) {
				if !strings.Contains(output, strings.TrimSpace(line)) {
					t.Errorf("the call does not say %s\n%s", line, output)
				}
			}
		default:
			t.Errorf("this test does not know blocks of %s", block.language)
		}
	}
	for _, verb := range []string{"init", "call", "generate", "lint", "test", "add"} {
		if !ran[verb] {
			t.Errorf("the page does not show %s", verb)
		}
	}
}

// changeLine replaces the line of a file that begins as the given one does.
func changeLine(t *testing.T, file, line string) {
	t.Helper()
	text := readBytes(t, file)
	key, _, _ := strings.Cut(line, ":")
	changed := regexp.MustCompile("(?m)^"+key+":.*\n").ReplaceAllLiteral(text, []byte(line))
	if bytes.Equal(changed, text) {
		t.Fatalf("%s has no line that begins with %q", file, key)
	}
	writeFiles(t, ".", map[string]string{file: string(changed)})
}
