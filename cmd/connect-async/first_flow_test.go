package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

var pageBlock = regexp.MustCompile("(?ms)^```(\\w+) ?(\\S*)\n(.*?)^```$")

// TestFirstFlowDocument goes through docs/first-flow.md in an empty folder, as a reader does: it writes the files,
// changes the line, runs the commands, and compares what is said. Heavy runs run the function itself; quick ones its
// stand-in, which returns another result.
func TestFirstFlowDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/first-flow.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	var output string
	ran := map[string]bool{}
	for _, block := range pageBlock.FindAllStringSubmatch(string(text), -1) {
		switch language, file, content := block[1], block[2], block[3]; language {
		case "python":
			writeDocumented(t, file, content)
		case "yaml":
			changeLine(t, project.FileName, content)
		case "sh":
			for line := range strings.Lines(content) {
				var verb string
				verb, output = runFirstFlow(t, strings.TrimSpace(line))
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
			t.Errorf("this test does not know blocks of %s", language)
		}
	}
	for _, verb := range []string{"init", "call", "generate", "lint", "test", "add"} {
		if !ran[verb] {
			t.Errorf("the page does not show %s", verb)
		}
	}
}

func writeDocumented(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// changeLine replaces the line of a file that begins as the given one does.
func changeLine(t *testing.T, file, line string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	key, _, _ := strings.Cut(line, ":")
	changed := regexp.MustCompile("(?m)^"+key+":.*\n").ReplaceAllLiteral(text, []byte(line))
	if bytes.Equal(changed, text) {
		t.Fatalf("%s has no line that begins with %q", file, key)
	}
	writeDocumented(t, file, string(changed))
}

// runFirstFlow runs a command of the page and returns its verb and what it prints.
func runFirstFlow(t *testing.T, line string) (verb, output string) {
	t.Helper()
	command, quoted, _ := strings.Cut(line, " '")
	arguments := strings.Fields(command)
	if quoted != "" {
		arguments = append(arguments, strings.TrimSuffix(quoted, "'"))
	}
	if len(arguments) < 2 || arguments[0] != "connect-async" {
		t.Fatalf("this test cannot run %q", line)
	}
	if arguments[1] == "call" && !testrun.IsHeavy() {
		arguments = append(arguments, "--fast")
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), arguments[1:], plainTerminal(&out, &errs)); code != exitGood {
		t.Errorf("%s: exit code %d\n%s%s", line, code, out.String(), errs.String())
	}
	return arguments[1], out.String()
}
