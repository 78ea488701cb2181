package main

import (
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/testrun"
)

// saidBy are the verbs that print the texts of a file or package that is not named after its verb. All of them must
// have each flag that such a text names.
var saidBy = map[string][]string{
	"add":               {"add job"},
	"ask":               {"init"},
	"export":            {"export terraform"},
	"git":               {"diff"},
	"instance":          {"pull", "push", "diff", "lint"},
	"infrastructure":    {"export terraform", "export cdk", "export pulumi", "export cloudformation"},
	"prices":            {"call", "test", "cost"},
	"says":              {"init"},
	"testcase":          {"export testcase"},
	"internal/adopt":    {"init"},
	"internal/bundle":   {"build"},
	"internal/call":     {"export testcase"}, // what a test case leaves out
	"internal/replay":   {"replay"},
	"internal/scaffold": {"init", "add job"},
	"internal/instance": {"push"},
	"internal/style":    {"init"}, // what an adopted flow cannot be
	"internal/verify":   {"verify"},
}

// notOurs are files with options of other programs, and with texts that say more than one verb's own.
var notOurs = []string{
	"internal/audio/program.go", "internal/function/remedy.go", "internal/local/bench/peer.go",
	"cmd/connect-async/exits.go", "cmd/connect-async/run.go",
	"internal/workspace/functions.go", // of --fast and --async-function, which only call can have given
	"internal/lint/explain.go",        // a heading of docs/lint.md
}

// otherOptions are options of other programs, which remedies name and functions are run with.
var otherOptions = []string{
	"--endpoint-url", "--output-format", "--speech-mark-types", "--text", "--version", "--voice-id",
}

var (
	option = regexp.MustCompile(`--[a-z][a-z-]+`)
	named  = regexp.MustCompile(`connect-async ((?:export |add )?[a-z]+)([^\n` + "`" + `|]*)`)
	beside = regexp.MustCompile(`\b([a-z]+)( --[a-z][a-z-]+)`) // such as: lint --load
)

// TestTextsNameFlagsOfTheVerb looks at every text of the program, remedies above all: a flag in it must be one of the
// verb that prints the text, or of the verb that is named before it.
func TestTextsNameFlagsOfTheVerb(t *testing.T) {
	all := verbs(t)
	seen := 0
	for _, file := range testrun.GoFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		path := strings.TrimPrefix(filepath.ToSlash(file), "../../")
		if strings.HasPrefix(path, "internal/testrun/") || slices.Contains(notOurs, path) {
			continue
		}
		testrun.EachString(t, file, func(text string, at token.Position) {
			of := func(command string, parts []string) string {
				if all[parts[1]] == nil && !strings.HasPrefix(command, "connect-async ") {
					return command // a word that is not a verb
				}
				for _, flag := range option.FindAllString(parts[2], -1) {
					seen++
					if verb := all[parts[1]]; verb == nil || !has(verb, flag) {
						t.Errorf("%s: %q does not have %s", at, parts[1], flag)
					}
				}
				return ""
			}
			rest := text
			for _, form := range []*regexp.Regexp{named, beside} {
				rest = form.ReplaceAllStringFunc(rest, func(command string) string {
					return of(command, form.FindStringSubmatch(command))
				})
			}
			for _, flag := range option.FindAllString(rest, -1) {
				if slices.Contains(otherOptions, flag) {
					continue
				}
				seen++
				for _, name := range printers(all, path) {
					if !has(all[name], flag) {
						t.Errorf("%s: %q does not have %s", at, name, flag)
					}
				}
				if len(printers(all, path)) == 0 {
					t.Errorf("%s: nothing says which verb has %s; name the verb before it", at, flag)
				}
			}
		})
	}
	if seen < 50 {
		t.Errorf("only %d flags were found", seen)
	}
}

// printers are the verbs that print the texts of a file.
func printers(all map[string]*cobra.Command, path string) []string {
	dir, file := filepath.Split(path)
	if dir != "cmd/connect-async/" {
		return saidBy[strings.TrimSuffix(dir, "/")]
	}
	name := strings.TrimSuffix(file, ".go")
	first, rest, _ := strings.Cut(name, "_")
	for _, name := range []string{first, rest} {
		if all[name] != nil {
			return []string{name}
		}
	}
	for _, name := range []string{rest, first} {
		if saidBy[name] != nil {
			return saidBy[name]
		}
	}
	return nil
}

func has(verb *cobra.Command, flag string) bool {
	return verb.Flags().Lookup(strings.TrimPrefix(flag, "--")) != nil || flag == "--help"
}

// TestProjectsAreNamedAlike checks that every verb that works on a project takes its folder as the argument DIR.
func TestProjectsAreNamedAlike(t *testing.T) {
	all := verbs(t)
	elsewhere := map[string]bool{ // verbs on files, which find the project themselves, and some without any
		"convert": true, "diff": true, "draw": true, "export testcase": true, "fmt": true, "lint": true, "test": true,
		"replay": true, "schema": true, "standin": true, "state": true,
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !elsewhere[name] && !strings.Contains(all[name].Use, "[DIR]") {
			t.Errorf("%s does not take [DIR]: %s", name, all[name].Use)
		}
		delete(elsewhere, name)
	}
	if len(elsewhere) > 0 {
		t.Errorf("there are no verbs %v", elsewhere)
	}
}
